/**
 * Training of the people who may open personal data: regular training is a duty (个人信息保护法
 * 2021-11-01, art. 51(4)); how often, the law leaves to the firm. No valid training, no reveal
 * (P10).
 */
import { addDays } from "./calendar.ts";
import type { Day } from "./calendar.ts";
import { addMonths } from "./deadline.ts";

interface CourseRow {
  readonly zh: string;
  readonly en: string;
  /** Our own term; no law gives one. */
  readonly validMonths: number;
}

export const COURSES = {
  "waybill-privacy": {
    zh: "寄递用户个人信息保护",
    en: "protecting the personal data of senders and recipients",
    validMonths: 12,
  },
} as const satisfies Record<string, CourseRow>;

export type Course = keyof typeof COURSES;

/** One passed course of one person; who it was stands beside the record, never in it. */
export interface TrainingRecord {
  /** A name of the table, or of a course that an older table had. */
  readonly course: string;
  readonly passedOn: Day;
  /** The last day on which it still holds. */
  readonly validUntil: Day;
}

/** The course of that name, or null when there is none. */
export function parseCourse(name: string): Course | null {
  // hasOwn shows that the name is a key of the table.
  return Object.hasOwn(COURSES, name) ? (name as Course) : null;
}

/** A course passed on a day, valid to the eve of the same day a term later. */
export function trainingPassed(course: Course, passedOn: Day): TrainingRecord {
  const validUntil = addDays(addMonths(passedOn, COURSES[course].validMonths), -1);
  return { course, passedOn, validUntil };
}

/** Whether the record holds on `day`: from the day it was passed to its last day, both included. */
export function isTrainingValid(
  record: Pick<TrainingRecord, "passedOn" | "validUntil">,
  day: Day,
): boolean {
  return record.passedOn <= day && day <= record.validUntil;
}

export type TrainingState = "valid" | "expired" | "none";

/**
 * What a person's records of one course say on `day`. A record that begins later counts as none:
 * what has not been passed yet proves nothing.
 */
export function trainingStateOn(
  records: readonly TrainingRecord[],
  course: Course,
  day: Day,
): TrainingState {
  const passed = records.filter((row) => row.course === course && row.passedOn <= day);
  if (passed.length === 0) return "none";
  return passed.some((row) => isTrainingValid(row, day)) ? "valid" : "expired";
}
