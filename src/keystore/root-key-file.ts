/**
 * A root key that is kept in a file, however it is written there, and how a new one takes its
 * place: it lies beside it as `.next` while both are needed, then replaces it, and the old one is
 * destroyed in place.
 */
import { Failure } from "../rules/failure.ts";
import { destroyFile, readWhole, replaceDurably } from "./durable-file.ts";
import { unwrapUnder, WRAP_NONCE_BYTES, wrapUnder } from "./root-key.ts";
import type { RootKey, RootKeyChange } from "./root-key.ts";

export interface KeptInFile extends Pick<RootKey, "kind" | "exists"> {
  readonly file: string;
  readonly randomBytes: (count: number) => Uint8Array;
  /** The key at that place, or null; whoever asked zeroes it after use. */
  readonly keyAt: (place: string) => Promise<Buffer | null>;
  /** Makes a new key at that place. */
  readonly makeAt: (place: string) => Promise<void>;
}

/** Where the new key of `file` lies while the old one is still needed. */
function nextOf(file: string): string {
  return `${file}.next`;
}

/** Destroys the root key in `file` in place, with one that was to follow it. */
async function destroyRoot(file: string): Promise<void> {
  await destroyFile(nextOf(file));
  await destroyFile(file);
}

/** Does `work` with the keys in memory, the newest first, and no longer. */
async function withKeys<T>(
  { file, keyAt }: KeptInFile,
  work: (newest: Buffer, older: Buffer) => T,
): Promise<T> {
  const next = await keyAt(nextOf(file));
  const key = await keyAt(file);
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

/** Whether both places hold the same bytes: the last step was interrupted behind its middle. */
async function isReplaced(file: string): Promise<boolean> {
  const [old, next] = [await readWhole(file), await readWhole(nextOf(file))];
  const isSame = old !== null && next !== null && old.equals(next);
  old?.fill(0);
  next?.fill(0);
  return isSame;
}

/** The change of the root key in a file, step by step. */
function changeOf(kept: KeptInFile): RootKeyChange {
  const { file, makeAt } = kept;
  const next = nextOf(file);
  return {
    isPending: async () => {
      const bytes = await readWhole(next);
      bytes?.fill(0);
      return bytes !== null;
    },
    begin: async () => makeAt(next),
    isUnderOld: async (wrapped, associated) =>
      !(await isReplaced(file)) &&
      (await withKeys(kept, (_newest, older) => opens(older, wrapped, associated))),
    finish: async () => {
      const bytes = await readWhole(next);
      if (bytes === null) return;
      await replaceDurably(file, bytes);
      bytes.fill(0);
      await destroyFile(next);
    },
  };
}

/** The root key that `kept` describes. Its methods throw what those of `kept` throw as well. */
export function rootKeyInFile(kept: KeptInFile): RootKey {
  const { kind, file, exists, randomBytes, makeAt } = kept;
  return {
    kind,
    exists,
    make: async () => makeAt(file),
    destroy: async () => destroyRoot(file),
    wrap: async (secret, associated) =>
      withKeys(kept, (key) =>
        wrapUnder({ key, nonce: randomBytes(WRAP_NONCE_BYTES) }, secret, associated),
      ),
    unwrap: async (wrapped, associated) =>
      withKeys(kept, (newest, older) => {
        const secret =
          unwrapUnder(newest, wrapped, associated) ?? unwrapUnder(older, wrapped, associated);
        if (secret === null) throw new Failure("KEYSTORE_ROOT_WRONG");
        return secret;
      }),
    change: changeOf(kept),
  };
}
