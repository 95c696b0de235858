/**
 * How a command says that it failed: in both directions, to people and to programs, never a value.
 */
import { errorKind } from "../rules/error-kind.ts";
import { FAILURES, isFailure } from "../rules/failure.ts";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import type { FailureCode } from "../rules/failure.ts";
import type { CliContext, ExitCode } from "./context.ts";

/** Codes that mean the person used the command wrongly; everything else failed on its own. */
const WRONG_USE: ReadonlySet<FailureCode> = new Set([
  "USAGE",
  "PROFILE_UNKNOWN",
  "PURPOSE_UNKNOWN",
  "FIELDS_UNKNOWN",
  "REASON_MISSING",
  "SHRED_FUTURE",
  "SETTING_INVALID",
  "CONFIG_FILE_BROKEN",
  "CONFIG_FILE_OPEN",
  "OUTPUT_IS_INPUT",
  "PLACES_OVERLAP",
  "TENANT_DIFFERS",
  "LOG_SHARING",
  "COLUMNS_UNKNOWN",
  "COLUMNS_AMBIGUOUS",
  "MAP_BROKEN",
  "MAP_FIELD_UNKNOWN",
  "PHONE_INVALID",
  "TOKEN_CUT",
  "TOKEN_REENCODED",
  "TOKEN_VERSION",
  "TOKEN_ALTERED",
  "SWEEP_TABLE_UNKNOWN",
  "SWEEP_COLUMN_UNKNOWN",
  "SWEEP_COLUMN_TYPE",
  "SWEEP_KEY_WRONG",
  "ORGANISATION_PLACE",
  "SETTING_UNKNOWN",
  "SETTING_VALUE_UNKNOWN",
  "COURSE_UNKNOWN",
  "TRAINING_DAYS",
  "TEXT_LENGTH",
  "QUOTA_RAISE_BOUNDS",
  "CUSTODY_DAY",
  "DOCUMENT_KIND_UNKNOWN",
  "WARRANT_BOUNDS",
  "BREAK_GLASS_BOUNDS",
]);

export interface ReportOptions {
  readonly json: boolean;
  readonly language: Language;
}

function detailsText(details: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(details).map(([key, value]) => `${key}=${String(value)}`);
  return pairs.length === 0 ? "" : ` (${pairs.join(", ")})`;
}

/** Writes `error` to standard error and returns the exit code that it means. */
export function reportFailure(
  context: CliContext,
  error: unknown,
  options: ReportOptions,
): ExitCode {
  const { language, json } = options;
  if (!isFailure(error)) {
    const kind = errorKind(error);
    const text = json
      ? JSON.stringify({ error: { code: "INTERNAL", kind } })
      : say(language, "failure.unexpected", { kind });
    context.stderr.write(`${text}\n`);
    return 3;
  }
  const { code, details } = error;
  const row = FAILURES[code];
  if (json) {
    const { status, zh, en } = row;
    context.stderr.write(`${JSON.stringify({ error: { code, status, details, zh, en } })}\n`);
  } else {
    const what = language === "zh" ? row.doZh : row.doEn;
    context.stderr.write(`${code}: ${row[language]}${detailsText(details)}\n`);
    context.stderr.write(`${say(language, "failure.do", { what })}\n`);
  }
  return WRONG_USE.has(code) ? 2 : 3;
}
