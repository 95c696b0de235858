/** A vault whose profile is the one that rules at this moment, over one outlet or the tenant. */
import { effectiveProfile } from "../access/print-profile.ts";
import type { Vault } from "./vault.ts";

/**
 * A lock counts at once, so the profile is read for each run of sealing and not when a vault is
 * opened. Throws ORGANISATION_UNKNOWN.
 */
export async function ruledBy(vault: Vault, organisation: string | null): Promise<Vault> {
  return { ...vault, profile: await effectiveProfile(vault, organisation) };
}
