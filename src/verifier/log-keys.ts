/** The keys of one log, as people pass them on and as they lie beside it. */
import { textOf } from "./bytes.ts";
import { CHANGE_PREFIX, lineOf, readKeyChange } from "./key-change.ts";
import type { KeyChange } from "./key-change.ts";
import { ED25519, parseKey, sm2KeyOf } from "./note.ts";
import type { KnownKey, VerifierKey } from "./note.ts";
import type { Platform, Source } from "./platform.ts";
import { Refused } from "./reason.ts";

const WORDS_MAX = 256;
/** How the log's keys followed one another; each change is signed by both, so anybody may tell. */
const CHANGES_FILE = "log-changes";
const CHANGES_BYTES_MAX = 262_144;

export interface LogKeys {
  /** The Ed25519 key by which all know the log, with its line. */
  readonly key: VerifierKey;
  /** Its SM2 key, if one was given: its line in a note has to hold as well. */
  readonly also: readonly VerifierKey[];
}

/** The first key of `keys` with its line: those given beside it and those that changes lead to. */
function withLine(
  keys: readonly VerifierKey[],
  changes: readonly KeyChange[],
): readonly VerifierKey[] {
  const [first] = keys;
  if (first === undefined) return [];
  const line = new Map<string, KnownKey>();
  for (const key of keys) for (const known of lineOf(key, changes)) line.set(known.key.text, known);
  return [{ ...first, line: [...line.values()] }];
}

/**
 * The keys of one log in `text`, with white space between: the Ed25519 key by which all know it,
 * its SM2 key if it has one and this text gives it, further keys of either kind that are believed
 * beside the first, and the words that tell how one followed another. Throws KEY_MALFORMED,
 * KEY_CHANGE_WRONG or NOTE_MALFORMED.
 */
export async function parseLogKeys(platform: Platform, text: string): Promise<LogKeys> {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const isMany = words.length > WORDS_MAX || new Set(words).size !== words.length;
  if (isMany) throw new Refused("KEY_MALFORMED");
  const isChange = (word: string): boolean => word.startsWith(CHANGE_PREFIX);
  const keys = words.filter((word) => !isChange(word)).map((word) => parseKey(platform, word));
  const changes: KeyChange[] = [];
  for (const word of words.filter(isChange)) changes.push(await readKeyChange(platform, word));
  const [first] = keys;
  if (changes.some(({ from, to }) => from.name !== to.name))
    throw new Refused("KEY_CHANGE_WRONG", { file: CHANGES_FILE });
  if (first?.type !== ED25519) throw new Refused("KEY_MALFORMED");
  const own = keys.filter(({ type }) => type === ED25519);
  const sm2 = keys.filter((key) => sm2KeyOf(key) !== null);
  const isFit = keys.every(({ name }) => name === first.name);
  if (!isFit || own.length + sm2.length !== keys.length)
    throw new Refused("KEY_MALFORMED", { detail: first.name });
  const [key = first] = withLine(own, changes);
  return { key, also: withLine(sm2, changes) };
}

/** The changes of keys that lie beside a log, as words. */
export async function changesBeside(source: Source): Promise<string> {
  const bytes = await source.read(CHANGES_FILE);
  return bytes === null || bytes.length > CHANGES_BYTES_MAX ? "" : (textOf(bytes) ?? "");
}

/**
 * Keys as they were given, with the changes that were found beside a log or in a bundle. Of what
 * was found there nothing but changes is taken: a key that nobody gave is believed only when one
 * that was given signed for it.
 */
export function withChanges(given: string, beside: string): string {
  const known = new Set(given.split(/\s+/));
  const further = beside
    .split(/\s+/)
    .filter((word) => word.startsWith(CHANGE_PREFIX) && !known.has(word));
  return [given, ...new Set(further)].join("\n");
}
