/** One question to the verifier and its whole answer: what was checked, and what was wrong. */
import { signedCheckpoint } from "./checkpoint.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { textOf } from "./bytes.ts";
import { changesBeside, parseLogKeys, withChanges } from "./log-keys.ts";
import type { LogKeys } from "./log-keys.ts";
import { signersOf } from "./note.ts";
import type { VerifierKey } from "./note.ts";
import { checkPart } from "./part-log.ts";
import type { TimeRange } from "./part-log.ts";
import type { Platform, Source } from "./platform.ts";
import { parsePolicy, witnessesOf } from "./policy.ts";
import type { Policy, WitnessSeen } from "./policy.ts";
import { judged, Refused } from "./reason.ts";
import type { Reason, Where } from "./reason.ts";
import { checkWholeLog } from "./whole-log.ts";

export interface Question {
  readonly source: Source;
  /**
   * The log's key as text, from somewhere else than the log, and its SM2 key behind it if the line
   * that it signs is to be checked too; null to take the log's word.
   */
  readonly key: string | null;
  /** A C2SP tlog-policy file with witnesses, or null. */
  readonly policy: Uint8Array | null;
  /** Earlier checkpoints that were kept, as files. */
  readonly since: readonly { readonly file: string; readonly bytes: Uint8Array }[];
  /** Only the leaves of a span of time, without reading the rest. */
  readonly range: TimeRange | null;
  readonly areLeaves: boolean;
}

export interface Answer {
  readonly isGood: boolean;
  readonly refused: { readonly reason: Reason; readonly where: Where } | null;
  /** False when the key was the log's own word, which proves nothing about who signed. */
  readonly isKeyGiven: boolean;
  readonly checkpoint: { readonly origin: string; readonly size: number } | null;
  readonly signatures: number;
  readonly witnesses: readonly WitnessSeen[];
  readonly since: readonly number[];
  readonly entries: number;
  readonly entryBytes: number;
  readonly tiles: number;
  /** Indices from the first leaf of the range to behind the last; null for a whole log. */
  readonly part: { readonly from: number; readonly to: number } | null;
}

type Draft = { -readonly [Member in keyof Answer]: Answer[Member] };

const KEY_FILE = "log.vkey";
const SM2_KEY_FILE = "log-sm2.vkey";
const KEY_BYTES_MAX = 4096;

async function textIn(source: Source, file: string): Promise<string | null> {
  const bytes = await source.read(file);
  return bytes === null || bytes.length > KEY_BYTES_MAX ? null : textOf(bytes);
}

async function keysOf(
  platform: Platform,
  question: Question,
  policy: Policy | null,
): Promise<LogKeys> {
  const { source, key } = question;
  const beside = await changesBeside(source);
  if (key !== null) return parseLogKeys(platform, withChanges(key, beside));
  const listed = policy?.logs ?? [];
  if (listed.length > 0) {
    const [first] = listed;
    const own = listed.filter(({ name }) => name === first?.name);
    return parseLogKeys(platform, withChanges(own.map(({ text }) => text).join("\n"), beside));
  }
  const text = await textIn(source, KEY_FILE);
  if (text === null) throw new Refused("FILE_MISSING", { file: KEY_FILE });
  const sm2 = (await textIn(source, SM2_KEY_FILE)) ?? "";
  return parseLogKeys(platform, withChanges(`${text}\n${sm2}`, beside));
}

/** Counts the further lines of a note that hold. Throws SIGNATURE_MISSING or SIGNATURE_WRONG. */
export async function requireAlso(
  platform: Platform,
  { note }: Pick<Checkpoint, "note">,
  asked: {
    readonly file: string;
    readonly also: readonly VerifierKey[];
    readonly mayMiss: boolean;
  },
): Promise<number> {
  let held = 0;
  for (const key of asked.also) {
    const where = { file: asked.file, detail: "SM2" };
    const signers = await signersOf(platform, note, { key, ...where });
    if (signers.length === 0 && !asked.mayMiss) throw new Refused("SIGNATURE_MISSING", where);
    held += Math.min(signers.length, 1);
  }
  return held;
}

async function openCheckpoints(
  platform: Platform,
  question: Question,
  draft: Draft,
): Promise<{
  readonly checkpoint: Checkpoint;
  readonly since: readonly Checkpoint[];
}> {
  const policy = question.policy === null ? null : parsePolicy(platform, question.policy, "policy");
  const { key, also } = await keysOf(platform, question, policy);
  draft.isKeyGiven = question.key !== null || (policy?.logs.length ?? 0) > 0;
  const file = "checkpoint";
  const bytes = await question.source.read(file);
  if (bytes === null) throw new Refused("FILE_MISSING", { file });
  const checkpoint = await signedCheckpoint(platform, bytes, { file, key });
  draft.checkpoint = { origin: checkpoint.origin, size: checkpoint.size };
  draft.signatures += 1;
  draft.signatures += await requireAlso(platform, checkpoint, { file, also, mayMiss: false });
  const since: Checkpoint[] = [];
  for (const earlier of question.since) {
    const kept = await signedCheckpoint(platform, earlier.bytes, { file: earlier.file, key });
    draft.signatures += 1;
    // It may come from the time before the log signed with this key too.
    const asked = { file: earlier.file, also, mayMiss: true };
    draft.signatures += await requireAlso(platform, kept, asked);
    since.push(kept);
  }
  if (policy !== null)
    draft.witnesses = await witnessesOf(platform, policy, { note: checkpoint.note, file });
  draft.signatures += draft.witnesses.filter(({ said }) => said.state === "held").length;
  return { checkpoint, since };
}

async function check(platform: Platform, question: Question, draft: Draft): Promise<void> {
  const { source, areLeaves, range } = question;
  const { checkpoint, since } = await openCheckpoints(platform, question, draft);
  if (range !== null) {
    const found = await checkPart(platform, source, { checkpoint, ...range });
    draft.part = { from: found.from, to: found.to };
    draft.entries = found.entries;
    draft.tiles = found.tiles;
    return;
  }
  const counts = await checkWholeLog(platform, source, { checkpoint, since, areLeaves });
  draft.since = since.map(({ size }) => size);
  draft.entries = counts.entries;
  draft.entryBytes = counts.entryBytes;
  draft.tiles = counts.tiles;
}

/** Checks a log. Throws only what the source throws when it cannot be read at all. */
export async function verify(platform: Platform, question: Question): Promise<Answer> {
  const draft: Draft = {
    isGood: false,
    refused: null,
    isKeyGiven: question.key !== null,
    checkpoint: null,
    signatures: 0,
    witnesses: [],
    since: [],
    entries: 0,
    entryBytes: 0,
    tiles: 0,
    part: null,
  };
  return judged(draft, async () => check(platform, question, draft));
}
