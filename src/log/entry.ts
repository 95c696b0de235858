/** What a leaf is found by once it has an index, read out of its own bytes. */
import type { NewLogEntry, QueuedLeaf } from "../store/log.ts";

/** The members of a leaf that entries are found by. Leaves are written by encodeLeaf only. */
interface Members {
  readonly at: string;
  readonly tenant: string;
  readonly type: string;
  readonly actor: string;
  readonly purpose?: string;
  readonly organisation?: string;
  readonly organisationPath?: readonly string[];
}

/** The row of the leaf at that position. */
export function entryOf({ position, body }: QueuedLeaf): NewLogEntry {
  // Canonical JSON with these members (LEAF-1); a row that somebody forged does not parse.
  const leaf = JSON.parse(Buffer.from(body).toString("utf8")) as Members;
  return {
    position,
    at: new Date(leaf.at),
    tenant: leaf.tenant,
    type: leaf.type,
    actor: leaf.actor,
    purpose: leaf.purpose ?? null,
    // The branch from which somebody acted; without one, the organisation that it is about.
    organisation: leaf.organisationPath?.at(-1) ?? leaf.organisation ?? null,
  };
}
