/**
 * What counts for an organisation when its line upwards has said several things about one setting,
 * and who may say what. Pure: the rules of the lock (P10), without the tables.
 *
 * Read from the top down. `locked` ends the matter for all who stand no higher than whoever locked
 * it; a stricter word of somebody higher still counts. `set` is a floor: below, only an equal or
 * stricter value counts, and of two sets of which neither holds the other, that of the higher
 * speaker. `delegated` leaves the decision below, as far as its bound and never under a floor from
 * above. Where headquarters has said nothing, the default is that floor to all below: beyond it
 * goes only what headquarters itself says of somebody. Of a setting that is locked by default, not
 * even that, and only headquarters says anything of those below.
 */
import type { FailureCode } from "../rules/failure.ts";
import { isLooserOf } from "../rules/setting-kind.ts";
import { SETTINGS } from "../rules/setting.ts";
import type { SettingName } from "../rules/setting.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import type { SettingMode, SettingRow } from "../store/setting.ts";
import { rankOf } from "./said.ts";
import type { Said } from "./said.ts";

export type StepOutcome = "unsaid" | "counts" | "overruled" | "lock-above" | "looser-than-above";

export interface Step extends Said {
  readonly outcome: StepOutcome;
}

export interface Ruling {
  readonly name: SettingName;
  readonly value: string;
  /** Of whom it was said; null for the value that counts where nobody has said anything. */
  readonly source: OrganisationRow | null;
  /** Who said it; null also where whoever said it no longer stands above. */
  readonly by: OrganisationRow | null;
  readonly mode: SettingMode;
  /** How far below the top whoever locked it stands (`rankOf`); null where nobody has. */
  readonly lockRank: number | null;
  /** The loosest value that may be said below; null when any may. */
  readonly floor: string | null;
  /** The line from the top down, and what became of each word about each. */
  readonly steps: readonly Step[];
}

/** Whether `value` is not at least as strict as `than`. An unknown value is the loosest of all. */
export function isLooser(name: SettingName, value: string, than: string): boolean {
  return isLooserOf(SETTINGS[name].values, value, than);
}

/** A lock that nobody has set: the one of the default. */
function isDefaultLock({ mode, source }: Ruling): boolean {
  return mode === "locked" && source === null;
}

/**
 * The loosest value that `by` may say; null when any. A default that is not locked binds only those
 * below headquarters.
 */
function floorFor(above: Ruling, by: OrganisationRow | null): string | null {
  const isOpenDefault = above.source === null && !isDefaultLock(above);
  return isOpenDefault && by?.kind === "headquarters" ? null : above.floor;
}

function isUnder(name: SettingName, value: string, floor: string | null): boolean {
  return floor !== null && isLooser(name, value, floor);
}

/** How far below the top `by` stands who speaks of `organisation`, which is next on the line. */
export function rankUnder(
  above: Ruling,
  { by, organisation }: Pick<Said, "by" | "organisation">,
): number {
  const line = [...above.steps.map((step) => step.organisation), organisation];
  return rankOf(line, by?.id ?? null);
}

/** Whether a lock ends the words of whoever stands there. That of the default ends nobody's. */
export function isEnded({ lockRank }: Ruling, rank: number): boolean {
  return lockRank !== null && rank >= lockRank;
}

/** What becomes of what was said under a ruling that was made above it. */
function outcomeUnder(above: Ruling, said: Said & { readonly setting: SettingRow }): StepOutcome {
  if (isEnded(above, rankUnder(above, said))) return "lock-above";
  const isLoose = isUnder(above.name, said.setting.value, floorFor(above, said.by));
  return isLoose ? "looser-than-above" : "counts";
}

/** The loosest value that may be said below; null when any may. */
function floorBelow(
  above: Ruling,
  { mode, value, bound }: SettingRow,
  by: OrganisationRow | null,
): string | null {
  if (mode !== "delegated") return value;
  const floor = floorFor(above, by);
  return bound === null || isUnder(above.name, bound, floor) ? floor : bound;
}

/** Headquarters that says nothing leaves the default, locked where the registry has it so. */
function unsaidBy(above: Ruling, said: Said): Ruling {
  const steps = [...above.steps, { ...said, outcome: "unsaid" } as const];
  const { isLockedByDefault, unset } = SETTINGS[above.name];
  const isRoot = said.organisation.kind === "headquarters" && above.source === null;
  if (!isRoot) return { ...above, steps };
  return { ...above, mode: isLockedByDefault ? "locked" : above.mode, floor: unset, steps };
}

/** The ruling with a word that counts. What was locked above stays so, to whom it was. */
function countedUnder(above: Ruling, said: Said & { readonly setting: SettingRow }) {
  const { organisation, by, setting } = said;
  const lockRank = setting.mode === "locked" ? rankUnder(above, said) : above.lockRank;
  const mode = lockRank === null ? setting.mode : "locked";
  const floor = floorBelow(above, { ...setting, mode }, by);
  return {
    name: above.name,
    value: setting.value,
    source: organisation,
    by,
    mode,
    lockRank,
    floor,
  };
}

function ruledBy(above: Ruling, said: Said, crossing: ReadonlySet<Said>): Ruling {
  const { setting } = said;
  if (setting === null) return unsaidBy(above, said);
  const spoken = { ...said, setting };
  const under = outcomeUnder(above, spoken);
  const outcome = under === "counts" && crossing.has(said) ? "looser-than-above" : under;
  if (outcome !== "counts") return { ...above, steps: [...above.steps, { ...said, outcome }] };
  const overruled = above.steps.map((step): Step =>
    step.outcome === "counts" ? { ...step, outcome: "overruled" } : step,
  );
  return { ...countedUnder(above, spoken), steps: [...overruled, { ...said, outcome }] };
}

const NO_WORDS: ReadonlySet<Said> = new Set();

function reading(name: SettingName, line: readonly Said[], crossing = NO_WORDS): Ruling {
  const nobody: Ruling = {
    name,
    value: SETTINGS[name].unset,
    source: null,
    by: null,
    mode: "set",
    lockRank: null,
    floor: null,
    steps: [],
  };
  return line.reduce((above, said) => ruledBy(above, said, crossing), nobody);
}

function isCrossing(name: SettingName, { value, bound }: SettingRow, floor: string): boolean {
  return [value, bound ?? value].some(
    (one) => isLooser(name, one, floor) && isLooser(name, floor, one),
  );
}

/**
 * The words that are neither stricter nor looser than what all who stand higher have said along the
 * line, also further down: they may not push that aside. Only sets cross.
 */
function crossingOn(name: SettingName, line: readonly Said[]): ReadonlySet<Said> {
  const crossing = new Set<Said>();
  if (SETTINGS[name].values.kind !== "allowed") return crossing;
  const organisations = line.map(({ organisation }) => organisation);
  const ranked = line.map((said) => [rankOf(organisations, said.by?.id ?? null), said] as const);
  for (const [rank, said] of ranked.toSorted(([one], [other]) => one - other)) {
    if (said.setting === null) continue;
    const higher = ranked.filter(([at, { setting }]) => setting === null || at < rank);
    const words = higher.map(([, one]) => one);
    const { floor } = reading(name, words, crossing);
    if (floor !== null && isCrossing(name, said.setting, floor)) crossing.add(said);
  }
  return crossing;
}

/** The ruling where that was said on the line, the top first (`saidOn`). */
export function rulingOver(name: SettingName, line: readonly Said[]): Ruling {
  return reading(name, line, crossingOn(name, line));
}

/** Whether what is decided above leaves more room in `after` than it did in `before`. */
export function leavesMoreRoom(before: Ruling, after: Ruling): boolean {
  const { name } = before;
  if (isLooser(name, after.value, before.value)) return true;
  if (after.mode === "locked") return false;
  if (before.mode === "locked" && !isDefaultLock(before)) return true;
  const handedOn = after.mode === "delegated" && before.mode !== "delegated";
  if (handedOn && SETTINGS[name].isHeadquartersOnly) return true;
  if (before.floor === null) return false;
  return after.floor === null || isLooser(name, after.floor, before.floor);
}

export interface Change {
  readonly value: string;
  /** Of a delegation: the loosest value that it leaves open below. Null or left out: no bound. */
  readonly bound?: string | null;
  /** The organisation in whose name it is said. */
  readonly by: OrganisationRow;
  /** The organisation that it is said of. */
  readonly organisation: OrganisationRow;
  /** Whether headquarters has granted this very value since it last decided itself. */
  readonly isGranted: boolean;
  /** Whether it would hand the decision on to those below; false when it is left out. */
  readonly isDelegating?: boolean;
}

/** Whether this asker may decide this at all, lock and floor apart. */
function mayDecide(above: Ruling, change: Change): boolean {
  if (change.by.kind === "headquarters") return true;
  // A grant is for one value in one place: it hands nobody below a licence of his own.
  if (change.isGranted && change.isDelegating !== true) return true;
  if (isDefaultLock(above)) return false;
  return !SETTINGS[above.name].isHeadquartersOnly || above.mode === "delegated";
}

/**
 * Why the change may not be made under `above`, or null when it may: the ruling above the
 * organisation and of what was said of it by those whose word the asker does not take back.
 * The lock is named before the rest, since it is what the asker has to know.
 */
export function refusalOf(above: Ruling, change: Change): FailureCode | null {
  const { by, organisation, value, bound = null } = change;
  const line = [...above.steps.map((step) => step.organisation.id), organisation.id];
  if (!line.includes(by.id)) return "SETTING_NOT_BELOW";
  if (isEnded(above, rankUnder(above, change))) return "SETTING_LOCKED";
  if (!mayDecide(above, change)) return "SETTING_HEADQUARTERS_ONLY";
  const floor = floorFor(above, by);
  const isLoose = [value, bound ?? value].some((one) => isUnder(above.name, one, floor));
  return isLoose ? "SETTING_LOOSER" : null;
}
