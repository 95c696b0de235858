/** `midan hold`: reasons not to let the persons of a waybill die yet. */
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { HOLD_REASONS } from "../rules/hold.ts";
import { holds, placeHold, releaseHold, withTokens } from "../vault/hold.ts";
import type { ListedHold } from "../vault/hold.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printEntry, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

interface AddOptions extends SharedOptions {
  readonly reason: string;
  readonly authority: string;
  readonly document?: string;
  readonly until: string;
}

interface ListOptions extends SharedOptions {
  readonly all?: boolean;
}

interface ReleaseOptions extends SharedOptions {}

async function runAdd(context: CliContext, token: string, options: AddOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { reason, authority, document = null, until } = options;
  const request = {
    token,
    reason,
    authority,
    document,
    until,
    actor: await acting(context, vault),
  };
  const { hold, entry } = await placeHold(vault, request);
  if (options.json === true) {
    printJson(context, { hold, entry });
    return 0;
  }
  const language = languageOf(context, options);
  print(context, say(language, "hold.placed", { id: hold.id, day: hold.untilDay }));
  printEntry(context, language, entry);
  return 0;
}

function holdLine(language: Language, hold: ListedHold): string {
  const { id, token, untilDay: until, authority, state } = hold;
  const reason = HOLD_REASONS[hold.reason][language];
  const document = hold.document ?? "–";
  return say(language, "hold.row", { id, token, reason, authority, document, until, state });
}

async function runList(context: CliContext, options: ListOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const asked = { ended: options.all === true, actor: await acting(context, vault) };
  const found = await withTokens(vault, await holds(vault, asked));
  if (options.json === true) {
    printJson(context, { holds: found });
    return 0;
  }
  const language = languageOf(context, options);
  if (found.length === 0) print(context, say(language, "hold.none"));
  for (const hold of found) print(context, holdLine(language, hold));
  return 0;
}

async function runRelease(
  context: CliContext,
  id: string,
  options: ReleaseOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const ended = await releaseHold(vault, { id, actor: await acting(context, vault) });
  if (options.json === true) {
    printJson(context, ended);
    return 0;
  }
  const language = languageOf(context, options);
  const key = ended.erased === null ? "hold.released" : "hold.released.dead";
  print(context, say(language, key));
  printEntry(context, language, ended.entry);
  return 0;
}

export const HOLD: CommandGroup = {
  name: "hold",
  text: "cli.hold",
  commands: [
    typed<AddOptions>({
      usage: "add <token>",
      text: "cli.hold.add",
      options: [
        { flags: "--reason <reason>", text: "cli.hold.reason", required: true },
        { flags: "--authority <name>", text: "cli.hold.authority", required: true },
        { flags: "--document <number>", text: "cli.hold.document" },
        { flags: "--until <day>", text: "cli.hold.until", required: true },
      ],
      run: async (context, [token = ""], options) => runAdd(context, token, options),
    }),
    typed<ListOptions>({
      usage: "list",
      text: "cli.hold.list",
      options: [{ flags: "--all", text: "cli.hold.all" }],
      run: async (context, _words, options) => runList(context, options),
    }),
    typed<ReleaseOptions>({
      usage: "release <id>",
      text: "cli.hold.release",
      options: [],
      run: async (context, [id = ""], options) => runRelease(context, id, options),
    }),
  ],
};
