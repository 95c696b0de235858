/** What the table of failures says about each code, in both languages (P16). */

export interface FailureRow {
  /** HTTP status (RFC 9457) that the row maps to when it leaves through the API. */
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 412 | 413 | 416 | 422 | 429 | 500 | 503;
  readonly zh: string;
  readonly en: string;
  /** What the person should do next. */
  readonly doZh: string;
  readonly doEn: string;
}
