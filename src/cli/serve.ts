/** `midan serve` and `midan witness serve`: run until they are told to stop. */
import { once } from "node:events";
import { listen } from "../http/server.ts";
import { serveLog } from "../http/static-log.ts";
import { serveWitness } from "../http/witness.ts";
import { nodePlatform } from "../outside/node-platform.ts";
import { Witness } from "../outside/witness.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { parsePolicy } from "../verifier/policy.ts";
import { Refused } from "../verifier/reason.ts";
import { typed } from "./command.ts";
import type { CommandGroup, CommandRow } from "./command.ts";
import { languageOf, print, printJson, wholeOption } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { optionFile } from "./verify-log.ts";

interface PlaceOptions extends SharedOptions {
  readonly host: string;
  readonly port: string;
}

interface WitnessOptions extends PlaceOptions {
  readonly name: string;
  readonly dir: string;
  readonly logs: string;
}

const PORT_MAX = 65_535;

function placeOf(options: PlaceOptions): { readonly host: string; readonly port: number } {
  const port = wholeOption("--port", options.port, { min: 0, max: PORT_MAX });
  return { host: options.host, port };
}

function told(
  context: CliContext,
  options: SharedOptions,
  listening: { readonly address: string; readonly key?: string },
): void {
  if (options.json === true) printJson(context, listening);
  else {
    const { address, key } = listening;
    print(context, say(languageOf(context, options), "serve.listening", { address }));
    if (key !== undefined) print(context, key);
  }
}

async function untilStopped(): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  const signals = (["SIGINT", "SIGTERM"] as const).map(async (name) =>
    once(process, name, { signal }),
  );
  await Promise.race(signals);
  stop.abort();
  await Promise.allSettled(signals);
}

/** Serves the log of this installation and keeps it going. */
async function runServe(context: CliContext, options: PlaceOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { folder } = vault.log;
  const server = await listen(placeOf(options), [
    async (request, response) => serveLog(folder, request, response),
  ]);
  told(context, options, { address: server.address });
  await untilStopped();
  await server.close();
  return 0;
}

async function openWitness(options: WitnessOptions): Promise<Witness> {
  const platform = nodePlatform(() => new Date());
  try {
    const policy = parsePolicy(platform, await optionFile(options.logs), "logs");
    return await Witness.open(options.dir, options.name, { platform, logs: policy.logs });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Failure("LOG_REFUSED", { reason: error.reason, ...error.where });
  }
}

async function runWitness(context: CliContext, options: WitnessOptions): Promise<ExitCode> {
  if (!/^[^\s+]{1,200}$/u.test(options.name)) throw new Failure("USAGE", { option: "--name" });
  const witness = await openWitness(options);
  const server = await listen(placeOf(options), [
    async (request, response) => serveWitness(witness, request, response),
  ]);
  told(context, options, { address: server.address, key: witness.key });
  await untilStopped();
  await server.close();
  return 0;
}

const PLACE_OPTIONS = [
  { flags: "--host <host>", text: "cli.serve.host", unset: "127.0.0.1" },
  { flags: "--port <port>", text: "cli.serve.port", unset: "8480" },
] as const;

export const SERVE: CommandRow = typed<PlaceOptions>({
  usage: "serve",
  text: "cli.serve",
  options: PLACE_OPTIONS,
  run: async (context, _words, options) => runServe(context, options),
});

export const WITNESS: CommandGroup = {
  name: "witness",
  text: "cli.witness",
  commands: [
    typed<WitnessOptions>({
      usage: "serve",
      text: "cli.witness.serve",
      options: [
        { flags: "--name <name>", text: "cli.witness.name", required: true },
        { flags: "--logs <file>", text: "cli.witness.logs", required: true },
        { flags: "--dir <dir>", text: "cli.witness.dir", unset: "midan-witness" },
        ...PLACE_OPTIONS,
      ],
      run: async (context, _words, options) => runWitness(context, options),
    }),
  ],
};
