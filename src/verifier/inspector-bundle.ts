/**
 * An inspector's bundle (检查包, docs/formats/inspector-bundle.md), checked as a whole: every file
 * against the signed manifest, every leaf against the signed checkpoint, the scope, the settings in
 * force and the figures of the summary against the leaves; and, when the log is at hand, that none
 * of the period was left out.
 */
import { BUNDLE_FILES, isBundleFile, namesOf, readBundleFile } from "./bundle-file.ts";
import type { BundleFile, BundleSource } from "./bundle-file.ts";
import { signedManifest } from "./bundle-manifest.ts";
import type { Manifest } from "./bundle-manifest.ts";
import { proveLeaves } from "./bundle-proofs.ts";
import { checkInForce, isOfPeriod, isOfPolicy, readPolicies } from "./bundle-scope.ts";
import type { Policies } from "./bundle-scope.ts";
import { checkSummary, countLeaf } from "./bundle-summary.ts";
import { sameBytes, textOf } from "./bytes.ts";
import { signedCheckpoint } from "./checkpoint.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { ReadLeaf } from "./leaf.ts";
import { readKeyChange } from "./key-change.ts";
import { parseLogKeys, withChanges } from "./log-keys.ts";
import type { LogKeys } from "./log-keys.ts";
import { parseKey } from "./note.ts";
import type { VerifierKey } from "./note.ts";
import { checkPart } from "./part-log.ts";
import type { Platform, Source } from "./platform.ts";
import { parsePolicy, witnessesOf } from "./policy.ts";
import type { WitnessSeen } from "./policy.ts";
import { judged, Refused } from "./reason.ts";
import type { Reason, Where } from "./reason.ts";
import { WIDTH } from "./tiles.ts";
import { requireAlso } from "./verify.ts";

export interface BundleQuestion {
  readonly source: BundleSource;
  /** The log's keys as text, from somewhere else than the bundle; null to take its word. */
  readonly key: string | null;
  /** A C2SP tlog-policy file of the asker's own; null to take the bundle's. */
  readonly policy: Uint8Array | null;
  /** The log itself, to see that no leaf of the period was left out; null without. */
  readonly log: Source | null;
}

export interface BundleAnswer {
  readonly isGood: boolean;
  readonly refused: { readonly reason: Reason; readonly where: Where } | null;
  /** False when the key was the bundle's own word, which proves nothing about who signed. */
  readonly isKeyGiven: boolean;
  readonly checkpoint: { readonly origin: string; readonly size: number } | null;
  readonly scope: {
    readonly tenant: string;
    readonly organisation: string | null;
    readonly from: string;
    readonly to: string;
    readonly madeAt: string;
  } | null;
  readonly signatures: number;
  readonly witnesses: readonly WitnessSeen[];
  readonly files: number;
  /** Leaves of the period; changes of settings from before it, or above the organisation. */
  readonly leaves: number;
  readonly earlier: number;
  /** Entries of which only the hash is in the bundle. */
  readonly withheld: number;
  readonly proofs: number;
  readonly settings: number;
  readonly figures: number;
  /** Leaves of the period that the log itself was found to hold; null when it was not asked. */
  readonly inLog: number | null;
}

type Draft = { -readonly [Member in keyof BundleAnswer]: BundleAnswer[Member] };

/** Changes of keys in the bundle, as words; each is signed by both keys. */
async function changesIn(source: BundleSource, names: ReadonlySet<BundleFile>): Promise<string> {
  const file = "log-changes";
  return names.has(file) ? (textOf(await readBundleFile(source, file)) ?? "") : "";
}

async function keysOf(
  platform: Platform,
  { source, key }: BundleQuestion,
  names: ReadonlySet<BundleFile>,
): Promise<LogKeys> {
  const file = "log.vkey";
  const changes = await changesIn(source, names);
  const beside = textOf(await readBundleFile(source, file)) ?? "";
  const own = await parseLogKeys(platform, withChanges(beside, changes));
  if (key === null) return own;
  // Whatever the bundle says, the keys that count are those that were given, and those to which
  // they lead: each change is signed by the key before it.
  const given = await parseLogKeys(platform, withChanges(key, changes));
  if (given.key.name !== own.key.name) throw new Refused("ORIGIN_WRONG", { file });
  const named = [own.key, ...own.also].flatMap(textsOf);
  const isNamed = [given.key, ...given.also].every((each) =>
    textsOf(each).some((text) => named.includes(text)),
  );
  if (!isNamed) throw new Refused("BUNDLE_KEY", { file });
  return given;
}

function textsOf({ text, line = [] }: VerifierKey): readonly string[] {
  return [text, ...line.map(({ key }) => key.text)];
}

function requireListed(names: ReadonlySet<BundleFile>, { files }: Manifest): void {
  for (const name of names)
    if (name !== "manifest" && !files.has(name)) throw new Refused("BUNDLE_EXTRA", { file: name });
  for (const [name, { isNeeded }] of Object.entries(BUNDLE_FILES))
    if (isNeeded && name !== "manifest" && isBundleFile(name) && !files.has(name))
      throw new Refused("BUNDLE_FORM", { file: "manifest", detail: name });
}

/** Every listed file's bytes, held against length and hash. */
async function readFiles(
  platform: Platform,
  source: BundleSource,
  { files }: Manifest,
): Promise<ReadonlyMap<BundleFile, Uint8Array>> {
  const read = new Map<BundleFile, Uint8Array>();
  for (const [file, listed] of files) {
    const bytes = await readBundleFile(source, file);
    if (bytes.length !== listed.bytes || !sameBytes(platform.sha256(bytes), listed.hash))
      throw new Refused("BUNDLE_FILE", { file });
    read.set(file, bytes);
  }
  return read;
}

/** Throws KEY_MALFORMED or KEY_CHANGE_WRONG for what is no key, or has words that are none. */
async function requireCertificateKey(platform: Platform, bytes: Uint8Array): Promise<void> {
  const [key = "", ...changes] = (textOf(bytes) ?? "").trim().split(/\s+/);
  parseKey(platform, key);
  for (const word of changes) await readKeyChange(platform, word);
}

interface Opened {
  readonly keys: LogKeys;
  readonly manifest: Manifest;
  readonly bytesOf: (file: BundleFile) => Uint8Array;
}

async function open(platform: Platform, question: BundleQuestion, draft: Draft): Promise<Opened> {
  const { source } = question;
  const names = await namesOf(source);
  const keys = await keysOf(platform, question, names);
  const { key, also } = keys;
  const file = "manifest";
  const manifest = await signedManifest(platform, await readBundleFile(source, file), key);
  draft.signatures += 1;
  draft.signatures += await requireAlso(platform, manifest, { file, also, mayMiss: false });
  const { tenant, organisation, from, to, madeAt } = manifest;
  draft.scope = {
    tenant,
    organisation,
    from: from.toISOString(),
    to: to.toISOString(),
    madeAt: madeAt.toISOString(),
  };
  requireListed(names, manifest);
  const read = await readFiles(platform, source, manifest);
  draft.files = read.size + 1;
  await requireCertificateKey(platform, read.get("certificate.vkey") ?? new Uint8Array(0));
  return { keys, manifest, bytesOf: (name) => read.get(name) ?? new Uint8Array(0) };
}

async function checkTree(
  platform: Platform,
  opened: Opened,
  { question, draft }: { readonly question: BundleQuestion; readonly draft: Draft },
): Promise<Checkpoint> {
  const file = "checkpoint";
  const { keys, manifest, bytesOf } = opened;
  const { key, also } = keys;
  const checkpoint = await signedCheckpoint(platform, bytesOf(file), { file, key });
  draft.signatures += 1;
  draft.signatures += await requireAlso(platform, checkpoint, { file, also, mayMiss: false });
  draft.checkpoint = { origin: checkpoint.origin, size: checkpoint.size };
  if (checkpoint.size !== manifest.size || !sameBytes(checkpoint.root, manifest.root))
    throw new Refused("BUNDLE_CHECKPOINT", { file });
  const own = manifest.files.has("witness-policy") ? bytesOf("witness-policy") : null;
  const policy = question.policy ?? own;
  if (policy === null) return checkpoint;
  const read = parsePolicy(platform, policy, "witness-policy");
  draft.witnesses = await witnessesOf(platform, read, { note: checkpoint.note, file });
  draft.signatures += draft.witnesses.filter(({ said }) => said.state === "held").length;
  return checkpoint;
}

interface Proven {
  /** Hash of each leaf of the period by its index. */
  readonly period: ReadonlyMap<number, Uint8Array>;
  readonly policies: Policies;
}

/** No tile between the first and the last leaf of the period may be left out. */
function requireWhole(period: Iterable<number>, tiles: ReadonlySet<number>): void {
  const numbers = Array.from(period, (index) => Math.floor(index / WIDTH));
  const [first = 0, last = -1] = [numbers.at(0), numbers.at(-1)];
  for (let tile = first; tile <= last; tile += 1)
    if (!tiles.has(tile)) throw new Refused("BUNDLE_GAP", { file: "proofs", index: tile * WIDTH });
}

function checkLeaves(platform: Platform, opened: Opened, draft: Draft): Proven {
  const { manifest, bytesOf } = opened;
  const policies = readPolicies(bytesOf("policies.json"), manifest);
  const period = new Map<number, Uint8Array>();
  const settings: ReadLeaf[] = [];
  const tally = new Map<string, number>();
  const onLeaf = (leaf: ReadLeaf, index: number, hash: Uint8Array): void => {
    const isThen = isOfPeriod(leaf, manifest, policies);
    const isPolicy = isOfPolicy(leaf, manifest, policies);
    if (!isThen && !isPolicy) throw new Refused("LEAF_OUTSIDE", { file: "leaves.ndjson", index });
    if (isPolicy) settings.push(leaf);
    if (!isThen) return;
    period.set(index, hash);
    countLeaf(tally, leaf);
  };
  const tiles = new Set<number>();
  const given = {
    leaves: bytesOf("leaves.ndjson"),
    proofs: bytesOf("proofs"),
    onLeaf,
    onTile: (tile: number): unknown => tiles.add(tile),
  };
  const counts = proveLeaves(platform, manifest, given);
  requireWhole(period.keys(), tiles);
  if (counts.leaves !== manifest.leaves || counts.withheld !== manifest.withheld)
    throw new Refused("BUNDLE_GAP", { file: "manifest", detail: `${counts.leaves} leaves` });
  checkInForce(policies, settings, manifest);
  for (const file of ["summary.zh.csv", "summary.en.csv"] as const)
    checkSummary(bytesOf(file), file, tally);
  draft.leaves = period.size;
  draft.earlier = counts.leaves - period.size;
  draft.withheld = counts.withheld;
  draft.proofs = counts.tiles;
  draft.settings = settings.length;
  draft.figures = tally.size;
  return { period, policies };
}

/** Looks the period up in the log itself: each leaf of the scope must be in the bundle. */
async function checkAgainstLog(
  platform: Platform,
  log: Source,
  { opened, proven }: { readonly opened: Opened; readonly proven: Proven },
): Promise<number> {
  const { manifest } = opened;
  const { key } = opened.keys;
  const file = "checkpoint";
  const bytes = await log.read(file);
  if (bytes === null) throw new Refused("FILE_MISSING", { file });
  const checkpoint = await signedCheckpoint(platform, bytes, { file, key });
  if (checkpoint.size < manifest.size) throw new Refused("LOG_SHRANK", { index: checkpoint.size });
  const seen = new Set<number>();
  const { from, to } = manifest;
  await checkPart(platform, log, {
    checkpoint,
    from,
    to,
    onLeaf: (leaf, index, hash) => {
      if (index >= manifest.size || !isOfPeriod(leaf, manifest, proven.policies)) return;
      const bundled = proven.period.get(index);
      if (bundled === undefined) throw new Refused("BUNDLE_GAP", { index });
      if (!sameBytes(bundled, hash)) throw new Refused("LOG_FORKED", { index });
      seen.add(index);
    },
  });
  for (const index of proven.period.keys())
    if (!seen.has(index)) throw new Refused("LOG_FORKED", { index });
  return seen.size;
}

async function check(platform: Platform, question: BundleQuestion, draft: Draft): Promise<void> {
  const opened = await open(platform, question, draft);
  await checkTree(platform, opened, { question, draft });
  const proven = checkLeaves(platform, opened, draft);
  if (question.log !== null)
    draft.inLog = await checkAgainstLog(platform, question.log, { opened, proven });
}

/** Checks a bundle. Throws only what the sources throw when they cannot be read at all. */
export async function verifyBundle(
  platform: Platform,
  question: BundleQuestion,
): Promise<BundleAnswer> {
  const draft: Draft = {
    isGood: false,
    refused: null,
    isKeyGiven: question.key !== null,
    checkpoint: null,
    scope: null,
    signatures: 0,
    witnesses: [],
    files: 0,
    leaves: 0,
    earlier: 0,
    withheld: 0,
    proofs: 0,
    settings: 0,
    figures: 0,
    inLog: null,
  };
  return judged(draft, async () => check(platform, question, draft));
}
