/** `midan status`: counts, days, sizes, health. */
import { say } from "../rules/catalogue.ts";
import type { TextKey } from "../rules/catalogue.ts";
import { status } from "../vault/status.ts";
import type { Status } from "../vault/status.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, printJson, printPair } from "./context.ts";

const BYTES_PER_MEBIBYTE = 1024 * 1024;

function mebibytes(bytes: number): string {
  return `${(bytes / BYTES_PER_MEBIBYTE).toFixed(1)} MiB`;
}

function pairsOf(found: Status): [TextKey, string][] {
  return [
    ["status.waybills", String(found.waybills.total)],
    ["status.live", String(found.waybills.live)],
    ["status.closing", String(found.waybills.closing)],
    ["status.dead", String(found.waybills.dead)],
    ["status.compartments", String(found.compartments.total)],
    ["status.due", String(found.compartments.due)],
    ["status.nextDeath", found.nextDayOfDeath ?? "–"],
    ["status.leaves", String(found.leaves)],
    ["status.log", `${found.log.size} / ${found.log.waiting}`],
    ["status.database", found.database.version],
    ["status.databaseSize", mebibytes(found.database.bytes)],
    ["status.keysSize", mebibytes(found.keyStore.bytes)],
    ["status.holds", String(found.holds)],
    ["status.bound", String(found.keyStore.generationAgeDays)],
  ];
}

export async function runStatus(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const found = await status(vault);
  if (options.json === true) {
    printJson(context, found);
    return 0;
  }
  const language = languageOf(context, options);
  for (const [key, value] of pairsOf(found)) printPair(context, language, { key, value });
  for (const { name, endedAt, done, failure } of found.jobs) {
    const jobValue = `${name}  ${endedAt}  ${failure ?? String(done)}`;
    printPair(context, language, { key: "status.jobs", value: jobValue });
  }
  const health = found.attention.map((what) => say(language, `status.${what}`));
  const value = health.length === 0 ? say(language, "status.ok") : health.join("; ");
  printPair(context, language, { key: "status.health", value });
  return 0;
}
