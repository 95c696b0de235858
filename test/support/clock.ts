/** A clock that stands until it is set; days begin in Shanghai. */
import { dayOf } from "../../src/rules/calendar.ts";
import type { Day } from "../../src/rules/calendar.ts";

export class Clock {
  #now: Date;
  readonly now = (): Date => this.#now;

  constructor(at = "2026-03-02T04:00:00Z") {
    this.#now = new Date(at);
  }

  readonly wait = (seconds: number): void => {
    this.#now = new Date(this.#now.getTime() + seconds * 1000);
  };

  get today(): Day {
    return dayOf(this.#now);
  }

  set(day: Day, time = "12:00:00"): void {
    this.#now = new Date(`${day}T${time}+08:00`);
  }
}
