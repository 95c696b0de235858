/**
 * When what happens. The story ends on the day of the run and began half a year before, because the
 * terms of the law are months long; the clock is an argument of every room, so nobody has to wait.
 */
import { addDays, dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";

/** Days from the day of the run; the order is that of the story. */
export const TIMELINE = {
  founded: -175,
  printed: -166,
  sampled: -163,
  asked: -161,
  filed: -160,
  clue: -159,
  caseFiled: -155,
  caseServed: -152,
  consulted: -150,
  investigated: -145,
  decided: -122,
  recommended: -121,
  firstSealed: -120,
  copiedUp: -118,
  ordered: -112,
  suggested: -105,
  answered: -96,
  locked: -92,
  loosened: -91,
  swept: -84,
  proved: -72,
  replied: -66,
  followedUp: -60,
  trained: -45,
  sealedAfter: -8,
  sampledAgain: -5,
  suggestionAnswered: -4,
  today: 0,
} as const satisfies Record<string, number>;

export type Moment = keyof typeof TIMELINE;

const MILLISECONDS_PER_DAY = 86_400_000;

/** The clock of a story: it stands at one moment until the story moves it. */
export class StoryClock {
  readonly #end: Date;
  #now: Date;

  constructor(end: Date) {
    this.#end = end;
    this.#now = end;
    this.go("founded");
  }

  /** Moves to a moment, or some days from it. */
  go(moment: Moment, daysLater = 0): Day {
    const days = TIMELINE[moment] + daysLater;
    this.#now = new Date(this.#end.getTime() + days * MILLISECONDS_PER_DAY);
    return this.today;
  }

  readonly now = (): Date => this.#now;

  get today(): Day {
    return dayOf(this.#now);
  }

  /** The day of a moment, without going there. */
  dayOf(moment: Moment): Day {
    return addDays(dayOf(this.#end), TIMELINE[moment]);
  }
}
