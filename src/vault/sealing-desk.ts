/**
 * Sealing for many callers at once (逐单密封): requests that arrive while a run is under way are
 * gathered into the next one, so that orders one by one share leases, commits and the thread.
 */
import type { Actor } from "../access/actor.ts";
import type { RowResult } from "../orders/order.ts";
import type { Rejection } from "./order-batch.ts";
import { seal } from "./seal.ts";
import type { SealedRow } from "./sealed-row.ts";
import { SealingThread } from "./sealing-thread.ts";
import type { WorkerStart } from "./sealing-thread.ts";
import type { Vault } from "./vault.ts";

/** What became of one order; `line` is the place in the request, from 1. */
export type SealOutcome =
  | { readonly ok: true; readonly row: SealedRow }
  | { readonly ok: false; readonly rejection: Rejection };

interface Asked {
  readonly rows: readonly RowResult[];
  readonly actor: Actor;
  readonly resolve: (outcomes: readonly SealOutcome[]) => void;
  readonly reject: (error: unknown) => void;
}

/** A run holds no more rows than this, or one request. */
const RUN_ROWS_MAX = 4_000;
/** The thread holds keys of compartments, so it lives no longer than it is of use (P7). */
const THREAD_AGE_MS_MAX = 600_000;
const THREAD_IDLE_MS_MAX = 10_000;

interface KeptThread {
  readonly thread: SealingThread;
  readonly start: string;
  readonly madeAtMs: number;
}

function renumbered(row: RowResult, line: number): RowResult {
  return row.ok ? { ok: true, order: { ...row.order, line } } : { ...row, line };
}

/** Everything that one actor asked for at about the same time, in the order of the requests. */
function nextRun(waiting: Asked[]): Asked[] {
  const [first] = waiting;
  const run: Asked[] = [];
  let count = 0;
  for (const asked of waiting) {
    if (asked.actor.pseudonym !== first?.actor.pseudonym) continue;
    if (count > 0 && count + asked.rows.length > RUN_ROWS_MAX) break;
    run.push(asked);
    count += asked.rows.length;
  }
  return run;
}

export class SealingDesk implements AsyncDisposable {
  readonly #vault: Vault;
  #waiting: Asked[] = [];
  #running: Promise<void> | null = null;
  #kept: KeptThread | null = null;
  #idle: NodeJS.Timeout | null = null;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /**
   * Seals `rows` for the actor, under the terms of the actor's branch; one outcome for each, in
   * their order, once all are committed. Throws as `seal`.
   */
  async seal(actor: Actor, rows: readonly RowResult[]): Promise<readonly SealOutcome[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly SealOutcome[]>();
    this.#waiting.push({ rows, actor, resolve, reject });
    this.#running ??= this.#work();
    return promise;
  }

  async #work(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    // What arrives in the same turn of the loop goes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const run = nextRun(this.#waiting);
      this.#waiting = this.#waiting.filter((asked) => !run.includes(asked));
      await this.#run(run);
    }
    this.#running = null;
    this.#idle = setTimeout(() => void this.#dropThread(), THREAD_IDLE_MS_MAX).unref();
  }

  async #run(run: readonly Asked[]): Promise<void> {
    try {
      const outcomes = await this.#outcomes(run);
      let at = 0;
      for (const { rows, resolve } of run) {
        resolve(outcomes.slice(at, at + rows.length));
        at += rows.length;
      }
    } catch (error) {
      await this.#dropThread();
      for (const { reject } of run) reject(error);
    }
  }

  async #outcomes(run: readonly Asked[]): Promise<SealOutcome[]> {
    const [first] = run;
    if (first === undefined) return [];
    const rows = run.flatMap((asked) => asked.rows).map((row, at) => renumbered(row, at + 1));
    const outcomes: SealOutcome[] = [];
    await this.#ageThread();
    await seal(this.#vault, inChunks(rows), {
      actor: first.actor,
      thread: (start) => this.#threadFor(start),
      sink: {
        committed: async (sealed, rejected) => {
          for (const row of sealed) outcomes[row.line - 1] = { ok: true, row };
          for (const rejection of rejected) outcomes[rejection.line - 1] = { ok: false, rejection };
          return Promise.resolve();
        },
      },
    });
    return outcomes;
  }

  #threadFor(start: WorkerStart): SealingThread {
    const wanted = String(start.settings.suite);
    if (this.#kept !== null && this.#kept.start === wanted) return this.#kept.thread;
    void this.#dropThread();
    const thread = new SealingThread(start);
    this.#kept = { thread, start: wanted, madeAtMs: performance.now() };
    return thread;
  }

  async #ageThread(): Promise<void> {
    const madeAtMs = this.#kept?.madeAtMs ?? Number.POSITIVE_INFINITY;
    if (performance.now() - madeAtMs > THREAD_AGE_MS_MAX) await this.#dropThread();
  }

  async #dropThread(): Promise<void> {
    const kept = this.#kept;
    this.#kept = null;
    await kept?.thread[Symbol.asyncDispose]();
  }

  /** Waits for what was asked for, and ends the thread. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running;
    if (this.#idle !== null) clearTimeout(this.#idle);
    await this.#dropThread();
  }
}

async function* inChunks(rows: readonly RowResult[]): AsyncGenerator<readonly RowResult[]> {
  yield await Promise.resolve(rows);
}
