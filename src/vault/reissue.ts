/** Certificates that are issued anew because something died that the last one named as living. */
import { connected, transaction } from "../store/pool.ts";
import { notesSaying } from "../store/erasure-certificate.ts";
import type { Connection } from "../store/query.ts";
import { listTenantIds } from "../store/tenant.ts";
import { deathOf, issueCertificate } from "./erasure-certificate.ts";
import { vaultOfTenant } from "./tenant-vault.ts";
import type { Vault } from "./vault.ts";

const AT_ONCE = 500;

/**
 * Issues anew, in the caller's transaction, what of the tenant's last certificates says `phrase`,
 * at most 500 after `from`; where the next ones begin, or null when there are none.
 */
async function reissueSome(
  vault: Vault,
  connection: Connection,
  { phrase, from }: { readonly phrase: string; readonly from: number },
): Promise<number | null> {
  const notes = await notesSaying(connection, vault.tenant.id, { phrase, from, limit: AT_ONCE });
  for (const { id } of notes) {
    const found = await deathOf(vault, Buffer.from(id).toString("hex"));
    if (found !== null) await issueCertificate(vault, connection, found);
  }
  return notes.length < AT_ONCE ? null : (notes.at(-1)?.number ?? null);
}

/** Issues anew what names the key of `season` as living, in the transaction that tells its end. */
export async function reissueForSeason(
  vault: Vault,
  connection: Connection,
  season: string,
): Promise<void> {
  const phrase = `"goneAt":null,"season":"${season}"`;
  for (let from: number | null = 0; from !== null;)
    from = await reissueSome(vault, connection, { phrase, from });
}

/** Issues anew, for every tenant, what names a copy of the key store that was destroyed since. */
export async function reissueForCopy(installation: Vault, copy: string): Promise<void> {
  for (const tenant of await connected(installation.database, listTenantIds)) {
    const vault = await vaultOfTenant(installation, tenant);
    const phrase = `{"id":"${copy}"`;
    for (let from: number | null = 0; from !== null;) {
      const after: number = from;
      from = await transaction(vault.database, async (connection) =>
        reissueSome(vault, connection, { phrase, from: after }),
      );
    }
  }
}
