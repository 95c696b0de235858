/**
 * Takes leaves back out of the log's own files into a database that came from an older backup, so
 * that signing can go on without a fork. What is taken back is first held against the signed root.
 * Sealed notes (the words of reasons) are not in the log and stay lost.
 */
import { decodeBundle } from "../audit/bundle.ts";
import { appended, decodeFrontier, encodeFrontier, rootOf } from "../audit/frontier.ts";
import type { Frontier } from "../audit/frontier.ts";
import { leafHash } from "../audit/merkle.ts";
import type { NoteKey } from "../audit/note.ts";
import { TILE_WIDTH, tilePath } from "../audit/tile.ts";
import { Failure } from "../rules/failure.ts";
import { appendEntries, openHead, tryLockLog, unlockLog } from "../store/log.ts";
import type { LogId } from "../store/log.ts";
import { adoptLeaves } from "../store/audit-leaf.ts";
import type { NewLeaf } from "../store/audit-leaf.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Database } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { entryOf } from "./entry.ts";
import type { LogFolder } from "./log-folder.ts";
import { readMemories, requireOrigin } from "./memory.ts";
import type { KeyStoreRecord } from "./memory.ts";

interface RecoverOptions {
  readonly log: LogId;
  readonly database: Database;
  readonly folder: LogFolder;
  readonly record: KeyStoreRecord;
  /** Every key that signs for the log or did. */
  readonly signers: (origin: string) => Promise<readonly NoteKey[]>;
  readonly newOrigin: () => string;
}

/** The entries from index `from` up to `to`, out of their bundles. */
async function entriesBetween(folder: LogFolder, from: number, to: number): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = [];
  for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < to; index += 1) {
    const width = Math.min(TILE_WIDTH, to - index * TILE_WIDTH);
    const place = { level: "entries", index, width } as const;
    const bytes =
      (await folder.read(tilePath(place))) ??
      (await folder.read(tilePath({ ...place, width: TILE_WIDTH })));
    const bundle = bytes === null ? null : decodeBundle(bytes);
    if (bundle === null) throw new Failure("LOG_FILES_BROKEN", { file: tilePath(place) });
    entries.push(...bundle.slice(Math.max(0, from - index * TILE_WIDTH), width));
  }
  return entries;
}

/** A leaf as the database keeps it, out of its bytes in the log. */
function leafOf(body: Uint8Array): NewLeaf {
  // Entries of our own log are canonical JSON objects with these members (LEAF-1).
  const { id, type, subject } = JSON.parse(Buffer.from(body).toString("utf8")) as {
    id: string;
    type: string;
    subject?: string;
  };
  const about = subject === undefined ? null : Buffer.from(subject, "hex");
  return { id: Buffer.from(id, "hex"), type, subject: about, body, note: null };
}

async function adopt(
  connection: Connection,
  { log, frontier }: { readonly log: LogId; readonly frontier: Frontier },
  bodies: readonly Uint8Array[],
): Promise<Frontier> {
  const leaves = bodies.map(leafOf);
  const positions = await adoptLeaves(connection, leaves);
  let grown = frontier;
  for (const body of bodies) grown = appended(grown, leafHash(body));
  const entries = leaves.map(({ body, id }) => {
    const position = positions.get(Buffer.from(id).toString("hex"));
    if (position === undefined) throw new Failure("LOG_FORKED");
    return entryOf({ position, body });
  });
  const made = { entries, frontier: encodeFrontier(grown) };
  const { size } = frontier;
  if (!(await appendEntries(connection, { log, size }, made))) throw new Failure("LOG_LATE");
  return grown;
}

async function recovered(connection: Connection, options: RecoverOptions): Promise<number> {
  const { log, database, folder, record, newOrigin } = options;
  const files = await folder.read("checkpoint");
  const head = await openHead(connection, log, newOrigin());
  const signers = await options.signers(head.origin);
  const memories = await readMemories({ head, folder, record }, signers);
  requireOrigin(head.origin, memories);
  const target = memories.files;
  const keysSize = memories.keys?.size ?? 0;
  if (files === null || target === null || target.size < keysSize)
    throw new Failure("LOG_BEHIND", { place: "files", signed: keysSize, files: target?.size ?? 0 });
  const begun = decodeFrontier(head.size, head.frontier);
  if (begun === null) throw new Failure("LOG_FORKED", { size: head.size });
  if (head.size >= target.size) return 0;
  const bodies = await entriesBetween(folder, head.size, target.size);
  let frontier = begun;
  for (const body of bodies) frontier = appended(frontier, leafHash(body));
  if (Buffer.compare(rootOf(frontier), target.root) !== 0)
    throw new Failure("LOG_FORKED", { size: head.size });
  await transaction(database, async (own) => adopt(own, { log, frontier: begun }, bodies));
  return bodies.length;
}

/**
 * Returns how many leaves came back. Throws LOG_BEHIND when the files are older than the key
 * store's record (find a newer copy of them), LOG_FORKED when they do not continue what the
 * database has, LOG_LATE when a sequencer is at work: stop the servers first.
 */
export async function recoverLog(options: RecoverOptions): Promise<number> {
  return connected(options.database, async (connection) => {
    if (!(await tryLockLog(connection, options.log))) throw new Failure("LOG_LATE");
    try {
      return await recovered(connection, options);
    } finally {
      await unlockLog(connection, options.log).catch(() => undefined);
    }
  });
}
