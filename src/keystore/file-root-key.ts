/**
 * A root key in a file of its own: 64 hex characters, readable by its owner only. While it is being
 * changed the new one lies beside it as `.next`; then it takes its place, and the old one is
 * destroyed in place.
 */
import path from "node:path";
import { Failure } from "../rules/failure.ts";
import { makeFolder, readWhole, requirePrivate, writeDurably } from "./durable-file.ts";
import { ROOT_KEY_BYTES, unwrapUnder, WRAP_NONCE_BYTES, wrapUnder } from "./root-key.ts";
import type { RootKey } from "./root-key.ts";
import { destroyRoot, fileChange, nextOf } from "./root-key-file.ts";

const KEY_TEXT = /^[0-9a-f]{64}\n?$/;

async function readKey(file: string): Promise<Buffer | null> {
  const bytes = await readWhole(file);
  if (bytes === null) return null;
  await requirePrivate(file);
  const text = bytes.toString("latin1");
  if (!KEY_TEXT.test(text)) throw new Failure("KEYSTORE_ROOT_WRONG");
  return Buffer.from(text.trim(), "hex");
}

/** Does `work` with the keys in memory, the newest first, and no longer. */
async function withKeys<T>(file: string, work: (newest: Buffer, older: Buffer) => T): Promise<T> {
  const next = await readKey(nextOf(file));
  const key = await readKey(file);
  const newest = next ?? key;
  if (newest === null) throw new Failure("KEYSTORE_ROOT_MISSING");
  try {
    return work(newest, key ?? newest);
  } finally {
    next?.fill(0);
    key?.fill(0);
  }
}

function opens(key: Uint8Array, wrapped: Uint8Array, associated: Uint8Array): boolean {
  const secret = unwrapUnder(key, wrapped, associated);
  secret?.fill(0);
  return secret !== null;
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
  const key = Buffer.from(randomBytes(ROOT_KEY_BYTES));
  await writeDurably(file, textOf(key));
  key.fill(0);
}

/**
 * The root key in `file`, which must lie outside the key store and the database. Its methods throw
 * KEYSTORE_PERMISSIONS as well when others can read the file.
 */
export function fileRootKey(file: string, randomBytes: (count: number) => Uint8Array): RootKey {
  return {
    kind: "file",
    exists: async () => exists(file),
    make: async () => {
      await makeFolder(path.dirname(file));
      await makeKey(file, randomBytes);
    },
    destroy: async () => destroyRoot(file),
    wrap: async (secret, associated) =>
      withKeys(file, (key) =>
        wrapUnder({ key, nonce: randomBytes(WRAP_NONCE_BYTES) }, secret, associated),
      ),
    unwrap: async (wrapped, associated) =>
      withKeys(file, (newest, older) => {
        const secret =
          unwrapUnder(newest, wrapped, associated) ?? unwrapUnder(older, wrapped, associated);
        if (secret === null) throw new Failure("KEYSTORE_ROOT_WRONG");
        return secret;
      }),
    change: fileChange({
      file,
      makeAt: async (place) => makeKey(place, randomBytes),
      isUnderOld: async (wrapped, associated) =>
        withKeys(file, (_newest, older) => opens(older, wrapped, associated)),
    }),
  };
}
