/** Why one waybill died by itself. */
import type { LeafTombstone } from "../keystore/tombstone.ts";
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
