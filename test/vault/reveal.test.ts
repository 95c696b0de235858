/** Revealing against a real database: purpose, durable leaf, and nothing else (P10, P11). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import { FIELDS, PURPOSES, purposeOf } from "../../src/rules/purposes.ts";
import { connected } from "../../src/store/pool.ts";
import { findLeaf } from "../../src/store/audit-leaf.ts";
import { reveal } from "../../src/vault/reveal.ts";
import type { RevealRequest } from "../../src/vault/reveal.ts";
import { shred } from "../../src/vault/shred.ts";
import { shownWaybill } from "../../src/vault/show.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, sealOne, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";
import { warrantOver } from "../support/warrant.ts";

const CONTACT = {
  fields: "phone",
  purpose: "contact",
  actor: signedIn("站点甲"),
  reason: null,
} as const;

function fails(code: FailureCode): (error: unknown) => boolean {
  return (error) => {
    assert.ok(
      isFailure(error, code),
      `${isFailure(error) ? error.code : String(error)}, not ${code}`,
    );
    return true;
  };
}

test("P10: each purpose opens the fields of its row and no other", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    await warrantOver(vault, [token], signedIn("a"));
    const outcomes = { opened: 0, refused: 0 };
    for (const purpose of Object.keys(PURPOSES)) {
      const allowed = purposeOf(purpose)?.row.fields ?? [];
      for (const field of FIELDS) {
        const asked = { token, purpose, fields: field, actor: signedIn("a"), reason: "工单 7 号" };
        if (allowed.includes(field)) {
          assert.deepEqual(
            (await reveal(vault, asked)).values.map(([name]) => name),
            [field],
          );
          outcomes.opened += 1;
        } else {
          await assert.rejects(reveal(vault, asked), fails("FIELD_NOT_ALLOWED"));
          outcomes.refused += 1;
        }
      }
    }
    assert.equal((await leaves(home, "reveal")).length, outcomes.opened);
    assert.equal((await leaves(home, "reveal-denied")).length, outcomes.refused);
    assert.ok(outcomes.opened > 20 && outcomes.refused > 20);
  });
});

test("P10: what is revealed is what was sealed, in both suites", async () => {
  for (const suite of ["intl", "gm"] as const) {
    await withHome(async (home) => {
      await using vault = await home.open({ suite });
      const token = await sealOne(vault, 12);
      const { values } = await reveal(vault, {
        ...CONTACT,
        token,
        fields: "recipient,remark",
        purpose: "deliver",
      });
      const { name, phone, address } = inventOrder(12);
      assert.deepEqual(values, [
        ["recipient.name", name],
        ["recipient.phone", phone],
        ["recipient.address", address],
        ["remark", ""],
      ]);
    });
  }
});

test("P10: a request that makes no sense opens nothing", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const asked: RevealRequest = { ...CONTACT, token: await sealOne(vault) };
    await assert.rejects(reveal(vault, { ...asked, purpose: "curious" }), fails("PURPOSE_UNKNOWN"));
    await assert.rejects(
      reveal(vault, { ...asked, purpose: "toString" }),
      fails("PURPOSE_UNKNOWN"),
    );
    await assert.rejects(reveal(vault, { ...asked, fields: "phone,all" }), fails("FIELDS_UNKNOWN"));
    await assert.rejects(reveal(vault, { ...asked, purpose: "claim" }), fails("REASON_MISSING"));
  });
});

test("P11: the leaf of a reveal is in the database under the id that comes back", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    const { entry } = await reveal(vault, { ...CONTACT, token, reason: "包裹破损" });
    const found = await connected(home.database, async (connection) =>
      findLeaf(connection, Buffer.from(entry, "hex")),
    );
    assert.notEqual(found, null);
    const [leaf] = await leaves(home, "reveal");
    assert.equal(leaf?.["id"], entry);
    assert.deepEqual(
      [leaf["purpose"], leaf["fields"], leaf["verb"], leaf["basis"]],
      ["contact", ["recipient.phone"], "use", "PIPL-13-1-2"],
    );
    const text = JSON.stringify(leaf);
    for (const hidden of ["站点甲", "包裹破损", token, inventOrder(1).phone])
      assert.equal(text.includes(hidden), false);
    const [look] = (await shownWaybill(vault, token)).looks;
    assert.deepEqual([look?.entry, look?.reason], [entry, "包裹破损"]);
  });
});

test("P9: a reason that names a phone is shown masked", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    const { phone } = inventOrder(1);
    await reveal(vault, { ...CONTACT, token, reason: `致电${phone}无人接` });
    const { looks } = await shownWaybill(vault, token);
    assert.match(looks[0]?.reason ?? "", /致电.*\*.*无人接/);
    assert.equal(JSON.stringify(looks).includes(phone), false);
  });
});

test("P11: when the leaf cannot be written, nothing is revealed", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    await home.change(`
      create function refuse_leaf() returns trigger language plpgsql
      as $$begin raise exception 'no' using errcode = '53100'; end$$`);
    await home.change(`
      create constraint trigger refuse after insert on audit_leaf deferrable initially deferred
      for each row execute function refuse_leaf()`);
    // Deferred: the insert itself succeeds, and only the commit fails.
    await assert.rejects(reveal(vault, { ...CONTACT, token }), fails("DATABASE_FULL"));
    assert.equal((await leaves(home, "reveal")).length, 0);
    await home.change("drop trigger refuse on audit_leaf");
    assert.equal((await reveal(vault, { ...CONTACT, token })).values.length, 1);
  });
});

test("P11: when the backend dies before the commit, nothing is revealed", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    await home.change(`
      create function die() returns trigger language plpgsql
      as $$begin perform pg_terminate_backend(pg_backend_pid()); return new; end$$`);
    await home.change(
      "create trigger die after insert on audit_leaf for each row execute function die()",
    );
    await assert.rejects(reveal(vault, { ...CONTACT, token }), fails("DATABASE_UNAVAILABLE"));
    assert.equal((await leaves(home, "reveal")).length, 0);
  });
});

test("P10: a tenant's token says nothing to another tenant", async () => {
  await withHome(async (home) => {
    await using mine = await home.open({ tenant: "甲" });
    await using theirs = await home.open({ tenant: "乙" });
    const token = await sealOne(mine);
    await sealOne(theirs);
    await assert.rejects(reveal(theirs, { ...CONTACT, token }), fails("TOKEN_UNKNOWN"));
    await assert.rejects(shownWaybill(theirs, token), fails("TOKEN_UNKNOWN"));
    const [denied] = await leaves(home, "reveal-denied");
    assert.deepEqual(
      [denied?.["tenant"], denied?.["failure"]],
      [theirs.tenant.id, "TOKEN_UNKNOWN"],
    );
    assert.equal((await reveal(mine, { ...CONTACT, token })).values.length, 1);
  });
});

async function alterParty(home: Home, change: "swap" | "flip"): Promise<void> {
  const statement =
    change === "flip"
      ? `update party set parties = set_bit(parties, at, 1 - get_bit(parties, at))
         from (select 300 as at) one`
      : `update party p set parties = q.parties from party q
         where (p.compartment, p.slot) <> (q.compartment, q.slot)`;
  assert.equal(await home.change(statement), 2);
}

for (const change of ["swap", "flip"] as const) {
  test(`P5: an envelope after a ${change} does not open, and the try is a leaf`, async () => {
    await withHome(async (home) => {
      await using vault = await home.open();
      const { rows } = await sealOrders(vault, [inventOrder(1), inventOrder(2)]);
      await alterParty(home, change);
      for (const { token } of rows)
        await assert.rejects(reveal(vault, { ...CONTACT, token }), fails("ENVELOPE_BROKEN"));
      const denied = await leaves(home, "reveal-denied");
      assert.deepEqual(
        denied.map((leaf) => leaf["failure"]),
        ["ENVELOPE_BROKEN", "ENVELOPE_BROKEN"],
      );
    });
  });
}

test("P7: rows that come back from an older copy of the database stay dead", async () => {
  await withHome(async (home) => {
    let now = new Date("2026-03-02T04:00:00Z");
    const token = await (async () => {
      await using vault = await home.open({ now: () => now });
      return await sealOne(vault);
    })();
    await home.change("create table party_copy as table party");
    const [compartment] = await home.rows("select * from compartment");
    const dead = addDays(dayOf(now), 130);
    now = new Date(`${dead}T04:00:00Z`);
    await using vault = await home.open({ now: () => now });
    await shred(vault, { on: dead, dryRun: false, sharePercentMax: null });
    assert.equal((await home.rows("select * from party")).length, 0);
    const week = String(compartment?.["death_week"]);
    await home.change(
      `create table party_back partition of party
         for values from ('${week}') to ('${addDays(dayOf(new Date(week)), 7)}')`,
    );
    assert.equal(await home.change("insert into party select * from party_copy"), 1);
    await home.change("update compartment set state = 'live', destroyed_at = null");
    await assert.rejects(reveal(vault, { ...CONTACT, token }), fails("DATA_DEAD"));
    assert.equal((await shownWaybill(vault, token)).view, null);
  });
});
