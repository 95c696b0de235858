/** Public-interest cases (公益诉讼案件): their events, deadlines and correction orders. */

import type { Day } from "../rules/calendar.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, day, dayOrNull, text, textOrNull, wholeNumber, word } from "./row.ts";
import type { Row } from "./row.ts";

export interface CaseRow {
  readonly id: string;
  /** Case number (案号), one of its kind. */
  readonly number: string;
  readonly title: string;
  /** The organisation that handles the case. */
  readonly procuratorate: string;
  /** The authority whose duty it is about. */
  readonly agency: string;
  readonly campaign: string | null;
  readonly state: string;
  readonly openedOn: Day;
}

export interface CaseEventRow {
  readonly ordinal: number;
  readonly state: string;
  readonly atDay: Day;
  readonly note: string;
  readonly basis: string;
  /** Id of the audit leaf of this move, 16 bytes. */
  readonly entry: Uint8Array;
}

export interface CaseDeadlineRow {
  readonly name: string;
  /** The day that the term is counted from. */
  readonly fromDay: Day;
  readonly dueOn: Day;
  readonly basis: string;
  readonly metOn: Day | null;
}

export const ADDRESSEE_KINDS = ["carrier", "platform", "merchant"] as const;
export type AddresseeKind = (typeof ADDRESSEE_KINDS)[number];

export interface CorrectionOrderRow {
  readonly addressee: string;
  readonly kind: AddresseeKind;
  readonly issuedOn: Day;
  readonly dueOn: Day;
  /** What shows that it was put right: a reference to a document, never a person. */
  readonly proof: string | null;
  readonly provedOn: Day | null;
}

const CASE_COLUMNS = "id, procuratorate, agency, campaign_id, opened_on, number, title, state";

function caseOf(row: Row): CaseRow {
  return {
    id: text(row, "id"),
    number: text(row, "number"),
    title: text(row, "title"),
    procuratorate: text(row, "procuratorate"),
    agency: text(row, "agency"),
    campaign: textOrNull(row, "campaign_id"),
    state: text(row, "state"),
    openedOn: day(row, "opened_on"),
  };
}

/** Adds a case; false when one of that id or number exists, which is then left as it is. */
export async function insertCase(connection: Connection, matter: CaseRow): Promise<boolean> {
  const { id, procuratorate, agency, campaign, openedOn, number, title, state } = matter;
  const count = await execute(connection, {
    text: `
      insert into public_interest_case (${CASE_COLUMNS})
      values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::date, $6, $7, $8)
      on conflict do nothing`,
    values: [id, procuratorate, agency, campaign, openedOn, number, title, state],
  });
  return count === 1;
}

/** The case of that number, or null; `forUpdate` holds it until the transaction ends. */
export async function findCase(
  connection: Connection,
  number: string,
  options: { readonly forUpdate: boolean } = { forUpdate: false },
): Promise<CaseRow | null> {
  const lock = options.forUpdate ? "for update" : "";
  const rows = await query(connection, {
    text: `select ${CASE_COLUMNS} from public_interest_case where number = $1 ${lock}`,
    values: [number],
  });
  return rows[0] === undefined ? null : caseOf(rows[0]);
}

/** The case of that id, or null. */
export async function findCaseById(connection: Connection, id: string): Promise<CaseRow | null> {
  const rows = await query(connection, {
    text: `select ${CASE_COLUMNS} from public_interest_case where id = $1::uuid`,
    values: [id],
  });
  return rows[0] === undefined ? null : caseOf(rows[0]);
}

/** The procuratorates of all cases that rest on a spot check. */
export async function procuratoratesOf(
  connection: Connection,
  campaign: string,
): Promise<string[]> {
  const rows = await query(connection, {
    text: `
      select distinct procuratorate from public_interest_case
      where campaign_id = $1::uuid order by procuratorate`,
    values: [campaign],
  });
  return rows.map((row) => text(row, "procuratorate"));
}

/** Tenants of the carriers that the spot checks of a procuratorate's cases drew from. */
export async function carriersOfCases(
  connection: Connection,
  procuratorate: string,
): Promise<string[]> {
  const rows = await query(connection, {
    text: `
      select distinct sample.carrier_tenant as carrier
      from public_interest_case matter join sample using (campaign_id)
      where matter.procuratorate = $1::uuid order by carrier`,
    values: [procuratorate],
  });
  return rows.map((row) => text(row, "carrier"));
}

/** All cases, oldest first, at most `limit`. */
export async function listCases(connection: Connection, limit: number): Promise<CaseRow[]> {
  const rows = await query(connection, {
    text: `
      select ${CASE_COLUMNS} from public_interest_case
      order by opened_on, number limit $1::integer`,
    values: [limit],
  });
  return rows.map(caseOf);
}

/** Moves a case to the event's state and appends the event, whose ordinal must be the next one. */
export async function appendEvent(
  connection: Connection,
  id: string,
  event: CaseEventRow,
): Promise<void> {
  const { ordinal, state, atDay, note, basis, entry } = event;
  await execute(connection, {
    text: `
      insert into case_event (case_id, at_day, ordinal, state, note, basis, entry)
      values ($1::uuid, $2::date, $3::integer, $4, $5, $6, $7::bytea)`,
    values: [id, atDay, ordinal, state, note, basis, Buffer.from(entry)],
  });
  await execute(connection, {
    text: "update public_interest_case set state = $2 where id = $1::uuid",
    values: [id, state],
  });
}

/** The events of a case, oldest first. */
export async function eventsOf(connection: Connection, id: string): Promise<CaseEventRow[]> {
  const rows = await query(connection, {
    text: `
      select at_day, ordinal, state, note, basis, entry from case_event
      where case_id = $1::uuid order by ordinal`,
    values: [id],
  });
  return rows.map((row) => ({
    ordinal: wholeNumber(row, "ordinal"),
    state: text(row, "state"),
    atDay: day(row, "at_day"),
    note: text(row, "note"),
    basis: text(row, "basis"),
    entry: bytes(row, "entry"),
  }));
}

/** Starts a deadline; one that already runs under that name is left as it is. */
export async function insertDeadline(
  connection: Connection,
  id: string,
  deadline: Omit<CaseDeadlineRow, "metOn">,
): Promise<void> {
  const { fromDay, dueOn, name, basis } = deadline;
  await execute(connection, {
    text: `
      insert into case_deadline (case_id, from_day, due_on, name, basis)
      values ($1::uuid, $2::date, $3::date, $4, $5) on conflict do nothing`,
    values: [id, fromDay, dueOn, name, basis],
  });
}

/** Marks a deadline as met on `on`; false when there is none of that name, or it was met before. */
export async function meetDeadline(
  connection: Connection,
  id: string,
  met: { readonly name: string; readonly on: Day },
): Promise<boolean> {
  const count = await execute(connection, {
    text: `
      update case_deadline set met_on = $3::date
      where case_id = $1::uuid and name = $2 and met_on is null`,
    values: [id, met.name, met.on],
  });
  return count === 1;
}

/** The deadlines of a case, the earliest first. */
export async function deadlinesOf(connection: Connection, id: string): Promise<CaseDeadlineRow[]> {
  const rows = await query(connection, {
    text: `
      select from_day, due_on, met_on, name, basis from case_deadline
      where case_id = $1::uuid order by due_on, name`,
    values: [id],
  });
  return rows.map((row) => ({
    name: text(row, "name"),
    fromDay: day(row, "from_day"),
    dueOn: day(row, "due_on"),
    basis: text(row, "basis"),
    metOn: dayOrNull(row, "met_on"),
  }));
}

/** Adds an order; false when that addressee has one in this case already. */
export async function insertOrder(
  connection: Connection,
  id: string,
  order: Omit<CorrectionOrderRow, "proof" | "provedOn">,
): Promise<boolean> {
  const { issuedOn, dueOn, addressee, kind } = order;
  const count = await execute(connection, {
    text: `
      insert into correction_order (case_id, issued_on, due_on, addressee, kind)
      values ($1::uuid, $2::date, $3::date, $4, $5) on conflict do nothing`,
    values: [id, issuedOn, dueOn, addressee, kind],
  });
  return count === 1;
}

/** Files the proof of an order; false when there is no such order, or its proof is filed. */
export async function proveOrder(
  connection: Connection,
  id: string,
  proved: { readonly addressee: string; readonly proof: string; readonly on: Day },
): Promise<boolean> {
  const count = await execute(connection, {
    text: `
      update correction_order set proof = $3, proved_on = $4::date
      where case_id = $1::uuid and addressee = $2 and proof is null`,
    values: [id, proved.addressee, proved.proof, proved.on],
  });
  return count === 1;
}

/** The orders of a case, the earliest due first. */
export async function ordersOf(connection: Connection, id: string): Promise<CorrectionOrderRow[]> {
  const rows = await query(connection, {
    text: `
      select issued_on, due_on, proved_on, addressee, kind, proof from correction_order
      where case_id = $1::uuid order by due_on, addressee`,
    values: [id],
  });
  return rows.map((row) => ({
    addressee: text(row, "addressee"),
    kind: word(row, "kind", ADDRESSEE_KINDS),
    issuedOn: day(row, "issued_on"),
    dueOn: day(row, "due_on"),
    proof: textOrNull(row, "proof"),
    provedOn: dayOrNull(row, "proved_on"),
  }));
}
