/** Organisations and lockable settings on a real database. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  foundAuthority,
  foundHeadquarters,
  foundOutlets,
  listOrganisations,
} from "../../src/access/organisation.ts";
import { printProfile } from "../../src/access/print-profile.ts";
import { explainSetting, historyOfSetting } from "../../src/access/setting.ts";
import { changeSetting } from "../../src/access/setting-change.ts";
import type { SettingRequest } from "../../src/access/setting-change.ts";
import { connected } from "../../src/store/pool.ts";
import { execute } from "../../src/store/query.ts";
import {
  AUTHORITY,
  deskOf,
  officeOf,
  failure,
  HEADQUARTERS,
  leafBodies,
  OUTLETS,
  withDesk,
} from "./fresh-desk.ts";
import { signedIn } from "../support/actor.ts";
import { changeByTwo } from "../support/setting.ts";

const [FIRST, SECOND] = OUTLETS;

const LOCK: SettingRequest = {
  organisation: HEADQUARTERS,
  by: null,
  name: "mask-profile",
  value: "gb41833",
  mode: "locked",
  reason: "全公司统一加密",
  actor: signedIn("总部管理员"),
};

test("P10: one headquarters a carrier; authorities stand outside", async (context) => {
  await withDesk(context, async (desk) => {
    const actor = signedIn("总部管理员");
    await foundOutlets(desk, { parent: FIRST, outlets: ["甲快递一号分部"], actor });
    const listed = await listOrganisations(desk);
    assert.deepEqual(
      listed.map(({ depth, kind, name }) => [depth, kind, name]),
      [
        [0, "postal-authority", AUTHORITY],
        [0, "headquarters", HEADQUARTERS],
        [1, "outlet", FIRST],
        [2, "outlet", "甲快递一号分部"],
        [1, "outlet", SECOND],
      ],
    );
    const again = { name: "甲快递新总部", outlets: [], actor };
    await assert.rejects(foundHeadquarters(desk, again), failure("ORGANISATION_EXISTS"));
    const twice = { parent: HEADQUARTERS, outlets: ["新网点", FIRST], actor };
    await assert.rejects(foundOutlets(desk, twice), failure("ORGANISATION_EXISTS"));
    const below = { parent: AUTHORITY, outlets: ["新网点"], actor };
    await assert.rejects(foundOutlets(desk, below), failure("ORGANISATION_UNKNOWN"));
    const sameName = { kind: "procuratorate", name: AUTHORITY, actor } as const;
    const office = await officeOf(desk);
    await assert.rejects(foundAuthority(office, sameName), failure("ORGANISATION_EXISTS"));
    assert.equal((await listOrganisations(desk)).length, listed.length, "all or nothing");

    const other = await deskOf(desk, "乙快递");
    assert.deepEqual(
      (await listOrganisations(other)).map(({ name }) => name),
      [AUTHORITY],
    );
    const foreign = { organisation: listed[1]?.id ?? "", name: "mask-profile" };
    await assert.rejects(explainSetting(other, foreign), failure("ORGANISATION_UNKNOWN"));
  });
});

test("P10: headquarters decides for all, and its lock holds", async (context) => {
  await withDesk(context, async (desk) => {
    const legacy = { ...LOCK, value: "legacy-clear", mode: "set", reason: "沿用旧系统" };
    await changeByTwo(desk, legacy);
    const outlet = { ...LOCK, organisation: FIRST, mode: "set", actor: signedIn("网点负责人") };
    await assert.rejects(changeSetting(desk, outlet), failure("SETTING_HEADQUARTERS_ONLY"));
    const value = async (organisation: string) =>
      (await explainSetting(desk, { organisation, name: "mask-profile" })).value;
    assert.equal(await value(FIRST), "legacy-clear");

    await changeSetting(desk, { ...outlet, by: HEADQUARTERS });
    assert.deepEqual([await value(FIRST), await value(SECOND)], ["gb41833", "legacy-clear"]);

    const locked = await changeSetting(desk, LOCK);
    assert.equal(locked.setting.version, 2);
    assert.deepEqual([await value(FIRST), await value(SECOND)], ["gb41833", "gb41833"]);
    const looser = { ...outlet, value: "legacy-clear" };
    await assert.rejects(changeSetting(desk, looser), failure("SETTING_LOCKED"));
    const foreign = { ...outlet, by: SECOND };
    await assert.rejects(changeSetting(desk, foreign), failure("SETTING_NOT_BELOW"));
    const authority = { ...outlet, by: AUTHORITY };
    await assert.rejects(changeSetting(desk, authority), failure("SETTING_NOT_BELOW"));

    const told = await explainSetting(desk, { organisation: FIRST, name: "mask-profile" });
    assert.equal(told.source?.name, HEADQUARTERS);
    assert.deepEqual(
      told.steps.map(({ outcome }) => outcome),
      ["counts", "lock-above"],
    );
    const versions = await historyOfSetting(desk, LOCK);
    assert.deepEqual(
      versions.map((row) => [row.version, row.value, row.mode]),
      [
        [1, "legacy-clear", "set"],
        [2, "gb41833", "locked"],
      ],
    );
  });
});

test("P13: each change and refusal is an entry without words", async (context) => {
  await withDesk(context, async (desk) => {
    await changeSetting(desk, LOCK);
    const looser = { ...LOCK, organisation: FIRST, value: "legacy-clear", mode: "set" };
    await assert.rejects(changeSetting(desk, looser), failure("SETTING_LOCKED"));
    const senseless: readonly (readonly [Partial<SettingRequest>, string])[] = [
      [{ name: "colour" }, "SETTING_UNKNOWN"],
      [{ value: "clear" }, "SETTING_VALUE_UNKNOWN"],
      [{ mode: "open" }, "USAGE"],
      [{ reason: " " }, "TEXT_LENGTH"],
      [{ reason: "请联系 13800138000" }, "TEXT_PERSONAL"],
      [{ organisation: "无此网点" }, "ORGANISATION_UNKNOWN"],
    ];
    for (const [wrong, code] of senseless) {
      await assert.rejects(changeSetting(desk, { ...LOCK, ...wrong }), failure(code));
    }
    const bodies = await leafBodies(desk.database);
    assert.deepEqual(
      bodies.map((body) => [body["type"], body["setting"], body["value"], body["failure"]]),
      [
        ["organisation-founded", undefined, undefined, undefined],
        ["organisation-founded", undefined, undefined, undefined],
        ["setting-changed", "mask-profile", "gb41833", undefined],
        ["setting-refused", "mask-profile", "legacy-clear", "SETTING_LOCKED"],
      ],
    );
    for (const body of bodies) {
      assert.match(String(body["actor"]), /^st-[0-9a-f]{16}$/);
      assert.doesNotMatch(JSON.stringify(body), /总部管理员|统一加密/);
    }
  });
});

test("P10: each change is a version, and the past can be asked", async (context) => {
  await withDesk(context, async (desk, clock) => {
    const before = clock.now;
    const sizes = { ...LOCK, name: "label-sizes", mode: "set" };
    await changeSetting(desk, { ...sizes, value: "100x180" });
    clock.now = new Date("2026-03-05T02:00:00.000Z");
    const values = ["76x130", "100x150", "76x130,100x150", "100x110"];
    const changes = await Promise.all(
      values.map(async (value) => changeSetting(desk, { ...sizes, value })),
    );
    const versions = changes.map(({ setting }) => setting.version).toSorted((a, b) => a - b);
    assert.deepEqual(versions, [2, 3, 4, 5]);
    const asked = { organisation: SECOND, name: "label-sizes" };
    assert.equal((await explainSetting(desk, { ...asked, at: before })).value, "100x180");
    const last = changes.find(({ setting }) => setting.version === 5)?.setting.value;
    assert.equal((await explainSetting(desk, asked)).value, last);
    for (const text of ["delete from setting", "update setting set value = 'full'"]) {
      const tampered = connected(desk.database, async (connection) =>
        execute(connection, { text }),
      );
      await assert.rejects(tampered, failure("DATABASE_FAILED"));
    }
  });
});

test("P1: what is sealed next follows headquarters, and never legacy-clear", async (context) => {
  await withDesk(context, async (desk) => {
    const profile = async ({ tenant } = desk) =>
      connected(desk.database, async (connection) => printProfile(connection, tenant));
    assert.equal((await profile()).name, "gb41833");
    await changeByTwo(desk, { ...LOCK, value: "legacy-clear", mode: "set" });
    assert.equal((await profile()).name, "gb41833");
    await changeSetting(desk, { ...LOCK, value: "strict" });
    assert.equal((await profile()).name, "strict");
    const other = await deskOf(desk, "乙快递");
    assert.equal((await profile(other)).name, "gb41833");
  });
});
