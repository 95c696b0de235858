/**
 * Somebody who has everything: data directory, backups, key store, root key, and older copies of
 * single key files. Written from docs/formats alone with the platform's cipher, and opens whatever
 * of it can be opened, in any byte of any file, also without knowing where a record ends.
 */
import { createDecipheriv } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { LEAF_COUNT, leafKey } from "../../src/crypto/key-tree.ts";
import type { TreeNode } from "../../src/crypto/key-tree.ts";
import { SUITES } from "../../src/crypto/suites.ts";
import { partKey } from "../../src/crypto/waybill-key.ts";

const KEY_BYTES = 32;
const NONCE_AT = 10;
const SECRET_AT = 22;
const TAG_BYTES = 16;
const NODE_BYTES = 37;

export async function filesUnder(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(file, await readFile(file));
  }
  return files;
}

/** The secret of a sealed file (key-store.md, "Sealed files"), or null. */
function unseal(file: Buffer, key: Buffer, identity: string): Buffer | null {
  if (file.length < SECRET_AT + TAG_BYTES || file.toString("latin1", 0, 4) !== "MDKS") return null;
  const decipher = createDecipheriv("aes-256-gcm", key, file.subarray(NONCE_AT, SECRET_AT));
  decipher.setAAD(Buffer.concat([file.subarray(0, NONCE_AT), Buffer.from(identity, "latin1")]));
  decipher.setAuthTag(file.subarray(-TAG_BYTES));
  try {
    const secret = decipher.update(file.subarray(SECRET_AT, -TAG_BYTES));
    return Buffer.concat([secret, decipher.final()]);
  } catch {
    return null;
  }
}

export interface Loot {
  /** Covers by serial: everything that any copy of any key file gives. */
  readonly covers: ReadonlyMap<number, readonly TreeNode[]>;
  /** Names of index keys that open. */
  readonly indexes: ReadonlySet<string>;
  /** Every secret that opened, for the search of key material. */
  readonly secrets: readonly Buffer[];
}

function nodesIn(secret: Buffer): TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let at = 0; at + NODE_BYTES <= secret.length; at += NODE_BYTES) {
    const seed = secret.subarray(at + 5, at + NODE_BYTES);
    nodes.push({ level: secret.readUInt8(at), index: secret.readUInt32BE(at + 1), seed });
  }
  return nodes;
}

/** Opens key files with the root key and with every generation key that is at hand. */
export function plunder(root: Buffer, files: ReadonlyMap<string, Buffer>): Loot {
  const names = [...files].map(([file, bytes]) => ({ file, bytes, name: basename(file) }));
  const generations = names.flatMap(({ name, bytes }) => {
    const number = /^generation-0*(\d+)\.key$/.exec(name)?.[1];
    const secret = number === undefined ? null : unseal(bytes, root, number);
    return secret === null ? [] : [secret.subarray(8, 8 + KEY_BYTES)];
  });
  const covers = new Map<number, TreeNode[]>();
  const indexes = new Set<string>();
  const secrets: Buffer[] = [root, ...generations];
  for (const { file, name, bytes } of names) {
    const identity = name.replace(/\.key$/, "");
    const secret = generations
      .map((key) => unseal(bytes, key, identity))
      .find((one) => one !== null);
    // The last signed checkpoint lies with the keys, but it is public and stands elsewhere too.
    if (secret === undefined || secret === null || /\/checkpoints\//.test(file)) continue;
    if (/\/(?:compartments|held)\//.test(file)) {
      const serial = Number.parseInt(identity, 16);
      covers.set(serial, [...(covers.get(serial) ?? []), ...nodesIn(secret)]);
      secrets.push(...nodesIn(secret).map(({ seed }) => Buffer.from(seed)));
    } else {
      if (/\/index\//.test(file)) indexes.add(identity);
      secrets.push(secret.subarray(-KEY_BYTES));
    }
  }
  return { covers, indexes, secrets };
}

type SuiteName = (typeof SUITES)["intl" | "gm"]["name"];

/** Counter mode of each suite's cipher. */
const COUNTER_MODES = { intl: "aes-256-ctr", gm: "sm4-ctr" } as const;
const HEADER_BYTES = 27;
const PEEK_BYTES = 12;
const PARTS = { 1: "parties", 2: "view" } as const;
const BEGINNINGS = { parties: '[["', view: '{"p":' } as const;

/** The first bytes of an envelope's plaintext: GCM is counter mode from block 2 on. */
function peek(
  suite: SuiteName,
  key: Uint8Array,
  sealed: { readonly nonce: Buffer; readonly ciphertext: Buffer },
): string {
  const { nonce, ciphertext } = sealed;
  const counter = Buffer.concat([nonce, Buffer.from([0, 0, 0, 2])]);
  const decipher = createDecipheriv(COUNTER_MODES[suite], key, counter);
  return decipher.update(ciphertext).toString("latin1");
}

interface Hunt {
  readonly loot: Loot;
  /** What envelopes are sealed with. */
  readonly suite: SuiteName;
}

function leafOf({ loot, suite: name }: Hunt, serial: number, slot: number): Uint8Array[] {
  const suite = SUITES[name];
  const leaves: Uint8Array[] = [];
  for (const node of loot.covers.get(serial) ?? []) {
    try {
      leaves.push(leafKey({ suite, serial }, [node], slot));
    } catch {
      // This node is not above the slot.
    }
  }
  return leaves;
}

function partOf(number: number | undefined): "parties" | "view" | null {
  return number === 1 ? PARTS[1] : number === 2 ? PARTS[2] : null;
}

/** `serial/slot/part` when what begins at `at` is an envelope and opens, else null. */
function openAt(hunt: Hunt, bytes: Buffer, at: number): string | null {
  if (at + HEADER_BYTES + PEEK_BYTES > bytes.length) return null;
  const serial = bytes.readUIntBE(at + 2, 5);
  const slot = bytes.readUIntBE(at + 7, 3);
  const part = partOf(bytes[at + 12]);
  if (part === null || slot >= LEAF_COUNT || !hunt.loot.covers.has(serial)) return null;
  const revision = bytes.readUInt8(at + 13);
  const nonce = bytes.subarray(at + 15, at + HEADER_BYTES);
  const ciphertext = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + PEEK_BYTES);
  const opens = leafOf(hunt, serial, slot).some((leaf) => {
    const key = partKey(SUITES[hunt.suite], leaf, { part, revision });
    return peek(hunt.suite, key, { nonce, ciphertext }).startsWith(BEGINNINGS[part]);
  });
  return opens ? `${serial}/${slot}/${part}` : null;
}

/** Adds every `serial/slot/part` that opens somewhere in `bytes` to `opened`. */
export function openEverything(hunt: Hunt, bytes: Buffer, opened: Set<string>): void {
  // Version 1, the suite, and the first byte of a serial.
  const start = Buffer.from([1, SUITES[hunt.suite].id, 0]);
  const next = (from: number): number => bytes.indexOf(start, from);
  for (let at = next(0); at >= 0; at = next(at + 1)) {
    const name = openAt(hunt, bytes, at);
    if (name !== null) opened.add(name);
  }
}
