/** Places of waybills, gathered by compartment. */
import { wholeNumber } from "./row.ts";
import type { Row } from "./row.ts";

/** Slots by serial of their compartment. */
export type SlotsByCompartment = ReadonlyMap<number, readonly number[]>;

/** From rows with the columns `compartment` and `slot`. */
export function slotsByCompartment(rows: readonly Row[]): SlotsByCompartment {
  const found = new Map<number, number[]>();
  for (const row of rows) {
    const serial = wholeNumber(row, "compartment");
    const slots = found.get(serial) ?? [];
    slots.push(wholeNumber(row, "slot"));
    found.set(serial, slots);
  }
  return found;
}
