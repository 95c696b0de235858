/**
 * What was signed before, as three places remember it: the files, the database and the key store.
 * They lie apart and are restored apart, so one that is older than another shows; and the signer
 * signs nothing that any of them contradicts (P13).
 */
import { parseCheckpoint } from "../audit/checkpoint.ts";
import { isSignedBy, parseNote } from "../audit/note.ts";
import type { NoteKey } from "../audit/note.ts";
import { Failure } from "../rules/failure.ts";
import type { LogHead } from "../store/log.ts";
import type { LogFolder } from "./log-folder.ts";

/** The record in the key store; `save` is refused when it is no longer what was read. */
export interface KeyStoreRecord {
  readonly last: () => Promise<Uint8Array | null>;
  readonly save: (bytes: Uint8Array, before: Uint8Array | null) => Promise<boolean>;
}

export interface Memory {
  readonly place: "files" | "database" | "keys";
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** The signed text, and the whole note with its signatures. */
  readonly text: string;
  readonly note: string;
}

export interface Memories {
  readonly files: Memory | null;
  readonly database: Memory | null;
  readonly keys: Memory | null;
  /** The key store's record as it was read. */
  readonly keysBytes: Uint8Array | null;
}

/**
 * The checkpoint in `note`. Throws LOG_FILES_BROKEN when it is none, or when none of these keys, of
 * now or of before, signed it.
 */
function memoryOf(place: Memory["place"], note: string, keys: readonly NoteKey[]): Memory {
  const parsed = parseNote(note);
  const checkpoint = parsed === null ? null : parseCheckpoint(parsed.text);
  if (parsed === null || checkpoint === null) throw new Failure("LOG_FILES_BROKEN", { place });
  if (!keys.some(({ name }) => name === checkpoint.origin))
    throw new Failure("LOG_ORIGIN", { place });
  if (!keys.some((key) => isSignedBy(parsed, key)))
    throw new Failure("LOG_FILES_BROKEN", { place });
  return { place, ...checkpoint, text: parsed.text, note };
}

interface Places {
  readonly head: LogHead;
  readonly folder: LogFolder;
  readonly record: KeyStoreRecord;
}

/** What each place remembers; null where nothing was ever signed. */
export async function readMemories(places: Places, keys: readonly NoteKey[]): Promise<Memories> {
  const read = (place: Memory["place"], note: Uint8Array | string | null): Memory | null =>
    note === null ? null : memoryOf(place, Buffer.from(note).toString("utf8"), keys);
  const keysBytes = await places.record.last();
  return {
    files: read("files", await places.folder.read("checkpoint")),
    database: read("database", places.head.checkpoint),
    keys: read("keys", keysBytes),
    keysBytes,
  };
}

function present(memories: Memories): Memory[] {
  return [memories.files, memories.database, memories.keys].filter((memory) => memory !== null);
}

/** Throws LOG_ORIGIN when a place remembers another log. */
export function requireOrigin(origin: string, memories: Memories): void {
  const stranger = present(memories).find((memory) => memory.origin !== origin);
  if (stranger !== undefined) throw new Failure("LOG_ORIGIN", { place: stranger.place });
}

/** Throws LOG_BEHIND when a place remembers a larger tree than the database decided on. */
export function requireNotBehind(size: number, memories: Memories): void {
  const ahead = present(memories).find((memory) => memory.size > size);
  if (ahead !== undefined)
    throw new Failure("LOG_BEHIND", { place: ahead.place, signed: ahead.size, database: size });
}
