/**
 * A server that runs the jobs until it is killed: `node runner-guest.ts NOW`, with the environment
 * of an installation. Each pass is a line of JSON on standard output, `null` where another is at
 * it.
 */
import { parseConfig } from "../../src/config.ts";
import { runJobsUntil } from "../../src/jobs/run.ts";
import { openVault } from "../../src/main.ts";

const [, , at = ""] = process.argv;
const PAUSE_MS = 50;

await using vault = await openVault(parseConfig(process.env, "."), { now: () => new Date(at) });
await runJobsUntil(vault, {
  everyMs: PAUSE_MS,
  signal: new AbortController().signal,
  told: (outcomes) => process.stdout.write(`${JSON.stringify(outcomes)}\n`),
});
