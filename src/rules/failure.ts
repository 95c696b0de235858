/**
 * The one table of failures: what went wrong, how HTTP says it, and what the person should do.
 *
 * A failure never carries the offending value: `details` holds identifiers, counts, field names and
 * enum values only, so that a failure may be logged, printed and sent without a second look (P16, P9).
 */

export interface FailureRow {
  /** HTTP status (RFC 9457) that the row maps to when it leaves through the API. */
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 500 | 503;
  readonly zh: string;
  readonly en: string;
  /** What the person should do next. */
  readonly doZh: string;
  readonly doEn: string;
}

/* One row per code, in the order in which a waybill meets them. Keep the texts short and useful. */
export const FAILURES = {
  USAGE: {
    status: 400,
    zh: "命令或参数不对",
    en: "The command or one of its options is wrong",
    doZh: "运行 midan --help 查看用法",
    doEn: "Run midan --help",
  },
  PROFILE_UNKNOWN: {
    status: 400,
    zh: "没有这个脱敏方案",
    en: "There is no such mask profile",
    doZh: "可用:gb41833、strict、full、gb41833-tail4",
    doEn: "Use gb41833, strict, full or gb41833-tail4",
  },
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

/** True when `value` is a Failure, of the given code if one is named. */
export function isFailure(value: unknown, code?: FailureCode): value is Failure {
  return value instanceof Failure && (code === undefined || value.code === code);
}
