/** The leaves of a scope in the order of the log, page by page, as its own files hold them. */
import { leafHash } from "../audit/merkle.ts";
import { Failure } from "../rules/failure.ts";
import { leavesInScope } from "../store/log-scope.ts";
import type { IndexedLeaf } from "../store/log-scope.ts";
import { connected } from "../store/pool.ts";
import type { BundleScope } from "./bundle-scope.ts";
import type { Vault } from "./vault.ts";

const PAGE_LEAVES = 5_000;

/**
 * The tenant's leaves of the period, and those of the types `always` from before it as well, with
 * an index below `size`; which of them are the scope's own says `sorter`.
 */
export async function* scopePages(
  vault: Vault,
  { tenant, from, to }: BundleScope,
  { always, size }: { readonly always: readonly string[]; readonly size: number },
): AsyncGenerator<readonly IndexedLeaf[]> {
  const filter = { log: vault.log.id, tenant, from, to, always, size };
  for (let after = -1; ;) {
    const page = await connected(vault.database, async (connection) =>
      leavesInScope(connection, filter, { after, limit: PAGE_LEAVES }),
    );
    yield page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.index;
  }
}

/** A row that is not what was logged is never handed out. Throws LOG_FILES_BROKEN. */
export function requireHeld(
  body: Uint8Array,
  { held, index }: { readonly held: Uint8Array; readonly index: number },
): void {
  if (Buffer.compare(leafHash(body), held) !== 0) throw new Failure("LOG_FILES_BROKEN", { index });
}
