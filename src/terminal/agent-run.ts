/** An agent with its folder: key, queue, printers and the ports on which pages reach it. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Suite } from "../crypto/suites.ts";
import { Failure } from "../rules/failure.ts";
import { listenForPages } from "./agent-server.ts";
import type { Ear } from "./agent-server.ts";
import { readAgentSetting } from "./agent-setting.ts";
import type { AgentSetting } from "./agent-setting.ts";
import { OwnKey } from "./own-key.ts";
import { PrintAgent } from "./print-agent.ts";
import type { Draw } from "./print-worker.ts";

type RandomBytes = (count: number) => Uint8Array;

/** What pages are told; it goes up with what the agent can do. */
const AGENT_VERSION = "1.0.0";
const RETRY_MS = 2000;

export interface AgentRunOptions {
  readonly folder: string;
  /** Text of `agent.json`. */
  readonly setting: string;
  readonly draw: Draw | null;
  readonly now: () => Date;
  readonly randomBytes: RandomBytes;
  /** How long a printer that is not ready is left alone; two seconds without it. */
  readonly retryMs?: number;
}

async function tlsFile(folder: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path.resolve(folder, name));
  } catch {
    throw new Failure("AGENT_SETTING", { field: "tls" });
  }
}

async function ears(
  agent: PrintAgent,
  { port, origins, tls }: AgentSetting,
  folder: string,
): Promise<Ear[]> {
  const open = [await listenForPages(agent, { port, origins, tls: null })];
  if (tls === null) return open;
  const [certificate, key] = [
    await tlsFile(folder, tls.certificate),
    await tlsFile(folder, tls.key),
  ];
  open.push(await listenForPages(agent, { port: tls.port, origins, tls: { certificate, key } }));
  return open;
}

export class AgentRun {
  /** The text by which an installation is told to whom it seals. */
  readonly key: string;
  readonly ports: readonly number[];
  readonly #agent: PrintAgent;
  readonly #ears: readonly Ear[];

  private constructor(key: string, agent: PrintAgent, open: readonly Ear[]) {
    this.key = key;
    this.ports = open.map(({ port }) => port);
    this.#agent = agent;
    this.#ears = open;
  }

  /** The public key of the agent in `folder`, made when there is none yet. */
  static async keyText(
    folder: string,
    suite: Suite["name"],
    randomBytes: RandomBytes,
  ): Promise<string> {
    return (await OwnKey.at(folder, suite, randomBytes)).publicText;
  }

  /** Goes on where an earlier run stopped. Throws AGENT_SETTING, PORT_UNAVAILABLE. */
  static async start(options: AgentRunOptions): Promise<AgentRun> {
    const { folder, draw, now, randomBytes, retryMs = RETRY_MS } = options;
    const setting = readAgentSetting(options.setting);
    const key = await OwnKey.at(folder, "intl", randomBytes);
    const { printers } = setting;
    const queue = path.join(folder, "queue");
    const common = { printers, draw, now, randomBytes, retryMs, version: AGENT_VERSION };
    const agent = await PrintAgent.start({ ...common, folder: queue, key });
    try {
      return new AgentRun(key.publicText, agent, await ears(agent, setting, folder));
    } catch (error) {
      await agent.stop();
      throw error;
    }
  }

  /** Stops listening, lets what is being sent end, and leaves the rest in the queue. */
  async stop(): Promise<void> {
    for (const ear of this.#ears) await ear.close();
    await this.#agent.stop();
  }
}
