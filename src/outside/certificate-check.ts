/**
 * Checks a certificate of erasure (docs/formats/certificate.md) with its key alone: no database and
 * no key of the installation. Shares no code with what makes it.
 */
import { Failure } from "../rules/failure.ts";
import { CHANGE_PREFIX, lineOf, readKeyChange } from "../verifier/key-change.ts";
import type { KeyChange } from "../verifier/key-change.ts";
import { parseKey, parseNote, signersOf } from "../verifier/note.ts";
import type { KnownKey } from "../verifier/note.ts";
import { Refused } from "../verifier/reason.ts";
import { nodePlatform } from "./node-platform.ts";

/** The first version is checked for those who were handed one; its bounds say too much. */
const CERTIFICATE_HEADS: readonly string[] = ["midan.certificate/1", "midan.certificate/2"];
const PLATFORM = nodePlatform(() => new Date());
const KEY_NAME = /^midan-certificate-\d{1,6}$/;
const WORDS_MAX = 256;

/** The keys in `text` and those that its changes lead to, the first the one that was given. */
async function keysIn(text: string): Promise<readonly KnownKey[]> {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const isChange = (word: string): boolean => word.startsWith(CHANGE_PREFIX);
  const [given = ""] = words.filter((word) => !isChange(word));
  const changes: KeyChange[] = [];
  const key = parseKey(PLATFORM, given);
  if (!KEY_NAME.test(key.name) || words.length > WORDS_MAX) throw new Refused("KEY_MALFORMED");
  for (const word of words.filter(isChange)) changes.push(await readKeyChange(PLATFORM, word));
  return lineOf(key, changes).filter((known) => KEY_NAME.test(known.key.name));
}

async function readKeys(text: string): Promise<readonly KnownKey[]> {
  try {
    return await keysIn(text);
  } catch (error) {
    if (error instanceof Refused) throw new Failure("CERTIFICATE_KEY");
    throw error;
  }
}

/**
 * What a signed certificate says, once its signature by `keyText` holds, or by a key that changes
 * in `keyText` lead to. Needs no database. Throws CERTIFICATE_FORGED for anything else, also for
 * what a key signed after its end; CERTIFICATE_KEY for what is no such key.
 */
export async function checkCertificate(
  note: string,
  keyText: string,
): Promise<Record<string, unknown>> {
  const line = await readKeys(keyText);
  try {
    return await checkedBy(note, line);
  } catch (error) {
    if (error instanceof Refused) throw new Failure("CERTIFICATE_FORGED");
    throw error;
  }
}

async function checkedBy(
  note: string,
  line: readonly KnownKey[],
): Promise<Record<string, unknown>> {
  const parsed = parseNote(Buffer.from(note, "utf8"), "certificate");
  const [head = "", body = ""] = parsed.text.split("\n");
  const [first] = line;
  if (first === undefined || !CERTIFICATE_HEADS.includes(head))
    throw new Failure("CERTIFICATE_FORGED");
  const key = { ...first.key, line };
  const signers = await signersOf(PLATFORM, parsed, { key, file: "certificate" });
  if (signers.length === 0) throw new Failure("CERTIFICATE_FORGED");
  // Signed by a key that makes certificates only, so it is one of ours: a JSON object.
  const certificate = JSON.parse(body) as Record<string, unknown> & { readonly issuedAt: string };
  const issuedAt = new Date(certificate.issuedAt);
  if (signers.every(({ end }) => end !== null && issuedAt > end.at))
    throw new Failure("CERTIFICATE_FORGED");
  return certificate;
}
