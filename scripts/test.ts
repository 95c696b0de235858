/**
 * `npm test`: every test that needs no outside service. Pure tests share one process; each file
 * under test/ has its own, because it may own a database or a child. Arguments choose files whose
 * path contains one of them. Exits 1 when a test failed or when none ran.
 */

import { globSync } from "node:fs";
import { finished } from "node:stream/promises";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { PURE_TESTS } from "./pure-tests.ts";

const PURE = ["src/**/*.test.ts", "scripts/*.test.ts", "bench/*.test.ts"];
const OWN_PROCESS = ["test/**/*.test.ts"];
/** Two cores are what a small machine has; more processes than cores only make timings worse. */
const PROCESSES_MAX = 2;
/** A test file that hangs must not hang the whole run. */
const FILE_TIMEOUT_MS = 300_000;

const root = fileURLToPath(new URL("..", import.meta.url));

function choose(patterns: readonly string[], wanted: readonly string[]): string[] {
  return globSync(patterns, { cwd: root })
    .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)))
    .toSorted();
}

process.chdir(root);
const wanted = process.argv.slice(2).map((part) => part.replace(/^\.\//, ""));
const pure = choose(PURE, wanted);
const own = choose(OWN_PROCESS, wanted);
process.env[PURE_TESTS] = JSON.stringify(pure);
process.stdout.write(`${pure.length} pure test files, ${own.length} with a process of their own\n`);

const counts = { ran: 0, failed: 0 };
if (pure.length + own.length > 0) {
  const results = run({
    files: [...(pure.length > 0 ? ["scripts/pure-tests.ts"] : []), ...own],
    isolation: "process",
    concurrency: PROCESSES_MAX,
    timeout: FILE_TIMEOUT_MS,
  });
  results.on("test:pass", ({ skip, details }) => {
    if (skip === undefined && details.type !== "suite") counts.ran += 1;
  });
  results.on("test:fail", () => {
    counts.failed += 1;
  });
  const report = results.compose(spec);
  report.pipe(process.stdout);
  await finished(report);
}

if (counts.ran === 0) process.stdout.write("no test ran\n");
if (counts.failed > 0 || counts.ran === 0) process.exitCode = 1;
