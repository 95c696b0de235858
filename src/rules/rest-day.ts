/**
 * Days of rest. Weekends always; the holidays and the weekends that are worked in their place as
 * the State Council announces them each year. For a year that is not in the table only weekends
 * count: a deadline of ours is then earlier than the real one by the holidays, and can be later by
 * a day only where a weekend is worked whose holiday lies outside the period. The table was written
 * down without the text of the announcement at hand; hold it against that before you rely on it.
 */
import { addDays, mondayOf } from "./calendar.ts";
import type { Day } from "./calendar.ts";

interface Span {
  readonly from: string;
  readonly to: string;
}

interface YearRow {
  /** Announcement of the State Council's general office. */
  readonly source: string;
  readonly rest: readonly Span[];
  /** Saturdays and Sundays that are worked. */
  readonly work: readonly string[];
}

const YEARS: Readonly<Record<string, YearRow>> = {
  "2026": {
    source: "国务院办公厅关于2026年部分节假日安排的通知",
    rest: [
      { from: "2026-01-01", to: "2026-01-03" },
      { from: "2026-02-15", to: "2026-02-23" },
      { from: "2026-04-04", to: "2026-04-06" },
      { from: "2026-05-01", to: "2026-05-05" },
      { from: "2026-06-19", to: "2026-06-21" },
      { from: "2026-09-25", to: "2026-09-27" },
      { from: "2026-10-01", to: "2026-10-07" },
    ],
    work: ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"],
  },
};

function isWeekend(day: Day): boolean {
  return day >= addDays(mondayOf(day), 5);
}

/** Whether nobody is expected to work on `day`. */
export function isRestDay(day: Day): boolean {
  const year = YEARS[day.slice(0, 4)];
  if (year === undefined) return isWeekend(day);
  if (year.work.includes(day)) return false;
  return isWeekend(day) || year.rest.some(({ from, to }) => day >= from && day <= to);
}
