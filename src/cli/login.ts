/** `midan login`, `logout`, `whoami` and `password`. */
import { localOperator } from "../access/actor.ts";
import { acceptInvitation, foundOwner, openInvitation } from "../identity/invitation.ts";
import type { Invitation } from "../identity/invitation.ts";
import { newKnown } from "../identity/brake.ts";
import { openSession, signOut } from "../identity/session.ts";
import { changePassword, signIn } from "../identity/sign-in.ts";
import { say } from "../rules/catalogue.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import { ROLES } from "../rules/role.ts";
import type { Vault } from "../vault/vault.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandRow } from "./command.ts";
import { languageOf, print, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { secretsOf } from "./secret-input.ts";
import { readSessionFile, writeSessionFile } from "./session-file.ts";

interface LoginOptions extends SharedOptions {
  readonly name?: string;
  readonly invite?: string;
  /** Commander's form of `--no-authenticator`. */
  readonly authenticator: boolean;
}

/** Attempts on this machine itself; whoever makes them can run commands here. */
const SOURCE = "local";

export function tellInvitation(
  context: CliContext,
  options: SharedOptions,
  { name, token, expiresAt }: Invitation,
): void {
  if (options.json === true) {
    printJson(context, { name, invite: token, expiresAt });
    return;
  }
  const language = languageOf(context, options);
  print(context, say(language, "login.invited", { name, until: expiresAt.toISOString() }));
  print(context, `  midan login --invite ${token}`);
}

async function accept(
  context: CliContext,
  vault: Vault,
  options: LoginOptions & { readonly invite: string },
): Promise<ExitCode> {
  const language = languageOf(context, options);
  const { name, secret, link } = await openInvitation(vault, options.invite);
  const wantsCode = options.authenticator;
  if (wantsCode) {
    context.stderr.write(`${say(language, "login.authenticator", { name })}\n`);
    context.stderr.write(`  ${secret.replaceAll(/(.{4})/g, "$1 ").trim()}\n  ${link}\n`);
  }
  const [password = "", code = null] = await secretsOf(context, language, [
    { key: "login.password.new" },
    ...(wantsCode ? [{ key: "login.code" as const }] : []),
  ]);
  const made = await acceptInvitation(vault, { token: options.invite, password, code });
  const kept = { token: made.token, known: await newKnown(vault, made.accountId) };
  await writeSessionFile(context.config.sessionFile, vault.tenant.name, kept);
  const { recoveryCodes, expiresAt } = made;
  if (options.json === true) {
    printJson(context, { name, expiresAt, recoveryCodes });
    return 0;
  }
  print(context, say(language, "login.done", { name, until: expiresAt.toISOString() }));
  if (recoveryCodes.length > 0) print(context, say(language, "login.recovery"));
  for (const recovery of recoveryCodes) print(context, `  ${recovery}`);
  return 0;
}

async function enter(
  context: CliContext,
  vault: Vault,
  options: LoginOptions & { readonly name: string },
): Promise<ExitCode> {
  const language = languageOf(context, options);
  const { sessionFile } = context.config;
  const earlier = await readSessionFile(sessionFile, vault.tenant.name);
  const [password = "", code = ""] = await secretsOf(context, language, [
    { key: "login.password" },
    { key: "login.code.if", optional: true },
  ]);
  const { name, token, known, expiresAt } = await signIn(vault, {
    name: options.name,
    password,
    code: code === "" ? null : code,
    source: SOURCE,
    known: earlier?.known ?? null,
    previous: earlier?.token ?? null,
  });
  await writeSessionFile(sessionFile, vault.tenant.name, { token, known });
  if (options.json === true) printJson(context, { name, expiresAt });
  else print(context, say(language, "login.done", { name, until: expiresAt.toISOString() }));
  return 0;
}

async function runLogin(context: CliContext, options: LoginOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { invite, name } = options;
  if (invite !== undefined) return await accept(context, vault, { ...options, invite });
  const first = await foundOwner(vault, await localOperator(vault));
  if (first !== null) {
    tellInvitation(context, options, first);
    return 0;
  }
  if (name === undefined) throw new Failure("USAGE", { option: "--name" });
  return await enter(context, vault, { ...options, name });
}

async function runLogout(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { sessionFile } = context.config;
  const { name } = vault.tenant;
  const kept = await readSessionFile(sessionFile, name);
  try {
    if (kept !== null) {
      const { actor, session } = await openSession(vault, kept.token);
      await signOut(vault, actor, session.id);
    }
  } catch (error) {
    if (!isFailure(error, "SESSION_ENDED")) throw error;
  }
  await writeSessionFile(sessionFile, name, null);
  if (options.json === true) printJson(context, { signedOut: kept !== null });
  else print(context, say(languageOf(context, options), "logout.done"));
  return 0;
}

async function runWhoami(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { kind, role, pseudonym, organisationPath, scopes } = await acting(context, vault, "any");
  if (options.json === true) {
    printJson(context, { kind, role, pseudonym, organisationPath, scopes });
    return 0;
  }
  const language = languageOf(context, options);
  print(context, `${ROLES[role][language]}  ${pseudonym}`);
  if (organisationPath.length > 0) print(context, `  ${organisationPath.join(" / ")}`);
  if (scopes !== null) print(context, `  ${scopes.join(", ")}`);
  return 0;
}

async function runPassword(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const language = languageOf(context, options);
  const actor = await acting(context, vault);
  if (actor.kind !== "person") throw new Failure("SIGN_IN_NEEDED");
  const [old = "", fresh = ""] = await secretsOf(context, language, [
    { key: "login.password" },
    { key: "login.password.new" },
  ]);
  const ended = await changePassword(vault, actor, { old, fresh, source: SOURCE });
  if (options.json === true) printJson(context, { sessionsEnded: ended });
  else print(context, say(language, "password.done", { count: ended }));
  return 0;
}

export const SIGN_IN_COMMANDS: readonly CommandRow[] = [
  typed<LoginOptions>({
    usage: "login",
    text: "cli.login",
    options: [
      { flags: "--name <account>", text: "cli.login.name" },
      { flags: "--invite <code>", text: "cli.login.invite" },
      { flags: "--no-authenticator", text: "cli.login.bare" },
    ],
    run: async (context, _words, options) => runLogin(context, options),
  }),
  {
    usage: "logout",
    text: "cli.logout",
    options: [],
    run: async (context, _words, options) => runLogout(context, options),
  },
  {
    usage: "whoami",
    text: "cli.whoami",
    options: [],
    run: async (context, _words, options) => runWhoami(context, options),
  },
  {
    usage: "password",
    text: "cli.password",
    options: [],
    run: async (context, _words, options) => runPassword(context, options),
  },
];
