/** A vault whose profile is the one that rules at this moment, over one outlet or the tenant. */
import { allowedBy, policyAt } from "../access/policy.ts";
import { effectiveProfile } from "../access/print-profile.ts";
import { suiteOf } from "../crypto/suites.ts";
import { Failure } from "../rules/failure.ts";
import type { Vault } from "./vault.ts";

/** A tenant seals under the suite that it was made with, or not at all. */
async function requireSuite(vault: Vault, organisation: string | null): Promise<void> {
  const { name } = suiteOf(vault.tenant.suite);
  const policy = await policyAt(vault, organisation);
  if (!allowedBy(policy, "suite").includes(name)) throw new Failure("SUITE_NOT_ALLOWED", { name });
}

/**
 * A lock counts at once, so the profile is read for each run of sealing and not when a vault is
 * opened. Throws ORGANISATION_UNKNOWN, and SUITE_NOT_ALLOWED where the settings leave out the suite
 * of the tenant.
 */
export async function ruledBy(vault: Vault, organisation: string | null): Promise<Vault> {
  await requireSuite(vault, organisation);
  return { ...vault, profile: await effectiveProfile(vault, organisation) };
}
