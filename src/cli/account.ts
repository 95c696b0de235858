/** `midan account`: who there is, in which role and where. */
import {
  changeRole,
  createAccount,
  endAccount,
  linkProvider,
  listAccounts,
} from "../identity/account.ts";
import { invite } from "../identity/invitation.ts";
import { say } from "../rules/catalogue.ts";
import { ROLES } from "../rules/role.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printEntry, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { tellInvitation } from "./login.ts";

interface PlaceOptions extends SharedOptions {
  readonly role: string;
  readonly at?: string;
}

interface CreateOptions extends PlaceOptions {
  readonly machine?: boolean;
}

interface LinkOptions extends SharedOptions {
  readonly issuer: string;
  readonly subject: string;
}

async function runList(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const rows = await listAccounts(vault, await acting(context, vault));
  const accounts = rows.map((row) => ({
    name: row.name,
    kind: row.kind,
    role: row.role,
    organisation: row.organisationId,
    hasPassword: row.password !== null,
    hasAuthenticator: row.totp !== null,
    disabledAt: row.disabledAt,
  }));
  if (options.json === true) {
    printJson(context, { accounts });
    return 0;
  }
  const language = languageOf(context, options);
  if (accounts.length === 0) print(context, say(language, "account.none"));
  for (const { name, role, organisation, hasAuthenticator, disabledAt } of accounts) {
    const state = disabledAt === null ? "" : `  ${say(language, "account.ended")}`;
    const factor = hasAuthenticator ? `  ${say(language, "account.factor")}` : "";
    print(context, `${name}  ${ROLES[role][language]}  ${organisation ?? "–"}${factor}${state}`);
  }
  return 0;
}

async function runCreate(
  context: CliContext,
  name: string,
  options: CreateOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const { role, at = null, machine = false } = options;
  const kind = machine ? "machine" : "person";
  const made = await createAccount(vault, { actor, name, role, organisation: at, kind });
  if (kind === "person") {
    tellInvitation(context, options, await invite(vault, { name: made.account.name, actor }));
    return 0;
  }
  if (options.json === true) printJson(context, { name: made.account.name, entry: made.entry });
  else printEntry(context, languageOf(context, options), made.entry);
  return 0;
}

async function runInvite(
  context: CliContext,
  name: string,
  options: SharedOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  tellInvitation(context, options, await invite(vault, { name, actor }));
  return 0;
}

async function runDisable(
  context: CliContext,
  name: string,
  options: SharedOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const ended = await endAccount(vault, { name, actor: await acting(context, vault) });
  if (options.json === true) {
    printJson(context, ended);
    return 0;
  }
  const { sessions, apiKeys, entry } = ended;
  print(
    context,
    say(languageOf(context, options), "account.disabled", { sessions, apiKeys, entry }),
  );
  return 0;
}

function tellEntry(context: CliContext, options: SharedOptions, entry: string): ExitCode {
  if (options.json === true) printJson(context, { entry });
  else printEntry(context, languageOf(context, options), entry);
  return 0;
}

async function runRole(
  context: CliContext,
  name: string,
  options: PlaceOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { role, at = null } = options;
  const actor = await acting(context, vault);
  const entry = await changeRole(vault, { name, role, organisation: at, actor });
  return tellEntry(context, options, entry);
}

async function runLink(context: CliContext, name: string, options: LinkOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { issuer, subject } = options;
  const actor = await acting(context, vault);
  const entry = await linkProvider(vault, { name, issuer, subject, actor });
  return tellEntry(context, options, entry);
}

const PLACE_OPTIONS = [
  { flags: "--role <role>", text: "cli.account.role.role", required: true },
  { flags: "--at <organisation>", text: "cli.account.at" },
] as const;

export const ACCOUNT: CommandGroup = {
  name: "account",
  text: "cli.account",
  commands: [
    {
      usage: "list",
      text: "cli.account.list",
      options: [],
      run: async (context, _words, options) => runList(context, options),
    },
    typed<CreateOptions>({
      usage: "create <name>",
      text: "cli.account.create",
      options: [...PLACE_OPTIONS, { flags: "--machine", text: "cli.account.machine" }],
      run: async (context, [name = ""], options) => runCreate(context, name, options),
    }),
    {
      usage: "invite <name>",
      text: "cli.account.invite",
      options: [],
      run: async (context, [name = ""], options) => runInvite(context, name, options),
    },
    typed<PlaceOptions>({
      usage: "role <name>",
      text: "cli.account.role",
      options: PLACE_OPTIONS,
      run: async (context, [name = ""], options) => runRole(context, name, options),
    }),
    typed<LinkOptions>({
      usage: "link <name>",
      text: "cli.account.link",
      options: [
        { flags: "--issuer <url>", text: "cli.account.issuer", required: true },
        { flags: "--subject <id>", text: "cli.account.subject", required: true },
      ],
      run: async (context, [name = ""], options) => runLink(context, name, options),
    }),
    {
      usage: "disable <name>",
      text: "cli.account.disable",
      options: [],
      run: async (context, [name = ""], options) => runDisable(context, name, options),
    },
  ],
};
