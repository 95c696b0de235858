/**
 * After a puncture nothing in the whole store, opened or not, is an ancestor of the dead leaf:
 * every byte of every file is looked at, as it lies there and as it opens.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { leafKey } from "../../src/crypto/key-tree.ts";
import { SUITES } from "../../src/crypto/suites.ts";
import { fileRootKey } from "../../src/keystore/file-root-key.ts";
import type { OpenOptions } from "../../src/keystore/generation.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { rotateGeneration } from "../../src/keystore/rotation.ts";
import { generationOf, KINDS, openFile, openUnderRoot } from "../../src/keystore/sealed-file.ts";
import type { Kind } from "../../src/keystore/sealed-file.ts";
import { refPath, REFERENCE_SUITES } from "../crypto/reference.ts";
import {
  freshBase,
  NOW,
  optionsIn,
  OTHER_TENANT,
  REQUEST,
  rootKeyFileIn,
  TENANT,
} from "./fresh-store.ts";

const SERIAL = 1;

function filesBelow(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.map((name) => path.join(folder, name)).filter((file) => statSync(file).isFile());
}

const kindOf = (bytes: Buffer): Kind | null => {
  const kind = Object.entries(KINDS).find(([, number]) => number === bytes[5])?.[0];
  // Keys of the table are kinds.
  return bytes.subarray(0, 4).toString("latin1") === "MDKS" ? ((kind as Kind) ?? null) : null;
};

/** Everything that lies in `base`, and everything that the root key opens of it. */
async function everything(base: string): Promise<readonly Buffer[]> {
  const rootKey = fileRootKey(rootKeyFileIn(base), (count) => randomBytes(count));
  const files = filesBelow(base).map((file) => ({ file, bytes: readFileSync(file) }));
  const generations = new Map<number, Buffer>();
  for (const { bytes } of files) {
    if (kindOf(bytes) !== "generation") continue;
    const generation = generationOf(bytes);
    const head = { kind: "generation", generation, identity: String(generation) } as const;
    generations.set(generation, (await openUnderRoot(head, rootKey, bytes)).subarray(8));
  }
  const opened = files.flatMap(({ file, bytes }) => {
    const kind = kindOf(bytes);
    if (kind === null || kind === "generation") return [];
    const generation = generationOf(bytes);
    const identity = path.basename(file, ".key");
    const key = generations.get(generation);
    assert.ok(key !== undefined, file);
    return [openFile({ kind, generation, identity }, key, bytes)];
  });
  const hex = files
    .map(({ bytes }) => bytes.toString("latin1"))
    .filter((t) => /^[0-9a-f\s]+$/u.test(t));
  const asHex = hex.map((text) => Buffer.from(text.trim(), "hex"));
  return [...files.map(({ bytes }) => bytes), ...generations.values(), ...opened, ...asHex];
}

/** How many of `seeds` stand anywhere in `places`, at any offset. */
function found(places: readonly Buffer[], seeds: ReadonlySet<string>): number {
  const seen = new Set<string>();
  for (const bytes of places) {
    for (let at = 0; at + 32 <= bytes.length; at += 1) {
      const here = bytes.toString("latin1", at, at + 32);
      if (seeds.has(here)) seen.add(here);
    }
  }
  return seen.size;
}

const latin = (hex: string): string => Buffer.from(hex, "hex").toString("latin1");

async function filledStore(options: OpenOptions): Promise<{ store: KeyStore; root: string }> {
  const store = await KeyStore.open(options);
  const { record, cover } = await store.lease(REQUEST);
  assert.equal(record.serial, SERIAL);
  await store.lease({ ...REQUEST, tenant: OTHER_TENANT });
  await store.tenantKeys(TENANT);
  const [node] = cover;
  assert.ok(node?.level === 0);
  return { store, root: Buffer.from(node.seed).toString("hex") };
}

function pathsTo(root: string, slots: readonly number[]): ReadonlySet<string> {
  const suite = REFERENCE_SUITES.find(({ hash }) => hash === SUITES.intl.hash);
  assert.ok(suite !== undefined);
  const nodes = slots.flatMap((slot) => refPath(suite, root, { serial: SERIAL, slot }));
  return new Set(nodes.map(latin));
}

test("P7: no ancestor of a punctured leaf is anywhere in the store, at any offset", async (t) => {
  const base = freshBase(t);
  const options = optionsIn(base);
  const { store, root } = await filledStore(options);
  const slots = [0, 1, 513, 65_535, 65_536, 99_999, 131_071];
  const forbidden = pathsTo(root, slots);
  // Before, the root is there: the search would find what it looks for.
  assert.equal(found(await everything(base), forbidden), 1);
  await store.puncture(SERIAL, slots, NOW);
  const places = await everything(base);
  const looked = places.reduce((sum, bytes) => sum + bytes.length, 0);
  assert.equal(found(places, forbidden), 0);
  assert.equal(found(places, pathsTo(root, [2])), 1);
  assert.ok(places.length > 10 && looked > 5000);
  t.diagnostic(`${looked} bytes, ${forbidden.size} ancestors looked for`);

  await rotateGeneration(options);
  const again = await KeyStore.open(options);
  assert.equal(found(await everything(base), forbidden), 0);
  const { record, cover } = await again.openCompartment(SERIAL);
  const tree = { suite: SUITES.intl, serial: record.serial };
  const alive = pathsTo(root, [2]);
  assert.ok(alive.has(Buffer.from(leafKey(tree, cover, 2)).toString("latin1")));
});

test("P7: a held leaf that was let go after its compartment died is nowhere either", async (t) => {
  const base = freshBase(t);
  const { store, root } = await filledStore(optionsIn(base));
  const forbidden = pathsTo(root, [7, 8]);
  await store.hold(SERIAL, [7]);
  await store.destroy(SERIAL, NOW);
  // The held leaf alone is left of its path.
  assert.equal(found(await everything(base), forbidden), 1);
  await store.letGo(SERIAL, [7], NOW);
  assert.equal(found(await everything(base), forbidden), 0);
});
