/** `midan merge`: which waybills go to the same recipient. */
import { say } from "../rules/catalogue.ts";
import { FAILURES } from "../rules/failure.ts";
import { mergeGroups } from "../vault/merge.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import { languageOf, print, printEntry, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

async function runMerge(
  context: CliContext,
  tokens: readonly string[],
  options: SharedOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault, "seal");
  const told = await mergeGroups(vault, { tokens, actor });
  const language = languageOf(context, options);
  const exit = told.compared === told.results.length ? 0 : 1;
  if (options.json === true) {
    printJson(context, told);
    return exit;
  }
  for (const one of told.results) {
    print(context, `${one.token}  ${"group" in one ? one.group : FAILURES[one.code][language]}`);
  }
  const { compared, groups, entry } = told;
  print(context, say(language, "merge.done", { compared, groups }));
  printEntry(context, language, entry);
  return exit;
}

export const MERGE = typed<SharedOptions>({
  usage: "merge <tokens...>",
  text: "cli.merge",
  options: [],
  run: async (context, words, options) => runMerge(context, words, options),
});
