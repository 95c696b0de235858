/** Registered devices (登记设备): the public half of each one's key pair. */
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, instant, instantOrNull, text } from "./row.ts";
import type { Row } from "./row.ts";

export interface DeviceRow {
  readonly id: string;
  readonly tenantId: string;
  readonly accountId: string;
  readonly name: string;
  /** SubjectPublicKeyInfo, DER, of a P-256 key. */
  readonly publicKey: Uint8Array;
  readonly registeredAt: Date;
  readonly approvedAt: Date | null;
  readonly revokedAt: Date | null;
  /** The moment that its last proof named; an older one is a replay. */
  readonly provedAt: Date | null;
}

const COLUMNS =
  "id, tenant_id, account_id, registered_at, approved_at, revoked_at, proved_at, name, public_key";

function deviceOf(row: Row): DeviceRow {
  return {
    id: text(row, "id"),
    tenantId: text(row, "tenant_id"),
    accountId: text(row, "account_id"),
    registeredAt: instant(row, "registered_at"),
    approvedAt: instantOrNull(row, "approved_at"),
    revokedAt: instantOrNull(row, "revoked_at"),
    provedAt: instantOrNull(row, "proved_at"),
    name: text(row, "name"),
    publicKey: bytes(row, "public_key"),
  };
}

export async function insertDevice(
  connection: Connection,
  made: Omit<DeviceRow, "approvedAt" | "revokedAt" | "provedAt">,
): Promise<void> {
  const { id, tenantId, accountId, registeredAt, name, publicKey } = made;
  await execute(connection, {
    text: `
      insert into staff_device (id, tenant_id, account_id, registered_at, name, public_key)
      values ($1::uuid, $2::uuid, $3::uuid, $4::timestamptz, $5, $6::bytea)`,
    values: [id, tenantId, accountId, registeredAt, name, Buffer.from(publicKey)],
  });
}

/** The device of that id in the tenant, locked until the transaction ends; or null. */
export async function lockDevice(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<DeviceRow | null> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from staff_device
      where id = $2::uuid and tenant_id = $1::uuid for update`,
    values: [tenantId, id],
  });
  return rows[0] === undefined ? null : deviceOf(rows[0]);
}

/** Devices of the tenant, or of one account, the newest first, at most `limit`. */
export async function devicesOf(
  connection: Connection,
  of: { readonly tenantId: string; readonly accountId: string | null },
  limit: number,
): Promise<DeviceRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from staff_device
      where tenant_id = $1::uuid and ($2::uuid is null or account_id = $2::uuid)
      order by registered_at desc, id limit $3::integer`,
    values: [of.tenantId, of.accountId, limit],
  });
  return rows.map(deviceOf);
}

type Mark = "approved_at" | "revoked_at" | "proved_at";

/** Writes down when a device was approved or revoked, or which moment its last proof named. */
export async function markDevice(
  connection: Connection,
  which: { readonly id: string; readonly mark: Mark },
  at: Date,
): Promise<void> {
  await execute(connection, {
    text: `update staff_device set ${which.mark} = $2::timestamptz where id = $1::uuid`,
    values: [which.id, at],
  });
}

/** Revokes all devices of an account. */
export async function revokeDevicesOf(
  connection: Connection,
  accountId: string,
  at: Date,
): Promise<void> {
  await execute(connection, {
    text: `
      update staff_device set revoked_at = $2::timestamptz
      where account_id = $1::uuid and revoked_at is null`,
    values: [accountId, at],
  });
}
