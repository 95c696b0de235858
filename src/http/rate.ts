/**
 * How many requests a caller may make in a minute, told before it is met: `RateLimit-Policy` and
 * `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10). Each server counts for itself, in memory.
 */
import type { FastifyReply } from "fastify";
import { Failure } from "../rules/failure.ts";

const WINDOW_SECONDS = 60;
const WINDOW_MS = WINDOW_SECONDS * 1000;
/** Above any installation's callers; who would be one too many pushes out the oldest count. */
const CALLERS_MAX = 20_000;

interface Window {
  readonly endsAtMs: number;
  count: number;
}

export class Rates {
  readonly #perMinute: number;
  readonly #nowMs: () => number;
  readonly #windows = new Map<string, Window>();

  /** `nowMs` never runs back: a clock that is set must not let anybody wait for hours. */
  constructor(perMinute: number, nowMs: () => number = () => performance.now()) {
    this.#perMinute = perMinute;
    this.#nowMs = nowMs;
  }

  #windowOf(caller: string, nowMs: number): Window {
    const found = this.#windows.get(caller);
    if (found !== undefined && found.endsAtMs > nowMs) return found;
    const window = { endsAtMs: nowMs + WINDOW_MS, count: 0 };
    // A window that begins goes to the end, so that the first is always the oldest.
    this.#windows.delete(caller);
    this.#windows.set(caller, window);
    const [oldest] = this.#windows.keys();
    if (this.#windows.size > CALLERS_MAX && oldest !== undefined) this.#windows.delete(oldest);
    return window;
  }

  /**
   * Counts one request of `caller` and tells it what is left. Throws REQUESTS_TOO_MANY, which says
   * when to come back, once nothing is.
   */
  count(caller: string, reply: Pick<FastifyReply, "header">): void {
    const nowMs = this.#nowMs();
    const window = this.#windowOf(caller, nowMs);
    window.count += 1;
    const left = Math.max(0, this.#perMinute - window.count);
    const seconds = Math.ceil((window.endsAtMs - nowMs) / 1000);
    reply.header("ratelimit-policy", `"requests";q=${this.#perMinute};w=${WINDOW_SECONDS}`);
    reply.header("ratelimit", `"requests";r=${left};t=${seconds}`);
    if (window.count > this.#perMinute)
      throw new Failure("REQUESTS_TOO_MANY", { retryAfterSeconds: seconds });
  }
}
