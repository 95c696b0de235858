/**
 * A wrong clock must neither destroy what lives nor seal what is dead at once (P7). The clock is
 * held against a mark: the newest moment at which it was consistent with itself. Whoever opens the
 * vault, and every pass of the jobs, moves the mark on by at most 48 hours; a clock that jumped
 * does not move it, however long it stays so and whatever is written meanwhile.
 */
import { SYSTEM_ACTOR, writeEntry } from "../access/entry.ts";
import { clockFault, isTooFarToSeal } from "../rules/brake.ts";
import { Failure } from "../rules/failure.ts";
import { latestLeaves } from "../store/audit-leaf.ts";
import { clockMark, moveClockMark, setClockMark } from "../store/clock-mark.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { lockToldState, setToldState } from "../store/told-state.ts";
import { toldOrLater } from "./told-later.ts";
import type { Vault } from "./vault.ts";

const MS_PER_SECOND = 1000;

type Watched = Pick<Vault, "database" | "now" | "clockTrusted">;

/** Before there was a mark the newest entry of the log stands for it. */
async function newestEntry(connection: Connection): Promise<Date | null> {
  const [leaf] = await latestLeaves(connection, 1);
  if (leaf === undefined) return null;
  // Leaves are written by encodeLeaf only, as canonical JSON objects with this member.
  const { at } = JSON.parse(Buffer.from(leaf.body).toString("utf8")) as { at: string };
  return new Date(at);
}

interface Standing {
  readonly fault: "ahead" | "behind" | null;
  /** So far ahead that no day of death can be counted from it. */
  readonly isFarAhead: boolean;
  readonly offSeconds: number;
}

const STEADY: Standing = { fault: null, isFarAhead: false, offSeconds: 0 };

async function standingOf(vault: Watched, connection: Connection): Promise<Standing> {
  const mark = (await clockMark(connection)) ?? (await newestEntry(connection));
  const now = vault.now();
  if (mark === null) return STEADY;
  const offSeconds = Math.round((now.getTime() - mark.getTime()) / MS_PER_SECOND);
  return { fault: clockFault(now, mark), isFarAhead: isTooFarToSeal(now, mark), offSeconds };
}

/** Tells of a clock that no longer stands as it was told last. */
async function tellStanding(
  vault: Vault,
  { fault, offSeconds }: Standing,
  isAnswered: boolean,
): Promise<void> {
  const what = { tenantId: vault.tenant.id, name: "clock" } as const;
  const state = isAnswered ? "steady" : (fault ?? "steady");
  await toldOrLater(async () =>
    transaction(vault.database, async (connection) => {
      const told = (await lockToldState(connection, what)) ?? "steady";
      if (told === state && !(isAnswered && fault !== null)) return;
      await setToldState(connection, what, state);
      const mode = isAnswered ? "answered" : state;
      const draft = { type: "clock-jumped", actor: SYSTEM_ACTOR, mode, offSeconds } as const;
      await writeEntry(vault, connection, draft);
    }),
  );
}

/** Moves the mark on when the clock fits it; false when it does not. A change is an entry. */
export async function witnessClock(vault: Vault): Promise<boolean> {
  const standing = await connected(vault.database, async (connection) => {
    const found = await standingOf(vault, connection);
    if (found.fault === null) await moveClockMark(connection, vault.now());
    return found;
  });
  await tellStanding(vault, standing, false);
  return standing.fault === null;
}

/** Somebody answers for the clock: it is the mark from now on. An entry when it was off. */
export async function answerForClock(vault: Vault): Promise<void> {
  const standing = await connected(vault.database, async (connection) => {
    const found = await standingOf(vault, connection);
    await setClockMark(connection, vault.now());
    return found;
  });
  await tellStanding(vault, standing, true);
}

const MARK_AGE_SECONDS_MAX = 3600;

async function checkedStanding(vault: Watched): Promise<Standing> {
  if (vault.clockTrusted) return STEADY;
  return connected(vault.database, async (c) => standingOf(vault, c));
}

/**
 * Before sealing: CLOCK_BEHIND when the clock stands more than 48 hours before the mark, and
 * SEAL_CLOCK_AHEAD when more than 30 days after it, because the day of death is counted from this
 * clock and the persons would live longer than anybody was told. Who seals keeps the mark going.
 */
export async function requireClockForSealing(vault: Watched): Promise<void> {
  const { fault, isFarAhead, offSeconds } = await checkedStanding(vault);
  if (fault === "behind") throw new Failure("CLOCK_BEHIND");
  if (isFarAhead) throw new Failure("SEAL_CLOCK_AHEAD");
  if (fault === "ahead" || offSeconds <= MARK_AGE_SECONDS_MAX) return;
  await connected(vault.database, async (c) => moveClockMark(c, vault.now()));
}

/** Before destroying by the calendar: CLOCK_BEHIND as above, or CLOCK_AHEAD. */
export async function requireClockForShredding(vault: Watched): Promise<void> {
  const { fault } = await checkedStanding(vault);
  if (fault === "behind") throw new Failure("CLOCK_BEHIND");
  if (fault === "ahead") throw new Failure("CLOCK_AHEAD");
}
