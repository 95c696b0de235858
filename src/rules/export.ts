/**
 * Exports (导出): what may be taken away as a file, who is asked for it, for what, and within which
 * bounds. Requests, jobs and answers say all of it in these words.
 */
import type { Purpose } from "./purposes.ts";
import type { Verb } from "./verb.ts";

/** How far an export is. */
export const EXPORT_STATES = ["making", "ready", "failed"] as const;

export type ExportState = (typeof EXPORT_STATES)[number];

/** How a file is written, and its media type. */
export const EXPORT_FORMATS = {
  zip: "application/zip",
  csv: "text/csv; charset=utf-8",
  ndjson: "application/x-ndjson",
} as const;

export type ExportFormat = keyof typeof EXPORT_FORMATS;

/** What may narrow an export down, beside its days and its organisation. */
export type ExportFilter = "state" | "merchant" | "question";

export interface ExportKindRow {
  readonly zh: string;
  readonly en: string;
  /** What the policies are asked. */
  readonly verb: Verb;
  /** What it can be for; of several the request names one. */
  readonly purposes: readonly [Purpose, ...Purpose[]];
  /** How it can be written; the first where nobody says. */
  readonly formats: readonly [ExportFormat, ...ExportFormat[]];
  readonly filters: readonly ExportFilter[];
  /** How many days it spans at most; null for a bundle, which is bounded by its entries. */
  readonly daysMax: number | null;
}

const MONTH_DAYS = 31;

export const EXPORT_KINDS = {
  "inspector-bundle": {
    zh: "检查包",
    en: "inspector's bundle",
    verb: "make-bundle",
    purposes: ["inspection"],
    formats: ["zip"],
    filters: [],
    daysMax: null,
  },
  "masked-waybills": {
    zh: "脱敏运单清单",
    en: "masked waybills",
    verb: "export-masked",
    purposes: ["deliver", "return", "claim", "audit"],
    formats: ["csv", "ndjson"],
    filters: ["state", "merchant"],
    daysMax: MONTH_DAYS,
  },
  "log-entries": {
    zh: "日志条目",
    en: "entries of the log",
    verb: "ask-log",
    purposes: ["audit", "inspection"],
    formats: ["ndjson"],
    filters: ["question"],
    daysMax: MONTH_DAYS,
  },
  statements: {
    zh: "合规声明",
    en: "statements of printed labels",
    verb: "prove-statement",
    purposes: ["audit", "inspection"],
    formats: ["ndjson"],
    filters: [],
    daysMax: MONTH_DAYS,
  },
} as const satisfies Readonly<Record<string, ExportKindRow>>;

export type ExportKind = keyof typeof EXPORT_KINDS;

// The keys of the tables are the names of their rows.
export const EXPORT_KIND_NAMES = Object.keys(EXPORT_KINDS) as readonly ExportKind[];
export const EXPORT_FORMAT_NAMES = Object.keys(EXPORT_FORMATS) as readonly ExportFormat[];
/** Every purpose that some export can have. */
export const EXPORT_PURPOSES: readonly Purpose[] = [
  ...new Set<Purpose>(Object.values(EXPORT_KINDS).flatMap(({ purposes }) => purposes)),
];

/** Rows of one file, a bundle's apart. */
export const EXPORT_ROWS_MAX = 20_000;

const ROWS_OF_A_LOOK = 1_000;

/** As how many looks an export of that many masked waybills counts: one for each thousand begun. */
export function exportLooks(rows: number): number {
  return Math.max(1, Math.ceil(rows / ROWS_OF_A_LOOK));
}
