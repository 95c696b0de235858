/**
 * How a new root key in a file takes the place of the old one: it lies beside it as `.next` while
 * both are needed, then replaces it, and the old one is destroyed in place.
 */
import { destroyFile, readWhole, replaceDurably } from "./durable-file.ts";
import type { RootKeyChange } from "./root-key.ts";

/** Where the new key of `file` lies while the old one is still needed. */
export function nextOf(file: string): string {
  return `${file}.next`;
}

/** Destroys the root key in `file` in place, with one that was to follow it. */
export async function destroyRoot(file: string): Promise<void> {
  await destroyFile(nextOf(file));
  await destroyFile(file);
}

export interface FileChange {
  readonly file: string;
  /** Makes a new root key at that place. */
  readonly makeAt: (place: string) => Promise<void>;
  /** Whether the key in `file` opens these bytes. */
  readonly isUnderOld: RootKeyChange["isUnderOld"];
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
export function fileChange({ file, makeAt, isUnderOld }: FileChange): RootKeyChange {
  const next = nextOf(file);
  return {
    isPending: async () => {
      const bytes = await readWhole(next);
      bytes?.fill(0);
      return bytes !== null;
    },
    begin: async () => makeAt(next),
    isUnderOld: async (wrapped, associated) =>
      !(await isReplaced(file)) && (await isUnderOld(wrapped, associated)),
    finish: async () => {
      const bytes = await readWhole(next);
      if (bytes === null) return;
      await replaceDurably(file, bytes);
      bytes.fill(0);
      await destroyFile(next);
    },
  };
}
