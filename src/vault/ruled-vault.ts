/** A vault whose profile is the one that rules at this moment, over one outlet or the tenant. */
import { allowedBy, policyAt } from "../access/policy.ts";
import { effectiveProfile } from "../access/print-profile.ts";
import { isLooser } from "../access/ruling.ts";
import { suiteOf } from "../crypto/suites.ts";
import { profileOf } from "../privacy/mask-profile.ts";
import type { MaskProfile } from "../privacy/mask-profile.ts";
import { Failure } from "../rules/failure.ts";
import type { Vault } from "./vault.ts";

/** What somebody asks for beyond what rules anyway. */
export interface Stricter {
  readonly profile?: string | null;
  readonly suite?: string | null;
}

/** A tenant seals under the suite that it was made with, or not at all. */
async function requireSuite(
  vault: Vault,
  organisation: string | null,
  wanted: string | null,
): Promise<void> {
  const { name } = suiteOf(vault.tenant.suite);
  const policy = await policyAt(vault, organisation);
  if (!allowedBy(policy, "suite").includes(name)) throw new Failure("SUITE_NOT_ALLOWED", { name });
  if (wanted !== null && wanted !== name) throw new Failure("SEAL_LOOSER", { option: "--suite" });
}

function stricterProfile(ruling: MaskProfile, wanted: string | null): MaskProfile {
  if (wanted === null) return ruling;
  const profile = profileOf(wanted);
  if (!isLooser("mask-profile", profile.name, ruling.name)) return profile;
  throw new Failure("SEAL_LOOSER", { option: "--profile" });
}

/**
 * A lock counts at once, so the profile is read for each run of sealing and not when a vault is
 * opened. Throws ORGANISATION_UNKNOWN, SUITE_NOT_ALLOWED where the settings leave out the suite of
 * the tenant, PROFILE_UNKNOWN, and SEAL_LOOSER where what is asked for is not at least as strict.
 */
export async function ruledBy(
  vault: Vault,
  organisation: string | null,
  { profile = null, suite = null }: Stricter = {},
): Promise<Vault> {
  await requireSuite(vault, organisation, suite);
  const ruling = await effectiveProfile(vault, organisation);
  return { ...vault, profile: stricterProfile(ruling, profile) };
}
