/** `npm run bench -- access`: what it costs to know who asks, and what counts for them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseConfig } from "../src/config.ts";
import { openVault } from "../src/main.ts";
import { benchDecisions } from "./decision.ts";
import { machineLines } from "./machine.ts";
import { benchPolicyChange } from "./policy-change.ts";
import { benchSignIns } from "./sign-in.ts";

export async function benchAccess(): Promise<void> {
  console.log(machineLines().join("\n"));
  const home = await mkdtemp(path.join(tmpdir(), "midan-bench-"));
  try {
    const config = parseConfig({ MIDAN_HOME: home }, home);
    await using vault = await openVault(config);
    await using second = await openVault(config);
    await benchPolicyChange(vault, second);
    await benchDecisions(vault);
    await benchSignIns(vault);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
