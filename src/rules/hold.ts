/**
 * Holds (留存冻结): why the persons of a waybill may outlive their day, for how long at most, and what
 * a hold keeps open after access closed (P8). None is without an end.
 */
import { addDays } from "./calendar.ts";
import type { Day } from "./calendar.ts";
import type { FailureCode } from "./failure.ts";
import type { Purpose } from "./purposes.ts";

export interface HoldReasonRow {
  readonly zh: string;
  readonly en: string;
  /** What may be opened because of it, beside what the law keeps open anyway. */
  readonly purposes: readonly Purpose[];
  /** The last day lies at most this many days ahead; a longer need is held again, with a review. */
  readonly daysMax: number;
  /** An authority's hold names its document; ours need not. */
  readonly needsDocument: boolean;
  readonly source: {
    readonly instrument: string;
    readonly version: string;
    readonly article: string;
  };
}

const PIPL = { instrument: "个人信息保护法", version: "2021-11-01" } as const;
const EXPRESS = { instrument: "快递暂行条例", version: "2025-06-01" } as const;

export const HOLD_REASONS = {
  claim: {
    zh: "理赔",
    en: "claim",
    purposes: ["claim", "contact"],
    daysMax: 365,
    needsDocument: false,
    source: { ...PIPL, article: "13(1)(2)" },
  },
  complaint: {
    zh: "投诉",
    en: "complaint",
    purposes: ["claim", "contact"],
    daysMax: 180,
    needsDocument: false,
    source: { ...EXPRESS, article: "29" },
  },
  investigation: {
    zh: "调查",
    en: "investigation",
    purposes: ["law-enforcement", "inspection"],
    daysMax: 730,
    needsDocument: true,
    source: { ...PIPL, article: "13(1)(3), 47(2)" },
  },
  "court-order": {
    zh: "司法保全",
    en: "court order",
    purposes: ["law-enforcement"],
    daysMax: 1095,
    needsDocument: true,
    source: { ...PIPL, article: "13(1)(3), 47(2)" },
  },
  undelivered: {
    zh: "无法投递",
    en: "undelivered",
    purposes: ["return", "contact", "address-change"],
    daysMax: 365,
    needsDocument: false,
    source: { ...EXPRESS, article: "27" },
  },
  /** Made by the program itself for a held key that an older database does not know of. */
  recovered: {
    zh: "恢复后待核(旧库中无记录)",
    en: "found after a restore, to be reviewed",
    purposes: [],
    daysMax: 30,
    needsDocument: false,
    source: { ...PIPL, article: "47(2)" },
  },
} as const satisfies Record<string, HoldReasonRow>;

export type HoldReason = keyof typeof HOLD_REASONS;

// The keys of the table are the names of its rows.
export const HOLD_REASON_NAMES = Object.keys(HOLD_REASONS) as readonly HoldReason[];

/**
 * pending: on its way to the key store. active. ending: on its way out of it. released: by a
 * person. expired: its last day passed. refused: the key was dead already.
 */
export const HOLD_STATES = [
  "pending",
  "active",
  "ending",
  "released",
  "expired",
  "refused",
] as const;
export type HoldState = (typeof HOLD_STATES)[number];

/** Why a hold may not be placed, or null when it may. `until` is its last day. */
export function holdRefusal(
  today: Day,
  asked: { readonly reason: HoldReason; readonly until: Day; readonly document: string | null },
): FailureCode | null {
  const { daysMax, needsDocument } = HOLD_REASONS[asked.reason];
  if (asked.until < today || asked.until > addDays(today, daysMax)) return "HOLD_UNTIL";
  return needsDocument && asked.document === null ? "HOLD_DOCUMENT" : null;
}

/** A hold counts up to the end of its last day. */
export function isHoldOver(today: Day, until: Day): boolean {
  return today > until;
}
