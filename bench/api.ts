/**
 * `npm run bench -- api`: the HTTP API of a server of its own against the bare equivalent written
 * by hand in SQL, without HTTP, on the same database in the same run: an insert with its commit, a
 * select, a select with an insert and a commit.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { playedActor } from "../src/access/actor.ts";
import { parseConfig } from "../src/config.ts";
import { createAccount } from "../src/identity/account.ts";
import { createApiKey } from "../src/identity/api-key.ts";
import { beginSession } from "../src/identity/session.ts";
import { openVault } from "../src/main.ts";
import { connected, transaction } from "../src/store/pool.ts";
import { execute, query } from "../src/store/query.ts";
import { findAccountByName } from "../src/store/staff-account.ts";
import type { Vault } from "../src/vault/vault.ts";
import { Asker, loadOf } from "./http-load.ts";
import type { Load, LoadPlan } from "./http-load.ts";
import { machineLines } from "./machine.ts";
import { orderCells, writeOrderFile } from "./order-file.ts";
import type { OrderCells } from "./order-file.ts";
import { createPlainTable, importPlain, PLAIN_COLUMNS } from "./plain.ts";
import { postmasterOf, processorTime, secondsOf } from "./processor.ts";
import { sealFile, serverLine } from "./seal.ts";
import { withServe } from "./serve-process.ts";

const CONNECTIONS = [1, 16, 64] as const;
const BATCH_ORDERS = 1_000;
/** People look at few waybills each, and again at the same: their quota is that of a person. */
const PEOPLE = 64;
const LOOKED_AT = 12;
const BULK_ROWS = 40_000;
const WARM_MAX = 2_000;

interface Scene {
  readonly vault: Vault;
  readonly asker: Asker;
  /** Process ids of our server and of the database's first process. */
  readonly pids: { readonly server: number; readonly postmaster: number };
  /** Key of a machine. */
  readonly machine: string;
  /** Sessions of people. */
  readonly people: readonly string[];
  /** Tokens that were sealed, and the phone of each. */
  readonly sealed: readonly { readonly token: string; readonly phone: string }[];
}

/** The seeds of orders that nobody has sealed yet. */
let nextSeed = 100;

function freshOrders(rows: number): readonly OrderCells[] {
  nextSeed += 1;
  return [...orderCells({ rows, seed: nextSeed })];
}

function bodyOf(cells: OrderCells): object {
  const [merchant, orderNumber, waybillNumber, carrier, name, phone, ...rest] = cells;
  const [province, city, district, address, senderName, senderPhone, senderAddress] = rest;
  return {
    merchant,
    orderNumber,
    waybillNumber,
    carrier,
    recipient: { name, phone, province, city, district, address },
    sender: { name: senderName, phone: senderPhone, address: senderAddress },
    goods: rest[7] ?? "",
  };
}

function show(what: string, { connections }: LoadPlan, load: Load): void {
  const figure = (value: number, digits: number): string => value.toFixed(digits).padStart(9);
  console.log(
    `${what.padEnd(20)} ${String(connections).padStart(3)} at once ${figure(load.rate, 0)}/s  ` +
      `p50${figure(load.p50Ms, 2)} ms  p99${figure(load.p99Ms, 2)} ms`,
  );
}

interface Measured {
  readonly name: string;
  readonly ours: (scene: Scene, plan: LoadPlan) => Promise<Load>;
  readonly bare: (scene: Scene, plan: LoadPlan) => Promise<Load>;
  readonly planOf: (connections: number) => LoadPlan;
}

const MARKS = PLAIN_COLUMNS.split(", ").map((_, at) => `$${at + 1}`);
const INSERT = `insert into bench.waybill (${PLAIN_COLUMNS}) values (${MARKS.join(", ")})`;
const BY_PHONE = "select * from bench.waybill where recipient_phone = $1 limit 100";
const BY_ID = "select * from bench.waybill where id = $1";
const NOTE = "insert into bench.look (waybill, who, purpose) values ($1, $2, 'contact')";

async function sealOneByOne(scene: Scene, plan: LoadPlan): Promise<Load> {
  const bodies = freshOrders(plan.count).map((cells) => JSON.stringify(bodyOf(cells)));
  const asked = { method: "POST", path: "/v1/waybills", token: scene.machine };
  return loadOf(plan, async (at) => {
    await scene.asker.ask({ ...asked, body: bodies[at] });
  });
}

async function insertOneByOne({ vault }: Scene, plan: LoadPlan): Promise<Load> {
  const orders = freshOrders(plan.count);
  return loadOf(plan, async (at) =>
    transaction(vault.database, async (connection) => {
      await execute(connection, { text: INSERT, values: [...(orders[at] ?? [])] });
    }),
  );
}

async function sealBatches(scene: Scene, plan: LoadPlan): Promise<Load> {
  const orders = freshOrders(plan.count * BATCH_ORDERS).map(bodyOf);
  const bodies = Array.from({ length: plan.count }, (_, at) =>
    JSON.stringify({ orders: orders.slice(at * BATCH_ORDERS, (at + 1) * BATCH_ORDERS) }),
  );
  const asked = { method: "POST", path: "/v1/waybills/batch", token: scene.machine };
  return loadOf(plan, async (at) => {
    const text = await scene.asker.ask({ ...asked, body: bodies[at] });
    if (text.includes('"ok":false')) throw new RangeError("an order of the bench was refused");
  });
}

const INSERT_MANY =
  `insert into bench.waybill (${PLAIN_COLUMNS}) ` +
  `select ${MARKS.map((_, at) => `row ->> ${at}`).join(", ")} from jsonb_array_elements($1) as row`;

async function insertBatches({ vault }: Scene, plan: LoadPlan): Promise<Load> {
  const { units = 1 } = plan;
  const orders = freshOrders(plan.count * units);
  return loadOf(plan, async (at) =>
    transaction(vault.database, async (connection) => {
      const batch = orders.slice(at * units, (at + 1) * units);
      await execute(connection, { text: INSERT_MANY, values: [JSON.stringify(batch)] });
    }),
  );
}

/** One stream for each connection, its orders in one piece. */
async function sealStreams(scene: Scene, plan: LoadPlan): Promise<Load> {
  const lines = freshOrders(plan.count * (plan.units ?? 1)).map((cells) => {
    const [merchant, number, waybill, carrier, name, phone, ...rest] = cells;
    const address = rest.slice(0, 4).join("");
    const receiver = { name, phone, address };
    return JSON.stringify({
      merchant,
      order_number: number,
      waybill_number: waybill,
      carrier,
      receiver,
    });
  });
  const asked = { method: "POST", path: "/v1/waybills/stream", token: scene.machine };
  const units = plan.units ?? 1;
  return loadOf(plan, async (at) => {
    const body = `${lines.slice(at * units, (at + 1) * units).join("\n")}\n`;
    const text = await scene.asker.ask({ ...asked, type: "application/x-ndjson", body });
    if (!text.includes(`"done":true,"sealed":${units}`)) throw new RangeError(text.slice(-200));
  });
}

/** A person, and one of the waybills that this person looks at. */
function lookOf({ people, sealed }: Scene, at: number) {
  const who = at % PEOPLE;
  const which = who * LOOKED_AT + (Math.floor(at / PEOPLE) % LOOKED_AT);
  return { person: people[who] ?? "", ...(sealed[which] ?? { token: "", phone: "" }), which };
}

async function readMasked(scene: Scene, plan: LoadPlan): Promise<Load> {
  return loadOf(plan, async (at) => {
    const { token } = lookOf(scene, at);
    const asked = { method: "GET", path: `/v1/waybills/${token}`, token: scene.machine };
    await scene.asker.ask(asked);
  });
}

async function selectById(scene: Scene, plan: LoadPlan): Promise<Load> {
  return loadOf(plan, async (at) =>
    connected(scene.vault.database, async (connection) => {
      await query(connection, { text: BY_ID, values: [lookOf(scene, at).which + 1] });
    }),
  );
}

async function searchPhone(scene: Scene, plan: LoadPlan): Promise<Load> {
  return loadOf(plan, async (at) => {
    const { person, phone } = lookOf(scene, at);
    const body = JSON.stringify({ phone });
    await scene.asker.ask({ method: "POST", path: "/v1/search", token: person, body });
  });
}

async function selectByPhone(scene: Scene, plan: LoadPlan): Promise<Load> {
  return loadOf(plan, async (at) =>
    transaction(scene.vault.database, async (connection) => {
      const { which, person, phone } = lookOf(scene, at);
      await query(connection, { text: BY_PHONE, values: [phone] });
      await execute(connection, { text: NOTE, values: [which + 1, person] });
    }),
  );
}

async function revealOne(scene: Scene, plan: LoadPlan): Promise<Load> {
  const body = JSON.stringify({ fields: ["recipient.phone"], purpose: "contact" });
  return loadOf(plan, async (at) => {
    const { person, token } = lookOf(scene, at);
    const asked = { method: "POST", path: `/v1/waybills/${token}/reveal`, token: person, body };
    await scene.asker.ask(asked);
  });
}

async function selectAndNote(scene: Scene, plan: LoadPlan): Promise<Load> {
  return loadOf(plan, async (at) =>
    transaction(scene.vault.database, async (connection) => {
      const { which, person } = lookOf(scene, at);
      await query(connection, { text: BY_ID, values: [which + 1] });
      await execute(connection, { text: NOTE, values: [which + 1, person] });
    }),
  );
}

const some =
  (alone: number, together: number, units = 1) =>
  (connections: number): LoadPlan => ({
    connections,
    count: connections === 1 ? alone : together,
    units,
  });

const MEASURED: readonly Measured[] = [
  { name: "seal one", ours: sealOneByOne, bare: insertOneByOne, planOf: some(200, 2_000) },
  { name: "seal batch 1000", ours: sealBatches, bare: insertBatches, planOf: some(10, 64, 1_000) },
  { name: "seal stream 4000", ours: sealStreams, bare: insertBatches, planOf: some(3, 16, 4_000) },
  { name: "masked read", ours: readMasked, bare: selectById, planOf: some(400, 3_000) },
  { name: "search", ours: searchPhone, bare: selectByPhone, planOf: some(128, 448) },
  { name: "reveal", ours: revealOne, bare: selectAndNote, planOf: some(1_500, 6_000) },
];

async function prepared(vault: Vault, asker: Asker, pids: Scene["pids"]): Promise<Scene> {
  const played = await playedActor(vault, { name: "bench-owner", role: "owner" });
  const account = { actor: played, name: "erp", role: "erp-machine", organisation: null } as const;
  await createAccount(vault, { ...account, kind: "machine" });
  const key = { name: "erp", scopes: ["seal"], days: 30, actor: played };
  const machine = (await createApiKey(vault, key)).key;
  const people: string[] = [];
  for (let at = 0; at < PEOPLE; at += 1) {
    const name = `officer-${at}`;
    const asked = { actor: played, name, role: "privacy-officer", organisation: null } as const;
    await createAccount(vault, { ...asked, kind: "person" });
    const { token } = await transaction(vault.database, async (connection) => {
      const found = await findAccountByName(connection, vault.tenant.id, name);
      if (found === null) throw new RangeError("the account is not there");
      return beginSession(vault, connection, { account: found, mode: "password", deviceId: null });
    });
    people.push(token);
  }
  const orders = freshOrders(PEOPLE * LOOKED_AT);
  const body = JSON.stringify({ orders: orders.map(bodyOf) });
  const text = await asker.ask({
    method: "POST",
    path: "/v1/waybills/batch",
    token: machine,
    body,
  });
  // The answer of our own route to our own orders.
  const { results } = JSON.parse(text) as {
    readonly results: readonly { readonly token: string }[];
  };
  const sealed = results.map(({ token }, at) => ({ token, phone: orders[at]?.[5] ?? "" }));
  return { vault, asker, pids, machine, people, sealed };
}

async function prepareBare({ vault }: Scene, folder: string, stop: AbortSignal): Promise<void> {
  await createPlainTable(vault.database);
  await connected(vault.database, async (connection) => {
    await execute(connection, {
      text: `create table bench.look (id bigint generated always as identity primary key,
        at timestamptz not null default now(), waybill bigint not null, who text not null,
        purpose text not null)`,
    });
  });
  const file = path.join(folder, "bare.csv");
  await writeOrderFile({ path: file, rows: PEOPLE * LOOKED_AT, seed: 9_999 });
  await importPlain(vault.database, { path: file, connections: 1, stop });
}

/** What `midan seal` does with a file of the same kind of orders, for the batches to be held to. */
async function bulkRate({ vault }: Scene, folder: string, stop: AbortSignal): Promise<number> {
  const file = path.join(folder, "bulk.csv");
  await writeOrderFile({ path: file, rows: BULK_ROWS, seed: 9_998 });
  const began = performance.now();
  await sealFile(vault, file, stop);
  return BULK_ROWS / ((performance.now() - began) / 1000);
}

interface Processors {
  readonly server: number;
  readonly database: number;
}

function processorsOf({ pids }: Scene): Processors {
  return { server: secondsOf(pids.server), database: processorTime(pids.postmaster).server };
}

/** What an answer costs in processor time, which a busy machine distorts less than the clock. */
function showProcessors({ count }: LoadPlan, before: Processors, after: Processors): void {
  const each = (part: keyof Processors): string =>
    (((after[part] - before[part]) * 1000) / count).toFixed(2);
  console.log(`  processor          server ${each("server")} ms, database ${each("database")} ms`);
}

async function measure(scene: Scene, names: ReadonlySet<string>, stop: AbortSignal): Promise<void> {
  for (const { name, ours, bare, planOf } of MEASURED) {
    if (names.size > 0 && !names.has(name.split(" ")[1] ?? name) && !names.has(name)) continue;
    for (const connections of CONNECTIONS) {
      stop.throwIfAborted();
      const plan = planOf(connections);
      // Both sides warm: what a process does first it does slowly, and its caches are empty.
      const warm = { ...plan, count: Math.min(plan.count, WARM_MAX) };
      await ours(scene, warm);
      await bare(scene, warm);
      const before = processorsOf(scene);
      const load = await ours(scene, plan);
      show(name, plan, load);
      showProcessors(plan, before, processorsOf(scene));
      const rival = await bare(scene, plan);
      show("  bare SQL", plan, rival);
      const [rate, p99] = [load.rate / rival.rate, load.p99Ms / rival.p99Ms];
      console.log(`  ratio              rate ${rate.toFixed(2)}, p99 ${p99.toFixed(2)}`);
    }
  }
}

/** Runs the bench in a folder of its own, which is gone afterwards, and prints its figures. */
export async function benchApi(words: readonly string[], stop: AbortSignal): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: { profile: { type: "string" } },
    allowPositionals: true,
  });
  const folder = await mkdtemp(path.join(tmpdir(), "midan-bench-"));
  try {
    await using vault = await openVault(parseConfig({ MIDAN_HOME: folder }, folder));
    for (const line of [...machineLines(), await serverLine(vault)]) console.log(line);
    await withServe({ folder, profile: values.profile }, async ({ pid, address }) => {
      using asker = new Asker(address);
      const postmaster = await postmasterOf(vault.database);
      const scene = await prepared(vault, asker, { server: pid, postmaster });
      await prepareBare(scene, folder, stop);
      await measure(scene, new Set(positionals), stop);
      const bulk = await bulkRate(scene, folder, stop);
      console.log(`midan seal           bulk ${bulk.toFixed(0)} rows/s, ${BULK_ROWS} rows`);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
