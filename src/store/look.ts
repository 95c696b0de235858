/**
 * One look in one statement: quota is spent, and the waybill is read. What is remembered of the
 * tenant's policies is held against its mark. Looks that are asked for at once go together
 * (sql/000047_look-group-order.sql), each with an answer of its own.
 */
import type { Course, TrainingRecord } from "../rules/training.ts";
import { Gathered } from "./gathered.ts";
import type { Database } from "./pool.ts";
import { query, SQLSTATE, sqlStateOf } from "./query.ts";
import type { Connection } from "./query.ts";
import { QUOTA_SPENT_TOGETHER_STATE, quotaOutcome, quotasValues, quotaValues } from "./quota.ts";
import type { QuotaOutcome, QuotaSpending } from "./quota.ts";
import { day, wholeNumber } from "./row.ts";
import type { Row } from "./row.ts";
import { AT_PLACES, placeValues, WAYBILL, waybillsOf } from "./waybill-at.ts";
import type { AskedPlaces, WaybillAt } from "./waybill-at.ts";

export interface AskedLook extends AskedPlaces {
  /** Under which the limits were read; null when they were read for this look. */
  readonly mark: string | null;
  readonly spending: QuotaSpending;
  /** The course whose newest records of the actor are read too; null for none. */
  readonly course: Course | null;
}

/* More than anybody passes of one course; the record that counts longest is the first. */
const TRAINING_MAX = 100;

export interface SpentLook {
  readonly outcome: QuotaOutcome;
  readonly found: readonly WaybillAt[];
  readonly training: readonly TrainingRecord[];
}

function trainingOf(row: Row, course: Course | null): TrainingRecord[] {
  const records = row["training"];
  if (!Array.isArray(records) || course === null) return [];
  // The statement's own array of two days each.
  return (records as Row[]).map((record) => ({
    course,
    passedOn: day(record, "passed_on"),
    validUntil: day(record, "valid_until"),
  }));
}

/* The newest records of the actor `$actor` of the course `$course`, as one value. */
const trainingOver = (actor: string, course: string): string => `
  (select json_agg(newest) from (
     select passed_on, valid_until from training
     where tenant_id = $1::uuid and actor = ${actor} and course = ${course}
     order by valid_until desc, passed_on desc limit ${TRAINING_MAX}) newest)`;

/** A look that failed alone, as a limit refuses it; `refusal` is what `spendLook` throws. */
interface RefusedLook {
  readonly refusal: unknown;
}

/** Null when the limits are not what counts now, and nothing was spent. */
type Answer = SpentLook | RefusedLook | null;

async function spendAlone(
  connection: Connection,
  tenantId: string,
  asked: AskedLook,
): Promise<SpentLook | null> {
  const { course, mark, spending } = asked;
  const rows = await query(connection, {
    name: "look_spend",
    text: `
      select q.outcome, t.training, w.look, ${WAYBILL}
      from (select look_spend($8::uuid, $1::uuid, $9, $10::bytea, $11::timestamptz, $12::date,
              $13::text[], $14::text[], $15::text[], $16::timestamptz[], $17::timestamptz[],
              $18::integer[], $19::integer[], $20::integer[], $21::integer) as outcome) q
        cross join (
          select case when $7::text is not null then ${trainingOver("$9", "$7")} end
            as training) t
        left join ${AT_PLACES} on true`,
    values: [...placeValues(tenantId, [asked]), course, mark, ...quotaValues(spending)],
  });
  const [first = {}] = rows;
  const [found = []] = waybillsOf(rows, 1);
  return answerOf(first, { course, found });
}

function answerOf(
  row: Row,
  { course, found }: { readonly course: Course | null; readonly found: readonly WaybillAt[] },
): SpentLook | null {
  const outcome = wholeNumber(row, "outcome");
  if (outcome < 0) return null;
  return { outcome: quotaOutcome(outcome), found, training: trainingOf(row, course) };
}

/**
 * As `spendAlone`. Whatever it fails of is the answer of this look alone: others of its group may
 * have been spent already. Spending is one statement, so after a deadlock it is tried once more.
 */
async function spendOne(
  connection: Connection,
  tenantId: string,
  asked: AskedLook,
): Promise<Answer> {
  const once = async (): Promise<Answer> => spendAlone(connection, tenantId, asked);
  try {
    return await once().catch(async (error: unknown) => {
      if (sqlStateOf(error) !== SQLSTATE.deadlockDetected) throw error;
      return once();
    });
  } catch (error) {
    return { refusal: error };
  }
}

async function spendTogether(
  connection: Connection,
  tenantId: string,
  looks: readonly AskedLook[],
): Promise<(SpentLook | null)[]> {
  const rows = await query(connection, {
    name: "looks_spend",
    text: `
      select o.nth, o.outcome, w.look, ${WAYBILL},
             case when ($7::text[])[o.nth] is not null
                  then ${trainingOver("($9::text[])[o.nth]", "($7::text[])[o.nth]")} end as training
      from unnest(looks_spend($1::uuid, $8::uuid[], $9::text[], $10::bytea[], $11::timestamptz[],
             $12::date[], $13::integer[], $14::text[], $15::text[], $16::text[],
             $17::timestamptz[], $18::timestamptz[], $19::integer[], $20::integer[], $21::text[],
             $22::integer[], $23::integer)) with ordinality as o (outcome, nth)
        left join ${AT_PLACES} on w.look = o.nth
      order by o.nth`,
    values: [
      ...placeValues(tenantId, looks),
      looks.map(({ course }) => course),
      looks.map(({ mark }) => mark),
      ...quotasValues(looks.map(({ spending }) => spending)),
    ],
  });
  const found = waybillsOf(rows, looks.length);
  const first = new Map(rows.toReversed().map((row) => [wholeNumber(row, "nth"), row]));
  return looks.map(({ course }, at) =>
    answerOf(first.get(at + 1) ?? {}, { course, found: found[at] ?? [] }),
  );
}

/** Where they cannot be spent together, or not now, each half is tried by itself. */
const BY_HALVES: ReadonlySet<string | null> = new Set([
  QUOTA_SPENT_TOGETHER_STATE,
  SQLSTATE.deadlockDetected,
  SQLSTATE.lockNotAvailable,
]);

async function spendAll(
  connection: Connection,
  tenantId: string,
  looks: readonly AskedLook[],
): Promise<readonly Answer[]> {
  const [only, ...others] = looks;
  if (only === undefined) return [];
  if (others.length === 0) return [await spendOne(connection, tenantId, only)];
  try {
    return await spendTogether(connection, tenantId, looks);
  } catch (error) {
    // Others of the group, another half of it, may have been spent already.
    if (!BY_HALVES.has(sqlStateOf(error))) return looks.map(() => ({ refusal: error }));
    const half = Math.ceil(looks.length / 2);
    const former = await spendAll(connection, tenantId, looks.slice(0, half));
    return [...former, ...(await spendAll(connection, tenantId, looks.slice(half)))];
  }
}

const spendings = new Gathered<AskedLook, Answer>("look_spend", spendAll);

/**
 * Spends the quota of one look and reads what lies at its places, together with other looks that
 * are asked for at once. Null when the limits are not what counts now: nothing was spent, and the
 * caller reads them again. Throws as `spendQuota`.
 */
export async function spendLook(
  database: Database,
  tenantId: string,
  asked: AskedLook,
): Promise<SpentLook | null> {
  const answer = await spendings.ask(database, tenantId, asked);
  if (answer !== null && "refusal" in answer) throw answer.refusal;
  return answer;
}
