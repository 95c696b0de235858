/**
 * The files of an inspector's bundle (docs/formats/inspector-bundle.md): a closed table of names,
 * so that no name can lead out of the bundle, each with the most bytes that it may have.
 */
import { Refused } from "./reason.ts";

const MIB = 1024 * 1024;

export const BUNDLE_FILES = {
  manifest: { bytesMax: MIB, isNeeded: true },
  checkpoint: { bytesMax: MIB, isNeeded: true },
  "log.vkey": { bytesMax: 4096, isNeeded: true },
  "log-changes": { bytesMax: 262_144, isNeeded: false },
  "certificate.vkey": { bytesMax: 262_144, isNeeded: true },
  "witness-policy": { bytesMax: MIB, isNeeded: false },
  "leaves.ndjson": { bytesMax: 512 * MIB, isNeeded: true },
  proofs: { bytesMax: 512 * MIB, isNeeded: true },
  "policies.json": { bytesMax: 64 * MIB, isNeeded: true },
  "summary.zh.csv": { bytesMax: 64 * MIB, isNeeded: true },
  "summary.en.csv": { bytesMax: 64 * MIB, isNeeded: true },
  "summary.zh.pdf": { bytesMax: 64 * MIB, isNeeded: true },
  "summary.en.pdf": { bytesMax: 64 * MIB, isNeeded: true },
  "verify-log.html": { bytesMax: MIB, isNeeded: true },
  "README.txt": { bytesMax: MIB, isNeeded: true },
} as const satisfies Record<string, { readonly bytesMax: number; readonly isNeeded: boolean }>;

export type BundleFile = keyof typeof BUNDLE_FILES;

/** The files of one bundle, wherever they lie. */
export interface BundleSource {
  /** Every name that is there, with forward slashes; what is no plain file ends with a slash. */
  readonly names: () => Promise<readonly string[]>;
  /** The bytes of a file of the table, or null when there is none. */
  readonly read: (name: BundleFile, bytesMax: number) => Promise<Uint8Array | "too-large" | null>;
}

const PLAIN = /^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/;

export function isBundleFile(name: string): name is BundleFile {
  return Object.hasOwn(BUNDLE_FILES, name);
}

/** The names of the bundle. Throws BUNDLE_NAME or BUNDLE_EXTRA for any that no bundle has. */
export async function namesOf(source: BundleSource): Promise<ReadonlySet<BundleFile>> {
  const found = new Set<BundleFile>();
  for (const name of await source.names()) {
    if (!PLAIN.test(name)) throw new Refused("BUNDLE_NAME");
    if (!isBundleFile(name) || found.has(name)) throw new Refused("BUNDLE_EXTRA", { file: name });
    found.add(name);
  }
  return found;
}

/** The bytes of a file. Throws FILE_MISSING or BUNDLE_LARGE. */
export async function readBundleFile(source: BundleSource, file: BundleFile): Promise<Uint8Array> {
  const { bytesMax } = BUNDLE_FILES[file];
  const bytes = await source.read(file, bytesMax);
  if (bytes === null) throw new Refused("FILE_MISSING", { file });
  if (bytes === "too-large" || bytes.length > bytesMax)
    throw new Refused("BUNDLE_LARGE", { file, byte: bytesMax });
  return bytes;
}
