/**
 * A root key in a file of its own: 64 hex characters, readable by its owner only. While it is being
 * changed the new one lies beside it as `.next`; then it takes its place, and the old one is
 * destroyed in place.
 */
import path from "node:path";
import { Failure } from "../rules/failure.ts";
import { makeFolder, readWhole, requirePrivate, writeDurably } from "./durable-file.ts";
import { ROOT_KEY_BYTES } from "./root-key.ts";
import type { RootKey } from "./root-key.ts";
import { rootKeyInFile } from "./root-key-file.ts";

const KEY_TEXT = /^[0-9a-f]{64}\n?$/;

async function readKey(file: string): Promise<Buffer | null> {
  const bytes = await readWhole(file);
  if (bytes === null) return null;
  await requirePrivate(file);
  const text = bytes.toString("latin1");
  if (!KEY_TEXT.test(text)) throw new Failure("KEYSTORE_ROOT_WRONG");
  return Buffer.from(text.trim(), "hex");
}

async function exists(file: string): Promise<boolean> {
  const key = await readKey(file);
  key?.fill(0);
  return key !== null;
}

function textOf(key: Uint8Array): Buffer {
  return Buffer.from(`${Buffer.from(key).toString("hex")}\n`, "latin1");
}

async function makeKey(file: string, randomBytes: (count: number) => Uint8Array): Promise<void> {
  await makeFolder(path.dirname(file));
  const key = Buffer.from(randomBytes(ROOT_KEY_BYTES));
  await writeDurably(file, textOf(key));
  key.fill(0);
}

/**
 * The root key in `file`, which must lie outside the key store and the database. Its methods throw
 * KEYSTORE_PERMISSIONS as well when others can read the file.
 */
export function fileRootKey(file: string, randomBytes: (count: number) => Uint8Array): RootKey {
  return rootKeyInFile({
    kind: "file",
    file,
    randomBytes,
    exists: async () => exists(file),
    keyAt: readKey,
    makeAt: async (place) => makeKey(place, randomBytes),
  });
}
