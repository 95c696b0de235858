/** `midan log`: what the operator of a log does. */
import { applyLogged } from "../access/logged-decision.ts";
import { compareLog, logKeys } from "../log/upkeep.ts";
import { say } from "../rules/catalogue.ts";
import { tellRestored } from "../vault/restored.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

async function runRecover(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const count = await vault.log.recover();
  const applied = await applyLogged(vault.database);
  await tellRestored(vault, { cluster: null, recovered: count, applied });
  if (options.json === true) printJson(context, { recovered: count });
  else print(context, say(languageOf(context, options), "log.recovered", { count }));
  return 0;
}

async function runCheck(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const found = await compareLog(vault);
  const language = languageOf(context, options);
  if (options.json === true) printJson(context, found);
  else if (found.differs !== null)
    print(context, say(language, "log.differs", { index: found.differs }));
  else {
    const { leaves: count, waiting } = found;
    print(context, say(language, "log.checked", { count, waiting }));
  }
  return found.differs === null ? 0 : 3;
}

async function runKey(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const keys = await logKeys(vault);
  const [key, sm2Key] = keys;
  const changes = await vault.log.changes();
  const known = sm2Key === undefined ? { key } : { key, sm2Key };
  if (options.json === true)
    printJson(context, changes.length === 0 ? known : { ...known, changes });
  else print(context, [...keys, ...changes].join("\n"));
  return 0;
}

export const LOG: CommandGroup = {
  name: "log",
  text: "cli.log",
  commands: [
    typed<SharedOptions>({
      usage: "recover",
      text: "cli.log.recover",
      options: [],
      run: async (context, _words, options) => runRecover(context, options),
    }),
    typed<SharedOptions>({
      usage: "check",
      text: "cli.log.check",
      options: [],
      run: async (context, _words, options) => runCheck(context, options),
    }),
    typed<SharedOptions>({
      usage: "key",
      text: "cli.log.key",
      options: [],
      run: async (context, _words, options) => runKey(context, options),
    }),
  ],
};
