/**
 * `midan search`: finds waybills by a full phone, or among the parcels that a branch has; tokens
 * and masked views, never plaintext.
 */
import type { Actor } from "../access/actor.ts";
import { todayAt } from "../access/desk.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { searchCustody } from "../vault/custody-search.ts";
import { search } from "../vault/search.ts";
import type { Found } from "../vault/search.ts";
import type { Vault } from "../vault/vault.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printEntry, printJson } from "./context.ts";
import { valueOf } from "./input-line.ts";
import { writeReceipt } from "./receipt-file.ts";

interface SearchOptions extends SharedOptions {
  readonly phone?: string;
  readonly phoneTail?: string;
  readonly sameRecipient?: string;
  readonly branch?: string;
  readonly day?: string;
  readonly receipt?: string;
}

type Find = (vault: Vault, actor: Actor) => Promise<Found>;

/** One of the three ways to search, with what it needs; values are read before anything opens. */
async function readFind(context: CliContext, options: SearchOptions): Promise<Find> {
  const { phone, phoneTail, sameRecipient, branch, day } = options;
  const ways = [phone, phoneTail, sameRecipient].filter((value) => value !== undefined);
  if (ways.length !== 1) throw new Failure("USAGE", { problem: "one-way", option: "--phone" });
  if (phone !== undefined) {
    const wanted = await valueOf(context.stdin, "--phone", phone);
    return async (vault, actor) => search(vault, { phone: wanted, actor });
  }
  if (branch === undefined) throw new Failure("USAGE", { option: "--branch" });
  const wanted =
    phoneTail === undefined
      ? { sameRecipient: sameRecipient ?? "" }
      : { phoneTail: await valueOf(context.stdin, "--phone-tail", phoneTail) };
  return async (vault, actor) => {
    const today = todayAt(vault);
    return searchCustody(vault, { branch, day: day ?? today, wanted, actor });
  };
}

async function runSearch(context: CliContext, options: SearchOptions): Promise<ExitCode> {
  const find = await readFind(context, options);
  await using vault = await context.openVault();
  const found = await find(vault, await acting(context, vault));
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
  printEntry(context, language, found.entry);
  return 0;
}

export const SEARCH = typed<SearchOptions>({
  usage: "search",
  text: "cli.search",
  options: [
    { flags: "--phone <number>", text: "cli.search.phone" },
    { flags: "--phone-tail <digits>", text: "cli.search.tail" },
    { flags: "--same-recipient <token>", text: "cli.search.same" },
    { flags: "--branch <organisation>", text: "cli.search.branch" },
    { flags: "--day <day>", text: "cli.search.day" },
    { flags: "--receipt <file>", text: "cli.reveal.receipt" },
  ],
  run: async (context, _words, options) => runSearch(context, options),
});
