/** The manifest of an inspector's bundle: signed by the log, it says what the bundle is. */
import type { BundleFile } from "./bundle-file.ts";
import { isBundleFile } from "./bundle-file.ts";
import { fromHex, utf8 } from "./bytes.ts";
import { instantIn } from "./instant.ts";
import { INSTANT, UUID, canonicalObject, isRecord, matches, parsed } from "./leaf.ts";
import { HASH_BYTES } from "./merkle.ts";
import { signersOf, parseNote } from "./note.ts";
import type { SignedNote, VerifierKey } from "./note.ts";
import type { Platform } from "./platform.ts";
import { Refused } from "./reason.ts";

const HEADER = "midan.bundle/1";
const FILE = "manifest";
/** A clock that runs ahead by more than this is no clock. */
const FUTURE_MS = 5 * 60 * 1000;

export interface Scope {
  readonly tenant: string;
  /** Null for the whole tenant. */
  readonly organisation: string | null;
  readonly from: Date;
  readonly to: Date;
}

export interface ListedFile {
  readonly bytes: number;
  readonly hash: Uint8Array;
}

export interface Manifest extends Scope {
  readonly note: SignedNote;
  readonly madeAt: Date;
  readonly size: number;
  readonly root: Uint8Array;
  readonly leaves: number;
  readonly withheld: number;
  readonly files: ReadonlyMap<BundleFile, ListedFile>;
}

const MEMBERS = [
  "files",
  "from",
  "leaves",
  "madeAt",
  "organisation",
  "root",
  "size",
  "tenant",
  "to",
  "v",
  "withheld",
].join();

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function listedFile(value: unknown): ListedFile | null {
  if (!isRecord(value) || Object.keys(value).join() !== "bytes,sha256") return null;
  const hash = typeof value["sha256"] === "string" ? fromHex(value["sha256"]) : null;
  const { bytes } = value;
  return hash?.length === HASH_BYTES && isCount(bytes) ? { bytes, hash } : null;
}

function filesOf(value: unknown): ReadonlyMap<BundleFile, ListedFile> | null {
  if (!isRecord(value)) return null;
  const files = new Map<BundleFile, ListedFile>();
  for (const [name, listed] of Object.entries(value)) {
    const file = listedFile(listed);
    if (file === null || !isBundleFile(name) || name === FILE) return null;
    files.set(name, file);
  }
  return files;
}

function instantOf(value: unknown): Date | null {
  if (!matches(value, INSTANT) || Number.isNaN(instantIn(utf8(value), 0))) return null;
  return new Date(value);
}

/** Members of the JSON text, canonical and of version 1; null for anything else. */
function membersOf(text: string): Readonly<Record<string, unknown>> | null {
  const members = parsed(text);
  if (!isRecord(members) || canonicalObject(members) !== text) return null;
  return Object.keys(members).join() === MEMBERS && members["v"] === 1 ? members : null;
}

function manifestOf(note: SignedNote, json: string): Manifest | null {
  const members = membersOf(json);
  if (members === null) return null;
  const { tenant, organisation, size, leaves, withheld } = members;
  const [from, to] = [instantOf(members["from"]), instantOf(members["to"])];
  const madeAt = instantOf(members["madeAt"]);
  const root = typeof members["root"] === "string" ? fromHex(members["root"]) : null;
  const files = filesOf(members["files"]);
  if (from === null || to === null || madeAt === null || from >= to || files === null) return null;
  if (root?.length !== HASH_BYTES || !matches(tenant, UUID)) return null;
  if (organisation !== null && !matches(organisation, UUID)) return null;
  if (!isCount(size) || !isCount(leaves) || !isCount(withheld)) return null;
  return { note, tenant, organisation, from, to, madeAt, size, root, leaves, withheld, files };
}

/**
 * The manifest in `bytes`, signed by the log's `key`. Throws NOTE_MALFORMED, BUNDLE_FORM,
 * ORIGIN_WRONG, SIGNATURE_MISSING, SIGNATURE_WRONG or BUNDLE_FUTURE.
 */
export async function signedManifest(
  platform: Platform,
  bytes: Uint8Array,
  key: VerifierKey,
): Promise<Manifest> {
  const note = parseNote(bytes, FILE);
  const [header, origin, json = "", ...rest] = note.text.slice(0, -1).split("\n");
  if (header !== HEADER || rest.length > 0) throw new Refused("BUNDLE_FORM", { file: FILE });
  if (origin !== key.name) throw new Refused("ORIGIN_WRONG", { file: FILE });
  const signers = await signersOf(platform, note, { key, file: FILE });
  if (signers.length === 0) throw new Refused("SIGNATURE_MISSING", { file: FILE });
  const manifest = manifestOf(note, json);
  if (manifest === null) throw new Refused("BUNDLE_FORM", { file: FILE });
  if (signers.every(({ end }) => end !== null && manifest.madeAt > end.at))
    throw new Refused("KEY_RETIRED", { file: FILE, detail: key.name });
  if (manifest.madeAt.getTime() > platform.now().getTime() + FUTURE_MS)
    throw new Refused("BUNDLE_FUTURE", { file: FILE });
  return manifest;
}
