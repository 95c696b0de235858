/**
 * What it costs to read the keys of one look anew from the folder, as a reveal and a search do it:
 * with reads that answer at once, against the same store whose every step goes through Node's
 * thread pool, in turns in the same run.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { SUITES } from "../src/crypto/suites.ts";
import { readWhole, requirePrivate, sizeOf } from "../src/keystore/durable-file.ts";
import { fileRootKey } from "../src/keystore/file-root-key.ts";
import { folderMedium } from "../src/keystore/folder-medium.ts";
import type { KeyMedium, Place } from "../src/keystore/key-medium.ts";
import { KeyStore } from "../src/keystore/key-store.ts";
import { addDays, dayOf, mondayOf } from "../src/rules/calendar.ts";
import { machineLines, median } from "./machine.ts";

const TENANT = "00000000-0000-4000-8000-000000000001";
const TERM_DAYS = 120;
/** Weeks of death that a tenant has index keys for, with a term of 120 days. */
const WEEKS = 19;
const ROUNDS = 20;
const LOOKS_PER_ROUND = 50;

/** The same folder, read through the thread pool. */
function pooledMedium(folder: string): KeyMedium {
  const read = async ({ shelf, name }: Place): Promise<Buffer | null> => {
    const file = path.join(folder, shelf, `${name}.key`);
    const bytes = await readWhole(file);
    if (bytes !== null) await requirePrivate(file);
    return bytes;
  };
  const ledgerBytes = async (): Promise<number> =>
    (await sizeOf(path.join(folder, "tombstones"))) ?? 0;
  return {
    ...folderMedium(folder),
    read: async (shelf, name) => read({ shelf, name }),
    ledgerBytes,
    glance: async (places) => {
      const bytes = await ledgerBytes();
      const found: (Buffer | null)[] = [];
      for (const place of places) found.push(await read(place));
      return { ledgerBytes: bytes, found };
    },
  };
}

interface Cost {
  /** Of this process with all its threads, microseconds a look. */
  readonly cpuUs: number;
  readonly p50Us: number;
}

async function costOf(look: () => Promise<unknown>): Promise<Cost> {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let at = 0; at < LOOKS_PER_ROUND; at += 1) {
    const began = performance.now();
    await look();
    times.push((performance.now() - began) * 1000);
  }
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: (user + system) / LOOKS_PER_ROUND, p50Us: median(times) };
}

/** A reveal reads the tenant's ring for who asks, for the token and for the quota. */
async function readForReveal(store: KeyStore): Promise<void> {
  for (let at = 0; at < 3; at += 1) await store.tenantKeys(TENANT);
  await store.openCompartment(1);
}

const LOOKS = {
  reveal: readForReveal,
  search: async (store: KeyStore) => store.indexKeys(TENANT),
} as const;

function show(name: string, ours: readonly Cost[], pooled: readonly Cost[]): void {
  const [fast, slow] = [ours, pooled].map((costs) => ({
    cpu: median(costs.map(({ cpuUs }) => cpuUs)),
    wait: median(costs.map(({ p50Us }) => p50Us)),
  }));
  if (fast === undefined || slow === undefined) return;
  console.log(
    `keys of a ${name}: processor ${fast.cpu.toFixed(0)} µs, waited ${fast.wait.toFixed(0)} µs; ` +
      `through the thread pool ${slow.cpu.toFixed(0)} µs, ${slow.wait.toFixed(0)} µs ` +
      `(${(slow.cpu / fast.cpu).toFixed(1)} and ${(slow.wait / fast.wait).toFixed(1)} times)`,
  );
}

/** Runs the bench in a folder of its own, which is gone afterwards, and prints its figures. */
export async function benchKeyRead(_words: readonly string[], stop: AbortSignal): Promise<void> {
  for (const line of machineLines()) console.log(line);
  const home = await mkdtemp(path.join(tmpdir(), "midan-bench-key-read-"));
  try {
    const random = (count: number): Uint8Array => randomBytes(count);
    const folder = path.join(home, "midan-keys");
    const rootKey = fileRootKey(path.join(home, "midan-root", "root.key"), random);
    const options = { folder, rootKey, randomBytes: random, now: () => new Date() };
    const store = await KeyStore.open(options);
    const pooled = await KeyStore.open({ ...options, medium: pooledMedium(folder) });
    const death = addDays(dayOf(new Date()), TERM_DAYS);
    await store.lease({ tenant: TENANT, dayOfDeath: death, suite: SUITES.intl.id });
    await store.tenantKeys(TENANT);
    for (let week = 0; week < WEEKS; week += 1)
      await store.indexKey(TENANT, mondayOf(addDays(death, -7 * week)), 24);
    for (const [name, look] of Object.entries(LOOKS)) {
      const [ours, theirs]: [Cost[], Cost[]] = [[], []];
      for (let round = 0; round < ROUNDS; round += 1) {
        stop.throwIfAborted();
        ours.push(await costOf(async () => look(store)));
        theirs.push(await costOf(async () => look(pooled)));
      }
      show(name, ours, theirs);
    }
    await pooled.close();
    await store.close();
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
