/** Real-name records (实名收寄): sealed documents of senders, by id, until their day of death. */
import type { Day } from "../rules/calendar.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, day, instant, text, wholeNumber } from "./row.ts";
import type { Row } from "./row.ts";

export interface RealNameRow {
  readonly id: string;
  readonly tenantId: string;
  readonly recordedAt: Date;
  readonly compartment: number;
  readonly slot: number;
  readonly dayOfDeath: Day;
  /** Kind of the document, a row of `src/privacy/document.ts`. */
  readonly kind: string;
  /** Pseudonym of who looked at the document. */
  readonly actor: string;
  /** 7 bytes of the record's own, as a token has them. */
  readonly random: Uint8Array;
  readonly envelope: Uint8Array;
}

export interface NewRealName extends RealNameRow {
  /** Keyed digest of kind and number, 16 bytes. */
  readonly document: Uint8Array;
  /** Keyed digest of the waybill that was sent with it; null for none. */
  readonly about: Uint8Array | null;
}

const COLUMNS =
  "id, tenant_id, recorded_at, compartment, day_of_death, slot, kind, actor, random, envelope";

function rowOf(row: Row): RealNameRow {
  return {
    id: text(row, "id"),
    tenantId: text(row, "tenant_id"),
    recordedAt: instant(row, "recorded_at"),
    compartment: wholeNumber(row, "compartment"),
    slot: wholeNumber(row, "slot"),
    dayOfDeath: day(row, "day_of_death"),
    kind: text(row, "kind"),
    actor: text(row, "actor"),
    random: bytes(row, "random"),
    envelope: bytes(row, "envelope"),
  };
}

export async function insertRealName(connection: Connection, row: NewRealName): Promise<void> {
  const { id, tenantId, recordedAt, compartment, dayOfDeath, slot, kind, actor } = row;
  await execute(connection, {
    text: `
      insert into real_name (id, tenant_id, recorded_at, compartment, day_of_death, slot, kind,
        actor, random, document, about, envelope)
      values ($1::uuid, $2::uuid, $3, $4::bigint, $5::date, $6::integer, $7, $8, $9::bytea,
        $10::bytea, $11::bytea, $12::bytea)`,
    values: [
      id,
      tenantId,
      recordedAt,
      compartment,
      dayOfDeath,
      slot,
      kind,
      actor,
      Buffer.from(row.random),
      Buffer.from(row.document),
      row.about === null ? null : Buffer.from(row.about),
      Buffer.from(row.envelope),
    ],
  });
}

/** The record of that id in a tenant, or null. */
export async function findRealName(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<RealNameRow | null> {
  const rows = await query(connection, {
    text: `select ${COLUMNS} from real_name where tenant_id = $1::uuid and id = $2::uuid`,
    values: [tenantId, id],
  });
  return rows[0] === undefined ? null : rowOf(rows[0]);
}

export interface RealNameCounts {
  readonly records: number;
  /** How many different documents they are of. */
  readonly documents: number;
  /** The next day on which some die; null where there are none. */
  readonly nextDeath: Day | null;
}

/** What a tenant has that lives on `today`, in numbers. */
export async function countRealNames(
  connection: Connection,
  tenantId: string,
  today: Day,
): Promise<RealNameCounts> {
  const [row = {}] = await query(connection, {
    text: `
      select count(*) as records, count(distinct document) as documents,
        min(day_of_death) as next_death
      from real_name where tenant_id = $1::uuid and day_of_death > $2::date`,
    values: [tenantId, today],
  });
  const records = wholeNumber(row, "records");
  const nextDeath = records === 0 ? null : day(row, "next_death");
  return { records, documents: wholeNumber(row, "documents"), nextDeath };
}

/** Ids of the living records that were made with a waybill, the newest first, at most 100. */
export async function realNamesAbout(
  connection: Connection,
  asked: { readonly tenantId: string; readonly about: Uint8Array; readonly today: Day },
): Promise<string[]> {
  const rows = await query(connection, {
    text: `
      select id from real_name
      where tenant_id = $1::uuid and about = $2::bytea and day_of_death > $3::date
      order by recorded_at desc, id limit 100`,
    values: [asked.tenantId, Buffer.from(asked.about), asked.today],
  });
  return rows.map((row) => text(row, "id"));
}

/** Takes away records whose day has come, with their digests; how many. */
export async function dropDeadRealNames(connection: Connection, today: Day): Promise<number> {
  return execute(connection, {
    text: "delete from real_name where day_of_death <= $1::date",
    values: [today],
  });
}
