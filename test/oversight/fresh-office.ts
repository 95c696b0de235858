/** An authority's office on a fresh database and key store, with a clock that the test sets. */
import { randomBytes, randomUUID } from "node:crypto";
import type { TestContext } from "node:test";
import { KeyStore } from "../../src/keystore/key-store.ts";
import type { Office } from "../../src/oversight/office.ts";
import { buildGazetteer } from "../../src/privacy/gazetteer.ts";
import { parseDay } from "../../src/rules/calendar.ts";
import type { Day } from "../../src/rules/calendar.ts";
import { insertOffice } from "../../src/store/authority-office.ts";
import { insertOrganisations } from "../../src/store/organisation.ts";
import type { OrganisationRow } from "../../src/store/organisation.ts";
import { connected } from "../../src/store/pool.ts";
import type { Connection } from "../../src/store/query.ts";
import { findTenant, insertTenant } from "../../src/store/tenant.ts";
import { freshOptions } from "../keystore/fresh-store.ts";
import { withDatabase } from "../support/database.ts";
import { showTo } from "../support/scope.ts";

export const AUTHORITY = "0a000000-0000-4000-8000-000000000001";
export const PROCURATORATE = "0a000000-0000-4000-8000-000000000002";

const TENANT = "00000000-0000-4000-8000-0000000000aa";

/** Two carriers, each a tenant with a headquarters and three outlets. */
export const CARRIERS = [0, 1].map((carrier) => ({
  tenant: `c000000${carrier}-0000-4000-8000-000000000000`,
  headquarters: `d000000${carrier}-0000-4000-8000-000000000000`,
  outlets: [0, 1, 2].map((outlet) => `e00000${carrier}${outlet}-0000-4000-8000-000000000000`),
}));

function organisation(row: Pick<OrganisationRow, "id" | "kind" | "name">): OrganisationRow {
  const form = row.kind === "outlet" ? "direct" : null;
  const open = { openedOn: day("2020-01-01"), closedOn: null };
  return { ...row, ...open, tenantId: null, parentId: null, form };
}

async function found(connection: Connection, office: string): Promise<void> {
  const rows = [
    organisation({ id: AUTHORITY, kind: "postal-authority", name: "某市邮政管理局" }),
    organisation({ id: PROCURATORATE, kind: "procuratorate", name: "某市人民检察院" }),
  ];
  for (const { tenant, headquarters, outlets } of CARRIERS) {
    const name = `快递${tenant.slice(0, 8)}`;
    await insertTenant(connection, { id: tenant, name, ...TERMS });
    const head = organisation({ id: headquarters, kind: "headquarters", name: `${name}总部` });
    rows.push({ ...head, tenantId: tenant });
    for (const id of outlets) {
      const outlet = organisation({ id, kind: "outlet", name: `${name}网点${id.slice(0, 8)}` });
      rows.push({ ...outlet, tenantId: tenant, parentId: headquarters });
    }
  }
  const inserted = await insertOrganisations(connection, rows);
  if (inserted !== rows.length) throw new Error("the fixture's organisations were not founded");
  for (const authority of [AUTHORITY, PROCURATORATE]) {
    await insertOffice(connection, { authority, tenantId: office });
  }
  for (const { tenant: tenantId } of CARRIERS) {
    await showTo(connection, { authority: AUTHORITY, tenantId }, ["requests", "scores"]);
    await showTo(connection, { authority: PROCURATORATE, tenantId }, ["requests"]);
  }
}

const TERMS = { suite: 1, profile: "gb41833", personsDays: 120, shellDays: 730 } as const;

export interface Clock {
  now: Date;
}

/** A day that the caller knows to exist. */
export function day(text: string): Day {
  const parsed = parseDay(text);
  if (parsed === null) throw new RangeError("no such day");
  return parsed;
}

/** For `assert.rejects`: a Failure with this code. */
export function failure(code: string): { name: string; code: string } {
  return { name: "Failure", code };
}

/** Another tenant on the same database: the office of `authority`, or of none. */
export async function otherOffice(office: Office, authority: string | null): Promise<Office> {
  const tenant = await connected(office.database, async (connection) => {
    const id = randomUUID();
    await insertTenant(connection, { id, name: `other ${id}`, ...TERMS });
    if (authority !== null) await insertOffice(connection, { authority, tenantId: id });
    return findTenant(connection, id);
  });
  if (tenant === null) throw new Error("the tenant was just made");
  return { ...office, tenant };
}

/** Another authority of that kind, whose office is not there yet. */
export async function anotherAuthority(
  office: Office,
  kind: "postal-authority" | "procuratorate",
): Promise<string> {
  const id = randomUUID();
  const row = organisation({ id, kind, name: `another ${id}` });
  await connected(office.database, async (connection) => insertOrganisations(connection, [row]));
  return id;
}

export async function withOffice(
  context: TestContext,
  work: (office: Office, clock: Clock) => Promise<void>,
  begin = "2026-07-01T02:00:00.000Z",
): Promise<void> {
  const clock: Clock = { now: new Date(begin) };
  const keys = await KeyStore.open({ ...freshOptions(context), now: () => clock.now });
  await withDatabase(async (database) => {
    const tenant = await connected(database, async (connection) => {
      await insertTenant(connection, {
        id: TENANT,
        name: `office ${randomUUID()}`,
        ...TERMS,
      });
      await found(connection, TENANT);
      return findTenant(connection, TENANT);
    });
    if (tenant === null) throw new Error("the tenant was just made");
    await work(
      {
        tenant,
        database,
        keys,
        gazetteer: buildGazetteer(""),
        timeZone: "Asia/Shanghai",
        now: () => clock.now,
        randomBytes: (count) => randomBytes(count),
      },
      clock,
    );
  });
}
