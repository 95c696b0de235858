/**
 * Deadlines of an administrative public-interest case (行政公益诉讼) and of a deputy's suggestion
 * (代表建议), each with its source. Periods are counted from the day after the event; a period in
 * months ends on the day of the same number, or on the last day of a month that has none (民法典
 * 2021-01-01, art. 201 and 202). The last day still counts.
 */
import { addDays, daysBetween } from "./calendar.ts";
import type { Day } from "./calendar.ts";

export interface Basis {
  readonly instrument: string;
  /** In force from, or the year of the version that is meant; article numbers change with it. */
  readonly version: string;
  readonly article: string;
}

export interface DeadlineRow {
  readonly zh: string;
  readonly en: string;
  readonly count: number;
  readonly unit: "day" | "month";
  /** The event whose day is given; that day itself is not counted. */
  readonly from: { readonly zh: string; readonly en: string };
  readonly basis: Basis;
  /** `local` rules bind in one place, `house` terms are our own defaults and bind nobody. */
  readonly force: "national" | "local" | "house";
}

/** 人民检察院公益诉讼办案规则, 高检发释字〔2021〕2号. */
export function caseRules(article: string): Basis {
  return { instrument: "人民检察院公益诉讼办案规则", version: "2021-07-01", article };
}

/** 最高人民法院、最高人民检察院关于检察公益诉讼案件适用法律若干问题的解释. */
export function interpretation(article: string): Basis {
  return { instrument: "两高关于检察公益诉讼案件的解释", version: "2020-12", article };
}

const DEPUTIES: Basis = { instrument: "代表法", version: "2025-03-11", article: "51" };
const LINKAGE: Basis = {
  instrument: "代表建议与公益诉讼检察建议衔接转化规定(湖北某市)",
  version: "2022",
  article: "–",
};
const HOUSE: Basis = { instrument: "密单默认约定(无法定期限)", version: "1", article: "–" };

const FILED = { zh: "决定立案", en: "the decision to file" } as const;
const DECIDED = { zh: "决定提出检察建议", en: "the decision to recommend" } as const;
const SERVED = { zh: "送达检察建议书", en: "service of the recommendation" } as const;
const RECEIVED = { zh: "收到检察建议书", en: "receipt of the recommendation" } as const;
const EXPIRED = { zh: "整改期限届满", en: "the end of the rectification period" } as const;
const ASSIGNED = { zh: "交办", en: "the assignment" } as const;

export const DEADLINES = {
  "serve-filing": {
    zh: "立案决定书送达行政机关",
    en: "serve the decision to file on the agency",
    count: 7,
    unit: "day",
    from: FILED,
    basis: caseRules("70"),
    force: "national",
  },
  "entrusted-inquiry": {
    zh: "受托调查完成",
    en: "finish an entrusted inquiry",
    count: 30,
    unit: "day",
    from: { zh: "收到委托", en: "receipt of the request" },
    basis: caseRules("43"),
    force: "national",
  },
  "serve-recommendation": {
    zh: "检察建议书送达行政机关",
    en: "serve the recommendation on the agency",
    count: 3,
    unit: "day",
    from: DECIDED,
    basis: caseRules("76"),
    force: "national",
  },
  "copy-up": {
    zh: "检察建议书报上级检察院备案",
    en: "copy the recommendation to the higher procuratorate",
    count: 5,
    unit: "day",
    from: SERVED,
    basis: caseRules("75"),
    force: "national",
  },
  "agency-reply": {
    zh: "行政机关依法履职并书面回复",
    en: "the agency performs and replies in writing",
    count: 2,
    unit: "month",
    from: RECEIVED,
    basis: interpretation("21"),
    force: "national",
  },
  "agency-reply-urgent": {
    zh: "行政机关书面回复(损害继续扩大等紧急情形)",
    en: "the agency replies in writing (harm keeps growing, or other urgency)",
    count: 15,
    unit: "day",
    from: RECEIVED,
    basis: interpretation("21"),
    force: "national",
  },
  "suit-review": {
    zh: "审查起诉",
    en: "review whether to sue",
    count: 1,
    unit: "month",
    from: EXPIRED,
    basis: caseRules("47"),
    force: "national",
  },
  "suit-review-extended": {
    zh: "审查起诉(检察长批准延长一个月)",
    en: "review whether to sue (one month more, granted by the chief prosecutor)",
    count: 2,
    unit: "month",
    from: EXPIRED,
    basis: caseRules("47"),
    force: "national",
  },
  "suit-copy-up": {
    zh: "起诉书报上级检察院备案",
    en: "copy the statement of claim to the higher procuratorate",
    count: 5,
    unit: "day",
    from: { zh: "提起诉讼", en: "the filing of the suit" },
    basis: caseRules("46"),
    force: "national",
  },
  "judgment-report": {
    zh: "判决、裁定报上级检察院",
    en: "report the judgment to the higher procuratorate",
    count: 3,
    unit: "day",
    from: { zh: "收到判决、裁定", en: "receipt of the judgment" },
    basis: caseRules("58"),
    force: "national",
  },
  suggestion: {
    zh: "答复代表建议",
    en: "answer a deputy's suggestion",
    count: 3,
    unit: "month",
    from: ASSIGNED,
    basis: DEPUTIES,
    force: "national",
  },
  "suggestion-difficult": {
    zh: "答复代表建议(涉及面广、办理难度大)",
    en: "answer a deputy's suggestion (wide or difficult)",
    count: 6,
    unit: "month",
    from: ASSIGNED,
    basis: DEPUTIES,
    force: "national",
  },
  "linkage-copy": {
    zh: "立案决定书、检察建议书抄送人大",
    en: "copy the decision and the recommendation to the people's congress",
    count: 10,
    unit: "day",
    from: { zh: "转化立案或发出检察建议", en: "the conversion" },
    basis: LINKAGE,
    force: "local",
  },
  "linkage-outcome": {
    zh: "整改结果抄送人大",
    en: "copy the outcome to the people's congress",
    count: 10,
    unit: "day",
    from: EXPIRED,
    basis: LINKAGE,
    force: "local",
  },
  "headquarters-answer": {
    zh: "总部答复网点授权申请",
    en: "headquarters answers an outlet's request for authorisation",
    count: 7,
    unit: "day",
    from: { zh: "提出申请", en: "the filing of the request" },
    basis: HOUSE,
    force: "house",
  },
} as const satisfies Record<string, DeadlineRow>;

export type DeadlineName = keyof typeof DEADLINES;

/** `day` moved on by whole calendar months; a day the month does not have becomes its last. */
export function addMonths(day: Day, months: number): Day {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const index = year * 12 + (month - 1) + months;
  const [toYear, toMonth] = [Math.floor(index / 12), (index % 12) + 1];
  const lastDate = new Date(Date.UTC(toYear, toMonth, 0)).getUTCDate();
  const two = (value: number): string => String(value).padStart(2, "0");
  // Built from a year, a month and a day of that month, so it is a day that exists.
  const toDate = Math.min(date, lastDate);
  return `${String(toYear).padStart(4, "0")}-${two(toMonth)}-${two(toDate)}` as Day;
}

/**
 * The last day of a period whose event happened on `eventDay`. When the last day is a day of rest
 * the period runs to the next that is not (民法典 art. 203); which days are, the caller says, since
 * holidays are announced year by year. Without `isRestDay` the plain calendar day is given.
 */
export function dueOn(
  name: DeadlineName,
  eventDay: Day,
  isRestDay: (day: Day) => boolean = () => false,
): Day {
  const { count, unit } = DEADLINES[name];
  let due = unit === "day" ? addDays(eventDay, count) : addMonths(eventDay, count);
  for (let moved = 0; moved < REST_DAYS_MAX && isRestDay(due); moved += 1) due = addDays(due, 1);
  return due;
}

/** No holiday of the calendar is longer; a caller that calls every day one must not hang us. */
const REST_DAYS_MAX = 31;

export type DeadlineState = "running" | "overdue" | "met" | "met-late";

/** Where a deadline stands on `today`; `daysLeft` is negative by the days it was or is missed. */
export function deadlineStateOn(
  today: Day,
  deadline: { readonly dueOn: Day; readonly metOn: Day | null },
): { readonly state: DeadlineState; readonly daysLeft: number } {
  const { dueOn: due, metOn } = deadline;
  const daysLeft = daysBetween(metOn ?? today, due);
  if (metOn !== null) return { state: daysLeft < 0 ? "met-late" : "met", daysLeft };
  return { state: daysLeft < 0 ? "overdue" : "running", daysLeft };
}
