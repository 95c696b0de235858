/** Real-name records: sealed alone, opened under a warrant, dead on their day (P7, P8, P9, P10). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays } from "../../src/rules/calendar.ts";
import { RETENTION } from "../../src/rules/retention.ts";
import { openRealName, realNameStatus, recordRealName } from "../../src/vault/real-name.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { shred } from "../../src/vault/shred.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { failure } from "../access/fresh-desk.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { sealOne } from "../support/orders.ts";
import { warrantOver } from "../support/warrant.ts";
import { withVault } from "../support/vault.ts";

/** The example of GB 11643-1999 itself: nobody's. */
const NUMBER = "11010519491231002X";
const COURIER = signedIn("快递员甲", "courier");
const OFFICER = signedIn("安全负责人", "security-officer");
const RESIDENT = { kind: "resident-id", number: NUMBER, token: null, actor: COURIER };

async function openAs(vault: Vault, id: string, actor = OFFICER): ReturnType<typeof openRealName> {
  return openRealName(vault, { id, reason: "依函调取", actor });
}

/** Every row of every table as text; bytes as hex digits. */
async function allRows(home: Home): Promise<string> {
  const tables = await home.rows(
    "select table_name from information_schema.tables where table_schema = 'public'",
  );
  const texts: string[] = [];
  for (const { table_name: table } of tables) {
    const rows = await home.rows(`select t::text as row from "${String(table)}" t`);
    texts.push(...rows.map(({ row }) => String(row)));
  }
  assert.ok(tables.length > 20 && texts.length > 10, `${tables.length} tables`);
  return texts.join("\n");
}

test("P10: a record opens to the two officers of its warrant, to nobody else", async () => {
  await withVault(async (vault, _clock, home) => {
    const token = await sealOne(vault);
    const { id, dayOfDeath } = await recordRealName(vault, { ...RESIDENT, token });
    assert.equal(dayOfDeath, addDays(new Clock().today, RETENTION["real-name"].defaultDays));
    const needed = failure("WARRANT_NEEDED");
    await assert.rejects(openAs(vault, id), needed);
    await warrantOver(vault, [token], OFFICER);
    await assert.rejects(openAs(vault, id), needed, "over the waybill, not over the record");
    await warrantOver(vault, [id], OFFICER);
    const third = signedIn("别的负责人", "privacy-officer");
    await assert.rejects(openAs(vault, id, third), needed, "neither of the two");
    for (const role of ["courier", "branch-manager", "support", "owner", "inspector"] as const) {
      await assert.rejects(openAs(vault, id, signedIn(role, role)), failure("ACCESS_DENIED"), role);
    }
    const opened = await openAs(vault, id);
    assert.deepEqual([opened.kind, opened.number], ["resident-id", NUMBER]);
    const asked = { fields: "name", purpose: "law-enforcement", reason: "依函调取" };
    const shown = await reveal(vault, { ...asked, token, actor: OFFICER });
    assert.ok(!JSON.stringify(shown).includes(NUMBER), "a waybill knows nothing of it");
    const told = await leaves(home, "real-name-opened");
    assert.equal(told.filter((leaf) => leaf["failure"] === "WARRANT_NEEDED").length, 3);
    const last = told.at(-1);
    const agreed = last?.["approvedBy"];
    assert.ok(Array.isArray(agreed) && agreed.length === 1);
    assert.equal((await leaves(home, "real-name-sealed")).length, 1);
  });
});

test("P9: no number of a document lies in the database; a digest tells equal ones", async () => {
  await withVault(async (vault, _clock, home) => {
    const token = await sealOne(vault);
    const first = await recordRealName(vault, { ...RESIDENT, token });
    await recordRealName(vault, { ...RESIDENT, number: "11010519491231002x" });
    await recordRealName(vault, { ...RESIDENT, kind: "passport", number: "E12345678" });
    const status = await realNameStatus(vault, { token, actor: OFFICER });
    assert.deepEqual([status.records, status.documents, status.ids], [3, 2, [first.id]]);
    const clerk = realNameStatus(vault, { token, actor: COURIER });
    await assert.rejects(clerk, failure("ACCESS_DENIED"));
    const rows = await allRows(home);
    assert.ok(rows.includes("resident-id"), "the rows were looked at");
    for (const number of [NUMBER, "E12345678"]) {
      assert.ok(!rows.includes(number));
      assert.ok(!rows.includes(Buffer.from(number, "latin1").toString("hex")));
    }
  });
});

test("P10: a document that cannot be one, and one of another tenant, are refused", async () => {
  await withHome(async (home) => {
    const { now } = new Clock();
    await using vault = await home.open({ now });
    await using foreign = await home.open({ now, tenant: "another" });
    const wrong = recordRealName(vault, { ...RESIDENT, number: "110105194912310021" });
    await assert.rejects(wrong, failure("DOCUMENT_FAULT"));
    const kind = recordRealName(vault, { ...RESIDENT, kind: "library-card" });
    await assert.rejects(kind, failure("DOCUMENT_KIND_UNKNOWN"));
    const support = signedIn("客服", "support");
    const role = recordRealName(vault, { ...RESIDENT, actor: support });
    await assert.rejects(role, failure("ACCESS_DENIED"));
    assert.equal((await home.rows("select from real_name")).length, 0);
    const { id } = await recordRealName(vault, RESIDENT);
    await warrantOver(foreign, [id], OFFICER);
    await assert.rejects(openAs(foreign, id), failure("REAL_NAME_UNKNOWN"));
    await home.change("update real_name set tenant_id = (select id from tenant where name = $1)", [
      "another",
    ]);
    await assert.rejects(openAs(foreign, id), failure("ENVELOPE_BROKEN"), "a row that was moved");
  });
});

test("P7: a record dies on its day, by the calendar and with a tombstone", async () => {
  await withVault(async (vault, clock, home) => {
    const token = await sealOne(vault);
    const { id, dayOfDeath } = await recordRealName(vault, RESIDENT);
    const [{ compartment } = {}] = await home.rows("select compartment from real_name");
    const [{ compartment: waybills } = {}] = await home.rows("select compartment from shell");
    assert.notEqual(compartment, waybills, "a compartment of its own");
    clock.set(addDays(dayOfDeath, -1));
    await warrantOver(vault, [id], OFFICER);
    assert.equal((await openAs(vault, id)).number, NUMBER);
    clock.set(dayOfDeath, "00:00:00");
    await assert.rejects(openAs(vault, id), failure("DATA_DEAD"), "nobody has shredded yet");
    const [row] = await home.rows("select * from real_name");
    await shred(vault, { on: clock.today, dryRun: false, sharePercentMax: 100 });
    assert.equal((await home.rows("select from real_name")).length, 0);
    const dead = (await vault.keys.tombstones()).map(({ serial }) => serial);
    assert.ok(dead.includes(Number(compartment)));
    assert.equal((await leaves(home, "compartment-destroyed")).length, 2);
    // The row comes back from an older copy of the database, and the clock is put back.
    const columns = Object.keys(row ?? {});
    const places = columns.map((_, at) => `$${at + 1}`).join(", ");
    await home.change(
      `insert into real_name (${columns.join(", ")}) values (${places})`,
      Object.values(row ?? {}),
    );
    clock.set(addDays(dayOfDeath, -1), "13:00:00");
    await assert.rejects(openAs(vault, id), failure("DATA_DEAD"), "its key is gone");
    assert.ok(token.length > 0);
  });
});

test("P5: many records at once, and a restart between, never share a place", async () => {
  await withHome(async (home) => {
    const { now } = new Clock();
    const number = (index: number): string => `E${String(10_000_000 + index)}`;
    const record = async (vault: Vault, index: number): Promise<string> =>
      (await recordRealName(vault, { ...RESIDENT, kind: "passport", number: number(index) })).id;
    const ids: string[] = [];
    for (const round of [0, 1]) {
      await using vault = await home.open({ now });
      const made = Array.from({ length: 6 }, async (_, at) => record(vault, round * 6 + at));
      ids.push(...(await Promise.all(made)));
    }
    await using vault = await home.open({ now });
    await warrantOver(vault, ids, OFFICER);
    for (const [index, id] of ids.entries()) {
      assert.equal((await openAs(vault, id)).number, number(index));
    }
    const places = await home.rows("select distinct compartment, slot from real_name");
    assert.equal(places.length, 12);
  });
});
