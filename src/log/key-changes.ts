/**
 * Changing a key that signs, in three phases: the next key is announced, then signs beside the one
 * before, then alone, and the one before is destroyed. What is said of it is a note that both sign
 * and the key store keeps, so that the public half of every key outlives its private half. Every
 * phase may be interrupted and is done again by calling it again.
 */
import { keyChangeNote, keyChangeWord, parseKeyChange } from "../audit/key-change.ts";
import type { KeyChange, KeyChangeTimes } from "../audit/key-change.ts";
import type { NoteKey, NoteSigner } from "../audit/note.ts";
import type { KeyStore } from "../keystore/key-store.ts";
import type { SigningKey } from "../keystore/signing-keys.ts";
import { Failure } from "../rules/failure.ts";

export type Keys = Pick<KeyStore, "signing" | "checkpoints">;

/** The keys of one name, one after the other. */
export interface SigningLine {
  readonly name: string;
  /** A new private key. */
  readonly make: () => Uint8Array;
  readonly signerOf: (key: SigningKey) => NoteSigner;
}

export interface SavedChange extends KeyChange {
  /** Number of the key that follows. */
  readonly number: number;
  readonly note: string;
}

interface Moment {
  readonly now: Date;
  /** Called when the note is durable and the keys are as before, so that tests can die there. */
  readonly noted?: () => Promise<void>;
}

const NOTHING = async (): Promise<void> => Promise.resolve();

function recordName({ name }: Pick<SigningLine, "name">, number: number): string {
  return `${name}-change-${number}`;
}

/** Reads a record of a key store or of a copy of one. */
type LastRecord = (name: string) => Promise<Uint8Array | null>;

async function savedChange(
  last: LastRecord,
  line: Pick<SigningLine, "name">,
  number: number,
): Promise<SavedChange | null> {
  const bytes = await last(recordName(line, number));
  const note = bytes === null ? "" : Buffer.from(bytes).toString("utf8");
  const change = parseKeyChange(note);
  return change === null ? null : { ...change, number, note };
}

const lastIn =
  ({ checkpoints }: Keys): LastRecord =>
  async (name) =>
    checkpoints.last(name);

/** Every change of the name that a key store, or a copy of one, remembers, oldest first. */
export async function rememberedChanges(
  last: LastRecord,
  name: string,
): Promise<readonly SavedChange[]> {
  const found: SavedChange[] = [];
  for (let number = 2; ; number += 1) {
    const change = await savedChange(last, { name }, number);
    if (change === null) return found;
    found.push(change);
  }
}

/** Every change of the name so far, oldest first, an announced one last. */
export async function changesOf(
  keys: Keys,
  line: Pick<SigningLine, "name">,
): Promise<readonly SavedChange[]> {
  const { number, announced } = await keys.signing.state(line.name);
  const found: SavedChange[] = [];
  for (let next = 2; next <= Math.max(number, announced ?? 0); next += 1) {
    const change = await savedChange(lastIn(keys), line, next);
    if (change !== null) found.push(change);
  }
  return found;
}

/** Public halves of the keys that came before the one in use. */
export function earlierKeys(changes: readonly SavedChange[]): readonly NoteKey[] {
  return changes.filter(({ usedAt }) => usedAt !== null).map(({ from }) => from);
}

/** The changes as words, as they are passed on. */
export function changeWords(changes: readonly SavedChange[]): readonly string[] {
  return changes.map(({ note }) => keyChangeWord(note));
}

/** Signs and saves what is known of a change now; returns it. */
async function told(
  keys: Keys,
  line: SigningLine,
  change: { readonly from: SigningKey; readonly to: SigningKey; readonly times: KeyChangeTimes },
): Promise<SavedChange> {
  const { from, to, times } = change;
  const name = recordName(line, to.number);
  const by = [line.signerOf(from), line.signerOf(to)] as const;
  const note = keyChangeNote(by, times);
  const before = await keys.checkpoints.last(name);
  if (!(await keys.checkpoints.save(name, Buffer.from(note), before)))
    throw new Failure("KEYSTORE_BUSY");
  return { from: by[0], to: by[1], ...times, number: to.number, note };
}

/** First phase: the next key is made, and the one in use says so. Again changes nothing. */
export async function announceKey(keys: Keys, line: SigningLine, now: Date): Promise<SavedChange> {
  const from = await keys.signing.current(line.name, line.make);
  const to = await keys.signing.announced(line.name, line.make);
  const saved = await savedChange(lastIn(keys), line, to.number);
  if (saved !== null) return saved;
  const times = { announcedAt: now, usedAt: null, retired: null };
  return told(keys, line, { from, to, times });
}

/**
 * Second phase: the announced key signs beside the one before. Throws KEY_UNKNOWN when none was
 * announced.
 */
export async function useKey(
  keys: Keys,
  line: SigningLine,
  { now, noted = NOTHING }: Moment,
): Promise<SavedChange> {
  const { announced } = await keys.signing.state(line.name);
  if (announced === null) throw new Failure("KEY_UNKNOWN", { name: line.name });
  const { announcedAt } = await announceKey(keys, line, now);
  const from = await keys.signing.current(line.name, line.make);
  const to = await keys.signing.announced(line.name, line.make);
  const times = { announcedAt, usedAt: now, retired: null };
  const saved = await told(keys, line, { from, to, times });
  await noted();
  await keys.signing.use(line.name);
  return saved;
}

/**
 * Third phase: the key before is destroyed; `size` is that of the last tree that it signed. The
 * caller sees to it that nobody signs meanwhile. Null when there is none to destroy.
 */
export async function retireKey(
  keys: Keys,
  line: SigningLine,
  { now, size, noted = NOTHING }: Moment & { readonly size: number },
): Promise<SavedChange | null> {
  const [to, from] = await keys.signing.inUse(line.name);
  if (to === undefined) return null;
  const saved = await savedChange(lastIn(keys), line, to.number);
  if (from === undefined || saved === null) {
    await keys.signing.retire(line.name);
    return saved;
  }
  const times = { ...saved, retired: { at: now, size } };
  const ended = await told(keys, line, { from, to, times });
  await noted();
  await keys.signing.retire(line.name);
  return ended;
}
