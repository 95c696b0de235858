/**
 * Proofs for a single label (docs/formats/statement-proof.md): a statement or a token in the tree
 * of its batch, the batch's root in an entry, the entry in the log; and, when the log is at hand,
 * that it still holds that entry there.
 */
import { fromBase64, fromHex, sameBytes, textOf, utf8 } from "./bytes.ts";
import { signedCheckpoint } from "./checkpoint.ts";
import { canonicalObject, isRecord, parsed, readLeaf } from "./leaf.ts";
import type { ReadLeaf } from "./leaf.ts";
import { HASH_BYTES, entryHash, isIncluded } from "./merkle.ts";
import { changesBeside, parseLogKeys, withChanges } from "./log-keys.ts";
import type { VerifierKey } from "./note.ts";
import { TrustedTiles } from "./part-log.ts";
import type { Platform, Source } from "./platform.ts";
import { parsePolicy, witnessesOf } from "./policy.ts";
import type { WitnessSeen } from "./policy.ts";
import { provenEntry } from "./proof-file.ts";
import { Refused } from "./reason.ts";
import type { Reason, Where } from "./reason.ts";
import { WIDTH } from "./tiles.ts";
import { requireAlso } from "./verify.ts";

const HEADER = "midan.statement.proof/1";
const FILE = "proof";
const PROOF_BYTES_MAX = 1_000_000;
const PATH_MAX = 40;
const ITEM_CHARACTERS_MAX = 8192;
const TOKEN = /^md1[0-9a-z]{26}$/;
const FUTURE_MS = 5 * 60 * 1000;

export interface StatementQuestion {
  readonly proof: Uint8Array;
  /** The log's keys as text. */
  readonly key: string;
  /** A C2SP tlog-policy file with witnesses, or null. */
  readonly policy: Uint8Array | null;
  /** The log itself, or null to check offline. */
  readonly log: Source | null;
}

export interface StatementAnswer {
  readonly isGood: boolean;
  readonly refused: { readonly reason: Reason; readonly where: Where } | null;
  readonly kind: "print" | "seal" | null;
  /** The statement's members, or the token. */
  readonly item: Readonly<Record<string, unknown>> | string | null;
  /** Place in the batch, and how many it has. */
  readonly place: { readonly index: number; readonly count: number } | null;
  readonly entry: { readonly id: string; readonly at: string; readonly index: number } | null;
  readonly checkpoint: { readonly origin: string; readonly size: number } | null;
  readonly witnesses: readonly WitnessSeen[];
  /** Whether the log was asked and holds the entry. */
  readonly isInLog: boolean;
  /** Hashes that were computed on the way. */
  readonly hashes: number;
}

type Draft = { -readonly [Member in keyof StatementAnswer]: StatementAnswer[Member] };

interface Parts {
  readonly item: string;
  readonly index: number;
  readonly count: number;
  readonly path: readonly Uint8Array[];
  readonly leaf: string;
  /** The proof of the entry. */
  readonly rest: Uint8Array;
}

function after(line: string | undefined, word: string): string | null {
  return line?.startsWith(`${word} `) === true ? line.slice(word.length + 1) : null;
}

function count(text: string | null): number | null {
  return text !== null && /^(?:0|[1-9]\d{0,8})$/.test(text) ? Number(text) : null;
}

function partsOf(bytes: Uint8Array): Parts | null {
  const text = bytes.length > PROOF_BYTES_MAX ? null : textOf(bytes);
  const split = text?.indexOf("\n\n") ?? -1;
  if (text === null || split < 0) return null;
  const [header, itemLine, indexLine, countLine, ...rest] = text.slice(0, split).split("\n");
  const leaf = after(rest.pop(), "leaf");
  const item = after(itemLine, "item");
  const [index, entries] = [count(after(indexLine, "index")), count(after(countLine, "count"))];
  const path = rest.map((line) => fromBase64(after(line, "path") ?? "-") ?? utf8(""));
  if (header !== HEADER || item === null || leaf === null) return null;
  if (index === null || entries === null || item.length > ITEM_CHARACTERS_MAX) return null;
  if (path.length > PATH_MAX || path.some((hash) => hash.length !== HASH_BYTES)) return null;
  return { item, index, count: entries, path, leaf, rest: utf8(text.slice(split + 2)) };
}

/** What was proven, by the type of the entry that holds the root. */
function itemOf(item: string, leaf: ReadLeaf): StatementAnswer["item"] {
  if (leaf.type === "seal-batch" && TOKEN.test(item)) return item;
  const members = leaf.type === "print-batch" ? parsed(item) : null;
  if (!isRecord(members) || canonicalObject(members) !== item)
    throw new Refused("STATEMENT_MALFORMED", { file: FILE });
  // Version 2 has more members than version 1, and none with another meaning for a proof.
  if ((members["v"] !== 1 && members["v"] !== 2) || members["tenant"] !== leaf.tenant)
    throw new Refused("STATEMENT_MALFORMED", { file: FILE });
  return members;
}

/** The entry, whose root is the batch's. Throws LEAF_MALFORMED, LEAF_FUTURE or BATCH_DIFFERS. */
function batchLeaf(platform: Platform, parts: Parts): ReadLeaf {
  const leaf = readLeaf(utf8(parts.leaf));
  if (leaf === null) throw new Refused("LEAF_MALFORMED", { file: FILE });
  if (Date.parse(leaf.at) > platform.now().getTime() + FUTURE_MS)
    throw new Refused("LEAF_FUTURE", { file: FILE });
  const { root: hex, count: size } = leaf.members;
  const root = typeof hex === "string" ? fromHex(hex) : null;
  const { index, path } = parts;
  const claim = { leaf: entryHash(platform, utf8(parts.item)), index, size: parts.count, path };
  const isOfBatch = root?.length === HASH_BYTES && size === parts.count;
  if (!isOfBatch || !isIncluded(platform, { ...claim, root }))
    throw new Refused("BATCH_DIFFERS", { file: FILE, index });
  return leaf;
}

/** Whether the log has that entry at that index now. Throws as the tiles do, and LOG_FORKED. */
async function requireInLog(
  platform: Platform,
  log: Source,
  asked: {
    readonly key: VerifierKey;
    readonly leaf: ReadLeaf;
    readonly index: number;
    readonly size: number;
  },
): Promise<void> {
  const file = "checkpoint";
  const note = await log.read(file);
  if (note === null) throw new Refused("FILE_MISSING", { file });
  const { key } = asked;
  const checkpoint = await signedCheckpoint(platform, note, { file, key });
  const { index, leaf, size } = asked;
  if (checkpoint.size < size) throw new Refused("LOG_SHRANK", { index: checkpoint.size });
  const tiles = new TrustedTiles(platform, log, checkpoint);
  await tiles.open();
  const found = (await tiles.leaves(Math.floor(index / WIDTH)))[index % WIDTH];
  const isSame =
    found !== undefined &&
    sameBytes(
      utf8(canonicalObject(found.members) ?? ""),
      utf8(canonicalObject(leaf.members) ?? "-"),
    );
  if (!isSame) throw new Refused("LOG_FORKED", { index });
}

async function check(platform: Platform, question: StatementQuestion, draft: Draft): Promise<void> {
  const beside = question.log === null ? "" : await changesBeside(question.log);
  const { key, also } = await parseLogKeys(platform, withChanges(question.key, beside));
  const parts = partsOf(question.proof);
  if (parts === null) throw new Refused("PROOF_MALFORMED", { file: FILE });
  const leaf = batchLeaf(platform, parts);
  draft.item = itemOf(parts.item, leaf);
  draft.kind = leaf.type === "print-batch" ? "print" : "seal";
  draft.place = { index: parts.index, count: parts.count };
  const given = { entry: utf8(parts.leaf), key, file: FILE };
  const { index, checkpoint } = await provenEntry(platform, parts.rest, given);
  const { origin, size, note } = checkpoint;
  await requireAlso(platform, checkpoint, { file: FILE, also, mayMiss: false });
  draft.entry = { id: leaf.id, at: leaf.at, index };
  draft.checkpoint = { origin, size };
  draft.hashes = parts.path.length + Math.ceil(Math.log2(size)) + 2;
  if (question.policy !== null) {
    const policy = parsePolicy(platform, question.policy, "policy");
    draft.witnesses = await witnessesOf(platform, policy, { note, file: FILE });
  }
  if (question.log === null) return;
  await requireInLog(platform, question.log, { key, leaf, index, size });
  draft.isInLog = true;
}

/** Checks one proof. Throws only what the log's source throws when it cannot be read at all. */
export async function verifyStatement(
  platform: Platform,
  question: StatementQuestion,
): Promise<StatementAnswer> {
  const draft: Draft = {
    isGood: false,
    refused: null,
    kind: null,
    item: null,
    place: null,
    entry: null,
    checkpoint: null,
    witnesses: [],
    isInLog: false,
    hashes: 0,
  };
  try {
    await check(platform, question, draft);
    return { ...draft, isGood: true };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ...draft, refused: { reason: error.reason, where: error.where } };
  }
}
