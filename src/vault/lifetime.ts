/** Both clocks of what is sealed now, by the terms of today; they are fixed from here on (P8). */
import { branchIdOf, termsFor } from "../access/retention.ts";
import { dayOf } from "../rules/calendar.ts";
import { lifetimeOf } from "../rules/retention.ts";
import type { Lifetime } from "../rules/retention.ts";
import { connected } from "../store/pool.ts";
import type { Vault } from "./vault.ts";

/**
 * For waybills of a branch (id or name), or of the tenant (null). Throws ORGANISATION_UNKNOWN.
 */
export async function lifetimeFor(vault: Vault, organisation: string | null): Promise<Lifetime> {
  const at = vault.now();
  const terms = await connected(vault.database, async (connection) => {
    const organisationId = await branchIdOf(vault, connection, organisation);
    return termsFor(vault, connection, { organisationId, at });
  });
  return lifetimeOf(dayOf(at, vault.timeZone), terms.persons, terms.shell);
}
