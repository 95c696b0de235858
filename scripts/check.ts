/**
 * `npm run check`: everything that has to hold before a change is kept. Every step runs even when
 * an earlier one failed, each with its time and with how much it looked at. Words choose steps by
 * name; `--skip NAME` leaves one out.
 */

import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

interface Step {
  readonly name: string;
  readonly what: string;
  readonly command: readonly [program: string, ...args: string[]];
  /**
   * How the output says how much was looked at. A step that passes without saying so, or that says
   * zero, has looked at nothing and fails. Null where the command cannot succeed on nothing.
   */
  readonly looked: RegExp | null;
}

const STEPS: readonly Step[] = [
  {
    name: "format",
    what: "oxfmt",
    command: ["oxfmt", "--check"],
    looked: /on (\d+) files/,
  },
  {
    name: "lint",
    what: "oxlint with types",
    command: ["oxlint", "--type-aware"],
    looked: /on (\d+) files/,
  },
  {
    name: "types",
    what: "tsc",
    command: ["tsc", "-p", "tsconfig.json", "--diagnostics"],
    looked: /^Files:\s+(\d+)/m,
  },
  {
    name: "tidy",
    what: "style test",
    command: ["node", "scripts/tidy.ts"],
    looked: /rules over (\d+) files/,
  },
  {
    name: "unused",
    what: "knip: dead code and packages",
    // The table of timings is the only place where knip says how many files it has read.
    command: ["knip", "--no-progress", "--performance"],
    looked: /^parseFile\s+(\d+)/m,
  },
  {
    name: "generated",
    what: "files made from code",
    command: ["node", "scripts/gen.ts", "--check"],
    looked: /gen: (\d+) files/,
  },
  {
    name: "schema",
    what: "sql/schema.sql is what the migrations make",
    // It compares with a fresh database, so it cannot pass on nothing.
    command: ["node", "scripts/schema-dump.ts", "--check"],
    looked: null,
  },
  {
    name: "tests",
    what: "npm test",
    command: ["node", "scripts/test.ts"],
    looked: /^ℹ tests (\d+)/m,
  },
];

interface Outcome {
  readonly step: Step;
  readonly passed: boolean;
  readonly looked: string;
  readonly seconds: number;
}

const BIN = fileURLToPath(new URL("../node_modules/.bin", import.meta.url));
/** Bytes of output kept of one step; a failing test run is the longest. */
const OUTPUT_BYTES_MAX = 64 * 2 ** 20;

function runStep(step: Step): Outcome {
  process.stdout.write(`\n== ${step.name}: ${step.what}\n`);
  const [program, ...args] = step.command;
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: OUTPUT_BYTES_MAX,
    stdio: ["ignore", "pipe", "pipe"],
    // The tools' own launchers say `env node`, and ours must be the Node they find.
    env: { ...process.env, PATH: [BIN, process.env["PATH"] ?? ""].join(delimiter) },
  });
  const seconds = (performance.now() - started) / 1000;
  const output = `${stdout ?? ""}${stderr ?? ""}`;
  const count = step.looked === null ? null : Number(step.looked.exec(output)?.[1] ?? 0);
  const passed = status === 0 && count !== 0;
  const brief = step.name === "tests" ? output.slice(output.lastIndexOf("ℹ tests")) : "";
  process.stdout.write(passed ? brief : output);
  if (status === 0 && count === 0) process.stdout.write("it looked at nothing\n");
  return { step, passed, looked: count === null ? "" : String(count), seconds };
}

function chosenSteps(): readonly Step[] {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { skip: { type: "string", multiple: true, default: [] } },
  });
  const known = STEPS.map(({ name }) => name);
  const unknown = [...positionals, ...values.skip].filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`no step ${unknown.join(", ")}; steps: ${known.join(" ")}`);
  return STEPS.filter(
    ({ name }) =>
      !values.skip.includes(name) && (positionals.length === 0 || positionals.includes(name)),
  );
}

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const outcomes = chosenSteps().map(runStep);
process.stdout.write("\n");
for (const { step, passed, looked, seconds } of outcomes) {
  const verdict = passed ? "ok    " : "FAILED";
  const amount = looked === "" ? "" : `, looked at ${looked}`;
  process.stdout.write(`${verdict} ${step.name.padEnd(9)} ${seconds.toFixed(1)} s${amount}\n`);
}
if (outcomes.length === 0 || outcomes.some(({ passed }) => !passed)) process.exitCode = 1;
