/**
 * When access to living persons closes (P8): after sign-off and the claim window nothing but
 * storage goes on (PIPL 47), save for what the law itself asks for.
 */
import { addDays } from "./calendar.ts";
import type { Day } from "./calendar.ts";
import type { Purpose } from "./purposes.ts";
import type { RetentionClass } from "./retention.ts";

export interface ParcelStateRow {
  readonly zh: string;
  readonly en: string;
  /** The term after which access closes; null for a state that leaves it open. */
  readonly closes: RetentionClass | null;
  /**
   * Whether a branch that says so has the parcel from then on, nobody has it any more, or it is
   * where it was: with whoever sends it.
   */
  readonly custody: "begins" | "ends" | "stays";
}

/**
 * Where a parcel stands. `packed` and `handed-in` are said by whoever sends it. `arrived` lies at a
 * branch and goes on; `undelivered` leaves access open: somebody has to find the person.
 */
export const PARCEL_STATES = {
  packed: { zh: "已打包", en: "packed by the sender", closes: null, custody: "stays" },
  "handed-in": { zh: "已交寄", en: "handed in by the sender", closes: null, custody: "stays" },
  arrived: { zh: "已到网点", en: "arrived at a branch", closes: null, custody: "begins" },
  delivered: { zh: "已签收", en: "delivered", closes: "access-delivered", custody: "ends" },
  returned: { zh: "已退回", en: "returned", closes: "access-returned", custody: "ends" },
  closed: { zh: "已结案", en: "closed", closes: "access-closed", custody: "ends" },
  void: { zh: "已作废", en: "void", closes: "access-void", custody: "ends" },
  undelivered: { zh: "无法投递", en: "undelivered", closes: null, custody: "begins" },
} as const satisfies Record<string, ParcelStateRow>;

export type ParcelState = keyof typeof PARCEL_STATES;

// The keys of the table are the names of its rows.
export const PARCEL_STATE_NAMES = Object.keys(PARCEL_STATES) as readonly ParcelState[];

/**
 * What may still be opened after access closed: the person's own request (PIPL 44 to 48) and a
 * lawful order (PIPL 13(1)(3)). A claim or complaint opens more, by a hold.
 */
const OPEN_AFTER_CLOSE: readonly Purpose[] = ["subject-request", "law-enforcement"];

/** Whether `purpose` opens what is closed; `held` are the purposes that its holds keep open. */
export function isOpenAfterClose(purpose: Purpose, held: readonly Purpose[]): boolean {
  return OPEN_AFTER_CLOSE.includes(purpose) || held.includes(purpose);
}

/** The first day on which access is closed, for a state reached on `on`; null when it never is. */
export function accessClosesOn(on: Day, days: number | null): Day | null {
  return days === null ? null : addDays(on, days);
}

/** Whether access is closed on `today`: by what was fixed, or by a term tightened since. */
export function isAccessClosed(today: Day, closesOn: readonly (Day | null)[]): boolean {
  return closesOn.some((day) => day !== null && today >= day);
}
