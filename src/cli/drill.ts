/** `midan drill restore`: proves in an installation of its own that a restore revives nothing. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { runDrill } from "../drill/drill.ts";
import type { DrillReport } from "../drill/drill.ts";
import { say } from "../rules/catalogue.ts";
import { recordDrill } from "../vault/drill-record.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printEntry, printJson, wholeOption } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

interface RestoreOptions extends SharedOptions {
  readonly orders: string;
}

const ORDERS_MIN = 5;
const ORDERS_MAX = 1000;

async function drilled(context: CliContext, orders: number): Promise<DrillReport> {
  const home = await mkdtemp(path.join(tmpdir(), "midan-drill-"));
  try {
    const open = async (request: Parameters<CliContext["openWorld"]>[0]) =>
      context.openWorld(request);
    return await runDrill({ home, open, orders, startsAt: new Date() });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function runRestoreDrill(context: CliContext, options: RestoreOptions): Promise<ExitCode> {
  const bounds = { min: ORDERS_MIN, max: ORDERS_MAX };
  const orders = wholeOption("--orders", options.orders, bounds);
  const report = await drilled(context, orders);
  await using vault = await context.openVault();
  const { passed, checks } = report;
  const entry = await recordDrill(vault, {
    passed,
    count: checks.length,
    actor: await acting(context, vault),
  });
  if (options.json === true) {
    printJson(context, { ...report, entry });
    return passed ? 0 : 3;
  }
  const language = languageOf(context, options);
  for (const { what, expected, found } of checks) {
    const mark = expected === found ? "✓" : "✗";
    print(context, `  ${mark} ${say(language, `drill.${what}`)}  ${found}/${expected}`);
  }
  print(context, say(language, passed ? "drill.passed" : "drill.failed"));
  printEntry(context, language, entry);
  return passed ? 0 : 3;
}

export const DRILL: CommandGroup = {
  name: "drill",
  text: "cli.drill",
  commands: [
    typed<RestoreOptions>({
      usage: "restore",
      text: "cli.drill.restore",
      options: [{ flags: "--orders <number>", text: "cli.drill.orders", unset: "12" }],
      run: async (context, _words, options) => runRestoreDrill(context, options),
    }),
  ],
};
