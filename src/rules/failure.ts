/**
 * The one table of failures: what went wrong, how HTTP says it, and what the person should do. Its
 * rows stand in files by who has to act.
 *
 * A failure never carries the offending value: `details` holds identifiers, counts, field names and
 * enum values only, so that a failure may be logged, printed and sent without a second look (P16,
 * P9).
 */
import { ACCESS_FAILURES } from "./access-failures.ts";
import { AGENT_FAILURES } from "./agent-failures.ts";
import { API_FAILURES } from "./api-failures.ts";
import { AUTHORITY_FAILURES } from "./authority-failures.ts";
import { BREAK_GLASS_FAILURES } from "./break-glass-failures.ts";
import type { FailureRow } from "./failure-row.ts";
import { IDENTITY_FAILURES } from "./identity-failures.ts";
import { LOG_FAILURES } from "./log-failures.ts";
import { ORDER_FAILURES } from "./order-failures.ts";
import { QUOTA_FAILURES } from "./quota-failures.ts";
import { OVERSIGHT_FAILURES } from "./oversight-failures.ts";
import { PLATFORM_FAILURES } from "./platform-failures.ts";
import { REAL_NAME_FAILURES } from "./real-name-failures.ts";
import { REQUEST_FAILURES } from "./request-failures.ts";
import { SANDBOX_FAILURES } from "./sandbox-failures.ts";
import { SHIFT_FAILURES } from "./shift-failures.ts";
import { STORAGE_FAILURES } from "./storage-failures.ts";
import { SWEEP_FAILURES } from "./sweep-failures.ts";
import { TICKET_FAILURES } from "./ticket-failures.ts";
import { WARRANT_FAILURES } from "./warrant-failures.ts";

export const FAILURES = {
  ...ACCESS_FAILURES,
  ...AGENT_FAILURES,
  ...API_FAILURES,
  ...AUTHORITY_FAILURES,
  ...BREAK_GLASS_FAILURES,
  ...IDENTITY_FAILURES,
  ...LOG_FAILURES,
  ...ORDER_FAILURES,
  ...OVERSIGHT_FAILURES,
  ...PLATFORM_FAILURES,
  ...QUOTA_FAILURES,
  ...REAL_NAME_FAILURES,
  ...REQUEST_FAILURES,
  ...SANDBOX_FAILURES,
  ...SHIFT_FAILURES,
  ...STORAGE_FAILURES,
  ...SWEEP_FAILURES,
  ...TICKET_FAILURES,
  ...WARRANT_FAILURES,
} as const satisfies Record<string, FailureRow>;

export type FailureCode = keyof typeof FAILURES;

export type FailureDetails = Readonly<Record<string, string | number | boolean>>;

/**
 * The only error class that rooms throw on purpose. Programmer errors are assertions instead.
 * `details` must hold identifiers, counts, field names or enum values, never input text.
 */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly details: FailureDetails;

  constructor(code: FailureCode, details: FailureDetails = {}, options?: ErrorOptions) {
    super(`${code}: ${FAILURES[code].en}`, options);
    this.name = "Failure";
    this.code = code;
    this.details = details;
  }

  get row(): FailureRow {
    return FAILURES[this.code];
  }
}

const STATUS_UNAVAILABLE = 503;
const STORAGE_CODE = /^(?:DATABASE|LOG|KEYSTORE)_/;

/**
 * Whether it is of what every row needs, the database, the log or the key store, so that the rows
 * after it would fail as well.
 */
export function isOfStorage({ code }: Failure): boolean {
  return STORAGE_CODE.test(code);
}

const UNWRITABLE_CODE = /^(?:DATABASE|LOG)_/;

/** True when `value` is a Failure of which an entry can be written: not what entries need. */
export function isTellable(value: unknown): value is Failure {
  return isFailure(value) && !UNWRITABLE_CODE.test(value.code);
}

/** True when `value` is a Failure that asking again in a while will not change: none of 503. */
export function isLasting(value: unknown): value is Failure {
  return isFailure(value) && value.row.status !== STATUS_UNAVAILABLE;
}

/** True when `value` is a Failure, of the given code if one is named. */
export function isFailure(value: unknown, code?: FailureCode): value is Failure {
  return value instanceof Failure && (code === undefined || value.code === code);
}
