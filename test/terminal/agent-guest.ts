/** A print agent in a process of its own, to be killed: folder and port of it in the arguments. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AgentRun } from "../../src/terminal/agent-run.ts";

const [folder = ""] = process.argv.slice(2);
const run = await AgentRun.start({
  folder,
  setting: await readFile(join(folder, "agent.json"), "utf8"),
  draw: null,
  now: () => new Date(),
  randomBytes,
  retryMs: 100,
});
process.stdout.write(`${run.ports[0]}\n`);
