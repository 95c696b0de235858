/** `midan api-key`: keys of machines. */
import {
  API_KEY_DAYS_MAX,
  createApiKey,
  endKey,
  listApiKeys,
  OVERLAP_HOURS_MAX,
  rotateApiKey,
} from "../identity/api-key.ts";
import type { MadeApiKey } from "../identity/api-key.ts";
import { say } from "../rules/catalogue.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printEntry, printJson, wholeOption } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

interface DaysOptions extends SharedOptions {
  readonly days: string;
}

interface CreateOptions extends DaysOptions {
  readonly scopes: string;
}

interface RotateOptions extends DaysOptions {
  readonly overlapHours: string;
}

function daysOf(options: DaysOptions): number {
  return wholeOption("--days", options.days, { min: 1, max: API_KEY_DAYS_MAX });
}

function tellKey(context: CliContext, options: SharedOptions, made: MadeApiKey): ExitCode {
  if (options.json === true) {
    printJson(context, made);
    return 0;
  }
  const { key, id, expiresAt } = made;
  const until = expiresAt.toISOString();
  print(context, say(languageOf(context, options), "api-key.made", { id, until }));
  print(context, `  ${key}`);
  return 0;
}

async function runCreate(
  context: CliContext,
  name: string,
  options: CreateOptions,
): Promise<ExitCode> {
  const days = daysOf(options);
  const scopes = options.scopes.split(",").map((scope) => scope.trim());
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  return tellKey(context, options, await createApiKey(vault, { name, scopes, days, actor }));
}

async function runRotate(
  context: CliContext,
  id: string,
  options: RotateOptions,
): Promise<ExitCode> {
  const days = daysOf(options);
  const bounds = { min: 0, max: OVERLAP_HOURS_MAX };
  const overlapHours = wholeOption("--overlap-hours", options.overlapHours, bounds);
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  return tellKey(context, options, await rotateApiKey(vault, { id, overlapHours, days, actor }));
}

async function runEnd(context: CliContext, id: string, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const entry = await endKey(vault, { id, actor: await acting(context, vault) });
  if (options.json === true) printJson(context, { entry });
  else printEntry(context, languageOf(context, options), entry);
  return 0;
}

async function runList(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const keys = await listApiKeys(vault, await acting(context, vault));
  if (options.json === true) {
    printJson(context, { keys });
    return 0;
  }
  const language = languageOf(context, options);
  if (keys.length === 0) print(context, say(language, "api-key.none"));
  for (const { id, account, scopes, expiresAt, usedAt, endedAt } of keys) {
    const used = usedAt === null ? say(language, "api-key.unused") : usedAt.toISOString();
    const until = (endedAt ?? expiresAt).toISOString();
    print(context, `${id}  ${account}  ${scopes.join(",")}  ${until}  ${used}`);
  }
  return 0;
}

const DAYS = { flags: "--days <days>", text: "cli.api-key.days", unset: "90" } as const;

export const API_KEY: CommandGroup = {
  name: "api-key",
  text: "cli.api-key",
  commands: [
    {
      usage: "list",
      text: "cli.api-key.list",
      options: [],
      run: async (context, _words, options) => runList(context, options),
    },
    typed<CreateOptions>({
      usage: "create <account>",
      text: "cli.api-key.create",
      options: [{ flags: "--scopes <scopes>", text: "cli.api-key.scopes", required: true }, DAYS],
      run: async (context, [name = ""], options) => runCreate(context, name, options),
    }),
    typed<RotateOptions>({
      usage: "rotate <id>",
      text: "cli.api-key.rotate",
      options: [
        { flags: "--overlap-hours <hours>", text: "cli.api-key.overlap", unset: "24" },
        DAYS,
      ],
      run: async (context, [id = ""], options) => runRotate(context, id, options),
    }),
    {
      usage: "end <id>",
      text: "cli.api-key.end",
      options: [],
      run: async (context, [id = ""], options) => runEnd(context, id, options),
    },
  ],
};
