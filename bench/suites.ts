/**
 * `npm run bench -- suites`: sealing with the national algorithms (`gm`: SM4-GCM, SM3) against the
 * international ones (`intl`: AES-256-GCM, SHA-256), the same files into the same server in one
 * run, and the algorithms by themselves.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { parseConfig } from "../src/config.ts";
import { openPart, sealPart, waybillIdOf } from "../src/crypto/envelope.ts";
import type { OpenInput, SealInput } from "../src/crypto/envelope.ts";
import { LEAF_COUNT, LeafWalker } from "../src/crypto/key-tree.ts";
import { newSm2KeyPair, sm2Decrypt, sm2Encrypt, sm2Sign, sm2Verify } from "../src/crypto/sm2.ts";
import { SUITES } from "../src/crypto/suites.ts";
import type { Suite } from "../src/crypto/suites.ts";
import { openVault } from "../src/main.ts";
import type { Vault } from "../src/vault/vault.ts";
import { machineLines, median } from "./machine.ts";
import { writeOrderFile } from "./order-file.ts";
import { sealFile, serverLine, timed, whole } from "./seal.ts";
import type { Timing } from "./seal.ts";

const ROWS = 100_000;
const ROWS_MAX = 10_000_000;
const ROUNDS = 3;
const ROUNDS_MAX = 9;
const WARM_UP_ROWS = 20_000;
/** About what the parties of one waybill take. */
const PLAINTEXT_BYTES = 300;
const WINDOW_MS = 500;
const WINDOWS = 3;

type Name = Suite["name"];
const NAMES = ["intl", "gm"] as const satisfies readonly Name[];

/** The best of some windows, in operations a second: what load of others takes away least. */
function rateOf(once: (count: number) => void): number {
  let best = 0;
  let count = 0;
  for (let window = 0; window < WINDOWS; window += 1) {
    const began = performance.now();
    let done = 0;
    while (performance.now() - began < WINDOW_MS) {
      for (let at = 0; at < 16; at += 1) once((count += 1));
      done += 16;
    }
    best = Math.max(best, (done * 1000) / (performance.now() - began));
  }
  return best;
}

function sealRates(suite: Suite): Readonly<Record<"leaf" | "seal" | "open", number>> {
  const plaintext = randomBytes(PLAINTEXT_BYTES);
  const leaf = randomBytes(32);
  const random = randomBytes(7);
  const place = { tenant: randomBytes(16), waybillId: waybillIdOf(1, 0, random) };
  const where = { part: "parties", serial: 1, slot: 0 } as const;
  const header = { ...where, suite, generation: 1, revision: 0, schema: 1 };
  const sealing = (): SealInput => ({ header, place, leaf, nonce: randomBytes(12) });
  const opening: OpenInput = { ...where, leaf, place };
  const envelope = sealPart(sealing(), plaintext);
  const cover = [{ level: 0, index: 0, seed: randomBytes(32) }];
  const walker = new LeafWalker({ suite, serial: 1 }, cover);
  return {
    leaf: rateOf((count) => walker.key(count % LEAF_COUNT)),
    seal: rateOf(() => sealPart(sealing(), plaintext)),
    open: rateOf(() => openPart(opening, envelope)),
  };
}

function showAlgorithms(): void {
  const rates = { intl: sealRates(SUITES.intl), gm: sealRates(SUITES.gm) };
  for (const what of ["leaf", "seal", "open"] as const) {
    const [intl, gm] = [rates.intl[what], rates.gm[what]];
    const figures = `intl ${intl.toFixed(0)}/s, gm ${gm.toFixed(0)}/s`;
    console.log(`${what.padEnd(8)} ${figures}, ratio ${(gm / intl).toFixed(2)}`);
  }
  const pair = newSm2KeyPair(randomBytes);
  const message = randomBytes(PLAINTEXT_BYTES);
  const signature = sm2Sign(pair, message, randomBytes);
  const sealed = sm2Encrypt(pair.publicKey, message);
  const sm2: Readonly<Record<string, () => unknown>> = {
    sign: () => sm2Sign(pair, message, randomBytes),
    verify: () => sm2Verify(pair.publicKey, message, signature),
    encrypt: () => sm2Encrypt(pair.publicKey, message),
    decrypt: () => sm2Decrypt(pair.privateKey, sealed),
  };
  const each = Object.entries(sm2).map(([what, once]) => `${what} ${rateOf(once).toFixed(0)}/s`);
  console.log(`SM2      ${each.join(", ")}`);
}

const NOTHING: Timing = { rowsPerSecond: 0, node: 0, server: 0 };

interface Round {
  readonly folder: string;
  readonly rows: number;
  readonly round: number;
  readonly stop: AbortSignal;
}

async function runRound(
  vaults: Readonly<Record<Name, Vault>>,
  { folder, rows, round, stop }: Round,
): Promise<Readonly<Record<Name, Timing>>> {
  const file = path.join(folder, `orders-${round}.csv`);
  await writeOrderFile({ path: file, rows, seed: round + 1 });
  const found: Record<Name, Timing> = { intl: NOTHING, gm: NOTHING };
  // Who goes first changes, so that neither always finds the other's dirty pages.
  for (const name of round % 2 === 1 ? NAMES : NAMES.toReversed()) {
    const vault = vaults[name];
    const side = async (from: string): Promise<number> => sealFile(vault, from, stop);
    found[name] = await timed(vault, side, { file, rows });
    const rate = found[name].rowsPerSecond.toFixed(0).padStart(7);
    const node = found[name].node.toFixed(0);
    console.log(`round ${round}  ${name.padEnd(4)} ${rate} rows/s, ${node} µs of Node's for a row`);
  }
  await rm(file);
  return found;
}

/** Processor time is what the load of others changes least. */
const UNITS: Readonly<Record<keyof Timing, string>> = {
  rowsPerSecond: "rows/s",
  node: "µs of processor in Node for a row",
  server: "µs of processor in the server for a row",
};

/** Medians of a figure on both sides, and how `gm` stands to `intl`. */
function showMedians(rounds: readonly Record<Name, Timing>[], figure: keyof Timing): void {
  const of = (name: Name): number => median(rounds.map((round) => round[name][figure]));
  const [intl, gm] = [of("intl"), of("gm")];
  console.log(`median   intl ${intl.toFixed(0)}, gm ${gm.toFixed(0)} ${UNITS[figure]}`);
  console.log(`ratio    ${(gm / intl).toFixed(2)}`);
}

/** Runs the bench in a folder of its own, which is gone afterwards, and prints its figures. */
export async function benchSuites(words: readonly string[], stop: AbortSignal): Promise<void> {
  const options = { rows: { type: "string" }, rounds: { type: "string" } } as const;
  const { values } = parseArgs({ args: [...words], options });
  const rows = whole(values.rows, ROWS, ROWS_MAX);
  const rounds = whole(values.rounds, ROUNDS, ROUNDS_MAX);
  const folder = await mkdtemp(path.join(tmpdir(), "midan-bench-"));
  const configOf = (name: Name) =>
    parseConfig({ MIDAN_HOME: folder, MIDAN_SUITE: name, MIDAN_TENANT: name }, folder);
  try {
    await using intl = await openVault(configOf("intl"));
    await using gm = await openVault(configOf("gm"));
    for (const line of [...machineLines(), await serverLine(intl)]) console.log(line);
    showAlgorithms();
    const vaults = { intl, gm };
    const warmUp = path.join(folder, "orders-0.csv");
    await writeOrderFile({ path: warmUp, rows: WARM_UP_ROWS, seed: 1 });
    for (const name of NAMES) await sealFile(vaults[name], warmUp, stop);
    const found: Record<Name, Timing>[] = [];
    for (let round = 1; round <= rounds; round += 1)
      found.push(await runRound(vaults, { folder, rows, round, stop }));
    showMedians(found, "rowsPerSecond");
    showMedians(found, "node");
    showMedians(found, "server");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
