/**
 * What counts for an organisation when its line upwards has said several things about one setting,
 * and who may say what. Pure: the rules of the lock (P10), without the tables.
 *
 * Read from the top down. `locked` ends the matter. `set` is a floor: below, only an equal or
 * stricter value counts. `delegated` leaves the decision below, but never under a floor from above.
 */
import type { FailureCode } from "../rules/failure.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import type { SettingMode, SettingName, SettingRow } from "../store/setting.ts";

export interface SettingRule {
  /** From the loosest to the strictest. */
  readonly values: readonly string[];
  /** 仅总部可设置: an outlet needs a delegation, or a request that was granted. */
  readonly isHeadquartersOnly: boolean;
  /** What counts where nobody has said anything. */
  readonly unset: string;
}

/**
 * `legacy-clear` says that an outlet's old system prints in the clear. It is no row of PROFILES:
 * nothing in this product can print with it.
 */
export const SETTING_RULES: Readonly<Record<SettingName, SettingRule>> = {
  "mask-profile": {
    values: ["legacy-clear", "gb41833-tail4", "gb41833", "strict", "full"],
    isHeadquartersOnly: true,
    unset: "gb41833",
  },
  "training-required": { values: ["no", "yes"], isHeadquartersOnly: false, unset: "no" },
};

/** What one organisation of the line has said; null when it has said nothing. */
export interface Said {
  readonly organisation: OrganisationRow;
  readonly setting: SettingRow | null;
}

export type StepOutcome = "unsaid" | "counts" | "overruled" | "lock-above" | "looser-than-above";

export interface Step extends Said {
  readonly outcome: StepOutcome;
}

export interface Ruling {
  readonly name: SettingName;
  readonly value: string;
  /** Who said it; null for the value that counts where nobody has. */
  readonly source: OrganisationRow | null;
  readonly mode: SettingMode;
  /** The loosest value that may be said below; null when any may. */
  readonly floor: string | null;
  /** The line from the top down, and what became of what each said. */
  readonly steps: readonly Step[];
}

/** Whether `value` lets more through than `than`. An unknown value is the loosest of all. */
export function isLooser(name: SettingName, value: string, than: string): boolean {
  const { values } = SETTING_RULES[name];
  return values.indexOf(value) < values.indexOf(than);
}

/** What becomes of `setting` under a ruling that was made above it. */
function outcomeUnder(above: Ruling, setting: SettingRow | null): StepOutcome {
  if (setting === null) return "unsaid";
  if (above.mode === "locked") return "lock-above";
  const isUnderFloor = above.floor !== null && isLooser(above.name, setting.value, above.floor);
  return isUnderFloor ? "looser-than-above" : "counts";
}

function ruledBy(above: Ruling, said: Said): Ruling {
  const { organisation, setting } = said;
  const outcome = outcomeUnder(above, setting);
  if (setting === null || outcome !== "counts") {
    return { ...above, steps: [...above.steps, { ...said, outcome }] };
  }
  const overruled = above.steps.map((step): Step =>
    step.outcome === "counts" ? { ...step, outcome: "overruled" } : step,
  );
  return {
    name: above.name,
    value: setting.value,
    source: organisation,
    mode: setting.mode,
    floor: setting.mode === "delegated" ? above.floor : setting.value,
    steps: [...overruled, { ...said, outcome }],
  };
}

/** The ruling over an organisation whose line, the top first, has said `line`. */
export function rulingOver(name: SettingName, line: readonly Said[]): Ruling {
  const nobody: Ruling = {
    name,
    value: SETTING_RULES[name].unset,
    source: null,
    mode: "set",
    floor: null,
    steps: [],
  };
  return line.reduce(ruledBy, nobody);
}

export interface Change {
  readonly value: string;
  /** The organisation in whose name it is said. */
  readonly by: OrganisationRow;
  /** The organisation that it is said of. */
  readonly organisation: OrganisationRow;
  /** Whether headquarters has granted this very value since it last decided itself. */
  readonly isGranted: boolean;
  /** Whether it would hand the decision on to those below; false when it is left out. */
  readonly isDelegating?: boolean;
}

/**
 * Why the change may not be made under the ruling `above` the organisation, or null when it may.
 * The lock is named before the rest, since it is what the asker has to know.
 */
export function refusalOf(above: Ruling, change: Change): FailureCode | null {
  const { by, organisation, value, isGranted } = change;
  const line = [...above.steps.map((step) => step.organisation.id), organisation.id];
  if (!line.includes(by.id)) return "SETTING_NOT_BELOW";
  if (above.mode === "locked") return "SETTING_LOCKED";
  const mayDecide =
    by.kind === "headquarters" ||
    !SETTING_RULES[above.name].isHeadquartersOnly ||
    above.mode === "delegated" ||
    // A grant is for one value in one place: it hands nobody below a licence of his own.
    (isGranted && change.isDelegating !== true);
  if (!mayDecide) return "SETTING_HEADQUARTERS_ONLY";
  if (above.floor !== null && isLooser(above.name, value, above.floor)) return "SETTING_LOOSER";
  return null;
}
