/**
 * `npm run bench -- log`: what the transparency log costs. Appending in groups against a commit of
 * its own for each leaf, both with fsync on the same server; a reveal with its leaf against the
 * same reveal without; verifying a large log; and what it takes on disk.
 */
import { playedActor } from "../src/access/actor.ts";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { checkpointText } from "../src/audit/checkpoint.ts";
import { encodeLeaf } from "../src/audit/leaf.ts";
import { ed25519Signer, signedNote, verifierKeyText } from "../src/audit/note.ts";
import { parseConfig } from "../src/config.ts";
import { LogFolder } from "../src/log/log-folder.ts";
import { TileWriter } from "../src/log/tile-writer.ts";
import { openVault } from "../src/main.ts";
import { readOrders } from "../src/orders/read.ts";
import { logSource } from "../src/outside/log-source.ts";
import { nodePlatform } from "../src/outside/node-platform.ts";
import { insertLeaves } from "../src/store/audit-leaf.ts";
import type { NewLeaf } from "../src/store/audit-leaf.ts";
import { transaction } from "../src/store/pool.ts";
import { reveal } from "../src/vault/reveal.ts";
import { seal } from "../src/vault/seal.ts";
import type { Vault } from "../src/vault/vault.ts";
import { verify } from "../src/verifier/verify.ts";
import { machineLines } from "./machine.ts";

const LEAVES = 1_000_000;
const LEAVES_MAX = 50_000_000;
const WRITERS = 64;
const APPEND_SECONDS = 5;
const REVEALS = 300;
const ORIGIN = "midan.example/bench";
const TENANT = randomUUID();
const BATCH = 16_384;

/** A leaf as long as that of a reveal. */
function leafOf(at: Date): NewLeaf {
  const id = randomBytes(16);
  const subject = randomBytes(16);
  const { bytes } = encodeLeaf({
    type: "reveal",
    tenant: TENANT,
    id,
    at,
    actor: "st-0123456789abcdef",
    purpose: "contact",
    basis: "PIPL-13-1-2",
    fields: ["recipient.phone"],
    subject: subject.toString("hex"),
    reason: randomBytes(32).toString("hex"),
    orderState: "sealed",
  });
  return { id, type: "reveal", subject, body: bytes, note: null };
}

/** Leaves a second that `writers` get acknowledged, each waiting for its answer. */
async function rateOf(write: (leaf: NewLeaf) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  const until = began + APPEND_SECONDS * 1000;
  let count = 0;
  const writer = async (): Promise<void> => {
    while (performance.now() < until) {
      await write(leafOf(new Date()));
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  return count / ((performance.now() - began) / 1000);
}

async function benchAppend(vault: Vault): Promise<void> {
  for (const round of [1, 2]) {
    const grouped = await rateOf(async (leaf) => vault.log.groups.append(leaf));
    const single = await rateOf(async (leaf) =>
      transaction(vault.database, async (connection) => insertLeaves(connection, [leaf])),
    );
    console.log(
      `append   round ${round}: ${grouped.toFixed(0)} leaves/s in groups with receipts, ` +
        `${single.toFixed(0)} each alone, ratio ${(grouped / single).toFixed(2)}; ` +
        `${WRITERS} writers, the sequencer at work`,
    );
  }
}

const ORDER =
  "店铺,订单号,收件人,手机,地址\n甲店,B1,林桐禾,15431415926,江苏省南京市玄武区栖霞支路1号2幢1203室\n";

async function sealedToken(vault: Vault): Promise<string> {
  let token = "";
  const orders = readOrders({ kind: "stdin", stream: Readable.from(ORDER) }, { format: "csv" });
  await seal(vault, orders, {
    actor: await playedActor(vault, { name: "bench", role: "privacy-officer" }),
    sink: {
      committed: async (rows) => {
        token = rows[0]?.token ?? token;
        return Promise.resolve();
      },
    },
  });
  return token;
}

function percentile(sorted: readonly number[], share: number): string {
  return (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(2);
}

async function benchReveal(vault: Vault): Promise<void> {
  const token = await sealedToken(vault);
  const request = {
    token,
    fields: "phone",
    purpose: "contact",
    actor: await playedActor(vault, { name: "bench", role: "privacy-officer" }),
    reason: "核对",
  };
  // The same reveal with a log that keeps nothing: what is left is everything but the leaf.
  const groups = { append: async () => Promise.resolve("") } as unknown as Vault["log"]["groups"];
  const without: Vault = { ...vault, log: { ...vault.log, groups } };
  const times: Record<"with" | "without", number[]> = { with: [], without: [] };
  for (let at = 0; at < REVEALS; at += 1) {
    for (const [name, side] of [["with", vault] as const, ["without", without] as const]) {
      const began = performance.now();
      await reveal(side, request);
      times[name].push(performance.now() - began);
    }
  }
  for (const [name, taken] of Object.entries(times)) {
    const sorted = taken.toSorted((a, b) => a - b);
    const [p50, p99] = [percentile(sorted, 0.5), percentile(sorted, 0.99)];
    console.log(
      `reveal   ${name} its leaf: p50 ${p50} ms, p99 ${p99} ms (${REVEALS} each, in turn)`,
    );
  }
}

async function writeLog(folder: string, leaves: number): Promise<string> {
  const files = new LogFolder(folder);
  const writer = await TileWriter.open(files, 0);
  const began = performance.now();
  const start = Date.now() - leaves;
  for (let at = 0; at < leaves; at += 1) {
    writer.add(leafOf(new Date(start + at)).body);
    if (at % BATCH === BATCH - 1) await files.write(writer.take().files);
  }
  await files.write(writer.take().files);
  const signer = ed25519Signer(ORIGIN, randomBytes(32));
  const text = checkpointText({ origin: ORIGIN, size: leaves, root: writer.root() });
  await files.write([{ path: "checkpoint", bytes: Buffer.from(signedNote(text, [signer])) }]);
  const seconds = (performance.now() - began) / 1000;
  console.log(`write    ${leaves} leaves in ${seconds.toFixed(1)} s, made and written with fsync`);
  return verifierKeyText(signer);
}

async function bytesIn(
  folder: string,
): Promise<{ entries: number; hashes: number; files: number }> {
  const found = { entries: 0, hashes: 0, files: 0 };
  for (const name of await readdir(folder, { recursive: true })) {
    const { size } = await stat(path.join(folder, name));
    if (!(await stat(path.join(folder, name))).isFile()) continue;
    found.files += 1;
    found[name.includes("entries") ? "entries" : "hashes"] += size;
  }
  return found;
}

async function benchVerify(leaves: number): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "midan-bench-log-"));
  try {
    const key = await writeLog(folder, leaves);
    const { entries, hashes, files } = await bytesIn(folder);
    console.log(
      `disk     ${files} files; ${(entries / leaves).toFixed(1)} bytes of entries and ` +
        `${(hashes / leaves).toFixed(2)} bytes of hashes for each leaf`,
    );
    const platform = nodePlatform(() => new Date());
    const rest = { policy: null, since: [], range: null, areLeaves: true };
    const cpu = process.cpuUsage();
    const began = performance.now();
    const answer = await verify(platform, { source: logSource(folder), key, ...rest });
    const seconds = (performance.now() - began) / 1000;
    const used = process.cpuUsage(cpu);
    if (!answer.isGood || answer.entries !== leaves) throw new Error("the log did not verify");
    const busy = (used.user + used.system) / 1_000_000;
    console.log(
      `verify   ${answer.entries} leaves, ${answer.tiles} files in ${seconds.toFixed(1)} s ` +
        `(${busy.toFixed(1)} s of processor): every hash, every leaf canonical, every id once`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function benchLog(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...words], options: { leaves: { type: "string" } } });
  const leaves = Number(values.leaves ?? LEAVES);
  if (!Number.isInteger(leaves) || leaves < 1 || leaves > LEAVES_MAX)
    throw new RangeError(`a whole number from 1 to ${LEAVES_MAX} is wanted`);
  console.log(machineLines().join("\n"));
  const home = await mkdtemp(path.join(tmpdir(), "midan-bench-"));
  try {
    await using vault = await openVault(parseConfig({ MIDAN_HOME: home }, home));
    await benchReveal(vault);
    await benchAppend(vault);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  await benchVerify(leaves);
}
