/**
 * The sequencer: gives every queued leaf its index, writes the tiles, signs the tree. One works at
 * a time, however many servers run; but what keeps two from ever making two histories is not that
 * lock. The order is decided by one transaction of the database, the files only repeat it, and what
 * is signed is first held against everything that was signed before.
 *
 * The order of the steps is the promise: indices in the database, tiles on disk, the new checkpoint
 * in the key store, then in its file, and last in the database, which so knows what is unfinished.
 * A crash between any two leaves a state from which the same steps lead on.
 */
import { checkpointText } from "../audit/checkpoint.ts";
import { appended, decodeFrontier, encodeFrontier, rootOf } from "../audit/frontier.ts";
import type { Frontier } from "../audit/frontier.ts";
import { leafHash } from "../audit/merkle.ts";
import { SIGNATURE_TYPE, signedNote, verifierKeyText } from "../audit/note.ts";
import type { NoteKey, NoteSigner } from "../audit/note.ts";
import { Failure } from "../rules/failure.ts";
import {
  appendEntries,
  isUnsettled,
  leafBodies,
  openHead,
  queuedLeaves,
  recordCheckpoint,
  tryLockLog,
  unlockLog,
} from "../store/log.ts";
import type { LogHead, LogId } from "../store/log.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Database } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { entryOf } from "./entry.ts";
import type { LogFolder } from "./log-folder.ts";
import { readMemories, requireOrigin, requireNotBehind } from "./memory.ts";
import type { KeyStoreRecord, Memories, Memory } from "./memory.ts";
import { rootInTiles } from "./tile-reader.ts";
import type { Witnesses } from "./witnesses.ts";
import { TileWriter } from "./tile-writer.ts";

export interface SequencerOptions {
  readonly log: LogId;
  readonly database: Database;
  readonly folder: LogFolder;
  /** The last signed checkpoint, with the keys. */
  readonly record: KeyStoreRecord;
  /** What signs for the log of that origin; the first is the one that all verifiers know. */
  readonly signers: (origin: string) => Promise<Signers>;
  /** The keys that signed before, and how they followed one another; none when absent. */
  readonly history?: (origin: string) => Promise<KeyHistory>;
  /** Origin of a log that does not exist yet. */
  readonly newOrigin: () => string;
  /** Who is asked to cosign; none when nobody is. */
  readonly witnesses?: Witnesses;
  /** Told before each transaction, so that tests can let it fail or die there. */
  readonly onCommit?: (step: "append" | "record") => void;
}

export interface KeyHistory {
  /** Public halves of the keys that signed before those of now. */
  readonly earlier: readonly NoteKey[];
  /** The changes as words, as they lie beside the log. */
  readonly changes: readonly string[];
}

const NO_HISTORY: KeyHistory = { earlier: [], changes: [] };

type Signers = readonly [NoteSigner, ...NoteSigner[]];

export interface Integrated {
  readonly origin: string;
  readonly size: number;
  /** How many leaves got an index in this run. */
  readonly added: number;
  /** The signed note that is published now. */
  readonly checkpoint: string;
}

/** Files of the keys that sign now, by their kind. */
const KEY_FILES = [
  ["log.vkey", SIGNATURE_TYPE.ed25519],
  ["log-sm2.vkey", SIGNATURE_TYPE.other],
] as const;
const CHANGES_FILE = "log-changes";
const BATCH_LEAVES = 4096;
/** So that a checkpoint appears in time however fast leaves arrive. */
const BATCHES_MAX = 4;

export class Sequencer {
  readonly #options: SequencerOptions;
  /** The files' right edge, kept from one run to the next while nothing failed. */
  #writer: TileWriter | null = null;

  constructor(options: SequencerOptions) {
    this.#options = options;
  }

  /**
   * Takes in what waits and publishes the new tree. Null when another process is at it. Throws
   * LOG_BEHIND, LOG_FORKED or LOG_ORIGIN when signing would make a second history, LOG_FILES_FAILED
   * or LOG_FILES_BROKEN, and what database and key store throw; calling it again is always safe.
   */
  async integrate(): Promise<Integrated | null> {
    const { log, database } = this.#options;
    return connected(database, async (connection) => {
      if (!(await tryLockLog(connection, log))) return null;
      try {
        return await this.#integrate(connection);
      } catch (error) {
        this.#writer = null;
        throw error;
      } finally {
        // With the connection the lock is gone as well.
        await unlockLog(connection, log).catch(() => undefined);
      }
    });
  }

  /**
   * True when the database is older than what was signed. Throws as `integrate` does when files or
   * key store are another log's.
   */
  async isOlder(): Promise<boolean> {
    const { log, database, signers, newOrigin } = this.#options;
    return connected(database, async (connection) => {
      const head = await openHead(connection, log, newOrigin());
      const memories = await this.#read(head, await signers(head.origin));
      return [memories.files, memories.keys].some((memory) => (memory?.size ?? 0) > head.size);
    });
  }

  /** True when a leaf waits for its index, or a tree for its checkpoint. */
  async isWaiting(): Promise<boolean> {
    const { log, database } = this.#options;
    return connected(database, async (connection) => isUnsettled(connection, log));
  }

  async #integrate(connection: Connection): Promise<Integrated> {
    const { log, newOrigin, signers } = this.#options;
    const head = await openHead(connection, log, newOrigin());
    const by = await signers(head.origin);
    const memories = await this.#memories(head, by);
    // What was decided is published before more is: while the disk is full, leaves wait in the
    // queue and grow old there, and the verbs stop in time (LOG_LATE).
    const isBehind = (memories.files?.size ?? 0) < head.size;
    if (isBehind) await this.#settle(connection, { head, memories, by });
    const grown = await this.#append(connection, head);
    const now = isBehind ? await this.#memories(grown, by) : memories;
    const checkpoint = await this.#settle(connection, { head: grown, memories: now, by });
    const { origin, size } = grown;
    return { origin, size, added: size - head.size, checkpoint };
  }

  async #history(origin: string): Promise<KeyHistory> {
    return (await this.#options.history?.(origin)) ?? NO_HISTORY;
  }

  async #read(head: LogHead, by: Signers): Promise<Memories> {
    const { folder, record } = this.#options;
    const { earlier } = await this.#history(head.origin);
    return readMemories({ head, folder, record }, [...by, ...earlier]);
  }

  async #memories(head: LogHead, by: Signers): Promise<Memories> {
    const memories = await this.#read(head, by);
    requireOrigin(head.origin, memories);
    requireNotBehind(head.size, memories);
    return memories;
  }

  /** Writes the tiles of `head` and publishes its checkpoint; returns the signed note. */
  async #settle(
    connection: Connection,
    of: { readonly head: LogHead; readonly memories: Memories; readonly by: Signers },
  ): Promise<string> {
    const { head, memories, by } = of;
    await this.#writeTiles(connection, head, memories);
    await this.#askBeforeSigning(memories.files);
    const { origin, size } = head;
    const text = checkpointText({ origin, size, root: rootOf(frontierOf(head)) });
    return this.#publish(memories, { text, signers: by });
  }

  /**
   * A witness may remember more than any copy here does. It is asked about what was published
   * before, once in the life of a process, before anything new is signed. Throws LOG_BEHIND.
   */
  async #askBeforeSigning(published: Memory | null): Promise<void> {
    const { witnesses } = this.#options;
    if (witnesses === undefined || this.#hasAsked) return;
    if (published !== null) await witnesses.cosigned(published.note);
    this.#hasAsked = true;
  }

  #hasAsked = false;

  /** Asks the witnesses again about what is published; null when another process is at work. */
  async cosign(): Promise<string | null> {
    const { log, database, folder, witnesses } = this.#options;
    if (witnesses === undefined) return null;
    return connected(database, async (connection) => {
      if (!(await tryLockLog(connection, log))) return null;
      try {
        const note = await folder.read("checkpoint");
        return note === null ? null : await this.#cosigned(Buffer.from(note).toString("utf8"));
      } finally {
        await unlockLog(connection, log).catch(() => undefined);
      }
    });
  }

  /** The note with the witnesses' lines, published in place of the one without. */
  async #cosigned(note: string): Promise<string> {
    const { folder, witnesses } = this.#options;
    const cosigned = (await witnesses?.cosigned(note)) ?? note;
    if (cosigned !== note)
      await folder.write([{ path: "checkpoint", bytes: Buffer.from(cosigned) }]);
    return cosigned;
  }

  /** Gives indices to queued leaves, oldest first. */
  async #append(connection: Connection, head: LogHead): Promise<LogHead> {
    const { log, database } = this.#options;
    let grown = head;
    for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
      const leaves = await queuedLeaves(connection, log, BATCH_LEAVES);
      if (leaves.length === 0) break;
      let frontier = frontierOf(grown);
      for (const { body } of leaves) frontier = appended(frontier, leafHash(body));
      const { size } = grown;
      const bytes = encodeFrontier(frontier);
      const made = { entries: leaves.map(entryOf), frontier: bytes };
      this.#options.onCommit?.("append");
      const isFirst = await transaction(database, async (own) =>
        appendEntries(own, { log, size }, made),
      );
      // Somebody who lost the lock unawares was quicker; what they decided is read next time.
      if (!isFirst) throw new Failure("LOG_LATE");
      grown = { ...grown, size: size + leaves.length, frontier: bytes };
    }
    return grown;
  }

  /** Writes the tiles up to the head, and meets every remembered root on the way. */
  async #writeTiles(connection: Connection, head: LogHead, memories: Memories): Promise<void> {
    const writer = await this.#writerAt(memories.files);
    const known = [memories.database, memories.keys].filter((memory) => memory !== null);
    for (const memory of known.filter(({ size }) => size < writer.size)) {
      const root = await rootInTiles(this.#options.folder, writer.size, memory.size);
      requireRoot(memory, root);
    }
    const ahead = known.filter(({ size }) => size >= writer.size);
    while (writer.size < head.size) {
      requireRoots(ahead, writer);
      const to = Math.min(head.size, writer.size + BATCH_LEAVES);
      const bodies = await leafBodies(connection, this.#options.log, { from: writer.size, to });
      if (bodies.length !== to - writer.size)
        throw new Failure("LOG_FORKED", { index: writer.size });
      for (const body of bodies) {
        writer.add(body);
        requireRoots(ahead, writer);
      }
      const { files, replaced } = writer.take();
      await this.#options.folder.write(files);
      this.#replaced.push(...replaced);
    }
    requireRoots(ahead, writer);
    const root = rootOf(frontierOf(head));
    if (Buffer.compare(writer.root(), root) !== 0)
      throw new Failure("LOG_FORKED", { size: head.size });
  }

  /** Folders of partial tiles that go once the checkpoint is published. */
  #replaced: string[] = [];

  async #writerAt(files: Memory | null): Promise<TileWriter> {
    const size = files?.size ?? 0;
    if (this.#writer?.size === size) return this.#writer;
    this.#replaced = [];
    await this.#options.folder.finish();
    const writer = await TileWriter.open(this.#options.folder, size);
    if (files !== null && Buffer.compare(writer.root(), files.root) !== 0)
      throw new Failure("LOG_FILES_BROKEN", { size });
    this.#writer = writer;
    return writer;
  }

  /** The keys stand beside the log for convenience; whoever checks gets them from elsewhere. */
  async #writeKeys(signers: Signers): Promise<void> {
    for (const [file, type] of KEY_FILES) {
      const signer = signers.find(({ key }) => key[0] === type);
      if (signer !== undefined) await this.#writeText(file, [verifierKeyText(signer)]);
    }
    const { changes } = await this.#history(signers[0].name);
    if (changes.length > 0) await this.#writeText(CHANGES_FILE, changes);
  }

  async #writeText(path: string, lines: readonly string[]): Promise<void> {
    const { folder } = this.#options;
    const text = `${lines.join("\n")}\n`;
    if (this.#keysWritten.get(path) === text) return;
    const there = await folder.read(path);
    const bytes = Buffer.from(text);
    if (there === null || !bytes.equals(there)) await folder.write([{ path, bytes }]);
    this.#keysWritten.set(path, text);
  }

  readonly #keysWritten = new Map<string, string>();

  async #publish(
    memories: Memories,
    { text, signers }: { readonly text: string; readonly signers: Signers },
  ): Promise<string> {
    const { log, database, folder, record } = this.#options;
    const published = memories.files?.note;
    const isSame = [memories.files, memories.database, memories.keys].every(
      (memory) => memory?.text === text,
    );
    if (isSame && published !== undefined) return published;
    const note = signedNote(text, signers);
    if (memories.keys?.text !== text && !(await record.save(Buffer.from(note), memories.keysBytes)))
      throw new Failure("LOG_LATE");
    await this.#writeKeys(signers);
    await folder.write([{ path: "checkpoint", bytes: Buffer.from(note) }]);
    this.#options.onCommit?.("record");
    await transaction(database, async (own) => recordCheckpoint(own, log, note));
    for (const replaced of this.#replaced) await folder.removePartials(replaced);
    this.#replaced = [];
    return this.#cosigned(note);
  }
}

function frontierOf(head: LogHead): Frontier {
  const frontier = decodeFrontier(head.size, head.frontier);
  if (frontier === null) throw new Failure("LOG_FORKED", { size: head.size });
  return frontier;
}

function requireRoot(memory: Memory, root: Uint8Array): void {
  if (Buffer.compare(memory.root, root) !== 0)
    throw new Failure("LOG_FORKED", { size: memory.size });
}

function requireRoots(memories: readonly Memory[], writer: TileWriter): void {
  for (const memory of memories)
    if (memory.size === writer.size) requireRoot(memory, writer.root());
}
