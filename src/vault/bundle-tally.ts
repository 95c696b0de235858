/** What the leaves of a period come to: counted by what they are, and the settings in force. */
import { INSPECTION_SECTIONS } from "../rules/inspection.ts";
import type { InspectionSection, SettingInForce, TallyRow } from "../rules/inspection.ts";
import { isInForce } from "./bundle-scope.ts";
import type { ScopedLeaf } from "./bundle-scope.ts";

/** What is counted of a leaf in each section; undefined for no count. */
const CODES: Readonly<Record<InspectionSection, (leaf: ScopedLeaf) => string | undefined>> = {
  total: () => "leaves",
  type: ({ type }) => type,
  purpose: ({ type, purpose }) => (type === "reveal" ? purpose : undefined),
  denied: ({ failure }) => failure,
  organisation: ({ organisation }) => organisation,
  branch: ({ type, organisationPath }) =>
    type === "reveal" ? organisationPath?.at(-1) : undefined,
  actor: ({ type, actor }) => (type === "reveal" ? actor : undefined),
  day: ({ at }) => at.slice(0, "YYYY-MM-DD".length),
  hour: ({ type, at }) =>
    type === "reveal" ? `${at.slice("YYYY-MM-DDT".length, 13)}Z` : undefined,
};

// Keys of the table.
const SECTIONS = Object.keys(INSPECTION_SECTIONS) as InspectionSection[];

export class Tally {
  readonly #counts = new Map<InspectionSection, Map<string, number>>();

  add(leaf: ScopedLeaf): void {
    for (const section of SECTIONS) {
      const code = CODES[section](leaf);
      if (code === undefined) continue;
      const counts = this.#counts.get(section) ?? new Map<string, number>();
      counts.set(code, (counts.get(code) ?? 0) + 1);
      this.#counts.set(section, counts);
    }
  }

  /** By section in the table's order, by code within it. */
  rows(): TallyRow[] {
    return SECTIONS.flatMap((section) =>
      [...(this.#counts.get(section) ?? [])]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([code, count]) => ({ section, code, count })),
    );
  }
}

function settingOf({ id, at, type, ...leaf }: ScopedLeaf): SettingInForce {
  const { organisation, setting, value, mode, version } = leaf;
  return {
    leaf: id,
    at,
    type,
    ...(organisation === undefined ? {} : { organisation }),
    ...(setting === undefined ? {} : { setting }),
    ...(value === undefined ? {} : { value }),
    ...(mode === undefined ? {} : { mode }),
    ...(version === undefined ? {} : { version }),
  };
}

/** What counted when the period began, then every change within it, out of leaves in log order. */
export function settingsInForce(policy: readonly ScopedLeaf[], from: Date): SettingInForce[] {
  const leaves = policy.filter(isInForce);
  const before = new Map<string, ScopedLeaf>();
  for (const leaf of leaves.filter(({ at }) => Date.parse(at) < from.getTime()))
    before.set(JSON.stringify([leaf.type, leaf.organisation, leaf.setting]), leaf);
  const within = leaves.filter(({ at }) => Date.parse(at) >= from.getTime());
  return [...before.values(), ...within].map(settingOf);
}
