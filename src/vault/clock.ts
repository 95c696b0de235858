/**
 * A wrong clock must neither destroy what lives nor seal what is dead at once (P7). The clock is
 * held against a mark: the newest moment at which it was consistent with itself. Whoever opens the
 * vault, and every pass of the jobs, moves the mark on by at most 48 hours; a clock that jumped
 * does not move it, however long it stays so and whatever is written meanwhile.
 */
import { clockFault } from "../rules/brake.ts";
import { Failure } from "../rules/failure.ts";
import { latestLeaves } from "../store/audit-leaf.ts";
import { clockMark, moveClockMark, setClockMark } from "../store/clock-mark.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import type { Vault } from "./vault.ts";

type Watched = Pick<Vault, "database" | "now" | "clockTrusted">;

/** Before there was a mark the newest entry of the log stands for it. */
async function newestEntry(connection: Connection): Promise<Date | null> {
  const [leaf] = await latestLeaves(connection, 1);
  if (leaf === undefined) return null;
  // Leaves are written by encodeLeaf only, as canonical JSON objects with this member.
  const { at } = JSON.parse(Buffer.from(leaf.body).toString("utf8")) as { at: string };
  return new Date(at);
}

async function faultOf(vault: Watched, connection: Connection): Promise<"ahead" | "behind" | null> {
  const mark = (await clockMark(connection)) ?? (await newestEntry(connection));
  return mark === null ? null : clockFault(vault.now(), mark);
}

/** Moves the mark on when the clock fits it; false when it does not. */
export async function witnessClock(vault: Watched): Promise<boolean> {
  return connected(vault.database, async (connection) => {
    if ((await faultOf(vault, connection)) !== null) return false;
    await moveClockMark(connection, vault.now());
    return true;
  });
}

/** Somebody answers for the clock: it is the mark from now on. */
export async function answerForClock(vault: Watched): Promise<void> {
  await connected(vault.database, async (connection) => setClockMark(connection, vault.now()));
}

async function checkedFault(vault: Watched): Promise<"ahead" | "behind" | null> {
  if (vault.clockTrusted) return null;
  return connected(vault.database, async (connection) => faultOf(vault, connection));
}

/** Before sealing: CLOCK_BEHIND when the clock stands more than 48 hours before the mark. */
export async function requireClockForSealing(vault: Watched): Promise<void> {
  if ((await checkedFault(vault)) === "behind") throw new Failure("CLOCK_BEHIND");
}

/** Before destroying by the calendar: also CLOCK_AHEAD when it is more than 48 hours after it. */
export async function requireClockForShredding(vault: Watched): Promise<void> {
  const fault = await checkedFault(vault);
  if (fault === "behind") throw new Failure("CLOCK_BEHIND");
  if (fault === "ahead") throw new Failure("CLOCK_AHEAD");
}
