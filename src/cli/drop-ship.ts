/** `midan drop-ship` and `midan withdraw`: waybills go to a supplier, and are taken back. */
import { say } from "../rules/catalogue.ts";
import { FAILURES } from "../rules/failure.ts";
import { dropShip, withdrawDropShip } from "../vault/drop-ship.ts";
import type { DropShipRequest } from "../vault/drop-ship.ts";
import { acting } from "./acting.ts";
import { languageOf, print, printJson, requiredDay } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { sizeOf } from "./label-choice.ts";

export interface DropShipOptions extends SharedOptions {
  readonly to: string;
  readonly until: string;
  readonly prints?: string;
  readonly size?: string;
}

function termsOf({ to, ...options }: DropShipOptions) {
  const until = requiredDay(options.until, "--until");
  const { prints = "1" } = options;
  return {
    supplier: to,
    size: sizeOf(options),
    until,
    prints: /^\d{1,2}$/.test(prints) ? Number(prints) : 0,
  };
}

/** Hands the waybills over; 1 where some of them were refused. */
export async function runDropShip(
  context: CliContext,
  tokens: readonly string[],
  options: DropShipOptions,
): Promise<ExitCode> {
  const terms: Omit<DropShipRequest, "tokens" | "actor"> = termsOf(options);
  await using vault = await context.openVault();
  const actor = await acting(context, vault, "flow");
  const results = await dropShip(vault, { ...terms, tokens, actor });
  const language = languageOf(context, options);
  for (const one of results) {
    if (options.json === true) printJson(context, one);
    else if ("code" in one) print(context, `${one.token}  ${FAILURES[one.code][language]}`);
    else {
      const told = { token: one.token, supplier: options.to, day: one.until };
      print(context, say(language, "drop-ship.done", told));
    }
  }
  return results.some((one) => "code" in one) ? 1 : 0;
}

/** Takes each waybill back in turn; the first that fails ends the run. */
export async function runWithdraw(
  context: CliContext,
  tokens: readonly string[],
  options: SharedOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault, "flow");
  for (const token of tokens) {
    const withdrawn = await withdrawDropShip(vault, { token, actor });
    if (options.json === true) printJson(context, withdrawn);
    else print(context, say(languageOf(context, options), "withdraw.done", { token }));
  }
  return 0;
}
