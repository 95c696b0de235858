/** `midan erase`: one waybill dies before its day. */
import { say } from "../rules/catalogue.ts";
import { erase } from "../vault/erase.ts";
import { acting } from "./acting.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson } from "./context.ts";
import { valueOf } from "./input-line.ts";

export interface EraseOptions extends SharedOptions {
  readonly reason: string;
  readonly overLimit?: boolean;
}

export async function runErase(
  context: CliContext,
  token: string,
  options: EraseOptions,
): Promise<ExitCode> {
  const reason = await valueOf(context.stdin, "--reason", options.reason);
  await using vault = await context.openVault();
  const erased = await erase(vault, {
    token,
    reason,
    actor: await acting(context, vault),
    overLimit: options.overLimit === true,
  });
  if (options.json === true) {
    printJson(context, erased);
    return 0;
  }
  const language = languageOf(context, options);
  print(context, say(language, "erase.done", { token: erased.token }));
  print(context, say(language, "erase.certificate", { id: erased.entry }));
  return 0;
}
