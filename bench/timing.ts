/**
 * `npm run bench -- timing [GROUP …] [--rounds N] [--seed N]`: whether the time of an answer tells
 * what the answer itself does not. A server in a process of its own is asked over one connection on
 * the same machine, which is kinder to whoever guesses than any network; the kinds of question take
 * turns in a random order. A pair that is the same twice shows what chance does, and one that the
 * answer tells apart shows that a difference would be seen.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { parseConfig } from "../src/config.ts";
import { openVault } from "../src/main.ts";
import { Random } from "../scripts/fuzz-random.ts";
import { differenceOf, T_LEAKS } from "./difference.ts";
import type { Difference } from "./difference.ts";
import { Asker } from "./http-load.ts";
import type { Answered } from "./http-load.ts";
import { machineLines } from "./machine.ts";
import { childrenOf, postmasterOf, processorMs } from "./processor.ts";
import { whole } from "./seal.ts";
import { withServe } from "./serve-process.ts";
import { timingGroups } from "./timing-arms.ts";
import type { Arm, Group, Pair } from "./timing-arms.ts";
import { LIST_MAX, timingScene } from "./timing-scene.ts";

const ROUNDS = 300;
const WARM_ROUNDS = 5;
const SEED = 1;

const EXPLAINED = [
  "kind / base: medians, their difference with its 99 % interval, Welch's t (! from 4.5 on), and",
  "requests of each kind after which comparing means errs once in a hundred; by the clock, and by",
  "the processor time of server and database",
] as const;

interface Plan {
  readonly rounds: number;
  /** Process ids of the server and of the database's first process. */
  readonly pids: { readonly server: number; readonly postmaster: number };
  readonly random: Random;
  readonly stop: AbortSignal;
}

interface Sampled {
  readonly times: number[];
  /** Milliseconds of processor of server and database, which a busy machine distorts less. */
  readonly processors: number[];
  /** Status and code of the answers, or how much they held. */
  readonly kinds: Set<string>;
}

function kindOf({ status, text }: Answered): string {
  // Every answer is a document of ours.
  const told = (text === "" ? {} : JSON.parse(text)) as Readonly<Record<string, unknown>>;
  const { code, hits } = told;
  const held = Array.isArray(hits) ? `${hits.length} hits` : "";
  return [status, typeof code === "string" ? code : held].join(" ").trim();
}

function shuffled(arms: readonly Arm[], random: Random): Arm[] {
  const placed = arms.map((arm) => ({ arm, at: random.below(1_000_000) }));
  return placed.toSorted((one, other) => one.at - other.at).map(({ arm }) => arm);
}

/** Who works for an answer: the server with its database, or this process with it. */
function workersOf({ isOwnProcess = false }: Group, { pids }: Plan): number[] {
  return [isOwnProcess ? process.pid : pids.server, ...childrenOf(pids.postmaster)];
}

async function take(
  ask: () => Promise<Answered>,
  workers: readonly number[],
): Promise<{ readonly answered: Answered; readonly tookMs: number; readonly workedMs: number }> {
  const before = processorMs(workers);
  const began = performance.now();
  const answered = await ask();
  const tookMs = performance.now() - began;
  return { answered, tookMs, workedMs: processorMs(workers) - before };
}

async function sample(group: Group, plan: Plan): Promise<Map<string, Sampled>> {
  const { rounds, random, stop } = plan;
  const sampled = new Map<string, Sampled>(
    group.arms.map(({ name }) => [name, { times: [], processors: [], kinds: new Set() }]),
  );
  const counted = Math.ceil(rounds * (group.share ?? 1));
  for (let round = -WARM_ROUNDS; round < counted; round += 1) {
    const workers = workersOf(group, plan);
    for (const { name, ask } of shuffled(group.arms, random)) {
      stop.throwIfAborted();
      await group.before();
      const { answered, tookMs, workedMs } = await take(async () => ask(Math.abs(round)), workers);
      if (round < 0) continue;
      const of = sampled.get(name);
      of?.times.push(tookMs);
      of?.processors.push(workedMs);
      of?.kinds.add(kindOf(answered));
    }
  }
  return sampled;
}

/** A pair whose answers differ holds no secret, and one whose answers are alike shows nothing. */
function requireKinds({ of, against, kind }: Pair, sampled: ReadonlyMap<string, Sampled>): void {
  const [one, other] = [of, against].map((name) => [...(sampled.get(name)?.kinds ?? [])].join());
  if ((one === other) === (kind === "seen"))
    throw new RangeError(`${of} was answered ${one}, and ${against} ${other}`);
}

const MARKS = { secret: "", same: "  (chance)", seen: "  (control)" } as const;

function figuresOf(difference: Difference): string {
  const { medianMs, otherMedianMs, differenceMs, lowMs, highMs, t, requests } = difference;
  const isSeen = Math.abs(t) >= T_LEAKS && (lowMs > 0 || highMs < 0);
  const share = ((100 * differenceMs) / medianMs).toFixed(1);
  const figure = (value: number): string => value.toFixed(2);
  return (
    `${isSeen ? "!" : " "} ${figure(otherMedianMs)} / ${figure(medianMs)} ms, ` +
    `${figure(differenceMs)} [${figure(lowMs)}, ${figure(highMs)}] (${share} %), ` +
    `t ${t.toFixed(1)}, ${isSeen ? "" : "over "}${requests} requests`
  );
}

function show(group: Group, sampled: ReadonlyMap<string, Sampled>, random: Random): void {
  console.log(`\n${group.name}`);
  for (const pair of group.pairs) {
    requireKinds(pair, sampled);
    const [of, base] = [sampled.get(pair.of), sampled.get(pair.against)];
    if (of === undefined || base === undefined) throw new RangeError("a pair of no arms");
    const below = (bound: number): number => random.below(bound);
    const { of: name, against, kind } = pair;
    console.log(`${name} / ${against}${MARKS[kind]}, n ${of.times.length}`);
    console.log(` time      ${figuresOf(differenceOf(base.times, of.times, below))}`);
    console.log(` processor ${figuresOf(differenceOf(base.processors, of.processors, below))}`);
  }
}

/** Runs the bench in a folder of its own, which is gone afterwards, and prints its figures. */
export async function benchTiming(words: readonly string[], stop: AbortSignal): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: { rounds: { type: "string" }, seed: { type: "string" } },
    allowPositionals: true,
  });
  const rounds = whole(values.rounds, ROUNDS, LIST_MAX - WARM_ROUNDS);
  const random = new Random(whole(values.seed, SEED, 1_000_000));
  const folder = await mkdtemp(path.join(tmpdir(), "midan-bench-"));
  try {
    await using vault = await openVault(parseConfig({ MIDAN_HOME: folder }, folder));
    console.log(machineLines().join("\n"));
    for (const line of EXPLAINED) console.log(line);
    const scene = await timingScene(vault, folder, rounds + WARM_ROUNDS);
    const settings = { MIDAN_TRUSTED_PROXIES: "loopback", MIDAN_SERVER_LOG: "off" };
    await withServe({ folder, settings }, async ({ pid, address }) => {
      using asker = new Asker(address);
      const pids = { server: pid, postmaster: await postmasterOf(vault.database) };
      for (const group of timingGroups(scene, asker)) {
        const isWanted = positionals.some((word) => group.name.includes(word));
        if (positionals.length > 0 && !isWanted) continue;
        show(group, await sample(group, { rounds, pids, random, stop }), random);
      }
    });
    console.log(`\nload     ${loadavg()[0]?.toFixed(2)} after the run`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
