/**
 * One look in one statement: quota is spent, and everything of the waybill is read that a decision
 * and an opening need. What is remembered of the tenant's policies is held against its mark.
 */
import type { Day } from "../rules/calendar.ts";
import type { Course, TrainingRecord } from "../rules/training.ts";
import { COMPARTMENT_COLUMNS, compartmentOf } from "./compartment.ts";
import type { CompartmentRow } from "./compartment.ts";
import type { HeldParty } from "./hold.ts";
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import { quotaOutcome, quotaValues } from "./quota.ts";
import type { QuotaOutcome, QuotaSpending } from "./quota.ts";
import { bytesOrNull, day, textOrNull, wholeNumber } from "./row.ts";
import type { Row } from "./row.ts";
import { SHELL_COLUMNS, shellOf } from "./shell.ts";
import type { FoundShell } from "./shell.ts";
import { int4Array, int8Array } from "./wire.ts";

/** Where a waybill can lie, and for whom it is asked. */
export interface AskedPlaces {
  readonly tenantId: string;
  /** One for each token key; tried in this order. */
  readonly places: readonly { readonly serial: number; readonly slot: number }[];
  /** The day whose assignment counts. */
  readonly on: Day;
  /** The organisation in or below which the parcel should be; null where nobody asks. */
  readonly within: string | null;
}

/** Who has a parcel on a day. */
export interface AssignedTo {
  /** Pseudonym of whoever carries it; null while only the branch is known. */
  readonly account: string | null;
  /** Whether that is in or below the organisation that was asked for. */
  readonly isWithin: boolean;
}

/** What lies at a place of the tenant, all as of one moment. */
export interface WaybillAt {
  readonly compartment: CompartmentRow;
  readonly shell: FoundShell;
  /** Null when nobody was given the parcel that day. */
  readonly assigned: AssignedTo | null;
  /** Whether holds stand on it, whatever their last day. */
  readonly isHeld: boolean;
  /** In its week's partition, or what a hold kept of it; null once collected. */
  readonly envelopes: HeldParty | null;
}

/* The names of the tables' own columns, but for those that two of the tables have. */
const COMPARTMENT = COMPARTMENT_COLUMNS.split(", ")
  .map((column) => `(w.compartment_of).${column} as compartment_${column}`)
  .join(", ");
const SHELL = SHELL_COLUMNS.split(", ")
  .map((column) => `(w.shell_of).${column}`)
  .join(", ");
const OTHERS = "w.assigned_to, w.assigned_account, w.is_within, w.is_held, w.parties, w.view";
const WAYBILL = `${COMPARTMENT}, ${SHELL}, ${OTHERS}`;

/* Parameters $1 to $5 of both statements. */
const AT_PLACES = `
  (select w.* from unnest($2::bigint[], $3::integer[]) with ordinality as place (serial, slot, nth)
     cross join lateral waybill_at($1::uuid, serial, slot, $4::date, $5::uuid) w order by nth) w`;

function placeValues({ tenantId, places, on, within }: AskedPlaces): unknown[] {
  const serials = int8Array(places.map(({ serial }) => serial));
  return [tenantId, serials, int4Array(places.map(({ slot }) => slot)), on, within];
}

function waybillOf(row: Row): WaybillAt {
  const ofCompartment = Object.fromEntries(
    COMPARTMENT_COLUMNS.split(", ").map((column) => [column, row[`compartment_${column}`]]),
  );
  const [parties, view] = [bytesOrNull(row, "parties"), bytesOrNull(row, "view")];
  return {
    compartment: compartmentOf(ofCompartment),
    shell: shellOf(row),
    assigned:
      textOrNull(row, "assigned_to") === null
        ? null
        : { account: textOrNull(row, "assigned_account"), isWithin: row["is_within"] === true },
    isHeld: row["is_held"] === true,
    envelopes: parties === null || view === null ? null : { parties, view },
  };
}

/** The rows of a left join: where it found nothing there is one without a waybill. */
function waybillsOf(rows: readonly Row[]): WaybillAt[] {
  return rows.filter((row) => row["slot"] !== null).map(waybillOf);
}

export interface ReadPlaces {
  /** The mark of the tenant's policies at that moment; null for a tenant that has none. */
  readonly mark: string | null;
  readonly found: readonly WaybillAt[];
}

/** What lies at these places, and the mark of the policies. */
export async function readPlaces(connection: Connection, asked: AskedPlaces): Promise<ReadPlaces> {
  const rows = await query(connection, {
    name: "look_read",
    text: `
      select m.mark, ${WAYBILL}
      from (select (select mark from policy_mark where tenant_id = $1::uuid) as mark) m
        left join ${AT_PLACES} on true`,
    values: placeValues(asked),
  });
  return { mark: textOrNull(rows[0] ?? {}, "mark"), found: waybillsOf(rows) };
}

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

/**
 * Spends the quota of one look and reads what lies at its places. Null when the limits are not what
 * counts now: nothing was spent, and the caller reads them again. Throws as `spendQuota`.
 */
export async function spendLook(
  connection: Connection,
  asked: AskedLook,
): Promise<SpentLook | null> {
  const { course, mark, spending } = asked;
  const rows = await query(connection, {
    name: "look_spend",
    text: `
      select q.outcome, t.training, ${WAYBILL}
      from (select look_spend($7::uuid, $1::uuid, $8, $9::bytea, $10::timestamptz, $11::date,
              $12::text[], $13::text[], $14::text[], $15::timestamptz[], $16::timestamptz[],
              $17::integer[], $18::integer[], $19::integer[], $20::integer) as outcome) q
        cross join (
          select case when $6::text is not null then (
            select json_agg(newest) from (
              select passed_on, valid_until from training
              where tenant_id = $1::uuid and actor = $8 and course = $6
              order by valid_until desc, passed_on desc limit ${TRAINING_MAX}) newest) end
            as training) t
        left join ${AT_PLACES} on true`,
    values: [...placeValues(asked), course, mark, ...quotaValues(spending)],
  });
  const [first = {}] = rows;
  const answer = wholeNumber(first, "outcome");
  if (answer < 0) return null;
  const found = waybillsOf(rows);
  return { outcome: quotaOutcome(answer), found, training: trainingOf(first, course) };
}
