/** A carrier's desk on a fresh database and key store, with a clock that the test sets. */
import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { foundAuthority, foundHeadquarters } from "../../src/access/organisation.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { openLog } from "../../src/log/log.ts";
import { openGazetteer } from "../../src/main.ts";
import { PROFILES } from "../../src/privacy/mask-profile.ts";
import { INSTALLATION_LOG } from "../../src/store/log.ts";
import { connected } from "../../src/store/pool.ts";
import type { Database } from "../../src/store/pool.ts";
import { query } from "../../src/store/query.ts";
import { findTenant, findTenantByName, insertTenant } from "../../src/store/tenant.ts";
import { tellPolicySet } from "../../src/vault/policy-history.ts";
import { BRAKES_UNSET } from "../../src/rules/brake.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { fileURLToPath } from "node:url";
import { freshOptions } from "../keystore/fresh-store.ts";
import { withDatabase } from "../support/database.ts";
import { signedIn } from "../support/actor.ts";
import { showTo } from "../support/scope.ts";

export interface Clock {
  now: Date;
}

export const HEADQUARTERS = "甲快递总部";
export const OUTLETS = ["甲快递一号网点", "甲快递二号网点"] as const;
export const AUTHORITY = "某市邮政管理局";

const TERMS = { suite: 1, profile: "gb41833", personsDays: 120, shellDays: 730 } as const;
const GAZETTEER_FILE = fileURLToPath(
  new URL("../../assets/divisions/divisions.tsv", import.meta.url),
);

type Common = Omit<Vault, "tenant">;

/** A desk of another tenant on the same database. A desk here is a whole vault. */
export async function deskOf(common: Common, name: string): Promise<Vault> {
  const tenant = await connected(common.database, async (connection) => {
    const id = randomUUID();
    await insertTenant(connection, { id, name, ...TERMS });
    return findTenant(connection, id);
  });
  if (tenant === null) throw new Error("the tenant was just made");
  return { ...common, tenant };
}

/** The tenant of the authority, on the same database. */
export async function officeOf(common: Common): Promise<Vault> {
  const found = await connected(common.database, async (connection) =>
    findTenantByName(connection, AUTHORITY),
  );
  return found === null ? deskOf(common, AUTHORITY) : { ...common, tenant: found };
}

/** For `assert.rejects`: a Failure with this code. */
export function failure(code: string): { name: string; code: string } {
  return { name: "Failure", code };
}

/** The bodies of all leaves, oldest first. */
export async function leafBodies(database: Database): Promise<Record<string, unknown>[]> {
  return connected(database, async (connection) => {
    const rows = await query(connection, { text: "select body from audit_leaf order by position" });
    // A leaf is a JSON object by its format (LEAF-1).
    return rows.map((row) => JSON.parse(String(row["body"])) as Record<string, unknown>);
  });
}

/** The carrier with its headquarters and two outlets, and the authority above all carriers. */
export async function withDesk(
  context: TestContext,
  work: (desk: Vault, clock: Clock) => Promise<void>,
): Promise<void> {
  const clock: Clock = { now: new Date("2026-03-02T02:00:00.000Z") };
  const options = freshOptions(context);
  const keys = await KeyStore.open({ ...options, now: () => clock.now });
  await withDatabase(async (database) => {
    const log = openLog({
      log: INSTALLATION_LOG,
      database,
      keys,
      folder: join(options.folder, "..", "log"),
      origin: null,
      witnesses: [],
      now: () => clock.now,
      randomBytes: (count) => randomBytes(count),
    });
    const desk = await deskOf(
      {
        database,
        keys,
        log,
        gazetteer: openGazetteer(),
        gazetteerFile: GAZETTEER_FILE,
        brakes: BRAKES_UNSET,
        profile: PROFILES.gb41833,
        clockTrusted: true,
        timeZone: "Asia/Shanghai",
        now: () => clock.now,
        randomBytes: (count) => randomBytes(count),
        rotateKeysIfDue: async () => Promise.resolve(false),
        rotateKeys: async () => Promise.reject(new RangeError("not in this test")),
        [Symbol.asyncDispose]: async () => Promise.resolve(),
      },
      "甲快递",
    );
    await tellPolicySet(desk);
    await foundHeadquarters(desk, {
      name: HEADQUARTERS,
      outlets: OUTLETS,
      actor: signedIn("总部管理员"),
    });
    const founded = await foundAuthority(await officeOf(desk), {
      kind: "postal-authority",
      name: AUTHORITY,
      actor: signedIn("总部管理员"),
    });
    const authority = founded.organisations[0]?.id ?? "";
    await connected(database, async (connection) =>
      showTo(connection, { authority, tenantId: desk.tenant.id }, ["requests"]),
    );
    await work(desk, clock);
  });
}
