/** `midan hand-over`: parcels go to the next branch. */
import { say } from "../rules/catalogue.ts";
import { handOver } from "../vault/hand-over.ts";
import { acting } from "./acting.ts";
import { languageOf, print, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

export interface HandOverOptions extends SharedOptions {
  readonly to: string;
}

/** Hands each token over in turn; the first that fails ends the run. */
export async function runHandOver(
  context: CliContext,
  tokens: readonly string[],
  options: HandOverOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const language = languageOf(context, options);
  const actor = await acting(context, vault);
  for (const token of tokens) {
    const handed = await handOver(vault, { token, to: options.to, actor });
    if (options.json === true) printJson(context, handed);
    else print(context, say(language, "hand-over.done", { token, branch: handed.branch }));
  }
  return 0;
}
