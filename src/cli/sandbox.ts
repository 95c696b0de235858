/** `midan sandbox`: makes an installation of invented data, and serves it. */
import path from "node:path";
import { linkOnDisk, parseConfig } from "../config.ts";
import { say } from "../rules/catalogue.ts";
import { SANDBOX_TENANT } from "../rules/sandbox.ts";
import { ACCOUNTS_FILE, prepareSandbox } from "../story/sandbox-folder.ts";
import { fillSandbox, sandboxFacts } from "../story/sandbox.ts";
import type { SandboxFacts } from "../story/sandbox.ts";
import type { Vault } from "../vault/vault.ts";
import { typed } from "./command.ts";
import type { CommandRow } from "./command.ts";
import { isTerminal, languageOf, print, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { runServe } from "./serve.ts";

interface SandboxOptions extends SharedOptions {
  readonly dir: string;
  readonly port: string;
  readonly reset?: boolean;
}

/** Accounts without a second factor are for this machine alone. */
const HOST = "127.0.0.1";

/** Commands that work as they stand, with the key of the carrier's machine and one waybill. */
function firstCalls(address: string, { people, machines, waybills }: SandboxFacts): string[] {
  const [machine] = machines;
  const printed = waybills.find(({ state }) => state === "printed");
  const officer = people.find(({ role }) => role === "privacy-officer");
  const person = { name: officer?.name, password: officer?.password, as: "token" };
  const json = "-H 'content-type: application/json'";
  return [
    `  curl -H 'authorization: Bearer ${machine?.key}' ${address}/v1/waybills/${printed?.token}`,
    `  curl ${json} -d '${JSON.stringify(person)}' ${address}/v1/session`,
    `  ${address}/docs`,
  ];
}

function tellSandbox(
  context: CliContext,
  options: SandboxOptions,
  made: { readonly address: string; readonly place: string; readonly facts: SandboxFacts },
): void {
  const { address, place, facts } = made;
  if (options.json === true) {
    printJson(context, { address, accounts: place, waybills: facts.waybills.length });
    return;
  }
  const language = languageOf(context, options);
  print(context, say(language, "sandbox.ready", { address }));
  print(context, say(language, "sandbox.accounts", { place }));
  if (!isTerminal(context.stdout)) return;
  // Keys are for a terminal; elsewhere they would be collected.
  print(context, say(language, "sandbox.calls"));
  for (const line of firstCalls(address, facts)) print(context, line);
}

/** The same machine over the sandbox in `home`; none of the settings of this one count there. */
function inSandbox(context: CliContext, home: string): CliContext {
  const settings = { MIDAN_HOME: home, MIDAN_TENANT: SANDBOX_TENANT };
  const { language } = context.config;
  const config = { ...parseConfig(settings, home, linkOnDisk), language };
  const openVault = async (): Promise<Vault> => context.openVault({ config });
  return { ...context, config, openVault };
}

async function runSandbox(context: CliContext, options: SandboxOptions): Promise<ExitCode> {
  const home = path.resolve(options.dir);
  const found = await prepareSandbox(home, options.reset === true);
  const inside = inSandbox(context, home);
  if (found === "empty") {
    await using vault = await inside.openVault();
    await fillSandbox(vault, { home, fonts: context.fonts() });
  }
  const facts = await sandboxFacts(home);
  const place = path.join(home, ACCOUNTS_FILE);
  return runServe(inside, { ...options, host: HOST }, (address) =>
    tellSandbox(context, options, { address, place, facts }),
  );
}

export const SANDBOX: CommandRow = typed<SandboxOptions>({
  usage: "sandbox",
  text: "cli.sandbox",
  options: [
    { flags: "--dir <dir>", text: "cli.sandbox.dir", unset: "midan-sandbox" },
    { flags: "--port <port>", text: "cli.serve.port", unset: "8480" },
    { flags: "--reset", text: "cli.sandbox.reset" },
  ],
  run: async (context, _words, options) => runSandbox(context, options),
});
