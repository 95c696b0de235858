/** Which mask profile a carrier's outlets seal and print with, once headquarters has said so. */
import { profileOf, PROFILES } from "../privacy/mask-profile.ts";
import type { MaskProfile } from "../privacy/mask-profile.ts";
import { findHeadquarters } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import type { TenantRow } from "../store/tenant.ts";
import type { Desk } from "./desk.ts";
import { findOwn } from "./organisation.ts";
import { isLooser } from "./ruling.ts";
import { effectiveSetting } from "./setting.ts";

/**
 * The profile that the tenant's headquarters has set, else the one that the tenant was made with.
 * `legacy-clear` is no profile: it says how an old system prints, so what is sealed here keeps the
 * tenant's own. PROFILE_UNKNOWN when the tenant's own is none of PROFILES.
 */
export async function printProfile(
  connection: Connection,
  tenant: TenantRow,
): Promise<MaskProfile> {
  const own = profileOf(tenant.profile);
  const headquarters = await findHeadquarters(connection, tenant.id);
  if (headquarters === null) return own;
  const which = { name: "mask-profile", at: null } as const;
  const ruling = await effectiveSetting(connection, headquarters.id, which);
  if (ruling.source === null) return own;
  return Object.values(PROFILES).find(({ name }) => name === ruling.value) ?? own;
}

/** The tighter of two shipped profiles, by the order of the setting's values. */
export function tighterProfile(one: MaskProfile, other: MaskProfile): MaskProfile {
  return isLooser("mask-profile", one.name, other.name) ? other : one;
}

/**
 * The profile that rules over `organisation` (id or name; null for the tenant as a whole) at this
 * moment: what the line of its setting says, and never looser than what headquarters or the tenant
 * itself has. Read it for each run of sealing or printing, not once for a day: a lock counts at
 * once. Throws ORGANISATION_UNKNOWN.
 */
export async function effectiveProfile(
  desk: Desk,
  organisation: string | null,
): Promise<MaskProfile> {
  return connected(desk.database, async (connection) => {
    const whole = await printProfile(connection, desk.tenant);
    if (organisation === null) return whole;
    const { id } = await findOwn(desk, connection, organisation);
    const ruling = await effectiveSetting(connection, id, { name: "mask-profile", at: null });
    const own = Object.values(PROFILES).find(({ name }) => name === ruling.value);
    return own === undefined || ruling.source === null ? whole : tighterProfile(whole, own);
  });
}
