/** `midan witness serve`: countersigns the logs that it was told of, until it is told to stop. */
import { listen } from "../http/server.ts";
import { witnessRoutes } from "../http/witness.ts";
import { nodePlatform } from "../outside/node-platform.ts";
import { Witness } from "../outside/witness.ts";
import { Failure } from "../rules/failure.ts";
import { parsePolicy } from "../verifier/policy.ts";
import { Refused } from "../verifier/reason.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import type { CliContext, ExitCode } from "./context.ts";
import { PLACE_OPTIONS, placeOf, tellListening } from "./serve.ts";
import type { PlaceOptions } from "./serve.ts";
import { untilStopped } from "./stop.ts";
import { optionFile } from "./verify-log.ts";

interface WitnessOptions extends PlaceOptions {
  readonly name: string;
  readonly dir: string;
  readonly logs: string;
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
  const server = await listen(placeOf(options), [(app) => witnessRoutes(app, witness)]);
  const stopped = untilStopped();
  tellListening(context, options, { address: server.address, key: witness.key });
  await stopped;
  await server.close();
  return 0;
}

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
