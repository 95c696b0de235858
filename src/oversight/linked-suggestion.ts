/**
 * Deputies' suggestions (代表建议) linked with cases, both ways: a suggestion becomes a case, or what
 * a case found lies beyond the city and is carried further by a deputy.
 */
import { authorise } from "../access/authorise.ts";
import { randomUUID } from "node:crypto";
import type { Day } from "../rules/calendar.ts";
import { deadlineStateOn, DEADLINES, dueOn } from "../rules/deadline.ts";
import type { DeadlineState } from "../rules/deadline.ts";
import { Failure } from "../rules/failure.ts";
import { connected, transaction } from "../store/pool.ts";
import { answerSuggestion, findSuggestion, insertSuggestion } from "../store/suggestion.ts";
import type { Direction, SuggestionRow } from "../store/suggestion.ts";
import { requireCase, requireLinkedCase } from "./case-owner.ts";
import type { CaseAct } from "./case-owner.ts";
import { basisText, startDeadline } from "./case-deadline.ts";
import { lockCase, requirePast } from "./case-record.ts";
import { digestOf } from "./correction-order.ts";
import { entryText, writeAct } from "./office.ts";
import type { Office } from "./office.ts";
import type { Actor } from "../access/actor.ts";
import { findNamed } from "../access/named-row.ts";
import { requireOffice } from "../access/office-guard.ts";
import { recordedText } from "../access/recorded-text.ts";

export interface SuggestionRequest {
  readonly number: string;
  readonly title: string;
  /** An office, never a name: 全国人大代表. */
  readonly deputyRole: string;
  readonly direction: Direction;
  readonly assignedOn: Day;
  /** Wide or difficult: six months instead of three. */
  readonly difficult?: boolean;
  readonly actor: Actor;
}

export interface ShownSuggestion extends SuggestionRow {
  readonly basis: string;
  readonly state: DeadlineState;
  readonly daysLeft: number;
}

const TITLE_CHARACTERS_MAX = 100;
const ROLE_CHARACTERS_MAX = 60;

/**
 * Registers a suggestion and links it with a case. One that becomes a case starts the terms for
 * copies to the people's congress. Throws CASE_UNKNOWN, OFFICE_FOREIGN, CASE_DAY_FUTURE,
 * TEXT_LENGTH or TEXT_PERSONAL.
 */
export async function linkSuggestion(
  office: Office,
  request: SuggestionRequest,
): Promise<{ readonly id: string; readonly entry: string; readonly dueOn: Day }> {
  await authorise(office, { actor: request.actor, verb: "suggestion" });
  const { number, direction, assignedOn, actor } = request;
  const bounded = (text: string, field: string, charactersMax: number): string =>
    recordedText(text, { field, charactersMax }, office.gazetteer);
  const title = bounded(request.title, "title", TITLE_CHARACTERS_MAX);
  const deputyRole = bounded(request.deputyRole, "deputyRole", ROLE_CHARACTERS_MAX);
  const due = dueOn(request.difficult === true ? "suggestion-difficult" : "suggestion", assignedOn);
  const id = randomUUID();
  await requireCase(office, number, { act: "handle", actor });
  requirePast(office, assignedOn);
  return transaction(office.database, async (connection) => {
    const matter = await lockCase(connection, number);
    const told = { id, title, deputyRole, direction, assignedOn, dueOn: due };
    await insertSuggestion(connection, { ...told, linkedCase: matter.id, answeredOn: null });
    if (direction === "to-case") {
      for (const name of ["linkage-copy", "linkage-outcome"] as const) {
        await startDeadline(connection, matter, { name, on: assignedOn });
      }
    }
    const { state } = matter;
    const act = { type: "suggestion-linked", actor, case: number, state } as const;
    const days = { on: assignedOn, due };
    const entry = await writeAct(office, connection, { ...act, ...days, digest: digestOf(told) });
    return { id, entry: entryText(entry), dueOn: due };
  });
}

async function guardedSuggestion(
  office: Office,
  id: string,
  asked: { readonly act: CaseAct; readonly actor: Actor | null },
): Promise<SuggestionRow> {
  const found = await findNamed(id, async (named) =>
    connected(office.database, async (connection) => findSuggestion(connection, named)),
  );
  if (found === null) {
    await requireOffice(office, { owners: "any", actor: asked.actor });
    throw new Failure("SUGGESTION_UNKNOWN");
  }
  await requireLinkedCase(office, found.linkedCase, asked);
  return found;
}

/**
 * Notes the answer to a suggestion. Throws SUGGESTION_UNKNOWN for none, or one answered before;
 * OFFICE_FOREIGN, CASE_DAY_BACKWARDS, CASE_DAY_FUTURE.
 */
export async function noteAnswer(
  office: Office,
  answered: { readonly id: string; readonly on: Day; readonly actor: Actor },
): Promise<{ readonly entry: string }> {
  await authorise(office, { actor: answered.actor, verb: "suggestion" });
  const { id, on, actor } = answered;
  const suggestion = await guardedSuggestion(office, id, { act: "handle", actor });
  if (on < suggestion.assignedOn) throw new Failure("CASE_DAY_BACKWARDS");
  requirePast(office, on);
  return transaction(office.database, async (connection) => {
    if (!(await answerSuggestion(connection, { id, on }))) throw new Failure("SUGGESTION_UNKNOWN");
    const digest = digestOf({ id, on });
    const entry = await writeAct(office, connection, {
      type: "suggestion-answered",
      actor,
      on,
      due: suggestion.dueOn,
      digest,
    });
    return { entry: entryText(entry) };
  });
}

/** A suggestion as it stands on `on`. */
export function shownSuggestion(suggestion: SuggestionRow, on: Day): ShownSuggestion {
  const { dueOn: due, answeredOn } = suggestion;
  const basis = basisText(DEADLINES.suggestion.basis);
  return { ...suggestion, basis, ...deadlineStateOn(on, { dueOn: due, metOn: answeredOn }) };
}

/** The suggestion of that id as it stands on `on`. Throws SUGGESTION_UNKNOWN or OFFICE_FOREIGN. */
export async function showSuggestion(
  office: Office,
  id: string,
  on: Day,
): Promise<ShownSuggestion> {
  const found = await guardedSuggestion(office, id, { act: "read", actor: null });
  return shownSuggestion(found, on);
}
