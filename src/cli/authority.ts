/** `midan authority`: what an authority may be shown of a carrier, and reading it as its office. */
import { approveScope, grantScope, listScopes, revokeScope } from "../access/authority-scope.ts";
import type { GrantedScope, ScopeGrant } from "../access/authority-scope.ts";
import { readScope } from "../oversight/scope-reading.ts";
import type { ShownFigure } from "../oversight/scope-reading.ts";
import { AUTHORITY_SCOPES } from "../rules/authority-scope.ts";
import { say } from "../rules/catalogue.ts";
import type { Actor } from "../access/actor.ts";
import type { Vault } from "../vault/vault.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printEntry, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { requestLines } from "./policy-request.ts";

interface GrantOptions extends SharedOptions {
  readonly to: string;
  readonly from?: string;
  readonly until: string;
  readonly basis: string;
  readonly document: string;
}

type Settling = "approved" | "granted" | "revoked";

function tellGrant(
  context: CliContext,
  { granted, as }: { readonly granted: GrantedScope; readonly as: Settling },
  options: SharedOptions,
): ExitCode {
  if (options.json === true) {
    printJson(context, granted);
    return 0;
  }
  const language = languageOf(context, options);
  const key = granted.state === "waiting" ? "waits" : as;
  print(context, say(language, `authority.${key}`, { id: granted.id }));
  printEntry(context, language, granted.entry);
  return 0;
}

async function runGrant(
  context: CliContext,
  scope: string,
  options: GrantOptions,
): Promise<ExitCode> {
  const { to: authority, from = null, until, basis, document } = options;
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const given: ScopeGrant = { authority, scope, from, until, basis, document, actor };
  return tellGrant(context, { granted: await grantScope(vault, given), as: "granted" }, options);
}

type Settle = (vault: Vault, given: { id: string; actor: Actor }) => Promise<GrantedScope>;

function settling(as: Settling, settle: Settle) {
  return async (context: CliContext, [id = ""]: readonly string[], options: SharedOptions) => {
    await using vault = await context.openVault();
    const granted = await settle(vault, { id, actor: await acting(context, vault) });
    return tellGrant(context, { granted, as }, options);
  };
}

async function runScopes(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const scopes = await listScopes(vault, await acting(context, vault));
  if (options.json === true) {
    printJson(context, { scopes });
    return 0;
  }
  const language = languageOf(context, options);
  if (scopes.length === 0) print(context, say(language, "authority.none"));
  for (const row of scopes) {
    const { id, scope, fromDay: from, untilDay: until, basis, document } = row;
    const named = { tenant: row.tenantName, authority: row.authorityName };
    const state = say(language, `authority.state.${row.state}`);
    const told = { id, ...named, scope, from, until, basis, document, state };
    print(context, say(language, "authority.row", told));
  }
  return 0;
}

function figureLine({ name, value, count, of }: ShownFigure): string {
  const figure = value ?? (of === null ? String(count) : `${count} / ${of}`);
  return `  ${name}  ${figure}`;
}

async function runRead(context: CliContext, id: string, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const reading = await readScope(vault, { id, actor: await acting(context, vault) });
  if (options.json === true) {
    printJson(context, reading);
    return 0;
  }
  const language = languageOf(context, options);
  const { scope, tenant, on, requests, figures, entry } = reading;
  print(context, `${tenant}  ${AUTHORITY_SCOPES[scope][language]}  ${on}`);
  for (const row of requests)
    for (const line of requestLines(language, row)) print(context, `  ${line}`);
  for (const figure of figures) print(context, figureLine(figure));
  printEntry(context, language, entry);
  return 0;
}

export const AUTHORITY: CommandGroup = {
  name: "authority",
  text: "cli.authority",
  commands: [
    typed<GrantOptions>({
      usage: "grant <scope>",
      text: "cli.authority.grant",
      options: [
        { flags: "--to <authority>", text: "cli.authority.to", required: true },
        { flags: "--from <day>", text: "cli.authority.from" },
        { flags: "--until <day>", text: "cli.authority.until", required: true },
        { flags: "--basis <text>", text: "cli.authority.basis", required: true },
        { flags: "--document <number>", text: "cli.authority.document", required: true },
      ],
      run: async (context, [scope = ""], options) => runGrant(context, scope, options),
    }),
    typed<SharedOptions>({
      usage: "approve <id>",
      text: "cli.authority.approve",
      options: [],
      run: settling("approved", approveScope),
    }),
    typed<SharedOptions>({
      usage: "revoke <id>",
      text: "cli.authority.revoke",
      options: [],
      run: settling("revoked", revokeScope),
    }),
    typed<SharedOptions>({
      usage: "scopes",
      text: "cli.authority.scopes",
      options: [],
      run: async (context, _words, options) => runScopes(context, options),
    }),
    typed<SharedOptions>({
      usage: "read <id>",
      text: "cli.authority.read",
      options: [],
      run: async (context, [id = ""], options) => runRead(context, id, options),
    }),
  ],
};
