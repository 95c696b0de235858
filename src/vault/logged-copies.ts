/**
 * Copies of the key store as the log tells of them: a store that was put back, or grew older, knows
 * less of them, and whoever forgets a copy says of the dead that nothing opens them (P6).
 */
import type { KeyCopy } from "../keystore/copies.ts";
import { copyLeaves } from "../store/audit-leaf.ts";
import { connected } from "../store/pool.ts";
import type { Vault } from "./vault.ts";

/** What an entry says of a copy; written here only. */
interface CopyLeaf {
  readonly type: string;
  readonly at: string;
  readonly copy?: string;
  readonly recipient?: string;
  readonly madeAt?: string;
  readonly count?: number;
}

function copyIn({ copy: id, recipient, madeAt, count, at }: CopyLeaf): KeyCopy[] {
  if (id === undefined) return [];
  const made = new Date(madeAt ?? at);
  return [
    { id, madeAt: made, recipient: recipient ?? null, compartments: count ?? null, where: null },
  ];
}

/**
 * Lists again what the log says was copied, and does not say was destroyed; those that were not
 * listed. Entries of before copies had names in it are left out.
 */
export async function listLoggedCopies(vault: Vault): Promise<KeyCopy[]> {
  const bodies = await connected(vault.database, copyLeaves);
  // Leaves are canonical JSON objects that `writeEntry` made.
  const leaves = bodies.map((body) => JSON.parse(Buffer.from(body).toString("utf8")) as CopyLeaf);
  const discarded = new Set(
    leaves.filter(({ type }) => type === "copy-discarded").map(({ copy }) => copy),
  );
  const copied = leaves.filter(({ type, copy }) => type === "keys-copied" && !discarded.has(copy));
  return vault.keys.copies.listAgain(copied.flatMap(copyIn));
}
