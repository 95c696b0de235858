/**
 * What a decision of the policies costs, cold and warm, and its share of a real reveal. A reveal of
 * a parcel that was handed over asks for the terms as well, which one under way does not need: the
 * two are raced in the same run.
 */
import { Readable } from "node:stream";
import { playedActor } from "../src/access/actor.ts";
import type { Actor } from "../src/access/actor.ts";
import { loadPolicySet } from "../src/access/policy-set.ts";
import { requireQuota } from "../src/access/quota.ts";
import { readOrders } from "../src/orders/read.ts";
import { dayOf } from "../src/rules/calendar.ts";
import type { Question } from "../src/rules/question.ts";
import { recordState } from "../src/vault/parcel-state.ts";
import { reveal } from "../src/vault/reveal.ts";
import { seal } from "../src/vault/seal.ts";
import type { Vault } from "../src/vault/vault.ts";

const WARM = 50_000;
const ASKED = 500;
const REVEALS = 100;

const QUESTION: Question = {
  role: "clerk",
  verb: "reveal",
  kind: "person",
  place: "own",
  purpose: "contact",
  fields: ["recipient.phone"],
  state: "sealed",
  scopes: [],
  managed: null,
  isAssigned: false,
  isEmergency: false,
  hasDevice: false,
  isTrained: true,
  hasReason: false,
  hasWarrant: false,
  hour: 10,
};

/** Median and 99th percentile of `count` times of `work`, in milliseconds. */
async function timesOf(
  count: number,
  work: (at: number) => unknown,
): Promise<{ readonly p50: number; readonly p99: number }> {
  const times: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const began = performance.now();
    await work(at);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { p50: times[Math.floor(count / 2)] ?? 0, p99: times[Math.floor(count * 0.99)] ?? 0 };
}

const told = ({ p50, p99 }: { p50: number; p99: number }): string =>
  `p50 ${p50.toFixed(4)} ms, p99 ${p99.toFixed(4)} ms`;

async function benchPolicies(): Promise<number> {
  const began = performance.now();
  const policies = await loadPolicySet();
  policies.ask(QUESTION);
  console.log(
    `decision, cold (read, check, parse, ask): ${(performance.now() - began).toFixed(1)} ms`,
  );
  const asked = await timesOf(ASKED, () => policies.ask(QUESTION));
  console.log(`decision, put to Cedar: ${told(asked)}`);
  const batch = await timesOf(20, () => {
    for (let hour = 0; hour < 100; hour += 1) {
      policies.ask({ ...QUESTION, hour: hour % 24, hasReason: hour > 50 });
    }
  });
  console.log(`100 decisions in a batch: ${told(batch)}`);
  const warm = await timesOf(WARM, () => policies.decide(QUESTION));
  console.log(`decision, warm: ${told(warm)}`);
  return warm.p99;
}

/** Invented orders, sealed; the tokens in their order. */
async function sealedTokens(vault: Vault, actor: Actor): Promise<string[]> {
  const lines = Array.from(
    { length: 2 * REVEALS },
    (_, at) =>
      `测试小店,B${at},林桐禾,154${String(10_000_000 + at)},江苏省南京市玄武区支路1号2幢3室`,
  );
  const csv = `店铺,订单号,收件人,手机,地址\n${lines.join("\n")}\n`;
  const tokens: string[] = [];
  const stream = Readable.from([Buffer.from(csv, "utf8")]);
  await seal(vault, readOrders({ kind: "stdin", stream }), {
    actor,
    sink: {
      committed: async (rows) => Promise.resolve(void tokens.push(...rows.map((row) => row.token))),
    },
  });
  return tokens;
}

/** Prints what the policies cost, and what share of a reveal that is. */
export async function benchDecisions(vault: Vault): Promise<void> {
  const warm = await benchPolicies();
  const officer = await playedActor(vault, { name: "bench", role: "privacy-officer" });
  const tokens = await sealedTokens(vault, officer);
  const on = dayOf(vault.now(), vault.timeZone);
  for (const token of tokens.slice(REVEALS)) {
    await recordState(vault, { token, state: "delivered", on, organisation: null, actor: officer });
  }
  // A person of their own for each, since twenty a minute is what one may look at.
  const actors = await Promise.all(
    tokens.map(async (_, at) => playedActor(vault, { name: `b${at}`, role: "privacy-officer" })),
  );
  const look = async (at: number): Promise<unknown> => {
    const [token = "", actor = officer] = [tokens[at], actors[at]];
    return reveal(vault, { token, fields: "phone", purpose: "contact", actor, reason: null });
  };
  const handedOver = await timesOf(REVEALS, async (at) => look(REVEALS + at));
  const underWay = await timesOf(REVEALS, look);
  console.log(`reveal, handed over: ${told(handedOver)}`);
  console.log(`reveal, under way: ${told(underWay)}`);
  console.log(`under way to handed over, p50: ${(underWay.p50 / handedOver.p50).toFixed(2)}`);
  console.log(`a warm decision of a reveal at p99: ${((100 * warm) / underWay.p99).toFixed(3)} %`);
  const charge = await timesOf(REVEALS, async (at) => {
    const actor = await playedActor(vault, { name: `q${at}`, role: "clerk" });
    await requireQuota(vault, { actor, use: "contact", subject: { asked: `bench ${at}` } });
  });
  console.log(`quota charge: ${told(charge)}`);
}
