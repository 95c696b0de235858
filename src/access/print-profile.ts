/** Which mask profile a carrier seals and prints with, once its headquarters has said so. */
import { profileOf, PROFILES } from "../privacy/mask-profile.ts";
import type { MaskProfile } from "../privacy/mask-profile.ts";
import { findHeadquarters } from "../store/organisation.ts";
import type { Connection } from "../store/query.ts";
import type { TenantRow } from "../store/tenant.ts";
import { effectiveSetting } from "./setting.ts";

/**
 * The profile that the tenant's headquarters has set, at the instant `at`; else the one that the
 * tenant was made with. `legacy-clear` is no profile: it says how an old system prints, so what is
 * sealed here keeps the tenant's own. PROFILE_UNKNOWN when the tenant's own is none of PROFILES.
 */
export async function printProfile(
  connection: Connection,
  tenant: TenantRow,
  at: Date,
): Promise<MaskProfile> {
  const own = profileOf(tenant.profile);
  const headquarters = await findHeadquarters(connection, tenant.id);
  if (headquarters === null) return own;
  const ruling = await effectiveSetting(connection, headquarters.id, { name: "mask-profile", at });
  if (ruling.source === null) return own;
  return Object.values(PROFILES).find(({ name }) => name === ruling.value) ?? own;
}
