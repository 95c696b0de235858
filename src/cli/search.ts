/** `midan search`: finds waybills by a full phone; tokens and masked views, never plaintext. */
import { say } from "../rules/catalogue.ts";
import { search } from "../vault/search.ts";
import { acting } from "./acting.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson } from "./context.ts";
import { valueOf } from "./input-line.ts";
import { writeReceipt } from "./receipt-file.ts";

export interface SearchOptions extends SharedOptions {
  readonly phone: string;
  readonly receipt?: string;
}

export async function runSearch(context: CliContext, options: SearchOptions): Promise<ExitCode> {
  const wanted = await valueOf(context.stdin, "--phone", options.phone);
  await using vault = await context.openVault();
  const found = await search(vault, {
    phone: wanted,
    actor: await acting(context, vault),
  });
  if (options.receipt !== undefined) await writeReceipt(options.receipt, found.receipt);
  const language = languageOf(context, options);
  if (options.json === true) {
    printJson(context, found);
    return 0;
  }
  const count = found.hits.length;
  print(context, say(language, count === 0 ? "search.none" : "search.found", { count }));
  for (const hit of found.hits) {
    const { name, phone, address } = hit.recipient;
    print(context, `${hit.token}  ${hit.waybillNumber}  ${name}  ${phone}  ${address}`);
  }
  if (found.truncated) print(context, say(language, "search.more"));
  print(context, say(language, "reveal.entry", { id: found.entry }));
  return 0;
}
