/** Why something died: one waybill by itself, or a compartment. */
import type { LeafTombstone, Tombstone } from "../keystore/tombstone.ts";
import { dayOf } from "../rules/calendar.ts";
import type { Vault } from "./vault.ts";

/** Before its compartment, or when its last hold ended after it. */
export type ErasureCause = "early" | "hold-ended";

export async function causeOf(
  vault: Pick<Vault, "keys">,
  tombstone: LeafTombstone,
): Promise<ErasureCause> {
  const { serial, destroyedAt } = tombstone;
  const whole = (await vault.keys.tombstones()).find((one) => one.serial === serial);
  return whole !== undefined && whole.destroyedAt <= destroyedAt ? "hold-ended" : "early";
}

/** On its day; or before it, with keys that were lost and given up in a restoration. */
export type CompartmentCause = "scheduled" | "given-up";

/** Nothing else ends a compartment before its day, so the tombstone itself tells which it was. */
export function causeOfWhole(
  { timeZone }: Pick<Vault, "timeZone">,
  { destroyedAt, dayOfDeath }: Pick<Tombstone, "destroyedAt" | "dayOfDeath">,
): CompartmentCause {
  return dayOf(destroyedAt, timeZone) < dayOfDeath ? "given-up" : "scheduled";
}
