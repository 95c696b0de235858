/** Training records (培训记录): who passed which course, and how long that counts. */

import type { Day } from "../rules/calendar.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { day, text } from "./row.ts";
import type { Row } from "./row.ts";

export interface TrainingRow {
  readonly tenantId: string;
  /** Pseudonym of the person who was trained. */
  readonly actor: string;
  /** A name of the table of courses, or of one that an older table had; 1..60 characters. */
  readonly course: string;
  readonly passedOn: Day;
  /** The last day on which it counts. */
  readonly validUntil: Day;
}

const COLUMNS = "tenant_id, passed_on, valid_until, actor, course";

function trainingOf(row: Row): TrainingRow {
  return {
    tenantId: text(row, "tenant_id"),
    actor: text(row, "actor"),
    course: text(row, "course"),
    passedOn: day(row, "passed_on"),
    validUntil: day(row, "valid_until"),
  };
}

/** Adds a record; false when the person passed that course on that day already. */
export async function insertTraining(connection: Connection, row: TrainingRow): Promise<boolean> {
  const { tenantId, passedOn, validUntil, actor, course } = row;
  const count = await execute(connection, {
    text: `
      insert into training (${COLUMNS}) values ($1::uuid, $2::date, $3::date, $4, $5)
      on conflict do nothing`,
    values: [tenantId, passedOn, validUntil, actor, course],
  });
  return count === 1;
}

/** What one person passed, the record that counts longest first, at most `limit`. */
export async function trainingOfActor(
  connection: Connection,
  who: Pick<TrainingRow, "tenantId" | "actor" | "course">,
  limit: number,
): Promise<TrainingRow[]> {
  const rows = await query(connection, {
    name: "training_of_actor",
    text: `
      select ${COLUMNS} from training
      where tenant_id = $1::uuid and actor = $2 and course = $3
      order by valid_until desc, passed_on desc limit $4::integer`,
    values: [who.tenantId, who.actor, who.course, limit],
  });
  return rows.map(trainingOf);
}

/** All records of a tenant, by person and day, at most `limit`. */
export async function listTraining(
  connection: Connection,
  tenantId: string,
  limit: number,
): Promise<TrainingRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from training where tenant_id = $1::uuid
      order by actor, course, passed_on limit $2::integer`,
    values: [tenantId, limit],
  });
  return rows.map(trainingOf);
}
