/**
 * What the key store costs: shredding a day against DELETE of the same rows in the same run,
 * dropping a week, durable punctures, and a rotation of the generation while others wait for their
 * turn. The tree itself is measured in key-tree.ts.
 */
import { playedActor } from "../src/access/actor.ts";
import { randomBytes, randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { parseConfig } from "../src/config.ts";
import { LEAF_COUNT } from "../src/crypto/key-tree.ts";
import { SUITES } from "../src/crypto/suites.ts";
import { fileRootKey } from "../src/keystore/file-root-key.ts";
import { folderMedium } from "../src/keystore/folder-medium.ts";
import { KeyStore } from "../src/keystore/key-store.ts";
import { rotateGeneration } from "../src/keystore/rotation.ts";
import { openVault } from "../src/main.ts";
import { readOrders } from "../src/orders/read.ts";
import { addDays, dayOf, mondayOf } from "../src/rules/calendar.ts";
import type { Day } from "../src/rules/calendar.ts";
import { findCompartment, insertCompartments } from "../src/store/compartment.ts";
import { dropDeadWeek } from "../src/store/partition.ts";
import { connected } from "../src/store/pool.ts";
import { execute } from "../src/store/query.ts";
import { seal } from "../src/vault/seal.ts";
import { shred } from "../src/vault/shred.ts";
import type { Vault } from "../src/vault/vault.ts";
import { machineLines, median } from "./machine.ts";

const SAMPLE = new URL("../samples/orders-en.csv", import.meta.url).pathname;
const TENANT = "00000000-0000-4000-8000-000000000001";
const TERM_DAYS = 120;
const PUNCTURES_TIMED = 200;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function run(vault: Vault, text: string, values: readonly unknown[] = []): Promise<number> {
  return connected(vault.database, async (connection) => execute(connection, { text, values }));
}

/** Copies of one real row: as wide as it, in places of their own. */
const SHELLS = `
  insert into shell (compartment, sealed_at, shell_week, day_of_death, slot, division_code, bucket,
    tenant_id, token_random, merchant_key, carrier, waybill_number)
  select $1, s.sealed_at, s.shell_week, s.day_of_death, i, s.division_code, (i / 512)::smallint,
    s.tenant_id, substring(uuid_send(gen_random_uuid()) from 1 for 7), s.merchant_key, s.carrier,
    'BNF' || lpad(i::text, 13, '0')
  from generate_series(0, $2::integer - 1) as i
  cross join (select * from shell where compartment = $3 limit 1) as s on conflict do nothing`;
const PARTIES = `
  insert into party (compartment, death_week, slot, phone_tag, fingerprint_tag, bucket, parties,
    view)
  select $1, p.death_week, i, i, i, (i / 512)::smallint, p.parties, p.view
  from generate_series(0, $2::integer - 1) as i
  cross join (select * from party where compartment = $3 limit 1) as p on conflict do nothing`;

/** The compartments of a day that holds `rows` waybills; a real seal makes the first. */
async function fillDay(vault: Vault, rows: number): Promise<number[]> {
  const sink = { committed: async () => Promise.resolve() };
  await seal(vault, readOrders({ kind: "file", path: SAMPLE }), {
    sink,
    actor: await playedActor(vault, { name: "bench", role: "privacy-officer" }),
  });
  const [first] = await vault.keys.list();
  if (first === undefined) throw new RangeError("nothing was sealed");
  const { tenant, dayOfDeath, suite } = first;
  const more = Math.ceil(rows / LEAF_COUNT) - 1;
  await vault.keys.createAhead([{ tenant, dayOfDeath, suite }], more + 1);
  const all = (await vault.keys.list()).slice(0, more + 1).map(({ serial }) => serial);
  await connected(vault.database, async (connection) => {
    const known = await findCompartment(connection, first.serial);
    if (known === null) throw new RangeError("the compartment has no mirror");
    await insertCompartments(
      connection,
      all.slice(1).map((serial) => ({ ...known, serial })),
    );
  });
  for (const [at, serial] of all.entries()) {
    const count = Math.min(LEAF_COUNT, rows - at * LEAF_COUNT);
    await run(vault, SHELLS, [serial, count, first.serial]);
    await run(vault, PARTIES, [serial, count, first.serial]);
  }
  return all;
}

/** The same rows with the same indexes, for those who delete. */
async function copyRows(vault: Vault): Promise<number> {
  await run(vault, "create schema if not exists bench");
  await run(vault, "drop table if exists bench.party");
  await run(vault, "create table bench.party (like party including all)");
  const rows = await run(vault, "insert into bench.party select * from party");
  await run(vault, "analyze bench.party");
  await run(vault, "checkpoint");
  return rows;
}

async function benchDay(rows: number): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), "midan-bench-keys-"));
  let now = new Date(Date.now() - (TERM_DAYS + 1) * 86_400_000);
  try {
    const config = parseConfig({ MIDAN_HOME: home }, home);
    await using vault = await openVault(config, { now: () => now });
    const serials = await fillDay(vault, rows);
    const [record] = await vault.keys.list();
    const due = record?.dayOfDeath ?? dayOf(now, vault.timeZone);
    const copied = await copyRows(vault);
    now = new Date(`${due}T04:00:00Z`);
    const request = { on: due, dryRun: false, sharePercentMax: 100 };
    const whole = await timed(async () => shred(vault, request));
    const deleted = await timed(async () => run(vault, "delete from bench.party"));
    const week = mondayOf(due);
    now = new Date(`${addDays(week, 8)}T04:00:00Z`);
    const dropped = await timed(async () => dropDeadWeek(vault.database, week));
    const vacuumed = await timed(async () => run(vault, "vacuum bench.party"));
    const ratio = (deleted / whole).toFixed(1);
    console.log(
      `day of ${copied} waybills, ${serials.length} compartments: shred ${whole.toFixed(0)} ms, ` +
        `DELETE of the same rows ${deleted.toFixed(0)} ms (${ratio} times), ` +
        `and VACUUM ${vacuumed.toFixed(0)} ms; dropping the week ${dropped.toFixed(0)} ms`,
    );
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function openStore(home: string): Promise<Parameters<typeof rotateGeneration>[0]> {
  const random = (count: number): Uint8Array => randomBytes(count);
  const folder = path.join(home, "midan-keys");
  return Promise.resolve({
    folder,
    medium: folderMedium(folder),
    rootKey: fileRootKey(path.join(home, "midan-root", "root.key"), random),
    randomBytes: random,
    now: () => new Date(),
  });
}

async function benchStore(compartments: number, day: Day): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), "midan-bench-keys-"));
  try {
    const options = await openStore(home);
    const store = await KeyStore.open(options);
    const request = { tenant: TENANT, dayOfDeath: day, suite: SUITES.intl.id };
    const made = await timed(async () => store.createAhead([request], compartments));
    console.log(`making ${compartments} compartments: ${(made / 1000).toFixed(1)} s`);
    const singles: number[] = [];
    for (let at = 0; at < PUNCTURES_TIMED; at += 1) {
      const slot = randomInt(LEAF_COUNT);
      singles.push(await timed(async () => store.puncture(1, [slot], new Date())));
    }
    const slots = Array.from({ length: 1000 }, () => randomInt(LEAF_COUNT));
    const many = await timed(async () => store.puncture(2, slots, new Date()));
    const destroyed = await timed(async () => store.destroy(3, new Date()));
    console.log(
      `puncture, durable: ${median(singles).toFixed(1)} ms each, 1,000 in one call ` +
        `${many.toFixed(0)} ms; destroying a compartment ${destroyed.toFixed(1)} ms`,
    );
    await benchRotation(options, store);
    await store.close();
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** The value that the given share of `values` does not exceed. */
function worst(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
}

/** A rotation, and how long others wait for a change of theirs meanwhile. */
async function benchRotation(
  options: Parameters<typeof rotateGeneration>[0],
  store: KeyStore,
): Promise<void> {
  const waits: number[] = [];
  let isOver = false;
  const others = (async (): Promise<void> => {
    for (let at = 0; !isOver; at += 1) {
      const last = await store.checkpoints.last("bench");
      const next = Buffer.from(String(at));
      waits.push(await timed(async () => store.checkpoints.save("bench", next, last)));
    }
  })();
  const rotated = await timed(async () => rotateGeneration(options));
  isOver = true;
  await others;
  const { current, old } = await store.secretsByAge();
  console.log(
    `rotation of ${current} secrets: ${(rotated / 1000).toFixed(1)} s, ${old} left under older ` +
      `generations; ${waits.length} changes of others meanwhile took ` +
      `${median(waits).toFixed(0)} ms (median), ${worst(waits, 0.99).toFixed(0)} ms (p99), ` +
      `${Math.max(...waits).toFixed(0)} ms (most)`,
  );
}

/** `--rows N` for the large day, `--compartments N` for the rotation. */
export async function benchKeys(words: readonly string[], stop: AbortSignal): Promise<void> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      rows: { type: "string", default: "1000000" },
      compartments: { type: "string", default: "6000" },
    },
  });
  for (const line of machineLines()) console.log(line);
  await benchStore(Number(values.compartments), addDays(dayOf(new Date(), "Asia/Shanghai"), 120));
  stop.throwIfAborted();
  await benchDay(1000);
  stop.throwIfAborted();
  await benchDay(Number(values.rows));
}
