/**
 * How a signing key followed another (docs/formats/key-change.md): a note that both of them signed,
 * passed on as one word. From any key of the line it leads to the others, and says until when each
 * could sign.
 */
import { fromBase64 } from "./bytes.ts";
import { holds, parseKey, parseNote } from "./note.ts";
import type { KeyEnd, KnownKey, SignedNote, VerifierKey } from "./note.ts";
import type { Platform } from "./platform.ts";
import { Refused } from "./reason.ts";

export const CHANGE_PREFIX = "change:";
const HEADER = "midan-key-change/1";
const FILE = "log-changes";
const INSTANT = String.raw`(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)`;
/** Behind the two keys: when it was announced, used, and what the key before it signed last. */
const TIMES = new RegExp(
  `^announced ${INSTANT}\\n(?:used ${INSTANT}\\n(?:retired ${INSTANT} (0|[1-9]\\d{0,15})\\n)?)?$`,
);

export interface KeyChange {
  readonly from: VerifierKey;
  readonly to: VerifierKey;
  /** When the key before it was destroyed; null while it is not. */
  readonly end: KeyEnd | null;
}

function changeOf(platform: Platform, note: SignedNote): KeyChange {
  const [header, from = "", to = "", ...rest] = note.text.split("\n");
  const times = TIMES.exec(rest.join("\n"));
  if (header !== HEADER || times === null) throw new Refused("KEY_CHANGE_WRONG", { file: FILE });
  const [, , , at, size] = times;
  return {
    from: parseKey(platform, from),
    to: parseKey(platform, to),
    end: at === undefined ? null : { at: new Date(at), size: Number(size) },
  };
}

/**
 * The change in `word`, signed by the key that was and by the key that follows. Throws
 * KEY_CHANGE_WRONG, KEY_MALFORMED or NOTE_MALFORMED.
 */
export async function readKeyChange(platform: Platform, word: string): Promise<KeyChange> {
  const bytes = fromBase64(word.slice(CHANGE_PREFIX.length));
  if (!word.startsWith(CHANGE_PREFIX) || bytes === null)
    throw new Refused("KEY_CHANGE_WRONG", { file: FILE });
  const note = parseNote(bytes, FILE);
  const change = changeOf(platform, note);
  for (const key of [change.from, change.to])
    if ((await holds(platform, note, key)) !== true)
      throw new Refused("KEY_CHANGE_WRONG", { file: FILE, detail: key.name });
  return change;
}

function earlier(one: KeyEnd | null, other: KeyEnd | null): KeyEnd | null {
  if (one === null || other === null) return one ?? other;
  return one.size <= other.size ? one : other;
}

/** All keys of the line of `anchor`, each with its end; the anchor is the first. */
export function lineOf(anchor: VerifierKey, changes: readonly KeyChange[]): readonly KnownKey[] {
  const line = new Map<string, VerifierKey>([[anchor.text, anchor]]);
  // A step adds at least one key or is the last.
  for (let known = 0; known < line.size;) {
    known = line.size;
    for (const { from, to } of changes)
      if (line.has(from.text) || line.has(to.text)) line.set(from.text, from).set(to.text, to);
  }
  return Array.from(line.values(), (key) => ({
    key,
    end: changes
      .filter(({ from }) => from.text === key.text)
      .reduce<KeyEnd | null>((end, change) => earlier(end, change.end), null),
  }));
}
