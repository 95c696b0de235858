/** `midan device`: devices of couriers; each is registered by itself and approved by its branch. */
import { decideDevice, listDevices, registerDevice } from "../identity/device.ts";
import { say } from "../rules/catalogue.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup, CommandRow } from "./command.ts";
import { languageOf, print, printEntry, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

interface RegisterOptions extends SharedOptions {
  readonly key: string;
}

async function runList(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const rows = await listDevices(vault, await acting(context, vault));
  const devices = rows.map(({ id, name, registeredAt, approvedAt, revokedAt, provedAt }) => ({
    id,
    name,
    registeredAt,
    approvedAt,
    revokedAt,
    provedAt,
  }));
  if (options.json === true) {
    printJson(context, { devices });
    return 0;
  }
  const language = languageOf(context, options);
  if (devices.length === 0) print(context, say(language, "device.none"));
  for (const { id, name, approvedAt, revokedAt } of devices) {
    const state = revokedAt === null ? (approvedAt === null ? "waiting" : "approved") : "revoked";
    print(context, `${id}  ${name}  ${say(language, `device.${state}`)}`);
  }
  return 0;
}

async function runRegister(
  context: CliContext,
  name: string,
  options: RegisterOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const { device, entry } = await registerDevice(vault, actor, { name, publicKey: options.key });
  if (options.json === true) printJson(context, { id: device.id, entry });
  else print(context, say(languageOf(context, options), "device.registered", { id: device.id }));
  return 0;
}

function decisionRow(word: "approve" | "revoke", decision: "approved" | "revoked"): CommandRow {
  return {
    usage: `${word} <id>`,
    text: `cli.device.${word}`,
    options: [],
    run: async (context, [id = ""], options: SharedOptions) => {
      await using vault = await context.openVault();
      const entry = await decideDevice(vault, await acting(context, vault), { id, decision });
      if (options.json === true) printJson(context, { entry });
      else printEntry(context, languageOf(context, options), entry);
      return 0;
    },
  };
}

export const DEVICE: CommandGroup = {
  name: "device",
  text: "cli.device",
  commands: [
    {
      usage: "list",
      text: "cli.device.list",
      options: [],
      run: async (context, _words, options) => runList(context, options),
    },
    typed<RegisterOptions>({
      usage: "register <name>",
      text: "cli.device.register",
      options: [{ flags: "--key <base64>", text: "cli.device.key", required: true }],
      run: async (context, [name = ""], options) => runRegister(context, name, options),
    }),
    decisionRow("approve", "approved"),
    decisionRow("revoke", "revoked"),
  ],
};
