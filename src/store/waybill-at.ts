/**
 * Everything of a waybill that a decision and an opening need, in one statement for all who ask at
 * once (sql/000054_look-custody.sql).
 */
import type { Day } from "../rules/calendar.ts";
import { columnsOf, withoutPrefix } from "./column.ts";
import { COMPARTMENT_COLUMNS, compartmentOf } from "./compartment.ts";
import type { CompartmentRow } from "./compartment.ts";
import { Gathered } from "./gathered.ts";
import type { HeldParty } from "./hold.ts";
import type { Database } from "./pool.ts";
import { query } from "./query.ts";
import { bytesOrNull, textOrNull, wholeNumber } from "./row.ts";
import type { Row } from "./row.ts";
import { SHELL_COLUMNS, shellOf } from "./shell.ts";
import type { FoundShell } from "./shell.ts";
import { dateArray, int4Array, int8Array } from "./wire.ts";

/** Where a waybill can lie, and for whom it is asked. */
export interface AskedPlaces {
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
  /** Whether it lies now in or below the organisation that was asked for. */
  readonly isKeptWithin: boolean;
  /** Whether holds stand on it, whatever their last day. */
  readonly isHeld: boolean;
  /** In its week's partition, or what a hold kept of it; null once collected. */
  readonly envelopes: HeldParty | null;
}

/* The names of the tables' own columns, but for those that two of the tables have. */
const PREFIX = "compartment_";
const COMPARTMENT = columnsOf("(w.compartment_of)", COMPARTMENT_COLUMNS, PREFIX);
const SHELL = columnsOf("(w.shell_of)", SHELL_COLUMNS);
const OTHERS =
  "w.assigned_to, w.assigned_account, w.is_within, w.is_kept_within, w.is_held, w.parties, w.view";
/** Columns of `waybillsOf`. */
export const WAYBILL = `${COMPARTMENT}, ${SHELL}, ${OTHERS}`;

/** Parameters $1 to $6, and the places of any number of looks: `w.look` says whose, from 1. */
export const AT_PLACES = `
  (select p.look, w.*
   from unnest($2::integer[], $3::bigint[], $4::integer[]) with ordinality
          as p (look, serial, slot, nth)
     cross join lateral waybill_at(
       $1::uuid, p.serial, p.slot, ($5::date[])[p.look], ($6::uuid[])[p.look]) w
   order by p.nth) w`;

/** The parameters of `AT_PLACES`. */
export function placeValues(tenantId: string, looks: readonly AskedPlaces[]): unknown[] {
  const all = looks.flatMap(({ places }, at) =>
    places.map((place) => ({ ...place, look: at + 1 })),
  );
  return [
    tenantId,
    int4Array(all.map(({ look }) => look)),
    int8Array(all.map(({ serial }) => serial)),
    int4Array(all.map(({ slot }) => slot)),
    dateArray(looks.map(({ on }) => on)),
    looks.map(({ within }) => within),
  ];
}

function waybillOf(row: Row): WaybillAt {
  const [parties, view] = [bytesOrNull(row, "parties"), bytesOrNull(row, "view")];
  return {
    compartment: compartmentOf(withoutPrefix(row, COMPARTMENT_COLUMNS, PREFIX)),
    shell: shellOf(row),
    assigned:
      textOrNull(row, "assigned_to") === null
        ? null
        : { account: textOrNull(row, "assigned_account"), isWithin: row["is_within"] === true },
    isKeptWithin: row["is_kept_within"] === true,
    isHeld: row["is_held"] === true,
    envelopes: parties === null || view === null ? null : { parties, view },
  };
}

/** What was found for each look; a left join has a row without a waybill where it found nothing. */
export function waybillsOf(rows: readonly Row[], looks: number): WaybillAt[][] {
  const found = Array.from({ length: looks }, (): WaybillAt[] => []);
  for (const row of rows)
    if (row["look"] !== null) found[wholeNumber(row, "look") - 1]?.push(waybillOf(row));
  return found;
}

export interface ReadPlaces {
  /** The mark of the tenant's policies at that moment; null for a tenant that has none. */
  readonly mark: string | null;
  readonly found: readonly WaybillAt[];
}

const reads = new Gathered<AskedPlaces, ReadPlaces>(
  "look_read",
  async (connection, tenantId, looks) => {
    const rows = await query(connection, {
      name: "look_read",
      text: `
        select m.mark, w.look, ${WAYBILL}
        from (select (select mark from policy_mark where tenant_id = $1::uuid) as mark) m
          left join ${AT_PLACES} on true`,
      values: placeValues(tenantId, looks),
    });
    const mark = textOrNull(rows[0] ?? {}, "mark");
    return waybillsOf(rows, looks.length).map((found) => ({ mark, found }));
  },
);

/** What lies at these places, and the mark of the policies. */
export async function readPlaces(
  database: Database,
  tenantId: string,
  asked: AskedPlaces,
): Promise<ReadPlaces> {
  return reads.ask(database, tenantId, asked);
}
