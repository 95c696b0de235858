/**
 * `npm run bench -- tree`: what the key tree costs: leaves in order and at random, punctures by how
 * much has been punctured, and all 131,072 of them. The rival of a leaf in order is one hash.
 */
import { hash, randomBytes, randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { leafKey, LEAF_COUNT, LeafWalker, puncture, punctureAll } from "../src/crypto/key-tree.ts";
import type { Cover } from "../src/crypto/key-tree.ts";
import { SUITES } from "../src/crypto/suites.ts";
import { fileRootKey } from "../src/keystore/file-root-key.ts";
import { KeyStore } from "../src/keystore/key-store.ts";
import { parseDay } from "../src/rules/calendar.ts";
import { machineLines } from "./machine.ts";

const RANDOM_LEAVES = 20_000;
const DURABLE_PUNCTURES = 200;
const FRESH_PUNCTURES = 5000;
const MARKS: readonly number[] = [1000, 10_000, 65_536, 100_000, LEAF_COUNT];
const TENANT = "00000000-0000-4000-8000-000000000001";

function perCall(what: string, count: number, work: () => void): number {
  const began = performance.now();
  work();
  const microseconds = ((performance.now() - began) * 1000) / count;
  console.log(`${what.padEnd(30)} ${microseconds.toFixed(2).padStart(9)} µs`);
  return microseconds;
}

function shuffled(): number[] {
  const slots = Array.from({ length: LEAF_COUNT }, (_, slot) => slot);
  for (let at = LEAF_COUNT - 1; at > 0; at -= 1) {
    const other = randomInt(at + 1);
    [slots[at], slots[other]] = [slots[other] ?? 0, slots[at] ?? 0];
  }
  return slots;
}

function benchSuite(name: keyof typeof SUITES): void {
  const tree = { suite: SUITES[name], serial: 1 };
  const root: Cover = [{ level: 0, index: 0, seed: randomBytes(32) }];
  const block = randomBytes(96);
  const slots = shuffled();
  const one = perCall(`${name}: one hash of 96 bytes`, LEAF_COUNT, () => {
    for (let at = 0; at < LEAF_COUNT; at += 1) hash(tree.suite.hash, block, "buffer");
  });
  const walked = perCall(`${name}: leaf in order`, LEAF_COUNT, () => {
    const walker = new LeafWalker(tree, root);
    for (let slot = 0; slot < LEAF_COUNT; slot += 1) walker.key(slot);
  });
  const random = perCall(`${name}: leaf at random`, RANDOM_LEAVES, () => {
    for (const slot of slots.slice(0, RANDOM_LEAVES)) leafKey(tree, root, slot);
  });
  console.log(
    `ratio to one hash: in order ${(walked / one).toFixed(1)}, random ${(random / one).toFixed(1)}`,
  );
}

/** All leaves punctured in random order, told at some marks on the way. */
function benchPunctures(): void {
  const tree = { suite: SUITES.intl, serial: 1 };
  const root: Cover = [{ level: 0, index: 0, seed: randomBytes(32) }];
  perCall("intl: the first puncture", FRESH_PUNCTURES, () => {
    for (let slot = 0; slot < FRESH_PUNCTURES; slot += 1) puncture(tree, root, slot * 26);
  });
  let cover = root;
  let nodes = 0;
  const slots = shuffled();
  let from = 0;
  const began = performance.now();
  for (const mark of MARKS) {
    const what = `intl: puncture ${from + 1} to ${mark}`;
    perCall(what, mark - from, () => {
      cover = punctureAll(tree, cover, slots.slice(from, mark));
    });
    nodes = Math.max(nodes, cover.length);
    from = mark;
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`intl: all ${LEAF_COUNT} punctures in ${seconds} s, ${nodes} nodes seen at most`);
}

/** A puncture as the key store makes it: tombstone, cover, both durable. */
async function benchStore(folder: string): Promise<void> {
  const random = (count: number): Uint8Array => randomBytes(count);
  const dayOfDeath = parseDay("2027-03-24");
  if (dayOfDeath === null) throw new RangeError("no such day");
  const store = await KeyStore.open({
    folder: path.join(folder, "midan-keys"),
    rootKey: fileRootKey(path.join(folder, "midan-root", "root.key"), random),
    randomBytes: random,
    now: () => new Date(),
  });
  const { record } = await store.lease({ tenant: TENANT, dayOfDeath, suite: SUITES.intl.id });
  const began = performance.now();
  for (let at = 0; at < DURABLE_PUNCTURES; at += 1)
    await store.puncture(record.serial, [at * 641], new Date());
  const each = (performance.now() - began) / DURABLE_PUNCTURES;
  console.log(`key store: durable puncture     ${each.toFixed(1)} ms, over ${DURABLE_PUNCTURES}`);
  await store.close();
}

/** Runs the bench and prints its figures. */
export async function benchTree(): Promise<void> {
  for (const line of machineLines()) console.log(line);
  benchSuite("intl");
  benchSuite("gm");
  benchPunctures();
  const folder = await mkdtemp(path.join(tmpdir(), "midan-bench-"));
  try {
    await benchStore(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
