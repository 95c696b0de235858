/**
 * Sealed batches: which waybills the Merkle root of a `seal-batch` entry covers, in their order
 * (P14). A batch lives as long as the shells of its week.
 */
import type { Day } from "../rules/calendar.ts";
import type { WaybillPlace } from "./hold.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, day, instant } from "./row.ts";
import { int4Array, int8Array } from "./wire.ts";

export interface SealBatchRow {
  /** Id of the entry that holds the root, 16 bytes. */
  readonly batchLeaf: Uint8Array;
  readonly shellWeek: Day;
  /** The instant that its shells bear. */
  readonly sealedAt: Date;
  /** In the order of the tree; at least one. */
  readonly places: readonly WaybillPlace[];
}

/** A compartment (8 bytes, big endian) and a slot (4). */
export const PLACE_BYTES = 12;
const SLOT_AT = 8;

/** Places as one value, 12 bytes each. */
export function encodePlaces(places: readonly WaybillPlace[]): Buffer {
  const encoded = Buffer.alloc(places.length * PLACE_BYTES);
  for (const [index, { compartment, slot }] of places.entries()) {
    encoded.writeBigInt64BE(BigInt(compartment), index * PLACE_BYTES);
    encoded.writeInt32BE(slot, index * PLACE_BYTES + SLOT_AT);
  }
  return encoded;
}

/** What `encodePlaces` wrote. */
export function decodePlaces(encoded: Uint8Array): WaybillPlace[] {
  const view = Buffer.from(encoded);
  return Array.from({ length: view.length / PLACE_BYTES }, (_none, index) => ({
    compartment: Number(view.readBigInt64BE(index * PLACE_BYTES)),
    slot: view.readInt32BE(index * PLACE_BYTES + SLOT_AT),
  }));
}

/** Remembers a batch in the transaction that stores its shells. */
export async function insertSealBatch(connection: Connection, row: SealBatchRow): Promise<void> {
  await execute(connection, {
    name: "seal_batch_insert",
    text: `
      insert into seal_batch (batch_leaf, shell_week, sealed_at, places)
      values ($1::bytea, $2::date, $3, $4::bytea)`,
    values: [Buffer.from(row.batchLeaf), row.shellWeek, row.sealedAt, encodePlaces(row.places)],
  });
}

type SealBatch = Pick<SealBatchRow, "batchLeaf" | "places">;

/** The batches whose shells bear that instant: nearly always one. */
async function sealBatchesAt(
  connection: Connection,
  when: { readonly shellWeek: Day; readonly sealedAt: Date },
): Promise<SealBatch[]> {
  const rows = await query(connection, {
    text: `
      select batch_leaf, places from seal_batch where shell_week = $1::date and sealed_at = $2`,
    values: [when.shellWeek, when.sealedAt],
  });
  return rows.map((row) => ({
    batchLeaf: bytes(row, "batch_leaf"),
    places: decodePlaces(bytes(row, "places")),
  }));
}

/** The batch that sealed the waybill at `place`, or null when none was remembered. */
export async function sealBatchOf(
  connection: Connection,
  place: WaybillPlace & { readonly shellWeek: Day; readonly sealedAt: Date },
): Promise<SealBatch | null> {
  // Two batches may have been stored in one millisecond.
  for (const batch of await sealBatchesAt(connection, place)) {
    const isOurs = batch.places.some(
      ({ compartment, slot }) => compartment === place.compartment && slot === place.slot,
    );
    if (isOurs) return batch;
  }
  return null;
}

export interface BatchEntry {
  /** Body of the `seal-batch` entry. */
  readonly body: Uint8Array;
  readonly places: readonly WaybillPlace[];
}

/**
 * The entries of the batches that sealed the tenant's waybills at `places`, each once, in one
 * statement; a waybill that is gone adds none.
 */
export async function batchEntriesOf(
  connection: Connection,
  tenantId: string,
  places: readonly WaybillPlace[],
): Promise<BatchEntry[]> {
  const rows = await query(connection, {
    name: "seal_batch_entries",
    text: `
      select batch.places, entry.body
      from (
        select distinct s.shell_week, s.sealed_at
        from unnest($2::bigint[], $3::integer[]) as asked (compartment, slot)
          join compartment c on c.serial = asked.compartment and c.tenant_id = $1::uuid
          cross join lateral shell_at(c.shell_week, asked.compartment, asked.slot) s
      ) moment
        join seal_batch batch
          on batch.shell_week = moment.shell_week and batch.sealed_at = moment.sealed_at
        join audit_leaf entry on entry.id = batch.batch_leaf`,
    values: [
      tenantId,
      int8Array(places.map(({ compartment }) => compartment)),
      int4Array(places.map(({ slot }) => slot)),
    ],
  });
  return rows.map((row) => ({
    body: bytes(row, "body"),
    places: decodePlaces(bytes(row, "places")),
  }));
}

/** A page of batches: those after `after` in the order of their sealing, at most `limit`. */
export interface BatchPage {
  readonly after: { readonly sealedAt: Date; readonly batchLeaf: Uint8Array } | null;
  readonly limit: number;
}

/**
 * The tenant's batches that were sealed from one instant on and before another, in the order of
 * their sealing. A batch is one tenant's, so its first place tells whose it is.
 */
export async function sealBatchesIn(
  connection: Connection,
  asked: { readonly tenantId: string; readonly from: Date; readonly to: Date },
  { after, limit }: BatchPage,
): Promise<SealBatchRow[]> {
  const { sealedAt = new Date(0), batchLeaf = new Uint8Array(0) } = after ?? {};
  const rows = await query(connection, {
    text: `
      select batch_leaf, seal_batch.shell_week, sealed_at, places
      from seal_batch join compartment on compartment.serial =
        ('x' || encode(substring(places from 1 for 8), 'hex'))::bit(64)::bigint
      where compartment.tenant_id = $1::uuid
        and sealed_at >= $2::timestamptz and sealed_at < $3::timestamptz
        and (sealed_at, batch_leaf) > ($4::timestamptz, $5::bytea)
      order by sealed_at, batch_leaf limit $6::integer`,
    values: [asked.tenantId, asked.from, asked.to, sealedAt, Buffer.from(batchLeaf), limit],
  });
  return rows.map((row) => ({
    batchLeaf: bytes(row, "batch_leaf"),
    shellWeek: day(row, "shell_week"),
    sealedAt: instant(row, "sealed_at"),
    places: decodePlaces(bytes(row, "places")),
  }));
}
