/** `midan return` and `midan split`: further waybills out of one, with its persons sealed anew. */
import { say } from "../rules/catalogue.ts";
import type { Resealed } from "../vault/reseal.ts";
import { sendBack } from "../vault/send-back.ts";
import { split } from "../vault/split.ts";
import { acting } from "./acting.ts";
import { languageOf, print, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

export interface SplitOptions extends SharedOptions {
  readonly parcels: string;
}

function tell(context: CliContext, options: SharedOptions, made: readonly Resealed[]): void {
  for (const one of made) {
    if (options.json === true) printJson(context, one);
    else {
      const { token, waybillNumber: number } = one;
      print(context, say(languageOf(context, options), "reseal.done", { token, number }));
    }
  }
}

/** Sends each parcel back in turn; the first that fails ends the run. */
export async function runReturn(
  context: CliContext,
  tokens: readonly string[],
  options: SharedOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault, "flow");
  for (const token of tokens) tell(context, options, [await sendBack(vault, { token, actor })]);
  return 0;
}

/** Seals the further parcels of one order. */
export async function runSplit(
  context: CliContext,
  token: string,
  options: SplitOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault, "flow");
  const parcels = /^\d{1,3}$/.test(options.parcels) ? Number(options.parcels) : 0;
  tell(context, options, await split(vault, { token, parcels, actor }));
  return 0;
}
