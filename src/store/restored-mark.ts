/**
 * A file in a database that was put back from a backup, so that whoever opens it first tells of it.
 * It comes into place with the database, in one rename, and goes once the entry is durable.
 */
import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

const NAME = "midan-restored";
const ID = /^[0-9a-f]{32}$/;

/** Puts the mark into `cluster`, a database's folder: the id of the entry that will tell of it. */
export async function markRestored(cluster: string): Promise<void> {
  const content = randomBytes(16).toString("hex");
  await writeFile(path.join(cluster, NAME), content, { flush: true });
}

/** The id in the mark of the database in `cluster`; null when there is none. */
export async function restoredMark(cluster: string): Promise<Uint8Array | null> {
  const text = await readFile(path.join(cluster, NAME), "utf8").catch(() => "");
  return ID.test(text) ? Buffer.from(text, "hex") : null;
}

/** Takes the mark away; what it asked for is durable. */
export async function dropRestoredMark(cluster: string): Promise<void> {
  await rm(path.join(cluster, NAME), { force: true });
}
