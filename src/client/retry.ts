/** What is asked again when no good answer came, and when. */
import { ONCE_OPERATIONS } from "./operations.ts";
import type { MidanProblem } from "./problem.ts";

/** The order's own number makes these safe to repeat, with or without a key. */
const BY_ORDER_NUMBER: ReadonlySet<string> = new Set([
  "POST /v1/waybills",
  "POST /v1/waybills/batch",
]);
const REPEATABLE_METHOD = /^(?:GET|PUT|DELETE) /;
const ONCE: ReadonlySet<string> = new Set(ONCE_OPERATIONS);

/** Refused before anything was done, so that asking again does it once. */
const NOT_BEGUN: ReadonlySet<string> = new Set(["SERVER_BUSY", "IDEMPOTENCY_PENDING"]);
const TOO_MANY = 429;
const MAY_PASS: ReadonlySet<number> = new Set([0, 502, 503, 504]);

const FIRST_WAIT_MS = 200;
const WAIT_MS_MAX = 20_000;

/** Whether the operation is done once under a key of ours. */
export function takesKey(operation: string): boolean {
  return ONCE.has(operation);
}

/** Whether asking again is of use and does nothing twice. */
export function isRetryable(operation: string, { problem }: MidanProblem): boolean {
  const { status, code } = problem;
  if (status === TOO_MANY || NOT_BEGUN.has(code)) return true;
  const isSafe =
    REPEATABLE_METHOD.test(operation) || takesKey(operation) || BY_ORDER_NUMBER.has(operation);
  return isSafe && MAY_PASS.has(status);
}

/**
 * Milliseconds to wait before attempt `attempt` + 1 (from 1): what the server says, or twice as
 * long each time; by `chance` (0 to 1) up to a half more, so that many do not come at once.
 */
export function waitMs(attempt: number, { problem }: MidanProblem, chance: number): number {
  const { retryAfterSeconds } = problem.details;
  const said = typeof retryAfterSeconds === "number" ? retryAfterSeconds * 1000 : 0;
  const own = FIRST_WAIT_MS * 2 ** (attempt - 1);
  return Math.min(WAIT_MS_MAX, Math.max(said, own) * (1 + chance / 2));
}
