/** Where an inspector's bundle is read from: a folder, or an archive in the bundle's one form. */
import { constants } from "node:fs";
import { open, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../rules/failure.ts";
import type { BundleSource } from "../verifier/bundle-file.ts";
import { storedZip } from "../verifier/stored-zip.ts";

/** What one buffer of Node's holds is more; what the archive's own numbers hold is this. */
const ARCHIVE_BYTES_MAX = 0x7fff_ffff;
const NAMES_MAX = 1000;

function unreadable(error: unknown): Failure {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return new Failure("FILE_UNREADABLE", { reason: typeof code === "string" ? code : "unreadable" });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function folderSource(folder: string): BundleSource {
  return {
    names: async () => {
      const found = await readdir(folder, { withFileTypes: true });
      const names = found.map((entry) => (entry.isFile() ? entry.name : `${entry.name}/`));
      return names.slice(0, NAMES_MAX);
    },
    read: async (name, bytesMax) => {
      try {
        // A link could lead to what is no part of the bundle.
        const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
        await using handle = await open(path.join(folder, name), flags);
        const { size } = await handle.stat();
        return size > bytesMax ? "too-large" : await handle.readFile();
      } catch (error) {
        if (isMissing(error)) return null;
        throw unreadable(error);
      }
    },
  };
}

/**
 * The bundle at `place`, a folder or an archive. Throws FILE_UNREADABLE, and Refused with
 * BUNDLE_ARCHIVE for an archive of another form.
 */
export async function bundleSource(place: string): Promise<BundleSource> {
  let size: number;
  try {
    const facts = await stat(place);
    if (facts.isDirectory()) return folderSource(place);
    size = facts.size;
  } catch (error) {
    throw unreadable(error);
  }
  if (size > ARCHIVE_BYTES_MAX) throw new Failure("FILE_UNREADABLE", { reason: "too-large" });
  return storedZip(await readFile(place));
}
