/**
 * Whether what labels were drawn from still holds (P14): asked in the transaction that records the
 * prints, with the waybills locked, so that a cancellation or another address comes before the
 * print, and counts, or after it, and finds it.
 */
import type { ParcelState } from "../rules/access-close.ts";
import { mondayOf } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import type { Connection } from "../store/query.ts";
import { lockShells } from "../store/shell-lock.ts";
import type { LockedShell } from "../store/shell-lock.ts";
import type { OpenedView } from "./open-views.ts";

/** States of a parcel that is sent no more under this waybill. */
const ENDED: readonly ParcelState[] = ["void", "returned", "closed"];

/**
 * Cancelled is cancelled, however long its persons may still be looked at, and what was sent back
 * goes under a waybill of its own. Throws WAYBILL_VOID or PARCEL_ENDED.
 */
export function requireUnended(state: ParcelState | null): void {
  if (state === "void") throw new Failure("WAYBILL_VOID");
  if (state !== null && ENDED.includes(state)) throw new Failure("PARCEL_ENDED");
}

function holds({ head }: OpenedView, now: LockedShell | undefined): boolean {
  if (now === undefined || now.state === "erased" || now.head === null) return false;
  const isEnded = now.parcelState !== null && ENDED.includes(now.parcelState);
  return !isEnded && Buffer.from(now.head).equals(head);
}

/**
 * Locks the waybills of `printings` until the transaction ends. Throws WAYBILL_MOVING where one of
 * them has ended, was erased or sealed anew since it was opened: open it again.
 */
export async function lockPrinted(
  connection: Connection,
  printings: readonly OpenedView[],
): Promise<void> {
  const groups = Map.groupBy(printings, ({ shell }) => shell.compartment);
  for (const [compartment, group] of [...groups].toSorted(([a], [b]) => a - b)) {
    const [first] = group;
    if (first === undefined) continue;
    const { shellWeek, dayOfDeath } = first.shell;
    const within = { shellWeek, compartment, deathWeek: mondayOf(dayOfDeath) };
    const slots = group.map(({ shell }) => shell.slot);
    const locked = await lockShells(connection, within, slots);
    if (!group.every((one) => holds(one, locked.get(one.shell.slot))))
      throw new Failure("WAYBILL_MOVING");
  }
}
