/**
 * A public-interest case as its own record: opened, moved by the table of the rules, and read with
 * its deadlines as they stand on a day. Every step is an entry of the log; texts hold no persons.
 */
import { todayAt } from "../access/desk.ts";
import { authorise } from "../access/authorise.ts";
import { randomUUID } from "node:crypto";
import { deadlineStateOn, DEADLINES, caseRules } from "../rules/deadline.ts";
import type { DeadlineName, DeadlineState } from "../rules/deadline.ts";
import { daysBetween } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import {
  CASE_STATES,
  moveCase,
  movesFrom,
  parseCaseState,
  startedBy,
} from "../rules/case-state.ts";
import type { CaseState } from "../rules/case-state.ts";
import { Failure } from "../rules/failure.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import {
  appendEvent,
  deadlinesOf,
  eventsOf,
  findCase,
  insertCase,
  meetDeadline,
} from "../store/public-interest-case.ts";
import type { CaseDeadlineRow, CaseRow } from "../store/public-interest-case.ts";
import { basisText, meetBy, owedTo, startAll } from "./case-deadline.ts";
import type { StartedDeadline } from "./case-deadline.ts";
import { campaignOf } from "./campaign.ts";
import { requireCase } from "./case-owner.ts";
import { authorityOf, entryText, writeAct } from "./office.ts";
import type { Office } from "./office.ts";
import type { Actor } from "../access/actor.ts";
import { requireOffice } from "../access/office-guard.ts";
import { recordedText } from "../access/recorded-text.ts";

export interface OpenCaseRequest {
  /** Case number (案号), such as 兴检行公立〔2026〕1号. */
  readonly number: string;
  readonly title: string;
  /** Names or ids of authorities: who handles it, and whose duty it is about. */
  readonly procuratorate: string;
  readonly agency: string;
  /** The spot check that showed it, if one did. */
  readonly campaign: string | null;
  readonly on: Day;
  readonly actor: Actor;
  readonly note?: string;
}

export interface MoveRequest {
  readonly number: string;
  readonly to: CaseState;
  readonly on: Day;
  readonly actor: Actor;
  readonly note?: string;
  /** The harm keeps growing: the agency has 15 days instead of two months. */
  readonly urgent?: boolean;
}

export interface Moved {
  readonly number: string;
  readonly state: CaseState;
  /** Id of the audit entry, hex. */
  readonly entry: string;
  readonly basis: string;
  readonly started: readonly StartedDeadline[];
  readonly met: readonly DeadlineName[];
  /** Where the case may go from here. */
  readonly next: readonly CaseState[];
}

const NUMBER_CHARACTERS_MAX = 60;
const TITLE_CHARACTERS_MAX = 100;
const NOTE_CHARACTERS_MAX = 500;

/** The case of that number, locked until the transaction ends. Throws CASE_UNKNOWN. */
export async function lockCase(connection: Connection, number: string): Promise<CaseRow> {
  const matter = await findCase(connection, number, { forUpdate: true });
  if (matter === null) throw new Failure("CASE_UNKNOWN");
  return matter;
}

/** The state of a case as the rules know it; ROW_UNREADABLE when they do not. */
export function stateOf(matter: CaseRow): CaseState {
  const state = parseCaseState(matter.state);
  if (state === null) throw new Failure("ROW_UNREADABLE", { column: "state" });
  return state;
}

function noteOf(office: Office, note: string | undefined): string {
  if (note === undefined || note.trim() === "") return "";
  const bounds = { field: "note", charactersMax: NOTE_CHARACTERS_MAX };
  return recordedText(note, bounds, office.gazetteer);
}

/** The two authorities of a new case; it is opened by the procuratorate's office alone. */
async function partiesOf(
  office: Office,
  request: OpenCaseRequest,
): Promise<{ procuratorate: string; agency: string }> {
  const { campaign, actor } = request;
  const [handler, { id: agency }] = await connected(
    office.database,
    async (connection) =>
      [
        await authorityOf(office, connection, request.procuratorate),
        await authorityOf(office, connection, request.agency),
      ] as const,
  );
  if (handler.kind !== "procuratorate") throw new Failure("ORGANISATION_UNKNOWN");
  const procuratorate = handler.id;
  await requireOffice(office, { owners: [procuratorate], actor });
  if (campaign === null) return { procuratorate, agency };
  const { campaign: found } = await campaignOf(office, campaign);
  // A case rests on the check of its own two authorities and on nobody else's.
  if (found.authority !== agency) {
    await requireOffice(office, { owners: [found.authority], actor, campaign });
  }
  return { procuratorate, agency };
}

/**
 * Opens a case as a clue (线索). Throws OFFICE_FOREIGN, CASE_DAY_FUTURE, ORGANISATION_UNKNOWN,
 * CAMPAIGN_UNKNOWN, CASE_EXISTS, TEXT_LENGTH or TEXT_PERSONAL.
 */
export async function openCase(office: Office, request: OpenCaseRequest): Promise<Moved> {
  await authorise(office, { actor: request.actor, verb: "case" });
  const { campaign, on, actor } = request;
  const bounded = (text: string, field: string, charactersMax: number): string =>
    recordedText(text, { field, charactersMax }, office.gazetteer);
  const number = bounded(request.number, "number", NUMBER_CHARACTERS_MAX);
  const title = bounded(request.title, "title", TITLE_CHARACTERS_MAX);
  const note = noteOf(office, request.note);
  const basis = basisText(caseRules("24"));
  const state = "clue";
  requirePast(office, on);
  const { procuratorate, agency } = await partiesOf(office, request);
  const id = randomUUID();
  const entry = await transaction(office.database, async (connection) => {
    const matter = { id, number, title, procuratorate, agency, campaign, state };
    const isNew = await insertCase(connection, { ...matter, openedOn: on });
    if (!isNew) throw new Failure("CASE_EXISTS");
    const act = { type: "case-moved", actor, case: number, state, on, basis } as const;
    const leaf = await writeAct(office, connection, act);
    await appendEvent(connection, matter.id, {
      ordinal: 1,
      state,
      atDay: on,
      note,
      basis,
      entry: leaf,
    });
    return leaf;
  });
  const next = movesFrom(state);
  return { number, state, entry: entryText(entry), basis, started: [], met: [], next };
}

/** Refuses a day that has not come yet: CASE_DAY_FUTURE. */
export function requirePast(office: Office, on: Day): void {
  if (on > todayAt(office)) throw new Failure("CASE_DAY_FUTURE");
}

/** Refuses a day before the case's last step, and gives the next step's number. */
export async function nextOrdinal(
  connection: Connection,
  matter: CaseRow,
  on: Day,
): Promise<number> {
  const last = (await eventsOf(connection, matter.id)).at(-1);
  if (last !== undefined && on < last.atDay) throw new Failure("CASE_DAY_BACKWARDS");
  return (last?.ordinal ?? 0) + 1;
}

/**
 * Moves a case on. The entry, the event, the deadlines that this meets and those that it starts
 * commit together. Throws CASE_UNKNOWN, CASE_MOVE_REFUSED (the rules know no such move),
 * CASE_DAY_BACKWARDS, CASE_DAY_FUTURE, OFFICE_FOREIGN, TEXT_LENGTH or TEXT_PERSONAL; the case then
 * stays as it was.
 */
export async function moveOn(office: Office, request: MoveRequest): Promise<Moved> {
  await authorise(office, { actor: request.actor, verb: "case" });
  const { number, to, on, actor } = request;
  const note = noteOf(office, request.note);
  await requireCase(office, number, { act: "handle", actor });
  requirePast(office, on);
  return transaction(office.database, async (connection) => {
    const matter = await lockCase(connection, number);
    const move = moveCase(stateOf(matter), to);
    const ordinal = await nextOrdinal(connection, matter, on);
    const basis = basisText(move.basis);
    const act = { type: "case-moved", actor, case: number, state: to, on, basis } as const;
    const entry = await writeAct(office, connection, act);
    await appendEvent(connection, matter.id, { ordinal, state: to, atDay: on, note, basis, entry });
    const met = await meetBy(connection, matter, { state: to, on });
    const started = await startAll(connection, matter, {
      names: [...startedBy(move, request.urgent === true), ...(await owedTo(connection, matter))],
      on,
    });
    return { number, state: to, entry: entryText(entry), basis, started, met, next: movesFrom(to) };
  });
}

/** Refuses a day before the term began, and one that has not come. */
function requireWithin(office: Office, term: CaseDeadlineRow, on: Day): void {
  if (on < term.fromDay) throw new Failure("CASE_DAY_BACKWARDS", { term: term.name });
  requirePast(office, on);
}

/**
 * Notes that a deadline was met on a day, such as the service of a decision; the entry names the
 * term, that day and the day on which the term ends. Throws CASE_UNKNOWN, OFFICE_FOREIGN,
 * CASE_NOT_READY (no such deadline runs), CASE_DAY_BACKWARDS (before the term began) or
 * CASE_DAY_FUTURE.
 */
export async function meet(
  office: Office,
  request: {
    readonly number: string;
    readonly name: DeadlineName;
    readonly on: Day;
    readonly actor: Actor;
  },
): Promise<MetDeadline> {
  await authorise(office, { actor: request.actor, verb: "case" });
  const { number, name, on, actor } = request;
  await requireCase(office, number, { act: "handle", actor });
  return transaction(office.database, async (connection) => {
    const matter = await lockCase(connection, number);
    const { state } = matter;
    const term = (await deadlinesOf(connection, matter.id)).find((one) => one.name === name);
    if (term === undefined || term.metOn !== null) {
      throw new Failure("CASE_NOT_READY", { state, deadline: name });
    }
    requireWithin(office, term, on);
    await meetDeadline(connection, matter.id, { name, on });
    const { basis, dueOn: due } = term;
    const act = { type: "case-moved", actor, case: number, state, basis } as const;
    const entry = entryText(await writeAct(office, connection, { ...act, term: name, on, due }));
    return { entry, term: name, on, ...lateness(due, on) };
  });
}

/** Whether a day comes after the day on which something was due, and by how many days. */
export interface Lateness {
  readonly dueOn: Day;
  /** 0 when it was in time. */
  readonly daysLate: number;
}

export function lateness(due: Day, on: Day): Lateness {
  return { dueOn: due, daysLate: Math.max(0, daysBetween(due, on)) };
}

export interface MetDeadline extends Lateness {
  readonly entry: string;
  readonly term: DeadlineName;
  readonly on: Day;
}

export interface ShownDeadline extends CaseDeadlineRow {
  readonly zh: string;
  readonly en: string;
  readonly state: DeadlineState;
  readonly daysLeft: number;
  readonly force: "national" | "local" | "house";
}

/** A deadline as it stands on `on`. */
export function shownDeadline(deadline: CaseDeadlineRow, on: Day): ShownDeadline {
  if (!isDeadlineName(deadline.name)) throw new Failure("ROW_UNREADABLE", { column: "name" });
  const { zh, en, force } = DEADLINES[deadline.name];
  return { ...deadline, zh, en, force, ...deadlineStateOn(on, deadline) };
}

export function isDeadlineName(name: string): name is DeadlineName {
  return Object.hasOwn(DEADLINES, name);
}

/** What a state is called. */
export function stateName(state: CaseState): { readonly zh: string; readonly en: string } {
  return CASE_STATES[state];
}
