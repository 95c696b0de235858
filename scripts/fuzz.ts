/**
 * `npm run fuzz -- parties|texts|lines|api [--count N] [--seed N] [--at-once N]`: invented parties
 * against the lint, hostile strings against every reader, lines of ten megabytes, requests against
 * a server. Prints how much it looked at; exits 1 on any fault and when it looked at nothing. The
 * same seed gives the same run; for requests only with `--at-once 1`, since the answers of several
 * at a time come in no order.
 */

import { stopDatabase } from "../test/support/database.ts";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { openGazetteer } from "../src/main.ts";
import { fuzzApi } from "./fuzz-api.ts";
import { fuzzParties } from "./fuzz-party.ts";
import { Random } from "./fuzz-random.ts";
import { fuzzLines, fuzzTexts } from "./fuzz-text.ts";

interface Outcome {
  readonly looked: string;
  readonly count: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly examples: ReadonlyMap<string, string>;
}

const GAZETTEER = openGazetteer();

interface Given {
  readonly seed: number;
  readonly atOnce: number | null;
}

type Target = (count: number, random: Random, given: Given) => Outcome | Promise<Outcome>;

const DIGEST_LETTERS = 16;

const TARGETS: Readonly<Record<string, Target>> = {
  parties: (count, random) => {
    const tally = fuzzParties(count, random, GAZETTEER);
    const { parties, judged, planted } = tally;
    const looked = `${parties} parties, ${judged} masks judged, ${planted} violations planted`;
    return { ...tally, looked, count: planted };
  },
  texts: (count, random) => {
    const tally = fuzzTexts(count, random, GAZETTEER);
    const { texts, characters, readings } = tally;
    return {
      ...tally,
      looked: `${texts} texts, ${characters} units, ${readings} readings`,
      count: readings,
    };
  },
  api: async (count, _random, { seed, atOnce }) => {
    const tally = await fuzzApi({ count, seed, ...(atOnce === null ? {} : { atOnce }) });
    const statuses = [...tally.statuses].toSorted(([one], [other]) => one - other);
    const told = statuses.map(([status, times]) => `${status} ${times} times`).join(", ");
    const routes = [...tally.routes.values()];
    const done = routes.filter((route) => route.done > 0);
    const least = Math.min(...routes.map((route) => route.done));
    const looked =
      `${tally.requests} requests, ${done.length} of ${routes.length} routes did, each at least ` +
      `${least} times; ${told}; digest ${tally.digest.slice(0, DIGEST_LETTERS)}`;
    return { ...tally, looked, count: tally.requests };
  },
  lines: () => {
    const tally = fuzzLines(GAZETTEER);
    return {
      ...tally,
      looked: `${tally.texts} lines, ${tally.characters} units`,
      count: tally.texts,
    };
  },
};

const COUNT = { parties: 1_000_000, texts: 10_000_000, lines: 0, api: 100_000 } as const;
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string" },
    seed: { type: "string", default: "1" },
    "at-once": { type: "string" },
  },
});
if (positionals.length === 0) throw new Error(`one of: ${Object.keys(TARGETS).join(", ")}`);
for (const name of positionals) {
  const target = TARGETS[name];
  if (target === undefined)
    throw new Error(`no target ${name}; ${Object.keys(TARGETS).join(", ")}`);
  const count = Number(values.count ?? Reflect.get(COUNT, name));
  const began = process.cpuUsage();
  const seed = Number(values.seed);
  const atOnce = values["at-once"] === undefined ? null : Number(values["at-once"]);
  const outcome = await target(count, new Random(seed), { seed, atOnce });
  const seconds = process.cpuUsage(began).user / 1_000_000;
  const load = (loadavg()[0] ?? 0).toFixed(1);
  process.stdout.write(
    `fuzz ${name}, seed ${values.seed}: ${outcome.looked}, ` +
      `${outcome.faults.size} kinds of fault, ` +
      `${seconds.toFixed(0)} s of processor, load ${load}\n`,
  );
  for (const [fault, times] of outcome.faults)
    process.stdout.write(`  ${fault}: ${times} times, e.g. ${outcome.examples.get(fault)}\n`);
  if (outcome.faults.size > 0 || outcome.count === 0) process.exitCode = 1;
}
// What the tests' server holds open would keep this process for good.
await stopDatabase();
process.exit();
