/**
 * Training of those who look (培训): records, and the gate that a reveal passes where headquarters
 * asks for training (P10).
 */
import { authorise } from "./authorise.ts";
import { parseDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import type { Place } from "../rules/question.ts";
import { parseCourse, trainingPassed, trainingStateOn } from "../rules/training.ts";
import type { Course, TrainingRecord, TrainingState } from "../rules/training.ts";
import { connected, transaction } from "../store/pool.ts";
import { insertTraining, listTraining, trainingOfActor } from "../store/training.ts";
import type { TrainingRow } from "../store/training.ts";
import { staffPseudonym } from "./actor.ts";
import type { Actor } from "./actor.ts";
import { ownStaff, placeOfStaff } from "./own-staff.ts";
import { todayAt } from "./desk.ts";
import type { Desk } from "./desk.ts";
import { writeEntry } from "./entry.ts";
import type { Policy } from "./policy.ts";
import type { Verb } from "../rules/verb.ts";

/** The course without which nobody reveals where training is required. */
export const REVEAL_COURSE = "waybill-privacy" satisfies Course;
const LIST_MAX = 100_000;

export interface RecordedTraining {
  readonly training: TrainingRow;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

function parsePassedOn(desk: Desk, text: string): Day {
  const day = parseDay(text);
  if (day === null || day > todayAt(desk)) throw new Failure("TRAINING_DAYS");
  return day;
}

/**
 * Records that the account `trainee` passed `course` on the day `passedOn` (YYYY-MM-DD, today or
 * before); how long that counts is the course's term. Fails with COURSE_UNKNOWN, TRAINING_DAYS,
 * TRAINING_EXISTS or USAGE.
 */
export async function recordTraining(
  desk: Desk,
  given: {
    readonly trainee: string;
    readonly course: string;
    readonly passedOn: string;
    readonly actor: Actor;
  },
): Promise<RecordedTraining> {
  const trainee = await staffPseudonym(desk, given.trainee);
  const place = await placeOfStaff(desk, given.actor, trainee);
  await authorise(desk, { actor: given.actor, verb: "record-training" }, { place });
  const course = parseCourse(given.course);
  if (course === null) throw new Failure("COURSE_UNKNOWN");
  if (given.trainee.trim() === "") throw new Failure("USAGE", { option: "account" });
  const passed = trainingPassed(course, parsePassedOn(desk, given.passedOn));
  const training: TrainingRow = { ...passed, tenantId: desk.tenant.id, actor: trainee };
  const actor = given.actor;
  // Nobody answers for his own training.
  if (actor.pseudonym === trainee) throw new Failure("TRAINING_SELF");
  return transaction(desk.database, async (connection) => {
    if (!(await insertTraining(connection, training))) throw new Failure("TRAINING_EXISTS");
    const { validUntil } = training;
    const draft = { type: "training-recorded", actor, trainee, course, validUntil } as const;
    return { training, entry: await writeEntry(desk, connection, draft) };
  });
}

export interface ListedTraining extends TrainingRow {
  readonly state: TrainingState;
}

function stateOn(row: TrainingRow, on: Day): TrainingState {
  const course = parseCourse(row.course);
  return course === null ? "none" : trainingStateOn([row], course, on);
}

/** The training records of the actor's own staff, and whether each holds on `on`. ACCESS_DENIED. */
export async function listTrainings(
  desk: Desk,
  asked: { readonly on: Day; readonly actor: Actor },
): Promise<ListedTraining[]> {
  const { on, actor } = asked;
  await authorise(desk, { actor, verb: "record-training" }, { place: "own" });
  const isOwn = await ownStaff(desk, actor);
  const rows = await connected(desk.database, async (connection) =>
    listTraining(connection, desk.tenant.id, LIST_MAX),
  );
  const own = rows.filter((row) => isOwn(row.actor));
  return own.map((row) => ({ ...row, state: stateOn(row, on) }));
}

/** Whether the policy over somebody's organisation requires training of those who look. */
export function isTrainingRequired(policy: Policy): boolean {
  return policy.rulingOf("training-required").value === "yes";
}

/** TRAINING_INVALID, whose `state` says why, or null where one of these records holds today. */
export function trainingFault(
  desk: Pick<Desk, "now" | "timeZone">,
  records: readonly TrainingRecord[],
): Failure | null {
  const on = todayAt(desk);
  const state = trainingStateOn(records, REVEAL_COURSE, on);
  if (state === "valid") return null;
  return new Failure("TRAINING_INVALID", { course: REVEAL_COURSE, state });
}

/**
 * What is wrong with the training of the person of that pseudonym: null unless the policy over the
 * own organisation requires training and the person's is missing or has run out.
 */
export async function trainingFaultOf(
  desk: Desk,
  policy: Policy,
  actor: string,
): Promise<Failure | null> {
  if (!isTrainingRequired(policy)) return null;
  const who = { tenantId: desk.tenant.id, actor, course: REVEAL_COURSE } as const;
  const records = await connected(desk.database, async (connection) =>
    trainingOfActor(connection, who, LIST_MAX),
  );
  return trainingFault(desk, records);
}

/**
 * As `authorise`, where training counts: the policies learn whether there is a `fault`, and where
 * they refuse, it is what whoever asked is told.
 */
export async function authoriseTrained(
  desk: Desk,
  asked: { readonly actor: Actor; readonly verb: Verb },
  { fault, place }: { readonly fault: Failure | null; readonly place: Place },
): Promise<void> {
  try {
    await authorise(desk, asked, { isTrained: fault === null, place });
  } catch (error) {
    throw isFailure(error, "ACCESS_DENIED") && fault !== null ? fault : error;
  }
}

/** Throws what `trainingFaultOf` finds. */
export async function requireTraining(desk: Desk, policy: Policy, actor: string): Promise<void> {
  const fault = await trainingFaultOf(desk, policy, actor);
  if (fault !== null) throw fault;
}
