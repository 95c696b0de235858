/**
 * A client of the HTTP API: typed by its description, with typed failures, retries of what does no
 * harm twice, and timeouts. It runs wherever there is `fetch` and needs nothing else.
 */
import type { Operations } from "./operations.ts";
import { MidanProblem, problemOf, unreachable } from "./problem.ts";
import { isRetryable, takesKey, waitMs } from "./retry.ts";
import { streamLines } from "./stream.ts";
import type { StreamCounts, StreamLine } from "./stream.ts";

export type Operation = keyof Operations;
export type Asked<O extends Operation> = Omit<Operations[O], "answer">;
export type Answer<O extends Operation> = Operations[O]["answer"];

export interface ClientOptions {
  /** Scheme, host and port, as `https://midan.example`. */
  readonly address: string;
  /** A machine's key or a session's token. */
  readonly token: string;
  /** Of texts in problems; Chinese without it. */
  readonly language?: "zh" | "en";
  /** For one attempt, from sending to the end of the answer; 30 seconds without it. */
  readonly timeoutMs?: number;
  /** How often something is tried in all; 4 without it. */
  readonly attemptsMax?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** A key of your own, kept for a repeat after a crash; a new one for each call without it. */
  readonly idempotencyKey?: string;
}

const TIMEOUT_MS = 30_000;
const ATTEMPTS_MAX = 4;

interface Given {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

/** The address of an operation with its places filled in. */
function urlOf(address: string, path: string, { params = {}, query = {} }: Given): URL {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const url = new URL(filled, address);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

async function contentOf(answer: Response): Promise<unknown> {
  const type = answer.headers.get("content-type") ?? "";
  if (type === "" || answer.status === 204 || answer.status === 304) return null;
  if (type.startsWith("application/json")) return answer.json();
  return /^text\/|ndjson/.test(type) ? answer.text() : new Uint8Array(await answer.arrayBuffer());
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const done = Promise.withResolvers<void>();
  const stopped = (): void => done.reject(signal?.reason);
  const timer = setTimeout(done.resolve, ms);
  signal?.addEventListener("abort", stopped, { once: true });
  return done.promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stopped);
  });
}

export class MidanClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  #headers(extra: Readonly<Record<string, string>>): Record<string, string> {
    const { token, language = "zh" } = this.#options;
    return { authorization: `Bearer ${token}`, "accept-language": language, ...extra };
  }

  /**
   * Asks one operation of the API, as `call("GET /v1/waybills/{token}", { params: { token } })`.
   * Throws MidanProblem with a code of docs/errors.md, or UNREACHABLE where no answer came after
   * every attempt; and the signal's own reason when it is aborted.
   */
  async call<O extends Operation>(
    operation: O,
    asked: Asked<O>,
    options: CallOptions = {},
  ): Promise<Answer<O>> {
    const { attemptsMax = ATTEMPTS_MAX } = this.#options;
    const { idempotencyKey = crypto.randomUUID(), signal } = options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        // The description says what this operation answers.
        return (await this.#ask(operation, asked, { idempotencyKey, signal })) as Answer<O>;
      } catch (error) {
        const isFinal =
          !(error instanceof MidanProblem) ||
          attempt >= attemptsMax ||
          !isRetryable(operation, error);
        if (isFinal) throw error;
        await pause(waitMs(attempt, error, Math.random()), signal);
      }
    }
  }

  async #ask(
    operation: string,
    given: Given,
    { idempotencyKey, signal }: { idempotencyKey: string; signal: AbortSignal | undefined },
  ): Promise<unknown> {
    const [method = "", path = ""] = operation.split(" ");
    const { address, timeoutMs = TIMEOUT_MS } = this.#options;
    const limit = AbortSignal.timeout(timeoutMs);
    const { body } = given;
    const headers = this.#headers({
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(takesKey(operation) ? { "idempotency-key": idempotencyKey } : {}),
    });
    try {
      const answer = await fetch(urlOf(address, path, given), {
        method,
        headers,
        redirect: "error",
        signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!answer.ok && answer.status !== 304) throw await problemOf(answer);
      return await contentOf(answer);
    } catch (error) {
      if (error instanceof MidanProblem || signal?.aborted === true) throw error;
      throw unreachable(0, error);
    }
  }

  /**
   * Seals orders of any number: reads them as they are asked for, and gives a line for each once
   * it is committed; the counts at the end. Throws MidanProblem as the server says, or UNREACHABLE
   * where it was cut off: send the same orders again, and nothing is sealed twice.
   */
  async *sealStream(
    orders: AsyncIterable<object> | Iterable<object>,
    { signal }: Pick<CallOptions, "signal"> = {},
  ): AsyncGenerator<StreamLine, StreamCounts> {
    const headers = this.#headers({ "content-type": "application/x-ndjson" });
    const url = new URL("/v1/waybills/stream", this.#options.address);
    return yield* streamLines({ url, headers, orders, signal });
  }
}
