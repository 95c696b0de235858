/**
 * Requests of the person concerned (个人信息主体请求, PIPL 44 to 50): which there are, how they move,
 * and by when they are answered.
 */
import { addDays } from "./calendar.ts";
import type { Day } from "./calendar.ts";
import type { Basis } from "./deadline.ts";

export interface RequestKindRow {
  readonly zh: string;
  readonly en: string;
  readonly basis: Basis;
}

function pipl(article: string): Basis {
  return { instrument: "个人信息保护法", version: "2021-11-01", article };
}

export const REQUEST_KINDS = {
  access: { zh: "查阅", en: "access", basis: pipl("45(1)") },
  copy: { zh: "复制", en: "copy", basis: pipl("45(1), 45(2)") },
  correction: { zh: "更正", en: "correction", basis: pipl("46") },
  erasure: { zh: "删除", en: "erasure", basis: pipl("47") },
  explanation: { zh: "解释说明", en: "explanation", basis: pipl("48") },
} as const satisfies Record<string, RequestKindRow>;

export type RequestKind = keyof typeof REQUEST_KINDS;

// The keys of the table are the names of its rows.
export const REQUEST_KIND_NAMES = Object.keys(REQUEST_KINDS) as readonly RequestKind[];

/** received: waits for the code. verified: the person is who it says. The other two are ends. */
export const REQUEST_STATES = ["received", "verified", "answered", "refused"] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

export const PARTIES = ["recipient", "sender"] as const;
export type PartyRole = (typeof PARTIES)[number];

/** Why a request is refused as a whole; a reason is always given (PIPL 50). */
export const REQUEST_REFUSALS = {
  unverified: { zh: "未能核实本人身份", en: "the person could not be verified" },
  "not-found": { zh: "没有可处理的运单", en: "there is no waybill of theirs" },
  withdrawn: { zh: "本人撤回", en: "the person withdrew it" },
  excessive: { zh: "短期内重复提出", en: "the same was asked and answered lately" },
} as const satisfies Record<string, { zh: string; en: string }>;

export type RequestRefusal = keyof typeof REQUEST_REFUSALS;

// The keys of the table are the names of its rows.
export const REQUEST_REFUSAL_NAMES = Object.keys(REQUEST_REFUSALS) as readonly RequestRefusal[];

/** What became of one waybill of a request. */
export const OUTCOMES = {
  given: { zh: "已提供", en: "given" },
  corrected: { zh: "已更正", en: "corrected" },
  erased: { zh: "已删除", en: "erased" },
  held: {
    zh: "依法留存冻结中,暂不能删除,仅存储(个人信息保护法第47条第2款)",
    en: "held by law: it is stored only and not erased yet (PIPL 47(2))",
  },
  "under-way": {
    zh: "尚未签收或退回,履行合同仍需要,完成后删除(个人信息保护法第13条第1款第2项)",
    en: "the parcel is under way, so the contract still needs it (PIPL 13(1)(2))",
  },
  dead: { zh: "已按期销毁", en: "died on its day already" },
} as const satisfies Record<string, { zh: string; en: string }>;

export type RequestOutcome = keyof typeof OUTCOMES;

/**
 * 15 working days: the longest time that 国信办秘字〔2019〕191号 (App 违法违规收集使用个人信息行为认定
 * 方法, 2019-11-28) section 6 allows apps for correction, deletion and complaints; we take it for
 * every kind of request. The law itself says 及时 only (PIPL 50). Cited without the text at hand.
 */
export const ANSWER_WORKING_DAYS = 15;

/** A code counts for ten minutes and for five attempts; three are sent for one request. */
export const CODE_MINUTES = 10;
export const CODE_ATTEMPTS_MAX = 5;
export const CODES_MAX = 3;

/** No holiday is longer: a caller that calls every day one must not hang us. */
const DAYS_MAX = 120;

/**
 * The last day of a period of `count` working days that begins on the day after `from`. `isRestDay`
 * says which days are none.
 */
export function addWorkingDays(from: Day, count: number, isRestDay: (day: Day) => boolean): Day {
  let day = from;
  let left = count;
  for (let passed = 0; left > 0 && passed < DAYS_MAX; passed += 1) {
    day = addDays(day, 1);
    if (!isRestDay(day)) left -= 1;
  }
  return day;
}

/** The day by which a request received on `receivedOn` is answered. */
export function answerDueOn(receivedOn: Day, isRestDay: (day: Day) => boolean): Day {
  return addWorkingDays(receivedOn, ANSWER_WORKING_DAYS, isRestDay);
}
