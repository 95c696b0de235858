/**
 * A wrong clock must neither destroy what lives nor seal what is dead at once (P7): the clock is
 * held against the newest entry of the log before anything depends on it.
 */
import { clockFault } from "../rules/brake.ts";
import { Failure } from "../rules/failure.ts";
import { latestLeaves } from "../store/audit-leaf.ts";
import { connected } from "../store/pool.ts";
import type { Vault } from "./vault.ts";

async function newestEntry(vault: Vault): Promise<Date | null> {
  const [leaf] = await connected(vault.database, async (connection) => latestLeaves(connection, 1));
  if (leaf === undefined) return null;
  // Leaves are written by encodeLeaf only, as canonical JSON objects with this member.
  const { at } = JSON.parse(Buffer.from(leaf.body).toString("utf8")) as { at: string };
  return new Date(at);
}

async function faultOf(vault: Vault): Promise<"ahead" | "behind" | null> {
  const newest = vault.clockTrusted ? null : await newestEntry(vault);
  return newest === null ? null : clockFault(vault.now(), newest);
}

/**
 * Before sealing: CLOCK_BEHIND when the clock stands more than 48 hours before the newest entry.
 */
export async function requireClockForSealing(vault: Vault): Promise<void> {
  if ((await faultOf(vault)) === "behind") throw new Failure("CLOCK_BEHIND");
}

/** Before shredding: as for sealing, and CLOCK_AHEAD when it stands more than 48 hours after it. */
export async function requireClockForShredding(vault: Vault): Promise<void> {
  const fault = await faultOf(vault);
  if (fault === "behind") throw new Failure("CLOCK_BEHIND");
  if (fault === "ahead") throw new Failure("CLOCK_AHEAD");
}
