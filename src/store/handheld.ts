/** Handhelds (手持终端): the public half of the key to which a shift's bundle is sealed. */
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, instant, instantOrNull, text, wholeNumber } from "./row.ts";
import type { Row } from "./row.ts";

export interface HandheldRow {
  readonly id: string;
  readonly tenantId: string;
  readonly registeredAt: Date;
  readonly endedAt: Date | null;
  /** Number of the suite that the key is for. */
  readonly suite: number;
  readonly name: string;
  readonly publicKey: Uint8Array;
}

const COLUMNS = "id, tenant_id, registered_at, ended_at, suite, name, public_key";
const LIST_MAX = 10_000;

function handheldOf(row: Row): HandheldRow {
  return {
    id: text(row, "id"),
    tenantId: text(row, "tenant_id"),
    registeredAt: instant(row, "registered_at"),
    endedAt: instantOrNull(row, "ended_at"),
    suite: wholeNumber(row, "suite"),
    name: text(row, "name"),
    publicKey: bytes(row, "public_key"),
  };
}

export async function insertHandheld(
  connection: Connection,
  row: Omit<HandheldRow, "endedAt">,
): Promise<void> {
  await execute(connection, {
    text: `
      insert into handheld (id, tenant_id, registered_at, suite, name, public_key)
      values ($1::uuid, $2::uuid, $3::timestamptz, $4::smallint, $5, $6::bytea)`,
    values: [
      row.id,
      row.tenantId,
      row.registeredAt,
      row.suite,
      row.name,
      Buffer.from(row.publicKey),
    ],
  });
}

/** The handheld of that id in the tenant, or null; `id` must be a UUID. */
export async function findHandheld(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<HandheldRow | null> {
  const rows = await query(connection, {
    text: `select ${COLUMNS} from handheld where id = $2::uuid and tenant_id = $1::uuid`,
    values: [tenantId, id],
  });
  return rows[0] === undefined ? null : handheldOf(rows[0]);
}

/** All handhelds of the tenant in the order registered, at most 10,000. */
export async function listHandhelds(
  connection: Connection,
  tenantId: string,
): Promise<HandheldRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from handheld where tenant_id = $1::uuid
      order by registered_at, id limit $2::integer`,
    values: [tenantId, LIST_MAX],
  });
  return rows.map(handheldOf);
}

/** From `at` on it is given no keys; false when it was ended before. */
export async function endHandheld(connection: Connection, id: string, at: Date): Promise<boolean> {
  const count = await execute(connection, {
    text: `
      update handheld set ended_at = $2::timestamptz where id = $1::uuid and ended_at is null`,
    values: [id, at],
  });
  return count === 1;
}
