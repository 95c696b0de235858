/**
 * Codes of requests that were made by a phone, at a server: whether there is a waybill of it is
 * looked up, and the code sent, after the answer has gone. Neither the time of an answer nor what
 * became of the message tells of a waybill then.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { CodeMessage, CodeSender } from "./code-sender.ts";

/** A message takes as long as the operator's program. */
const AT_ONCE_MAX = 8;
/** Above what people at desks take in while a program hangs for its longest. */
const WAITING_MAX = 1_000;
/** How long a server that stops goes on with what waits: without it a request finds no waybill. */
const STOPPING_MS = 10_000;

export class CodeDesk implements CodeSender, AsyncDisposable {
  readonly #sender: CodeSender;
  readonly #failed: () => void;
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #running = new Set<Promise<void>>();
  #isClosed = false;

  /** `failed` is told that a code did not go out, and of which request is not said. */
  constructor(sender: CodeSender, failed: () => void) {
    this.#sender = sender;
    this.#failed = failed;
  }

  /** Hands over at once, as the sender does. */
  async send(message: CodeMessage): Promise<void> {
    return this.#sender.send(message);
  }

  /** Does `work` as soon as its turn comes; what is too much, or comes too late, fails unseen. */
  aside(work: () => Promise<void>): void {
    if (this.#isClosed || this.#waiting.length >= WAITING_MAX) {
      this.#failed();
      return;
    }
    this.#waiting.push(work);
    this.#begin();
  }

  #begin(): void {
    const work = this.#running.size < AT_ONCE_MAX ? this.#waiting.shift() : undefined;
    if (work === undefined) return;
    const done = this.#done(work);
    this.#running.add(done);
    void done.finally(() => {
      this.#running.delete(done);
      this.#begin();
    });
  }

  async #done(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch {
      this.#failed();
    }
  }

  async #drained(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Goes on with what waits for some seconds; what has not had its turn then fails. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const late = new AbortController();
    const time = sleep(STOPPING_MS, undefined, { signal: late.signal }).catch(() => undefined);
    await Promise.race([this.#drained(), time]);
    late.abort();
    for (const _work of this.#waiting.splice(0)) this.#failed();
    await Promise.all(this.#running);
  }
}
