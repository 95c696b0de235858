/** Suggestions of deputies (代表建议), and the case that each came from or went into. */

import type { Day } from "../rules/calendar.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { day, dayOrNull, text, textOrNull, word } from "./row.ts";
import type { Row } from "./row.ts";

/** `to-case`: a suggestion became a case. `from-case`: what a case found was carried further up. */
export const DIRECTIONS = ["to-case", "from-case"] as const;
export type Direction = (typeof DIRECTIONS)[number];

export interface SuggestionRow {
  readonly id: string;
  readonly title: string;
  /** The office of the deputy, never the person: 全国人大代表, 市政协委员. */
  readonly deputyRole: string;
  readonly direction: Direction;
  /** Id of the case, null while there is none. */
  readonly linkedCase: string | null;
  readonly assignedOn: Day;
  readonly dueOn: Day;
  readonly answeredOn: Day | null;
}

const COLUMNS = "id, linked_case, assigned_on, due_on, answered_on, title, deputy_role, direction";

function suggestionOf(row: Row): SuggestionRow {
  return {
    id: text(row, "id"),
    title: text(row, "title"),
    deputyRole: text(row, "deputy_role"),
    direction: word(row, "direction", DIRECTIONS),
    linkedCase: textOrNull(row, "linked_case"),
    assignedOn: day(row, "assigned_on"),
    dueOn: day(row, "due_on"),
    answeredOn: dayOrNull(row, "answered_on"),
  };
}

export async function insertSuggestion(
  connection: Connection,
  suggestion: SuggestionRow,
): Promise<void> {
  const { id, linkedCase, assignedOn, dueOn, answeredOn, title, deputyRole, direction } =
    suggestion;
  await execute(connection, {
    text: `
      insert into suggestion (${COLUMNS})
      values ($1::uuid, $2::uuid, $3::date, $4::date, $5::date, $6, $7, $8)`,
    values: [id, linkedCase, assignedOn, dueOn, answeredOn, title, deputyRole, direction],
  });
}

/** The suggestion of that id, or null. */
export async function findSuggestion(
  connection: Connection,
  id: string,
): Promise<SuggestionRow | null> {
  const rows = await query(connection, {
    text: `select ${COLUMNS} from suggestion where id = $1::uuid`,
    values: [id],
  });
  return rows[0] === undefined ? null : suggestionOf(rows[0]);
}

/** The suggestions that are linked with a case, the earliest first. */
export async function suggestionsOfCase(
  connection: Connection,
  id: string,
): Promise<SuggestionRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from suggestion where linked_case = $1::uuid order by assigned_on, id`,
    values: [id],
  });
  return rows.map(suggestionOf);
}

/** Notes that a suggestion was answered; false when there is none, or it was answered before. */
export async function answerSuggestion(
  connection: Connection,
  answered: { readonly id: string; readonly on: Day },
): Promise<boolean> {
  const count = await execute(connection, {
    text: `
      update suggestion set answered_on = $2::date
      where id = $1::uuid and answered_on is null`,
    values: [answered.id, answered.on],
  });
  return count === 1;
}
