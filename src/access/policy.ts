/**
 * All that the line of one organisation has said, read at once. What acts by a setting asks here,
 * each time anew, or asks `remembered-policy.ts`, which holds what it remembers against a mark: a
 * change counts for the next act on every server.
 */
import { allowedWords } from "../rules/setting-kind.ts";
import type { SettingName } from "../rules/setting.ts";
import { findHeadquarters, lineOf } from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { allSettingsAt } from "../store/setting.ts";
import type { SettingRow } from "../store/setting.ts";
import type { TenantRow } from "../store/tenant.ts";
import type { Desk } from "./desk.ts";
import { findOwn } from "./organisation.ts";
import { rulingOver } from "./ruling.ts";
import type { Ruling } from "./ruling.ts";
import { saidOn } from "./said.ts";

export interface Policy {
  /** What counts of one setting, and where it comes from. */
  readonly rulingOf: (name: SettingName) => Ruling;
}

/** Whose policies are asked for: a desk's own, or those of a carrier that an authority looks at. */
export interface PolicyTenant {
  readonly tenant: Pick<TenantRow, "id">;
}

export interface PolicyPlace {
  /** Null for the tenant as a whole, which is its headquarters. */
  readonly organisationId: string | null;
  /** Null for now: the newest versions count, whatever this server's clock says. */
  readonly at: Date | null;
}

async function lineAt(
  connection: Connection,
  { tenant }: PolicyTenant,
  organisationId: string | null,
): Promise<readonly OrganisationRow[]> {
  if (organisationId !== null) return lineOf(connection, organisationId);
  const headquarters = await findHeadquarters(connection, tenant.id);
  return headquarters === null ? [] : [headquarters];
}

/** What counts at the end of `line`, the top first, where its organisations have said `rows`. */
export function policyFrom(line: readonly OrganisationRow[], rows: readonly SettingRow[]): Policy {
  const rulings = new Map<SettingName, Ruling>();
  return {
    rulingOf: (name) => {
      const known = rulings.get(name);
      if (known !== undefined) return known;
      const own = rows.filter((row) => row.name === name);
      const ruling = rulingOver(name, saidOn(line, own));
      rulings.set(name, ruling);
      return ruling;
    },
  };
}

/** What counts at the end of a line, the top first, now or at the instant `at`. */
export async function policyAlong(
  connection: Connection,
  line: readonly OrganisationRow[],
  at: Date | null,
): Promise<Policy> {
  const ids = line.map(({ id }) => id);
  return policyFrom(line, ids.length === 0 ? [] : await allSettingsAt(connection, ids, at));
}

/** The line that counts at that place, the top first, and what it has said. */
export async function placeOver(
  desk: PolicyTenant,
  connection: Connection,
  { organisationId, at }: PolicyPlace,
): Promise<{ readonly line: readonly OrganisationRow[]; readonly policy: Policy }> {
  const line = await lineAt(connection, desk, organisationId);
  return { line, policy: await policyAlong(connection, line, at) };
}

/** What counts at that place. A tenant without headquarters has the defaults. */
export async function policyOver(
  desk: PolicyTenant,
  connection: Connection,
  place: PolicyPlace,
): Promise<Policy> {
  return (await placeOver(desk, connection, place)).policy;
}

/** What counts now where `organisationId` stands. */
export async function policyNow(desk: Desk, organisationId: string | null): Promise<Policy> {
  return connected(desk.database, async (connection) =>
    policyOver(desk, connection, { organisationId, at: null }),
  );
}

/** As `policyNow`, for id or name (null: the tenant). Throws ORGANISATION_UNKNOWN. */
export async function policyAt(desk: Desk, reference: string | null): Promise<Policy> {
  return connected(desk.database, async (connection) => {
    const organisationId =
      reference === null ? null : (await findOwn(desk, connection, reference)).id;
    return policyOver(desk, connection, { organisationId, at: null });
  });
}

/** The number that a setting which is a most may not exceed. */
export function mostOf(policy: Policy, name: SettingName): number {
  return Number(policy.rulingOf(name).value);
}

/** The words that a setting allows. */
export function allowedBy(policy: Policy, name: SettingName): readonly string[] {
  return allowedWords(policy.rulingOf(name).value);
}
