/**
 * Quotas over looks that have been taken already: which of them other limits would have refused.
 * Pure, and by the same rules as the database spends (quota_spend): all or nothing, the same
 * waybill by the same person within an hour once, each waybill once a day among the distinct ones.
 */
import { dayOf } from "./calendar.ts";
import { counterKey, isCharged, QUOTA_REPEAT_HOURS, quotaWeight, spansAt } from "./quota.ts";
import type { QuotaLimit, QuotaSpan, QuotaUser, SpanTimes } from "./quota.ts";

export interface ReplayedLook extends QuotaUser {
  /** What tells one waybill from another; null where nothing does, which is then never the same. */
  readonly subject: string | null;
  readonly at: Date;
}

interface Seen {
  readonly at: number;
  readonly day: string;
}

/** The local day of a minute, and the spans that it lies in. */
interface MinuteTimes {
  readonly day: string;
  readonly spans: Readonly<Record<QuotaSpan, SpanTimes>>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export class QuotaReplay {
  readonly #timeZone: string;
  readonly #spent = new Map<string, number>();
  readonly #seen = new Map<string, Seen>();
  readonly #minutes = new Map<number, MinuteTimes>();

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  /** The first of `limits` that refuses the look, or null when it passes and is counted. */
  look(look: ReplayedLook, limits: readonly QuotaLimit[]): QuotaLimit | null {
    const at = look.at.getTime();
    const { day } = this.#timesOf(look.at);
    const mark = look.subject === null ? null : `${look.actor} ${look.subject}`;
    const before = mark === null ? undefined : this.#seen.get(mark);
    if (before !== undefined && at - before.at < QUOTA_REPEAT_HOURS * HOUR_MS) return null;
    const isNewToday = before?.day !== day;
    const charges = this.#charges(look, limits, isNewToday);
    const refused = charges.find(({ row, spent }) => spent > row.limit);
    if (refused !== undefined) return refused.row;
    for (const { key, spent } of charges) this.#spent.set(key, spent);
    if (mark !== null) this.#seen.set(mark, { at, day });
    return null;
  }

  /** Every span begins and ends with a minute, so that one look of each finds them out for all. */
  #timesOf(at: Date): MinuteTimes {
    const minute = Math.floor(at.getTime() / MINUTE_MS);
    const known = this.#minutes.get(minute);
    if (known !== undefined) return known;
    const times = { day: dayOf(at, this.#timeZone), spans: spansAt(at, this.#timeZone) };
    this.#minutes.set(minute, times);
    return times;
  }

  /** What each counter would stand at after the look. */
  #charges(look: ReplayedLook, limits: readonly QuotaLimit[], isNewToday: boolean) {
    const { spans } = this.#timesOf(look.at);
    const charges: { readonly row: QuotaLimit; readonly key: string; readonly spent: number }[] =
      [];
    for (const row of limits) {
      const isDistinct = row.scope === "subjects";
      if (!isCharged(look.use, row.scope) || (isDistinct && !isNewToday)) continue;
      const who = counterKey(row.scope, look);
      if (who === null) continue;
      const key = `${row.scope} ${who} ${row.span} ${spans[row.span].startsAt.getTime()}`;
      const weight = isDistinct ? 1 : quotaWeight(look.use);
      charges.push({ row, key, spent: (this.#spent.get(key) ?? 0) + weight });
    }
    return charges;
  }
}
