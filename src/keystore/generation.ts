/**
 * Generation keys: everything in the key store is wrapped under the current one, and it alone is
 * wrapped under the root key. Rotating it is what makes older copies of the store useless (P6).
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { Failure, isFailure } from "../rules/failure.ts";
import { makeFolder, readWhole, requirePrivate, writeDurably } from "./durable-file.ts";
import { openFile, sealFile, WRAP_NONCE_BYTES } from "./sealed-file.ts";

export interface OpenOptions {
  readonly folder: string;
  /** 64 hex characters; outside `folder` and outside the database's folder. */
  readonly rootKeyFile: string;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly now: () => Date;
}

export interface Generation {
  readonly current: number;
  readonly madeAt: Date;
  /** Throws KEYSTORE_BROKEN for a generation that is not there. */
  keyOf(generation: number): Uint8Array;
  /** Zeroes all keys; `keyOf` throws from then on. */
  wipe(): void;
}

const KEY_BYTES = 32;
const FIRST = 1;
const FILE_NAME = /^generation-(\d{6})\.key$/;
const ROOT_KEY_TEXT = /^[0-9a-f]{64}\n?$/;

function fileOf(folder: string, generation: number): string {
  return path.join(folder, `generation-${String(generation).padStart(6, "0")}.key`);
}

async function readRootKey(file: string): Promise<Buffer | null> {
  const bytes = await readWhole(file);
  if (bytes === null) return null;
  await requirePrivate(file);
  const text = bytes.toString("latin1");
  if (!ROOT_KEY_TEXT.test(text)) throw new Failure("KEYSTORE_ROOT_WRONG");
  return Buffer.from(text.trim(), "hex");
}

async function makeRootKey(options: OpenOptions): Promise<Buffer> {
  const key = Buffer.from(options.randomBytes(KEY_BYTES));
  await makeFolder(path.dirname(options.rootKeyFile));
  await writeDurably(options.rootKeyFile, Buffer.from(`${key.toString("hex")}\n`, "latin1"));
  return key;
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

async function makeGeneration(options: OpenOptions, rootKey: Uint8Array): Promise<Buffer> {
  const secret = secretOf(options.now(), options.randomBytes(KEY_BYTES));
  const wrapping = { key: rootKey, nonce: options.randomBytes(WRAP_NONCE_BYTES) };
  await writeDurably(fileOf(options.folder, FIRST), sealFile(headOf(FIRST), wrapping, secret));
  return secret;
}

async function generationsIn(folder: string): Promise<number[]> {
  const found = (await readdir(folder)).map((name) => FILE_NAME.exec(name)?.[1]);
  return found
    .filter((number) => number !== undefined)
    .map(Number)
    .toSorted((a, b) => a - b);
}

/** What a store holds as soon as anything was ever kept in it. */
const TRACE = /^(?:tombstones$|serial$|(?:compartments|records|tenants|index)\/)/u;

async function isEmptyStore(folder: string): Promise<boolean> {
  const names = await readdir(folder, { recursive: true });
  return !names.some((name) => TRACE.test(name));
}

async function openExisting(
  options: OpenOptions,
  rootKey: Buffer,
  generation: number,
): Promise<Buffer> {
  const file = fileOf(options.folder, generation);
  const bytes = await readWhole(file);
  if (bytes === null) throw new Failure("KEYSTORE_BROKEN", { file: "generation" });
  await requirePrivate(file);
  try {
    return openFile(headOf(generation), rootKey, bytes);
  } catch (error) {
    if (isFailure(error, "KEYSTORE_BROKEN")) throw new Failure("KEYSTORE_ROOT_WRONG");
    throw error;
  }
}

/** Opens the generations of a store, or makes root key and first generation for an empty one. */
export async function openGeneration(options: OpenOptions): Promise<Generation> {
  const existing = await generationsIn(options.folder);
  const rootKey = await readRootKey(options.rootKeyFile);
  const isNew = existing.length === 0 && (await isEmptyStore(options.folder));
  if (rootKey === null && !isNew) throw new Failure("KEYSTORE_ROOT_MISSING");
  if (existing.length === 0 && !isNew) throw new Failure("KEYSTORE_BROKEN", { file: "generation" });
  const root = rootKey ?? (await makeRootKey(options));
  const secrets = new Map<number, Buffer>();
  if (isNew) secrets.set(FIRST, await makeGeneration(options, root));
  for (const generation of existing)
    secrets.set(generation, await openExisting(options, root, generation));
  root.fill(0);
  return generationOver(secrets);
}

function generationOver(secrets: Map<number, Buffer>): Generation {
  const current = Math.max(...secrets.keys());
  const secretFor = (generation: number): Buffer => {
    const secret = secrets.get(generation);
    if (secret === undefined) throw new Failure("KEYSTORE_BROKEN", { file: "generation" });
    return secret;
  };
  return {
    current,
    madeAt: new Date(Number(secretFor(current).readBigUInt64BE(0))),
    keyOf: (generation) => secretFor(generation).subarray(8),
    wipe: () => {
      for (const secret of secrets.values()) secret.fill(0);
      secrets.clear();
    },
  };
}
