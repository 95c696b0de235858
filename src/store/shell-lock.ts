/**
 * Waybills as they stand while nobody else may move them: for work that was prepared outside the
 * transaction, and must not be committed for a waybill that meanwhile is another.
 */
import type { Day } from "../rules/calendar.ts";
import { PARCEL_STATE_NAMES } from "../rules/access-close.ts";
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, wholeNumber, word, wordOrNull } from "./row.ts";
import { SHELL_STATES } from "./shell.ts";
import type { ParcelPlace, ShellState } from "./shell.ts";
import { int4Array } from "./wire.ts";

export interface LockedShell extends Pick<ParcelPlace, "parcelState"> {
  readonly state: ShellState;
  /**
   * The first bytes of its view (`headOf`), which no two seals of it share; null where it is gone.
   */
  readonly head: Uint8Array | null;
}

export interface ShellsWithin {
  readonly shellWeek: Day;
  readonly deathWeek: Day;
  readonly compartment: number;
}

/** An envelope begins with revision and nonce (docs/formats/envelope.md). */
const HEAD_BYTES = 32;

/** What tells a view from every other that was sealed for the same waybill. */
export function headOf(view: Uint8Array): Uint8Array {
  return view.subarray(0, HEAD_BYTES);
}

async function headsOf(
  connection: Connection,
  { deathWeek, compartment }: ShellsWithin,
  slots: readonly number[],
): Promise<ReadonlyMap<number, Uint8Array>> {
  const rows = await query(connection, {
    name: "view_heads",
    text: `
      select slot, substr(view, 1, ${HEAD_BYTES}) as head from party
      where death_week = $1::date and compartment = $2::bigint and slot = any($3::integer[])`,
    values: [deathWeek, compartment, int4Array(slots)],
  });
  return new Map(rows.map((row) => [wholeNumber(row, "slot"), bytes(row, "head")] as const));
}

/**
 * Locks the shells of several slots of one compartment until the caller's transaction ends, and
 * says how they stand; those that do not exist are not in the map. Whoever locks those of several
 * compartments goes by ascending serial.
 */
export async function lockShells(
  connection: Connection,
  within: ShellsWithin,
  slots: readonly number[],
): Promise<ReadonlyMap<number, LockedShell>> {
  const { shellWeek, compartment } = within;
  const rows = await query(connection, {
    name: "shells_lock",
    text: `
      select slot, state, parcel_state from shell
      where shell_week = $1::date and compartment = $2::bigint and slot = any($3::integer[])
      order by slot for no key update`,
    values: [shellWeek, compartment, int4Array(slots)],
  });
  // A statement of its own: one that waited for the lock would see envelopes of before.
  const heads = await headsOf(connection, within, slots);
  const shells = rows.map((row) => {
    const slot = wholeNumber(row, "slot");
    const state = word(row, "state", SHELL_STATES);
    const parcelState = wordOrNull(row, "parcel_state", PARCEL_STATE_NAMES);
    return [slot, { state, parcelState, head: heads.get(slot) ?? null }] as const;
  });
  return new Map(shells);
}
