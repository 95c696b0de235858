/** Audit leaves as they lie in the database, and the tree over a batch by RFC 6962's definition. */
import { createHash } from "node:crypto";
import type { Home } from "./home.ts";

export type LeafBody = Readonly<Record<string, unknown>>;

/** The bodies of all leaves in the order written, or of those of one type. */
export async function leaves(home: Home, type?: string): Promise<LeafBody[]> {
  const rows = await home.rows("select body from audit_leaf order by position");
  // The column is a bytea that holds canonical JSON objects only.
  const bodies = rows.map(
    (row) => JSON.parse((row["body"] as Buffer).toString("utf8")) as LeafBody,
  );
  return type === undefined ? bodies : bodies.filter((body) => body["type"] === type);
}

/** Section 2.1, top down: splits at the largest power of two below the number of entries. */
export function treeHead(entries: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  const [only] = entries;
  if (only === undefined) return hash.digest();
  if (entries.length === 1) return hash.update(Buffer.of(0)).update(only).digest();
  const split = 2 ** Math.floor(Math.log2(entries.length - 1));
  hash.update(Buffer.of(1)).update(treeHead(entries.slice(0, split)));
  return hash.update(treeHead(entries.slice(split))).digest();
}
