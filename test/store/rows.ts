/** Invented rows for the tests of the store. */

import { addDays } from "../../src/rules/calendar.ts";
import type { Day } from "../../src/rules/calendar.ts";
import { insertCompartments } from "../../src/store/compartment.ts";
import type { NewCompartment } from "../../src/store/compartment.ts";
import type { IntakeRow } from "../../src/store/intake.ts";
import type { PartyRow } from "../../src/store/party.ts";
import { ensurePartitions } from "../../src/store/partition.ts";
import { transaction } from "../../src/store/pool.ts";
import type { Database } from "../../src/store/pool.ts";
import type { ShellRow } from "../../src/store/shell.ts";
import { insertTenant } from "../../src/store/tenant.ts";

// Days that exist, in the form that Day promises; both are Mondays.
export const DEATH_WEEK = "2027-03-22" as Day;
export const SHELL_WEEK = "2028-11-20" as Day;
export const DAY_OF_DEATH = addDays(DEATH_WEEK, 2);
export const TENANT_ID = "018f0000-0000-7000-8000-000000000001";
export const SERIAL = 5_000_000_017;
export const SEALED_AT = new Date("2026-11-23T08:15:30.250Z");

export function compartment(over: Partial<NewCompartment> = {}): NewCompartment {
  return {
    serial: SERIAL,
    tenantId: TENANT_ID,
    dayOfDeath: DAY_OF_DEATH,
    deathWeek: DEATH_WEEK,
    shellWeek: SHELL_WEEK,
    suite: 1,
    generation: 1,
    ...over,
  };
}

export function party(slot: number, over: Partial<PartyRow> = {}): PartyRow {
  return {
    deathWeek: DEATH_WEEK,
    compartment: SERIAL,
    slot,
    bucket: slot % 16,
    parties: Buffer.alloc(350, slot),
    view: Buffer.alloc(340, slot + 1),
    phoneTag: (slot * 2_654_435_761) | 0,
    fingerprintTag: (slot * 40_503) | 0,
    ...over,
  };
}

export function shell(slot: number, over: Partial<ShellRow> = {}): ShellRow {
  return {
    shellWeek: SHELL_WEEK,
    compartment: SERIAL,
    slot,
    bucket: slot % 16,
    dayOfDeath: DAY_OF_DEATH,
    tenantId: TENANT_ID,
    tokenRandom: Buffer.alloc(7, slot),
    tokenKey: 1,
    merchantKey: Buffer.alloc(8, slot),
    carrier: "云梭",
    waybillNumber: `YS${String(slot).padStart(12, "0")}`,
    divisionCode: 330_106,
    state: "sealed",
    sealedAt: SEALED_AT,
    ...over,
  };
}

export function order(key: number, slot: number, over: Partial<IntakeRow> = {}): IntakeRow {
  const orderKey = Buffer.alloc(16);
  orderKey.writeUInt32BE((key * 2_654_435_761) >>> 0, 0);
  orderKey.writeUInt32BE(key, 4);
  return {
    bucket: key % 16,
    orderKey,
    bodyKey: Buffer.alloc(16, key),
    compartment: SERIAL,
    slot,
    dayOfDeath: DAY_OF_DEATH,
    expiresOn: SHELL_WEEK,
    ...over,
  };
}

/** A tenant with one compartment, and the partitions for its rows. */
export async function furnish(database: Database): Promise<void> {
  await ensurePartitions(database, { deathWeek: DEATH_WEEK, shellWeek: SHELL_WEEK });
  await transaction(database, async (connection) => {
    await insertTenant(connection, {
      id: TENANT_ID,
      name: "默认商户",
      suite: 1,
      profile: "gb41833",
      personsDays: 120,
      shellDays: 730,
    });
    await insertCompartments(connection, [compartment()]);
  });
}
