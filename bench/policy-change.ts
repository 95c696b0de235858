/**
 * From a change of policy to its effect on a second server, against a rival that remembers what
 * counts and reads it anew every second; and what reading it anew for each act costs.
 */
import { playedActor } from "../src/access/actor.ts";
import { foundHeadquarters, foundOutlets } from "../src/access/organisation.ts";
import { policyNow } from "../src/access/policy.ts";
import { changeSetting } from "../src/access/setting-change.ts";
import type { Vault } from "../src/vault/vault.ts";
import { median } from "./machine.ts";

const HEAD = "丑快递总部";
const LEVELS = 4;
const CHANGES = 40;
const READS = 1_000;
const RELOAD_MS = 1_000;
const NAME = "quota-tenant-day";
const GOAL_MS = 5_000;

/** Values that each are stricter than the one before, so that one person may set them. */
function valueOf(round: number): string {
  return String(150_000 - round);
}

/** A line of outlets one under the other; the id of the lowest. */
async function foundLine(vault: Vault): Promise<string> {
  const actor = await playedActor(vault, { name: "bench", role: "headquarters-operator" });
  const { organisations } = await foundHeadquarters(vault, { name: HEAD, outlets: [], actor });
  let lowest = organisations[0]?.id ?? "";
  for (let level = 1; level < LEVELS; level += 1) {
    const outlets = [`丑快递${level}级网点`];
    const below = await foundOutlets(vault, { parent: lowest, outlets, actor });
    lowest = below.organisations[0]?.id ?? "";
  }
  return lowest;
}

async function valueOver(vault: Vault, organisation: string): Promise<string> {
  return (await policyNow(vault, organisation)).rulingOf(NAME).value;
}

interface Remembering {
  readonly value: () => string;
  readonly end: () => void;
}

/** The rival: what counts, read every second. */
async function remembering(vault: Vault, organisation: string): Promise<Remembering> {
  let value = await valueOver(vault, organisation);
  const timer = setInterval(() => {
    void valueOver(vault, organisation).then((now) => {
      value = now;
    });
  }, RELOAD_MS);
  return { value: () => value, end: () => clearInterval(timer) };
}

/** How long it takes until `isSo`, in milliseconds. */
async function until(isSo: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
  return performance.now() - began;
}

async function change(vault: Vault, round: number): Promise<void> {
  const actor = await playedActor(vault, { name: "bench", role: "headquarters-operator" });
  const said = { organisation: HEAD, by: null, name: NAME, mode: "set", reason: "bench", actor };
  await changeSetting(vault, { ...said, value: valueOf(round) });
}

function told(values: readonly number[]): string {
  const worst = Math.max(...values);
  return `median ${median(values).toFixed(1)} ms, worst ${worst.toFixed(1)} ms`;
}

/** Prints the times to effect on `second` of changes that are made on `first`. */
export async function benchPolicyChange(first: Vault, second: Vault): Promise<void> {
  const lowest = await foundLine(first);
  const rival = await remembering(second, lowest);
  const [own, others]: [number[], number[]] = [[], []];
  for (let round = 1; round <= CHANGES; round += 1) {
    await change(first, round);
    const isSo = async () => (await valueOver(second, lowest)) === valueOf(round);
    own.push(await until(isSo));
    others.push(await until(async () => Promise.resolve(rival.value() === valueOf(round))));
  }
  rival.end();
  const reads: number[] = [];
  for (let read = 0; read < READS; read += 1) {
    const began = performance.now();
    await policyNow(second, lowest);
    reads.push(performance.now() - began);
  }
  const ratio = median(others) / median(own);
  console.log(`policy   ${CHANGES} changes, committed to effect on a second server: ${told(own)}`);
  console.log(
    `policy   rival that reads every ${RELOAD_MS} ms: ${told(others)}, ratio ${ratio.toFixed(0)}`,
  );
  console.log(`policy   the goal is ${GOAL_MS} ms; one reading, ${LEVELS} levels: ${told(reads)}`);
}
