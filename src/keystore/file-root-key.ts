/** A root key in a file of its own: 64 hex characters, readable by its owner only. */
import path from "node:path";
import { Failure } from "../rules/failure.ts";
import { makeFolder, readWhole, requirePrivate, writeDurably } from "./durable-file.ts";
import { ROOT_KEY_BYTES, unwrapUnder, WRAP_NONCE_BYTES, wrapUnder } from "./root-key.ts";
import type { RootKey } from "./root-key.ts";

const KEY_TEXT = /^[0-9a-f]{64}\n?$/;

async function readKey(file: string): Promise<Buffer | null> {
  const bytes = await readWhole(file);
  if (bytes === null) return null;
  await requirePrivate(file);
  const text = bytes.toString("latin1");
  if (!KEY_TEXT.test(text)) throw new Failure("KEYSTORE_ROOT_WRONG");
  return Buffer.from(text.trim(), "hex");
}

/** Does `work` with the key in memory, and no longer. */
async function withKey<T>(file: string, work: (key: Buffer) => T): Promise<T> {
  const key = await readKey(file);
  if (key === null) throw new Failure("KEYSTORE_ROOT_MISSING");
  try {
    return work(key);
  } finally {
    key.fill(0);
  }
}

/**
 * The root key in `file`, which must lie outside the key store and the database. Its methods throw
 * KEYSTORE_PERMISSIONS as well when others can read the file.
 */
export function fileRootKey(file: string, randomBytes: (count: number) => Uint8Array): RootKey {
  return {
    kind: "file",
    exists: async () => {
      const key = await readKey(file);
      key?.fill(0);
      return key !== null;
    },
    make: async () => {
      const key = Buffer.from(randomBytes(ROOT_KEY_BYTES));
      await makeFolder(path.dirname(file));
      await writeDurably(file, Buffer.from(`${key.toString("hex")}\n`, "latin1"));
      key.fill(0);
    },
    wrap: async (secret, associated) =>
      withKey(file, (key) =>
        wrapUnder({ key, nonce: randomBytes(WRAP_NONCE_BYTES) }, secret, associated),
      ),
    unwrap: async (wrapped, associated) =>
      withKey(file, (key) => {
        const secret = unwrapUnder(key, wrapped, associated);
        if (secret === null) throw new Failure("KEYSTORE_ROOT_WRONG");
        return secret;
      }),
  };
}
