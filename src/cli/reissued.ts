/** `midan keys reissued`: whose labels have to be printed again after a restoration. */
import { Failure } from "../rules/failure.ts";
import { reissuedTokens } from "../vault/reissued.ts";
import { acting } from "./acting.ts";
import { print, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

export interface ReissuedOptions extends SharedOptions {
  readonly from: string;
  readonly to: string;
}

/** So many are listed at once; who has more narrows the span. */
const LISTED_MAX = 100_000;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/u;

function instantOption(option: string, text: string): Date {
  const at = INSTANT.test(text) ? new Date(text) : null;
  if (at === null || Number.isNaN(at.getTime())) throw new Failure("USAGE", { option });
  return at;
}

export async function runReissued(
  context: CliContext,
  options: ReissuedOptions,
): Promise<ExitCode> {
  const from = instantOption("--from", options.from);
  const to = instantOption("--to", options.to);
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const waybills = await reissuedTokens(vault, { from, to, limit: LISTED_MAX, actor });
  if (options.json === true) printJson(context, { waybills, limit: LISTED_MAX });
  else
    for (const { token, waybillNumber, sealedAt } of waybills)
      print(context, `${token}  ${sealedAt.toISOString()}  ${waybillNumber}`.trimEnd());
  return 0;
}
