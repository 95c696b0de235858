/** `midan warrant`: an authority's document, filed by one officer and confirmed by another. */
import { confirmWarrant, fileWarrant, listWarrants } from "../access/warrant.ts";
import { minuteOf } from "../rules/calendar.ts";
import { say } from "../rules/catalogue.ts";
import { WARRANT_DAYS_MAX } from "../rules/warrant.ts";
import type { Language } from "../rules/catalogue.ts";
import type { ShownView } from "../vault/show.ts";
import { warrantList } from "../vault/warrant-list.ts";
import type { NamedSubject } from "../vault/warrant-list.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printEntry, printJson, wholeOption } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

type MaskedParty = ShownView["recipient"];

interface FileOptions extends SharedOptions {
  readonly authority: string;
  readonly document: string;
  readonly days: string;
}

async function runFile(
  context: CliContext,
  about: readonly string[],
  options: FileOptions,
): Promise<ExitCode> {
  const days = wholeOption("--days", options.days, { min: 1, max: WARRANT_DAYS_MAX });
  const { authority, document } = options;
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const filed = await fileWarrant(vault, { about, authority, document, days, actor });
  if (options.json === true) {
    printJson(context, filed);
    return 0;
  }
  const language = languageOf(context, options);
  print(context, say(language, "warrant.filed", { id: filed.id }));
  printEntry(context, language, filed.entry);
  return 0;
}

async function runConfirm(
  context: CliContext,
  id: string,
  options: SharedOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const confirmed = await confirmWarrant(vault, { id, actor: await acting(context, vault) });
  if (options.json === true) {
    printJson(context, confirmed);
    return 0;
  }
  const language = languageOf(context, options);
  const until = minuteOf(confirmed.until, vault.timeZone);
  print(context, say(language, "warrant.confirmed", { until }));
  printEntry(context, language, confirmed.entry);
  return 0;
}

function namedLine(language: Language, named: NamedSubject): string {
  const { about, waybill, document, failure } = named;
  if (document !== null) return say(language, "warrant.record", { about, document });
  if (waybill === null) return say(language, "warrant.unshown", { about, code: failure ?? "" });
  const party = (one: MaskedParty | null): string =>
    one === null ? "–" : `${one.name} ${one.phone} ${one.address}`;
  const view = waybill.view ?? { recipient: null, sender: null };
  const told = { recipient: party(view.recipient), sender: party(view.sender) };
  return say(language, "warrant.named", { about, number: waybill.waybillNumber, ...told });
}

async function runShow(context: CliContext, id: string, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const list = await warrantList(vault, { id, actor: await acting(context, vault) });
  if (options.json === true) {
    printJson(context, list);
    return 0;
  }
  const language = languageOf(context, options);
  for (const named of list.named) print(context, namedLine(language, named));
  printEntry(context, language, list.entry);
  return 0;
}

async function runList(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const warrants = await listWarrants(vault, await acting(context, vault));
  if (options.json === true) {
    printJson(context, { warrants });
    return 0;
  }
  const language = languageOf(context, options);
  if (warrants.length === 0) print(context, say(language, "warrant.none"));
  for (const { confirmed, id, authority, document, count, filedBy } of warrants) {
    const state =
      confirmed === null
        ? say(language, "warrant.waiting")
        : say(language, "warrant.counts", {
            by: confirmed.by,
            until: minuteOf(confirmed.until, vault.timeZone),
          });
    const words = { id, authority, document, count, filedBy, state };
    print(context, say(language, "warrant.row", words));
  }
  return 0;
}

export const WARRANT: CommandGroup = {
  name: "warrant",
  text: "cli.warrant",
  commands: [
    typed<FileOptions>({
      usage: "file <about...>",
      text: "cli.warrant.file",
      options: [
        { flags: "--authority <name>", text: "cli.warrant.authority", required: true },
        { flags: "--document <number>", text: "cli.warrant.document", required: true },
        { flags: "--days <days>", text: "cli.warrant.days", unset: "7" },
      ],
      run: runFile,
    }),
    typed<SharedOptions>({
      usage: "show <id>",
      text: "cli.warrant.show",
      options: [],
      run: async (context, [id = ""], options) => runShow(context, id, options),
    }),
    typed<SharedOptions>({
      usage: "confirm <id>",
      text: "cli.warrant.confirm",
      options: [],
      run: async (context, [id = ""], options) => runConfirm(context, id, options),
    }),
    typed<SharedOptions>({
      usage: "list",
      text: "cli.warrant.list",
      options: [],
      run: async (context, _words, options) => runList(context, options),
    }),
  ],
};
