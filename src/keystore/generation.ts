/**
 * Generation keys: everything in the key store is wrapped under the current one, and it alone is
 * wrapped under the root key. Rotating it is what makes older copies of the store useless (P6).
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { Failure, isFailure } from "../rules/failure.ts";
import {
  destroyFile,
  readWhole,
  replaceDurably,
  requirePrivate,
  writeDurably,
} from "./durable-file.ts";
import { folderMedium } from "./folder-medium.ts";
import type { KeyMedium } from "./key-medium.ts";
import type { RootKey } from "./root-key.ts";
import { isUnderOldRoot, openUnderRoot, sealUnderRoot } from "./sealed-file.ts";

export interface OpenOptions {
  readonly folder: string;
  /** Where everything but the generation keys lies; the folder itself when it is not given. */
  readonly medium?: KeyMedium;
  /** Whether a backup is to be put back, so that one which was begun is no reason to refuse. */
  readonly putsBack?: boolean;
  /** Kept outside `folder` and outside the database's folder. */
  readonly rootKey: RootKey;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly now: () => Date;
}

/** The medium that `options` name. */
export function mediumOf(options: OpenOptions): KeyMedium {
  return options.medium ?? folderMedium(options.folder);
}

export interface Generation {
  /** The newest: what is written is wrapped under it. Its number never falls. */
  readonly current: number;
  /** When the oldest that still exists was made: copies of the store can be opened from then on. */
  readonly madeAt: Date;
  has(generation: number): boolean;
  /** Throws KEYSTORE_BROKEN for a generation that is not there. */
  keyOf(generation: number): Uint8Array;
  /** Learns of generations that another process has made, and forgets those that were destroyed. */
  refresh(): Promise<void>;
  /** Zeroes all keys until the next `refresh` reads them again. */
  forget(): void;
  /** Zeroes all keys; `keyOf` throws from then on. */
  wipe(): void;
}

const KEY_BYTES = 32;
const FIRST = 1;
const FILE_NAME = /^generation-(\d{6})\.key$/;

function fileOf(folder: string, generation: number): string {
  return path.join(folder, `generation-${String(generation).padStart(6, "0")}.key`);
}

/** A generation's secret: when it was made (8 bytes, milliseconds), then the key (32). */
function secretOf(madeAt: Date, key: Uint8Array): Buffer {
  const secret = Buffer.alloc(8 + KEY_BYTES);
  secret.writeBigUInt64BE(BigInt(madeAt.getTime()));
  secret.set(key, 8);
  return secret;
}

function headOf(generation: number) {
  return { kind: "generation", generation, identity: String(generation) } as const;
}

async function makeGeneration(options: OpenOptions, generation: number): Promise<Buffer> {
  const secret = secretOf(options.now(), options.randomBytes(KEY_BYTES));
  const file = fileOf(options.folder, generation);
  await writeDurably(file, await sealUnderRoot(headOf(generation), options.rootKey, secret));
  return secret;
}

/** Makes the generation after `current`. Only under the lock. */
export async function makeNextGeneration(options: OpenOptions, current: number): Promise<void> {
  (await makeGeneration(options, current + 1)).fill(0);
}

/** Wraps a generation under the root key as it is now. Only under the lock. */
export async function resealGeneration(options: OpenOptions, generation: number): Promise<void> {
  const secret = await openExisting(options, generation);
  const sealed = await sealUnderRoot(headOf(generation), options.rootKey, secret);
  secret.fill(0);
  await replaceDurably(fileOf(options.folder, generation), sealed);
}

/**
 * How many generations the old root key still opens, of how many there are, while it is being
 * changed. Nothing else is wrapped under a root key.
 */
export async function countUnderOldRoot(
  options: OpenOptions,
): Promise<{ readonly old: number; readonly total: number }> {
  const { folder, rootKey } = options;
  const generations = await generationsIn(folder);
  let old = 0;
  for (const generation of generations) {
    const bytes = await readWhole(fileOf(folder, generation));
    const isUnderOld = bytes !== null && (await isUnderOldRoot(headOf(generation), rootKey, bytes));
    if (isUnderOld) old += 1;
  }
  return { old, total: generations.length };
}

export interface RootState {
  readonly kind: RootKey["kind"];
  /** While the root key is being changed: generations that the old one opens, of how many. */
  readonly change: { readonly old: number; readonly total: number } | null;
}

/** What keeps the root key, and how far a change of it is. Throws as the root key does. */
export async function rootStateOf(options: OpenOptions): Promise<RootState> {
  const { kind, change } = options.rootKey;
  if (change === undefined || !(await change.isPending())) return { kind, change: null };
  return { kind, change: await countUnderOldRoot(options) };
}

/** Destroys every generation before `current`; how many there were. Only under the lock. */
export async function destroyGenerationsBefore(folder: string, current: number): Promise<number> {
  const dead = (await generationsIn(folder)).filter((generation) => generation < current);
  for (const generation of dead) await destroyFile(fileOf(folder, generation));
  return dead.length;
}

async function generationsIn(folder: string): Promise<number[]> {
  const found = (await readdir(folder)).map((name) => FILE_NAME.exec(name)?.[1]);
  return found
    .filter((number) => number !== undefined)
    .map(Number)
    .toSorted((a, b) => a - b);
}

async function openExisting(options: OpenOptions, generation: number): Promise<Buffer> {
  const file = fileOf(options.folder, generation);
  const bytes = await readWhole(file);
  if (bytes === null) throw new Failure("KEYSTORE_BROKEN", { file: "generation" });
  await requirePrivate(file);
  try {
    return await openUnderRoot(headOf(generation), options.rootKey, bytes);
  } catch (error) {
    if (isFailure(error, "KEYSTORE_BROKEN")) throw new Failure("KEYSTORE_ROOT_WRONG");
    throw error;
  }
}

/** Opens the generations of a store, or makes root key and first generation for an empty one. */
export async function openGeneration(options: OpenOptions): Promise<Generation> {
  const existing = await generationsIn(options.folder);
  const hasRoot = await options.rootKey.exists();
  const isNew = existing.length === 0 && (await mediumOf(options).isEmpty());
  if (!hasRoot && !isNew) throw new Failure("KEYSTORE_ROOT_MISSING");
  if (existing.length === 0 && !isNew) throw new Failure("KEYSTORE_BROKEN", { file: "generation" });
  if (!hasRoot) await options.rootKey.make();
  const secrets = new Map<number, Buffer>();
  if (isNew) secrets.set(FIRST, await makeGeneration(options, FIRST));
  for (const generation of existing)
    secrets.set(generation, await openExisting(options, generation));
  return generationOver(options, secrets);
}

/** Brings `secrets` in line with the files of generations that are there now. */
async function reload(options: OpenOptions, secrets: Map<number, Buffer>): Promise<void> {
  const existing = await generationsIn(options.folder);
  for (const [generation, secret] of secrets) {
    if (existing.includes(generation)) continue;
    secret.fill(0);
    secrets.delete(generation);
  }
  const unread = existing.filter((generation) => !secrets.has(generation));
  for (const generation of unread) {
    secrets.set(generation, await openExisting(options, generation));
  }
}

/** When the oldest of `secrets`, of which there is one, was made. */
function oldestOf(secrets: ReadonlyMap<number, Buffer>): Date {
  const oldest = secrets.get(Math.min(...secrets.keys()));
  return new Date(Number(oldest?.readBigUInt64BE(0) ?? 0));
}

function generationOver(options: OpenOptions, secrets: Map<number, Buffer>): Generation {
  let isWiped = false;
  // When keys were made is no secret, and is asked for also while they are not at hand.
  let lastMadeAt = new Date(0);
  const forget = (): void => {
    if (secrets.size > 0) lastMadeAt = oldestOf(secrets);
    for (const secret of secrets.values()) secret.fill(0);
    secrets.clear();
  };
  const secretFor = (generation: number): Buffer => {
    const secret = secrets.get(generation);
    if (secret === undefined) throw new Failure("KEYSTORE_BROKEN", { file: "generation" });
    return secret;
  };
  return {
    get current() {
      return Math.max(...secrets.keys());
    },
    get madeAt() {
      return secrets.size > 0 ? oldestOf(secrets) : lastMadeAt;
    },
    has: (generation) => secrets.has(generation),
    keyOf: (generation) => secretFor(generation).subarray(8),
    refresh: async () => {
      if (!isWiped) await reload(options, secrets);
    },
    forget,
    wipe: () => {
      isWiped = true;
      forget();
    },
  };
}
