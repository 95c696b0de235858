/** `midan assign`: which branch has parcels on a day, and who carries them. */
import { say } from "../rules/catalogue.ts";
import { assign } from "../vault/assign.ts";
import { acting } from "./acting.ts";
import { askedDay, languageOf, print, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

export interface AssignOptions extends SharedOptions {
  readonly branch: string;
  readonly to?: string;
  readonly on?: string;
}

/** Assigns each token in turn; the first that fails ends the run. */
export async function runAssign(
  context: CliContext,
  tokens: readonly string[],
  options: AssignOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const on = askedDay(vault, options.on);
  const language = languageOf(context, options);
  const { branch, to = null } = options;
  const actor = await acting(context, vault);
  for (const token of tokens) {
    const assigned = await assign(vault, { token, branch, to, on, actor });
    if (options.json === true) printJson(context, assigned);
    else {
      const told = { token: assigned.token, branch: assigned.branch, day: assigned.on };
      print(context, say(language, "assign.done", told));
    }
  }
  return 0;
}
