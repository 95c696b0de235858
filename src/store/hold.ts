/** Holds, and the copies of the envelopes that they keep. */
import type { Day } from "../rules/calendar.ts";
import { HOLD_REASON_NAMES, HOLD_STATES } from "../rules/hold.ts";
import type { HoldReason, HoldState } from "../rules/hold.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, day, instant, instantOrNull, text, textOrNull, wholeNumber, word } from "./row.ts";
import { slotsByCompartment } from "./slots.ts";
import type { SlotsByCompartment } from "./slots.ts";
import type { Row } from "./row.ts";
import { int4Array } from "./wire.ts";

/** A waybill's place as holds and erasures name it. */
export interface WaybillPlace {
  readonly compartment: number;
  readonly slot: number;
}

export interface HoldRow extends WaybillPlace {
  /** UUID text. */
  readonly id: string;
  readonly tenantId: string;
  readonly shellWeek: Day;
  /** The last day on which it counts. */
  readonly untilDay: Day;
  readonly reason: HoldReason;
  /** Who asked for it, 1..100 characters without personal data. */
  readonly authority: string;
  /** Number of the document, 1..100 characters, or null. */
  readonly document: string | null;
  /** Pseudonym of who placed it. */
  readonly actor: string;
  readonly state: HoldState;
  readonly placedAt: Date;
  readonly endedAt: Date | null;
}

const COLUMNS =
  "id, tenant_id, compartment, slot, shell_week, until_day, reason, authority, document, actor," +
  " state, placed_at, ended_at";
/** Of a row of `hold`: it has not ended, whatever its last day. */
export const HOLD_STANDING = "hold.state in ('pending', 'active', 'ending')";

function holdOf(row: Row): HoldRow {
  return {
    id: text(row, "id"),
    tenantId: text(row, "tenant_id"),
    compartment: wholeNumber(row, "compartment"),
    slot: wholeNumber(row, "slot"),
    shellWeek: day(row, "shell_week"),
    untilDay: day(row, "until_day"),
    reason: word(row, "reason", HOLD_REASON_NAMES),
    authority: text(row, "authority"),
    document: textOrNull(row, "document"),
    actor: text(row, "actor"),
    state: word(row, "state", HOLD_STATES),
    placedAt: instant(row, "placed_at"),
    endedAt: instantOrNull(row, "ended_at"),
  };
}

/** Adds a hold; false when one of that id exists, which is left as it is. */
export async function insertHold(connection: Connection, hold: HoldRow): Promise<boolean> {
  const count = await execute(connection, {
    text: `
      insert into hold (${COLUMNS})
      values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      on conflict do nothing`,
    values: [
      hold.id,
      hold.tenantId,
      hold.compartment,
      hold.slot,
      hold.shellWeek,
      hold.untilDay,
      hold.reason,
      hold.authority,
      hold.document,
      hold.actor,
      hold.state,
      hold.placedAt,
      hold.endedAt,
    ],
  });
  return count === 1;
}

/** Moves a hold to `state`; `endedAt` for the states that end it, else null. */
export async function setHoldState(
  connection: Connection,
  id: string,
  change: { readonly state: HoldState; readonly endedAt: Date | null },
): Promise<void> {
  await execute(connection, {
    text: "update hold set state = $2, ended_at = $3 where id = $1::uuid",
    values: [id, change.state, change.endedAt],
  });
}

/** The hold of that id in a tenant, or null. */
export async function findHold(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<HoldRow | null> {
  const rows = await query(connection, {
    text: `select ${COLUMNS} from hold where id = $1::uuid and tenant_id = $2::uuid`,
    values: [id, tenantId],
  });
  return rows[0] === undefined ? null : holdOf(rows[0]);
}

/** The holds of one waybill that have not ended, oldest first. */
export async function standingHolds(
  connection: Connection,
  place: WaybillPlace,
): Promise<HoldRow[]> {
  const rows = await query(connection, {
    name: "holds_of_place",
    text: `
      select ${COLUMNS} from hold
      where compartment = $1::bigint and slot = $2::integer and ${HOLD_STANDING}
      order by placed_at, id`,
    values: [place.compartment, place.slot],
  });
  return rows.map(holdOf);
}

/** All holds of one tenant that have not ended, or all of them, by last day, at most `limit`. */
export async function listHolds(
  connection: Connection,
  asked: { readonly tenantId: string; readonly ended: boolean },
  limit: number,
): Promise<HoldRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from hold
      where tenant_id = $1::uuid and ($2::boolean or ${HOLD_STANDING})
      order by until_day, placed_at, id limit $3::integer`,
    values: [asked.tenantId, asked.ended, limit],
  });
  return rows.map(holdOf);
}

/** What has to be seen to, of all tenants: interrupted holds, and those over before `today`. */
export async function holdsToSettle(
  connection: Connection,
  today: Day,
  limit: number,
): Promise<HoldRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from hold
      where state in ('pending', 'ending') or (state = 'active' and until_day < $1::date)
      order by until_day, id limit $2::integer`,
    values: [today, limit],
  });
  return rows.map(holdOf);
}

/** Every waybill on which a hold has not ended, for all tenants. */
export async function allStandingSlots(connection: Connection): Promise<SlotsByCompartment> {
  const rows = await query(connection, {
    text: `
      select distinct compartment, slot from hold where ${HOLD_STANDING}
      order by compartment, slot`,
  });
  return slotsByCompartment(rows);
}

/** Every waybill on which a hold is active: its key was kept before it became so. */
export async function allActiveSlots(connection: Connection): Promise<SlotsByCompartment> {
  const rows = await query(connection, {
    text: `
      select distinct compartment, slot from hold where state = 'active'
      order by compartment, slot`,
  });
  return slotsByCompartment(rows);
}

/** Those of `slots` of a compartment on which a hold has not ended. */
export async function heldSlotsOf(
  connection: Connection,
  compartment: number,
  slots: readonly number[],
): Promise<ReadonlySet<number>> {
  const rows = await query(connection, {
    text: `
      select distinct slot from hold
      where compartment = $1::bigint and slot = any($2::integer[]) and ${HOLD_STANDING}`,
    values: [compartment, int4Array(slots)],
  });
  return new Set(rows.map((row) => wholeNumber(row, "slot")));
}

/**
 * Copies the envelopes of a waybill to where no week is dropped, or finds them there already; false
 * when there is nothing to copy.
 */
export async function keepParty(
  connection: Connection,
  place: WaybillPlace & { readonly deathWeek: Day },
): Promise<boolean> {
  const values = [place.deathWeek, place.compartment, place.slot];
  await execute(connection, {
    text: `
      insert into held_party (compartment, slot, parties, view)
      select compartment, slot, parties, view from party
      where death_week = $1::date and compartment = $2::bigint and slot = $3::integer
      on conflict do nothing`,
    values,
  });
  return (await findHeldParty(connection, place)) !== null;
}

export interface HeldParty {
  readonly parties: Uint8Array;
  readonly view: Uint8Array;
}

/** The kept envelopes of a waybill, or null. */
export async function findHeldParty(
  connection: Connection,
  place: WaybillPlace,
): Promise<HeldParty | null> {
  const rows = await query(connection, {
    text: `
      select parties, view from held_party where compartment = $1::bigint and slot = $2::integer`,
    values: [place.compartment, place.slot],
  });
  const first = rows[0];
  if (first === undefined) return null;
  return { parties: bytes(first, "parties"), view: bytes(first, "view") };
}

/** Removes the kept envelopes of a waybill. */
export async function dropHeldParty(connection: Connection, place: WaybillPlace): Promise<void> {
  await execute(connection, {
    text: "delete from held_party where compartment = $1::bigint and slot = $2::integer",
    values: [place.compartment, place.slot],
  });
}

/** How many standing holds of a tenant have their last day on each day from `from` up to `to`. */
export async function holdsEnding(
  connection: Connection,
  tenantId: string,
  days: { readonly from: Day; readonly to: Day },
): Promise<{ day: Day; waybills: number }[]> {
  const rows = await query(connection, {
    text: `
      select until_day, count(*) as waybills from hold
      where tenant_id = $1::uuid and ${HOLD_STANDING} and until_day between $2::date and $3::date
      group by 1 order by 1`,
    values: [tenantId, days.from, days.to],
  });
  return rows.map((row) => ({
    day: day(row, "until_day"),
    waybills: wholeNumber(row, "waybills"),
  }));
}
