/**
 * The texts of an inspector's bundle (检查包): its signed manifest and its proofs, as
 * docs/formats/inspector-bundle.md fixes them. What checks them is the verifier's and shares no
 * code with this.
 */
import { canonicalJson } from "./canonical-json.ts";
import type { CanonicalValue } from "./canonical-json.ts";
import { signedNote } from "./note.ts";
import type { NoteSigner } from "./note.ts";

export const BUNDLE_HEADER = "midan.bundle/1";
const PROOFS_HEADER = "midan.bundle.proofs/1";

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** One tile of 256 entries, of which some are in the bundle. */
export interface BundledTile {
  readonly number: number;
  /** For each entry of the tile: null when its leaf is in the bundle, else its hash (32 bytes). */
  readonly entries: readonly (Uint8Array | null)[];
  /** From the tile up to the root, 32 bytes each. */
  readonly path: readonly Uint8Array[];
}

function entryLines(entries: readonly (Uint8Array | null)[]): string[] {
  const lines: string[] = [];
  let run = 0;
  const endRun = (): void => {
    if (run > 0) lines.push(`leaves ${run}`);
    run = 0;
  };
  for (const entry of entries) {
    if (entry === null) {
      run += 1;
      continue;
    }
    endRun();
    lines.push(`hash ${base64(entry)}`);
  }
  endRun();
  return lines;
}

function tileText({ number, entries, path }: BundledTile): string {
  const lines = [
    `tile ${number}`,
    ...entryLines(entries),
    ...path.map((hash) => `path ${base64(hash)}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** The file `proofs`: one block for each tile, in the order of the log. */
export function proofsText(tiles: readonly BundledTile[]): string {
  return [`${PROOFS_HEADER}\n`, ...tiles.map(tileText)].join("\n");
}

export interface BundleManifest {
  readonly origin: string;
  readonly madeAt: Date;
  /** Size and root (32 bytes) of the checkpoint that all proofs lead to. */
  readonly size: number;
  readonly root: Uint8Array;
  readonly tenant: string;
  /** UUID, or null for the whole tenant. */
  readonly organisation: string | null;
  /** The period: from this instant on, and before the other one. */
  readonly from: Date;
  readonly to: Date;
  /** How many leaves the bundle holds, and of how many entries beside them the hash alone. */
  readonly leaves: number;
  readonly withheld: number;
  /** Length in bytes and SHA-256 (hex) of every other file, by name. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

/** The manifest, signed by the log's own keys. */
export function manifestNote(manifest: BundleManifest, signers: readonly NoteSigner[]): string {
  const { origin, madeAt, from, to, root, ...rest } = manifest;
  const members: CanonicalValue = {
    ...rest,
    v: 1,
    madeAt: madeAt.toISOString(),
    from: from.toISOString(),
    to: to.toISOString(),
    root: Buffer.from(root).toString("hex"),
  };
  const json = Buffer.from(canonicalJson(members)).toString("utf8");
  return signedNote(`${BUNDLE_HEADER}\n${origin}\n${json}\n`, signers);
}
