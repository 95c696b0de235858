/** Finishes interrupted holds, and lets those go whose last day is over. */
import { SYSTEM_ACTOR } from "../access/entry.ts";
import { dayOf } from "../rules/calendar.ts";
import { isFailure } from "../rules/failure.ts";
import { isHoldOver } from "../rules/hold.ts";
import { withFreeWaybill } from "../store/exclusive.ts";
import type { Within } from "../store/exclusive.ts";
import { findHold, holdsToSettle } from "../store/hold.ts";
import { connected } from "../store/pool.ts";
import { finishHold } from "./hold.ts";
import { endHold } from "./hold-end.ts";
import { vaultOfTenant } from "./tenant-vault.ts";
import type { Vault } from "./vault.ts";

const HOLDS_AT_ONCE = 1000;

async function settleHold(vault: Vault, within: Within, id: string): Promise<boolean> {
  const hold = await within(async (connection) => findHold(connection, vault.tenant.id, id));
  if (hold === null || hold.endedAt !== null) return false;
  const today = dayOf(vault.now(), vault.timeZone);
  if (hold.state === "pending") {
    await finishHold(vault, { within, hold }).catch((error: unknown) => {
      // It ended as refused, which is told; nobody waits for an answer here.
      if (!isFailure(error, "DATA_DEAD")) throw error;
    });
    return true;
  }
  const isOver = isHoldOver(today, hold.untilDay);
  if (hold.state === "active" && !isOver) return false;
  const ending = isOver ? "expired" : "released";
  await endHold(vault, { within, hold, ending, actor: SYSTEM_ACTOR });
  return true;
}

/**
 * Finishes interrupted holds of all tenants and, by `expire`, lets go those whose last day is over;
 * returns how many. Those that somebody is at are left to him.
 */
export async function settleHolds(
  installation: Vault,
  { expire }: { readonly expire: boolean },
): Promise<number> {
  const today = dayOf(installation.now(), installation.timeZone);
  const found = await connected(installation.database, async (connection) =>
    holdsToSettle(connection, today, HOLDS_AT_ONCE),
  );
  let settled = 0;
  for (const hold of found) {
    if (hold.state === "active" && !expire) continue;
    const vault = await vaultOfTenant(installation, hold.tenantId);
    const done = await withFreeWaybill(vault.database, hold, async (within) =>
      settleHold(vault, within, hold.id),
    );
    if (done === true) settled += 1;
  }
  return settled;
}
