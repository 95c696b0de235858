/** `midan change-address`: the parcel goes elsewhere, and its earlier labels are void. */
import { say } from "../rules/catalogue.ts";
import { changeAddress } from "../vault/change-address.ts";
import { acting } from "./acting.ts";
import { languageOf, print, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { valueOf } from "./input-line.ts";

export interface AddressOptions extends SharedOptions {
  readonly address: string;
}

export async function runChangeAddress(
  context: CliContext,
  token: string,
  options: AddressOptions,
): Promise<ExitCode> {
  const address = await valueOf(context.stdin, "--address", options.address);
  await using vault = await context.openVault();
  const actor = await acting(context, vault, "flow");
  const changed = await changeAddress(vault, { token, address, actor });
  if (options.json === true) printJson(context, changed);
  else {
    const { voidPrints: count } = changed;
    const told = { token: changed.token, address: changed.address, count };
    print(context, say(languageOf(context, options), "change-address.done", told));
  }
  return 0;
}
