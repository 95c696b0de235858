/** Up to which tombstone of the key store the log tells of all of them. */
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, wholeNumber } from "./row.ts";

/** What a tombstone is of. */
export type TombstoneKind = "compartment" | "leaf" | "index";

export interface ToldMark {
  /** So many of the oldest ones are told. */
  readonly tombstones: number;
  /** Id of the last of them, 16 bytes. */
  readonly lastId: Uint8Array;
}

/** The mark of that kind, or null when none was set yet. */
export async function toldMark(
  connection: Connection,
  kind: TombstoneKind,
): Promise<ToldMark | null> {
  const [row] = await query(connection, {
    text: "select tombstones, last_id from told_mark where kind = $1::text",
    values: [kind],
  });
  if (row === undefined) return null;
  return { tombstones: wholeNumber(row, "tombstones"), lastId: bytes(row, "last_id") };
}

/** Moves the mark, forward or, for a key store with other tombstones, back. */
export async function setToldMark(
  connection: Connection,
  kind: TombstoneKind,
  { tombstones, lastId }: ToldMark,
): Promise<void> {
  await execute(connection, {
    text: `
      insert into told_mark (kind, tombstones, last_id) values ($1::text, $2::bigint, $3::bytea)
      on conflict (kind) do update
        set tombstones = excluded.tombstones, last_id = excluded.last_id`,
    values: [kind, tombstones, Buffer.from(lastId)],
  });
}
