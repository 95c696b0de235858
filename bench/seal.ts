/**
 * `npm run bench -- seal`: sealing an order file against importing it in plaintext, both from the
 * same bytes, into the same server with the same settings, onto tables of the same length.
 */
import { playedActor } from "../src/access/actor.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { parseConfig } from "../src/config.ts";
import { openVault } from "../src/main.ts";
import { readOrders } from "../src/orders/read.ts";
import { connected } from "../src/store/pool.ts";
import { execute, query } from "../src/store/query.ts";
import { seal } from "../src/vault/seal.ts";
import type { Vault } from "../src/vault/vault.ts";
import { machineLines, median } from "./machine.ts";
import { writeOrderFile } from "./order-file.ts";
import { createPlainTable, importPlain } from "./plain.ts";
import { prefillBoth } from "./prefill.ts";
import { postmasterOf, processorTime } from "./processor.ts";

const ROWS = 300_000;
const PREFILL_ROWS = 3_000_000;
const PREFILL_ROWS_MAX = 50_000_000;
const ROUNDS = 3;
const ROUNDS_MAX = 9;
/** As many as sealing uses (src/vault/seal.ts). */
const CONNECTIONS = 2;
const CONNECTIONS_MAX = 4;
const WARM_UP_ROWS = 20_000;

interface SealBench {
  readonly rows: number;
  readonly prefill: number;
  readonly rounds: number;
  readonly connections: number;
  readonly suite: string;
}

type Side = (file: string) => Promise<number>;

export interface Timing {
  readonly rowsPerSecond: number;
  /** Processor microseconds for a row. */
  readonly node: number;
  readonly server: number;
}

export function whole(text: string | undefined, otherwise: number, most: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new RangeError(`a whole number from 1 to ${most} is wanted`);
  }
  return value;
}

function optionsOf(words: readonly string[]): SealBench {
  const { values } = parseArgs({
    args: [...words],
    options: {
      rows: { type: "string" },
      prefill: { type: "string" },
      rounds: { type: "string" },
      connections: { type: "string" },
      suite: { type: "string" },
    },
  });
  return {
    rows: whole(values.rows, ROWS, PREFILL_ROWS_MAX),
    prefill: whole(values.prefill, PREFILL_ROWS, PREFILL_ROWS_MAX),
    rounds: whole(values.rounds, ROUNDS, ROUNDS_MAX),
    connections: whole(values.connections, CONNECTIONS, CONNECTIONS_MAX),
    suite: values.suite ?? "intl",
  };
}

export async function sealFile(vault: Vault, file: string, stop: AbortSignal): Promise<number> {
  const summary = await seal(vault, readOrders({ kind: "file", path: file }), {
    actor: await playedActor(vault, { name: "bench", role: "privacy-officer" }),
    sink: { committed: async () => stop.throwIfAborted() },
  });
  return summary.sealed;
}

export async function timed(
  vault: Vault,
  side: Side,
  work: { readonly file: string; readonly rows: number },
): Promise<Timing> {
  const postmaster = await postmasterOf(vault.database);
  await connected(vault.database, async (connection) => {
    await execute(connection, { text: "checkpoint" });
  });
  const before = processorTime(postmaster);
  const began = performance.now();
  const stored = await side(work.file);
  const seconds = (performance.now() - began) / 1000;
  const after = processorTime(postmaster);
  if (stored !== work.rows) throw new RangeError("not every row was stored");
  const microsPerRow = (used: number): number => (used * 1_000_000) / work.rows;
  return {
    rowsPerSecond: work.rows / seconds,
    node: microsPerRow(after.node - before.node),
    server: microsPerRow(after.server - before.server),
  };
}

export async function serverLine(vault: Vault): Promise<string> {
  const rows = await connected(vault.database, async (connection) =>
    query(connection, {
      text: `
        select current_setting('server_version') as version, current_setting('fsync') as fsync,
               current_setting('synchronous_commit') as commit,
               current_setting('shared_buffers') as buffers`,
    }),
  );
  const { version, fsync, commit, buffers } = rows[0] ?? {};
  return (
    `server   PostgreSQL ${String(version)}, fsync ${String(fsync)}, synchronous_commit ` +
    `${String(commit)}, shared_buffers ${String(buffers)}`
  );
}

interface Workplace {
  readonly vault: Vault;
  readonly folder: string;
  readonly stop: AbortSignal;
}

async function prepare({ vault, folder, stop }: Workplace, bench: SealBench): Promise<void> {
  const warmUp = path.join(folder, "orders-0.csv");
  await writeOrderFile({ path: warmUp, rows: WARM_UP_ROWS, seed: 1 });
  await createPlainTable(vault.database);
  await sealFile(vault, warmUp, stop);
  const { connections } = bench;
  await importPlain(vault.database, { path: warmUp, connections, stop });
  const began = performance.now();
  await prefillBoth(vault.database, {
    rows: bench.prefill,
    stop,
    onRows: (side, rows) => console.error(`prefilled ${side} ${rows}`),
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`prefill  ${bench.prefill} rows on each side in ${seconds} s`);
}

function show(side: string, round: number, timing: Timing): void {
  const rate = timing.rowsPerSecond.toFixed(0).padStart(7);
  const [node, server] = [timing.node, timing.server].map((micros) => micros.toFixed(1));
  console.log(
    `round ${round}  ${side.padEnd(6)} ${rate} rows/s, ` +
      `processor µs a row: Node ${node}, server ${server}`,
  );
}

async function runRounds({ vault, folder, stop }: Workplace, bench: SealBench): Promise<void> {
  const { connections } = bench;
  const sides: Readonly<Record<"sealed" | "plain", Side>> = {
    sealed: async (file) => sealFile(vault, file, stop),
    plain: async (file) => importPlain(vault.database, { path: file, connections, stop }),
  };
  const timings: Record<keyof typeof sides, Timing[]> = { sealed: [], plain: [] };
  for (let round = 1; round <= bench.rounds; round++) {
    const file = path.join(folder, `orders-${round}.csv`);
    await writeOrderFile({ path: file, rows: bench.rows, seed: round + 1 });
    // Who goes first changes, so that neither always finds the other's dirty pages.
    const order = round % 2 === 1 ? (["sealed", "plain"] as const) : (["plain", "sealed"] as const);
    for (const side of order) {
      const timing = await timed(vault, sides[side], { file, rows: bench.rows });
      timings[side].push(timing);
      show(side, round, timing);
    }
    await rm(file);
  }
  const middle = (of: (timing: Timing) => number): [sealed: number, plain: number] => [
    median(timings.sealed.map(of)),
    median(timings.plain.map(of)),
  ];
  const [sealed, plain] = middle((timing) => timing.rowsPerSecond);
  const [sealedMicros, plainMicros] = middle(({ node, server }) => node + server);
  console.log(`median   sealed ${sealed.toFixed(0)} rows/s, plain ${plain.toFixed(0)} rows/s`);
  console.log(`ratio    ${(sealed / plain).toFixed(3)}`);
  console.log(
    `of processor time, plain/sealed ${(plainMicros / sealedMicros).toFixed(3)}: ` +
      `${plainMicros.toFixed(1)} µs a row against ${sealedMicros.toFixed(1)}`,
  );
}

/** Runs the bench in a folder of its own, which is gone afterwards, and prints its figures. */
export async function benchSeal(words: readonly string[], stop: AbortSignal): Promise<void> {
  const bench = optionsOf(words);
  const folder = await mkdtemp(path.join(tmpdir(), "midan-bench-"));
  try {
    const config = parseConfig({ MIDAN_HOME: folder, MIDAN_SUITE: bench.suite }, folder);
    await using vault = await openVault(config);
    for (const line of [...machineLines(), await serverLine(vault)]) console.log(line);
    await prepare({ vault, folder, stop }, bench);
    await runRounds({ vault, folder, stop }, bench);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
