/** What is held (P8): the holds that count on a waybill today. */
import { dayOf } from "../rules/calendar.ts";
import { HOLD_REASONS, isHoldOver } from "../rules/hold.ts";
import type { Purpose } from "../rules/purposes.ts";
import { standingHolds } from "../store/hold.ts";
import type { HoldRow, WaybillPlace } from "../store/hold.ts";
import type { Connection } from "../store/query.ts";
import type { Vault } from "./vault.ts";

/** Those that reached the key store and whose last day is not over, whatever has run since. */
export async function holdsNow(
  vault: Pick<Vault, "now" | "timeZone">,
  connection: Connection,
  place: WaybillPlace,
): Promise<HoldRow[]> {
  const today = dayOf(vault.now(), vault.timeZone);
  const standing = await standingHolds(connection, place);
  return standing.filter((hold) => hold.state === "active" && !isHoldOver(today, hold.untilDay));
}

/** The purposes that these holds keep open. */
export function heldPurposes(holds: readonly HoldRow[]): Purpose[] {
  return holds.flatMap(({ reason }) => HOLD_REASONS[reason].purposes);
}
