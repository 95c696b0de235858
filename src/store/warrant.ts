/** Warrants (调取函): what an authority's document covers, and the two officers who vouch for it. */
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytesOrNull, instant, instantOrNull, text, textOrNull, wholeNumber } from "./row.ts";
import type { Row } from "./row.ts";

export interface NewWarrant {
  readonly id: string;
  readonly tenantId: string;
  readonly filedAt: Date;
  readonly days: number;
  /** Pseudonym. */
  readonly filedBy: string;
  readonly authority: string;
  readonly document: string;
  /** What it names, sealed under a key of the tenant; null in warrants from before it was kept. */
  readonly list: Uint8Array | null;
}

export interface WarrantRow extends NewWarrant {
  /** How many waybills and records it names. */
  readonly count: number;
  readonly confirmed: { readonly at: Date; readonly until: Date; readonly by: string } | null;
}

const COLUMNS =
  "id, tenant_id, filed_at, confirmed_at, until_at, days, filed_by, confirmed_by, authority," +
  " document, list, cardinality(subjects) as count";

function confirmationOf(row: Row): WarrantRow["confirmed"] {
  const [at, until] = [instantOrNull(row, "confirmed_at"), instantOrNull(row, "until_at")];
  const by = textOrNull(row, "confirmed_by");
  return at === null || until === null || by === null ? null : { at, until, by };
}

function warrantOf(row: Row): WarrantRow {
  return {
    id: text(row, "id"),
    tenantId: text(row, "tenant_id"),
    filedAt: instant(row, "filed_at"),
    days: wholeNumber(row, "days"),
    filedBy: text(row, "filed_by"),
    authority: text(row, "authority"),
    document: text(row, "document"),
    list: bytesOrNull(row, "list"),
    count: wholeNumber(row, "count"),
    confirmed: confirmationOf(row),
  };
}

/** `subjects` are keyed digests of 16 bytes, 1 to 200. */
export async function insertWarrant(
  connection: Connection,
  warrant: NewWarrant,
  subjects: readonly Uint8Array[],
): Promise<void> {
  const { id, tenantId, filedAt, days, filedBy, authority, document, list } = warrant;
  await execute(connection, {
    text: `
      insert into warrant (id, tenant_id, filed_at, days, filed_by, authority, document, subjects,
                           list)
      values ($1::uuid, $2::uuid, $3, $4::integer, $5, $6, $7,
        (select array_agg(decode(one, 'hex')) from unnest($8::text[]) one), $9::bytea)`,
    values: [
      id,
      tenantId,
      filedAt,
      days,
      filedBy,
      authority,
      document,
      subjects.map((subject) => Buffer.from(subject).toString("hex")),
      list === null ? null : Buffer.from(list),
    ],
  });
}

/** The warrant of that id in a tenant, locked until the transaction ends; or null. */
export async function lockWarrant(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<WarrantRow | null> {
  const rows = await query(connection, {
    text: `select ${COLUMNS} from warrant where tenant_id = $1::uuid and id = $2::uuid for update`,
    values: [tenantId, id],
  });
  return rows[0] === undefined ? null : warrantOf(rows[0]);
}

export async function confirmWarrantRow(
  connection: Connection,
  id: string,
  confirmed: { readonly at: Date; readonly until: Date; readonly by: string },
): Promise<void> {
  await execute(connection, {
    text: `
      update warrant set confirmed_at = $2, until_at = $3, confirmed_by = $4
      where id = $1::uuid and confirmed_at is null`,
    values: [id, confirmed.at, confirmed.until, confirmed.by],
  });
}

/** Warrants that wait since `filedAfter` or count at `at`, oldest first, at most `limit`. */
export async function standingWarrants(
  connection: Connection,
  within: { readonly tenantId: string; readonly at: Date; readonly filedAfter: Date },
  limit: number,
): Promise<WarrantRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from warrant
      where tenant_id = $1::uuid
        and ((confirmed_at is null and filed_at >= $4) or until_at > $2)
      order by filed_at, id limit $3::integer`,
    values: [within.tenantId, within.at, limit, within.filedAfter],
  });
  return rows.map(warrantOf);
}

/** Takes away what the warrants of a tenant named that neither wait nor count; of how many. */
export async function clearLists(
  connection: Connection,
  over: { readonly tenantId: string; readonly at: Date; readonly filedAfter: Date },
): Promise<number> {
  return execute(connection, {
    text: `
      update warrant set list = null
      where tenant_id = $1::uuid and list is not null
        and (until_at <= $2 or (confirmed_at is null and filed_at < $3))`,
    values: [over.tenantId, over.at, over.filedAfter],
  });
}

/** The warrant that covers `subject` at `at` and of which `officer` is one of the two; or null. */
export async function coveringWarrant(
  connection: Connection,
  asked: {
    readonly tenantId: string;
    readonly subject: Uint8Array;
    readonly officer: string;
    readonly at: Date;
  },
): Promise<WarrantRow | null> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from warrant
      where tenant_id = $1::uuid and confirmed_at <= $4 and until_at > $4
        and $3 in (filed_by, confirmed_by) and $2::bytea = any (subjects)
      order by until_at desc, id limit 1`,
    values: [asked.tenantId, Buffer.from(asked.subject), asked.officer, asked.at],
  });
  return rows[0] === undefined ? null : warrantOf(rows[0]);
}
