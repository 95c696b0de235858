/** A run that serves the whole installation works for one tenant after the other. */
import { connected } from "../store/pool.ts";
import { findTenant } from "../store/tenant.ts";
import type { Vault } from "./vault.ts";

/**
 * The vault as another tenant of the installation has it. A tenant that the database lost keeps its
 * id: its keys must die on their day all the same.
 */
export async function vaultOfTenant(vault: Vault, tenantId: string): Promise<Vault> {
  if (tenantId === vault.tenant.id) return vault;
  const tenant = await connected(vault.database, async (connection) =>
    findTenant(connection, tenantId),
  );
  return { ...vault, tenant: tenant ?? { ...vault.tenant, id: tenantId } };
}
