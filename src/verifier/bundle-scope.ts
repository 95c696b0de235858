/**
 * Which leaves belong into an inspector's bundle, and which settings they say were in force: those
 * of the period, and before it every change of a setting that could still count.
 */
import type { Scope } from "./bundle-manifest.ts";
import { textOf } from "./bytes.ts";
import { UUID, canonicalObject, isRecord, matches, parsed } from "./leaf.ts";
import type { ReadLeaf } from "./leaf.ts";
import { Refused } from "./reason.ts";

const FILE = "policies.json";
/** Leaves that say what counts from then on. */
const FORCE_TYPES: ReadonlySet<string> = new Set([
  "setting-changed",
  "retention-changed",
  "policy-changed",
]);
/** Those, and what was asked for and waits for a second person. */
const POLICY_TYPES: ReadonlySet<string> = new Set([...FORCE_TYPES, "setting-proposed"]);
/** Members that a row of the settings in force repeats from its leaf, beside id, time and type. */
const REPEATED = ["organisation", "setting", "value", "mode", "version"] as const;

export interface Policies {
  /** Ids of the organisation of the scope and of everything below it. */
  readonly within: ReadonlySet<string>;
  /** Ids of the organisations above, whose settings count for it. */
  readonly above: ReadonlySet<string>;
  readonly members: Readonly<Record<string, unknown>>;
}

function organisationsOf(value: unknown): Pick<Policies, "within" | "above"> | null {
  if (!Array.isArray(value)) return null;
  const sets = { within: new Set<string>(), above: new Set<string>() };
  // An array of anything, each of which is looked at.
  for (const row of value as readonly unknown[]) {
    if (!isRecord(row) || !matches(row["id"], UUID)) return null;
    const { id, place } = row;
    if (place !== "within" && place !== "above") return null;
    sets[place].add(id);
  }
  return sets;
}

/** The file `policies.json`. Throws BUNDLE_POLICY when it is malformed or another tenant's. */
export function readPolicies(bytes: Uint8Array, scope: Scope): Policies {
  const text = textOf(bytes) ?? "";
  const members = parsed(text);
  const isForm = isRecord(members) && canonicalObject(members) === text && members["v"] === 1;
  const found = isForm ? organisationsOf(members["organisations"]) : null;
  const tenant = isForm ? members["tenant"] : null;
  const isOwn = isRecord(tenant) && tenant["id"] === scope.tenant;
  const { organisation } = scope;
  const isPlaced = organisation === null || found?.within.has(organisation) === true;
  if (!isForm || found === null || !isOwn || !isPlaced)
    throw new Refused("BUNDLE_POLICY", { file: FILE });
  return { ...found, members };
}

function isTouching(leaf: ReadLeaf, scope: Scope, { within }: Policies): boolean {
  const { organisation, by, organisationPath } = leaf.members;
  if (scope.organisation === null) return true;
  if (Array.isArray(organisationPath) && organisationPath.includes(scope.organisation)) return true;
  return [organisation, by].some((id) => typeof id === "string" && within.has(id));
}

/** Whether a leaf is of the period. */
export function isOfPeriod(leaf: ReadLeaf, scope: Scope, policies: Policies): boolean {
  const at = Date.parse(leaf.at);
  const isThen = at >= scope.from.getTime() && at < scope.to.getTime();
  return isThen && leaf.tenant === scope.tenant && isTouching(leaf, scope, policies);
}

/** Whether a leaf says what counted or was proposed in the period, be it from before. */
export function isOfPolicy(leaf: ReadLeaf, scope: Scope, { within, above }: Policies): boolean {
  const { organisation } = leaf.members;
  if (!POLICY_TYPES.has(leaf.type) || leaf.tenant !== scope.tenant) return false;
  if (Date.parse(leaf.at) >= scope.to.getTime()) return false;
  if (scope.organisation === null || organisation === undefined) return true;
  return typeof organisation === "string" && (within.has(organisation) || above.has(organisation));
}

/**
 * The settings that were in force at some moment of the period, out of the leaves in their order:
 * what counted when it began, and every change within it.
 */
export function inForce(leaves: readonly ReadLeaf[], { from }: Scope): readonly object[] {
  const before = new Map<string, ReadLeaf>();
  const within: ReadLeaf[] = [];
  for (const leaf of leaves.filter(({ type }) => FORCE_TYPES.has(type))) {
    const { organisation, setting } = leaf.members;
    const key = JSON.stringify([leaf.type, organisation ?? null, setting ?? null]);
    if (Date.parse(leaf.at) < from.getTime()) before.set(key, leaf);
    else within.push(leaf);
  }
  return [...before.values(), ...within].map(({ id, at, type, members }) => ({
    leaf: id,
    at,
    type,
    ...Object.fromEntries(
      REPEATED.flatMap((name) => (members[name] === undefined ? [] : [[name, members[name]]])),
    ),
  }));
}

/** Holds the settings that are listed against the leaves. Throws BUNDLE_POLICY. */
export function checkInForce(policies: Policies, leaves: readonly ReadLeaf[], scope: Scope): void {
  const wanted = canonicalObject({ inForce: inForce(leaves, scope) });
  const listed = canonicalObject({ inForce: policies.members["inForce"] });
  if (wanted === null || listed !== wanted) throw new Refused("BUNDLE_POLICY", { file: FILE });
}
