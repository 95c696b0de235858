/** Certificates of erasure as they were issued; none is ever changed. */
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, text, wholeNumber } from "./row.ts";

export interface IssuedNote {
  readonly tenantId: string;
  /** Id of the entry that tells of the death, 16 bytes. */
  readonly id: Uint8Array;
  readonly issuedAt: Date;
  /** The signed note. */
  readonly note: string;
}

export async function insertNote(connection: Connection, issued: IssuedNote): Promise<void> {
  await execute(connection, {
    text: `
      insert into erasure_certificate (tenant_id, id, issued_at, note)
      values ($1::uuid, $2::bytea, $3::timestamptz, $4::text)`,
    values: [issued.tenantId, Buffer.from(issued.id), issued.issuedAt, issued.note],
  });
}

/**
 * The last notes about deaths of the tenant that hold `phrase`, in the order of their issue, at
 * most `limit` after number `from`. Reads all of the tenant's notes.
 */
export async function notesSaying(
  connection: Connection,
  tenantId: string,
  asked: { readonly phrase: string; readonly from: number; readonly limit: number },
): Promise<{ readonly number: number; readonly id: Uint8Array }[]> {
  const rows = await query(connection, {
    text: `
      select number, id from erasure_certificate issued
      where tenant_id = $1::uuid and number > $2::bigint and strpos(note, $3::text) > 0
        and not exists (
          select from erasure_certificate later
          where later.tenant_id = issued.tenant_id and later.id = issued.id
            and later.number > issued.number)
      order by number limit $4::integer`,
    values: [tenantId, asked.from, asked.phrase, asked.limit],
  });
  return rows.map((row) => ({ number: wholeNumber(row, "number"), id: bytes(row, "id") }));
}

/** The note that was issued last about that death, or null when none was. */
export async function lastNote(
  connection: Connection,
  tenantId: string,
  id: Uint8Array,
): Promise<string | null> {
  const [row] = await query(connection, {
    text: `
      select note from erasure_certificate
      where tenant_id = $1::uuid and id = $2::bytea order by number desc limit 1`,
    values: [tenantId, Buffer.from(id)],
  });
  return row === undefined ? null : text(row, "note");
}
