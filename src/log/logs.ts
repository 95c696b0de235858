/**
 * The logs of an installation: one that all tenants share, or one for each tenant, with folder,
 * name, keys and queue of its own. A process that has them open takes in what waits in any of them,
 * twice a second: one log after another, each with a bounded number of leaves, and no log twice
 * before the others had their turn. What fails in one log keeps no other from its turn.
 */
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { INSTALLATION_LOG, unsettledLogs } from "../store/log.ts";
import type { LogId, LogSharing } from "../store/log.ts";
import { connected } from "../store/pool.ts";
import { openLog } from "./log.ts";
import type { Log, LogOptions } from "./log.ts";
import { Silence } from "./witnesses.ts";

const PAUSE_MS = 400;
/** How many logs take in what waits before it is asked again which ones have to. */
const LOGS_EACH_TIME = 64;

interface LogsOptions extends Omit<LogOptions, "log" | "silence"> {
  /** How the tenants log; asked once, before the first log is opened. */
  readonly sharing: LogSharing;
}

export class Logs {
  readonly #options: LogsOptions;
  readonly #silence = new Silence();
  readonly #opened = new Map<LogId, Log>();
  /** The last log that had its turn, when others still wait for theirs. */
  #after: LogId | null = null;
  readonly #stop = new AbortController();
  #loop: Promise<void> | null = null;

  constructor(options: LogsOptions) {
    this.#options = options;
  }

  /** The log in which that tenant's leaves are. */
  of(tenantId: string): Log {
    return this.#open(this.#options.sharing === "tenant" ? tenantId : INSTALLATION_LOG);
  }

  #open(log: LogId): Log {
    const known = this.#opened.get(log);
    if (known !== undefined) return known;
    const isOwn = log !== INSTALLATION_LOG;
    const folder = isOwn ? path.join(this.#options.folder, log) : this.#options.folder;
    const opened = openLog({
      ...this.#options,
      log,
      folder,
      ...(this.#options.sharing === "tenant" ? { silence: this.#silence } : {}),
    });
    this.#opened.set(log, opened);
    return opened;
  }

  /** The next logs in which something waits, in the order of their ids. */
  async #waiting(): Promise<readonly LogId[]> {
    const page = { after: this.#after, limit: LOGS_EACH_TIME };
    const logs = await connected(this.#options.database, async (connection) =>
      unsettledLogs(connection, page),
    );
    this.#after = logs.length < LOGS_EACH_TIME ? null : (logs.at(-1) ?? null);
    return logs;
  }

  async #turnAll(): Promise<void> {
    const waiting = new Set(await this.#waiting());
    for (const log of waiting) await this.#open(log).keeper.turnKnown(true);
    for (const [log, { keeper }] of this.#opened)
      if (!waiting.has(log)) await keeper.turnKnown(false);
  }

  /** Takes in what waits now in all logs; failures are each log's own, and never thrown. */
  async turn(): Promise<void> {
    if (this.#options.sharing === "shared") {
      await this.#open(INSTALLATION_LOG).keeper.turn();
      return;
    }
    try {
      do await this.#turnAll();
      while (this.#after !== null);
    } catch {
      // The database did not answer: the next turn asks again, and verbs fail by themselves.
      this.#after = null;
    }
  }

  /**
   * Opens the logs of those tenants and begins to work in the background. Only after what a crash
   * or an older copy left is settled: settling asks the database what was told already, and must
   * not find there what only the log remembers.
   */
  async start(tenantIds: readonly string[]): Promise<void> {
    for (const { keeper, recover } of new Set(tenantIds.map((id) => this.of(id))))
      await keeper.open(recover);
    this.#loop ??= this.#work();
  }

  async #work(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await sleep(PAUSE_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await this.turn();
    }
  }

  /** Ends the work, and takes in once more what waits. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    await this.turn();
  }
}
