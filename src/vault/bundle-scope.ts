/** What an inspector's bundle is about: the organisations, and the leaves that belong into it. */
import { findOwn } from "../access/organisation.ts";
import { lineOf, organisationsOf } from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import type { Connection } from "../store/query.ts";
import type { Vault } from "./vault.ts";

/** Leaves that say what counts from then on. */
const FORCE_TYPES = ["setting-changed", "retention-changed", "policy-changed"] as const;
/** Those, and what was asked for and waits for a second person: wanted from before as well. */
export const POLICY_TYPES = [...FORCE_TYPES, "setting-proposed"] as const;

/** The members of a leaf that a bundle looks at. */
export interface ScopedLeaf {
  readonly id: string;
  readonly at: string;
  readonly type: string;
  readonly actor?: string;
  readonly purpose?: string;
  readonly failure?: string;
  readonly organisation?: string;
  readonly organisationPath?: readonly string[];
  readonly by?: string;
  readonly setting?: string;
  readonly value?: string;
  readonly mode?: string;
  readonly version?: number;
}

export interface BundleScope {
  readonly tenant: string;
  /** Null for the whole tenant. */
  readonly organisation: string | null;
  readonly from: Date;
  readonly to: Date;
  readonly within: readonly OrganisationRow[];
  readonly above: readonly OrganisationRow[];
}

/** More organisations than any carrier has outlets. */
export const ORGANISATIONS_MAX = 100_000;

/** The organisation and everything below it, out of a whole tenant's rows. */
export function below(rows: readonly OrganisationRow[], id: string): OrganisationRow[] {
  const children = Map.groupBy(rows, ({ parentId }) => parentId);
  const found = rows.filter((row) => row.id === id);
  for (const row of found) found.push(...(children.get(row.id) ?? []));
  return found;
}

/** The scope that was asked for. Throws ORGANISATION_UNKNOWN. */
export async function bundleScope(
  vault: Vault,
  connection: Connection,
  asked: { readonly organisation: string | null; readonly from: Date; readonly to: Date },
): Promise<BundleScope> {
  const { from, to } = asked;
  const tenant = vault.tenant.id;
  const rows = await organisationsOf(connection, tenant, ORGANISATIONS_MAX);
  if (asked.organisation === null)
    return { tenant, organisation: null, from, to, within: rows, above: [] };
  const { id } = await findOwn(vault, connection, asked.organisation);
  const above = (await lineOf(connection, id)).filter((row) => row.id !== id);
  return { tenant, organisation: id, from, to, within: below(rows, id), above };
}

/** Whether a leaf says what counts from then on. */
export function isInForce({ type }: ScopedLeaf): boolean {
  return FORCE_TYPES.some((one) => one === type);
}

function isOfPeriod(leaf: ScopedLeaf, scope: BundleScope, ids: ReadonlySet<string>): boolean {
  const at = Date.parse(leaf.at);
  if (at < scope.from.getTime() || at >= scope.to.getTime()) return false;
  const { organisation } = scope;
  if (organisation === null || leaf.organisationPath?.includes(organisation) === true) return true;
  return [leaf.organisation, leaf.by].some((id) => id !== undefined && ids.has(id));
}

function isOfPolicy(leaf: ScopedLeaf, scope: BundleScope, ids: ReadonlySet<string>): boolean {
  if (!POLICY_TYPES.some((type) => type === leaf.type)) return false;
  if (Date.parse(leaf.at) >= scope.to.getTime()) return false;
  if (scope.organisation === null || leaf.organisation === undefined) return true;
  return ids.has(leaf.organisation);
}

/** Says of each leaf of the tenant whether it is of the period, and whether it tells a setting. */
export function sorter(
  scope: BundleScope,
): (leaf: ScopedLeaf) => { readonly isOfPeriod: boolean; readonly isOfPolicy: boolean } {
  const within = new Set(scope.within.map(({ id }) => id));
  const along = new Set([...within, ...scope.above.map(({ id }) => id)]);
  return (leaf) => ({
    isOfPeriod: isOfPeriod(leaf, scope, within),
    isOfPolicy: isOfPolicy(leaf, scope, along),
  });
}
