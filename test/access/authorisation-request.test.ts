/** Authorisation requests on a real database: who may ask, answer and look, and the clock. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  answerAuthorisation,
  fileRequest,
  listAuthorisations,
} from "../../src/access/authorisation-request.ts";
import { changeSetting } from "../../src/access/setting-change.ts";
import { day } from "../keystore/fresh-store.ts";
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
import { changeByTwo } from "../support/setting.ts";
import { signedIn } from "../support/actor.ts";

const [FIRST, SECOND] = OUTLETS;

const ASK = {
  from: FIRST,
  setting: "mask-profile",
  wanted: "gb41833",
  reason: "开启面单加密",
  actor: signedIn("网点负责人"),
};

test("P10: the authority sees how long a request waits", async (context) => {
  await withDesk(context, async (desk, clock) => {
    const { request } = await fileRequest(desk, ASK);
    const other = await deskOf(desk, "乙快递");
    const office = await officeOf(desk);
    const on = day("2026-03-31");
    const waiting = await listAuthorisations(office, { viewer: AUTHORITY, on });
    assert.deepEqual(
      waiting.map((row) => [row.tenantName, row.fromName, row.filedOn, row.waitingDays]),
      [["甲快递", FIRST, "2026-03-02", 29]],
    );
    assert.deepEqual(await listAuthorisations(other, { viewer: null, on }), []);
    const early = { viewer: AUTHORITY, on: day("2026-03-01") };
    assert.deepEqual(await listAuthorisations(office, early), []);

    clock.now = new Date("2026-04-20T16:30:00.000Z");
    const answer = {
      id: request.id,
      by: HEADQUARTERS,
      answer: "granted",
      reason: "同意",
      actor: signedIn("总部管理员"),
    };
    const wrong = { ...answer, by: SECOND };
    await assert.rejects(answerAuthorisation(desk, wrong), failure("REQUEST_ADDRESSEE"));
    const unknown = { ...answer, id: "1" };
    await assert.rejects(answerAuthorisation(desk, unknown), failure("REQUEST_UNKNOWN"));
    const maybe = { ...answer, answer: "maybe" };
    await assert.rejects(answerAuthorisation(desk, maybe), failure("USAGE"));
    const answered = await answerAuthorisation(desk, answer);
    assert.equal(answered.waitedDays, 50, "the day begins in Beijing");
    const again = { ...answer, answer: "refused" };
    await assert.rejects(answerAuthorisation(desk, again), failure("REQUEST_ANSWERED"));

    const then = await listAuthorisations(desk, { viewer: null, on });
    assert.deepEqual([then[0]?.answered, then[0]?.waitingDays], [null, 29]);
    const now = await listAuthorisations(office, { viewer: AUTHORITY, on: day("2026-12-31") });
    assert.deepEqual(
      [now[0]?.answered?.answer, now[0]?.answeredOn, now[0]?.waitingDays],
      ["granted", "2026-04-21", 50],
    );
    const bodies = await leafBodies(desk.database);
    const shown = bodies.filter(({ type }) => type === "authority-read");
    assert.deepEqual(
      shown.map((body) => [body["tenant"], body["value"], body["count"]]),
      [1, 0, 1].map((count) => [desk.tenant.id, "requests", count]),
      "the carrier has an entry of each look",
    );
    const types = bodies.map(({ type }) => type).filter((type) => type !== "authority-read");
    assert.deepEqual(types.slice(-2), ["request-filed", "request-answered"]);
  });
});

test("P10: a grant holds until headquarters decides anew", async (context) => {
  await withDesk(context, async (desk, clock) => {
    const later = (): void => {
      clock.now = new Date(clock.now.getTime() + 60_000);
    };
    const decide = {
      name: "mask-profile",
      mode: "set",
      reason: "试点",
      actor: signedIn("总部管理员"),
    };
    const legacy = { ...decide, organisation: HEADQUARTERS, by: null, value: "legacy-clear" };
    await changeByTwo(desk, legacy);
    later();
    const { request } = await fileRequest(desk, ASK);
    const own = { ...decide, organisation: FIRST, by: null, value: "gb41833" };
    await assert.rejects(changeSetting(desk, own), failure("SETTING_HEADQUARTERS_ONLY"));
    const answer = { id: request.id, by: HEADQUARTERS, answer: "granted", reason: "同意" };
    await answerAuthorisation(desk, { ...answer, actor: signedIn("总部管理员") });
    const forbidden = "SETTING_HEADQUARTERS_ONLY";
    await assert.rejects(changeSetting(desk, { ...own, value: "full" }), failure(forbidden));
    await assert.rejects(changeSetting(desk, { ...own, organisation: SECOND }), failure(forbidden));
    assert.equal((await changeSetting(desk, own)).setting.version, 1);
    later();
    await changeByTwo(desk, legacy);
    later();
    await assert.rejects(changeSetting(desk, own), failure(forbidden));
  });
});

test("P10: a request that makes no sense is not filed", async (context) => {
  await withDesk(context, async (desk) => {
    const wrongs = [
      [{ from: HEADQUARTERS }, "REQUEST_ADDRESSEE"],
      [{ from: AUTHORITY }, "ORGANISATION_UNKNOWN"],
      [{ wanted: "yes" }, "SETTING_VALUE_UNKNOWN"],
      [{ setting: "colour" }, "SETTING_UNKNOWN"],
      [{ reason: "" }, "TEXT_LENGTH"],
    ] as const;
    for (const [wrong, code] of wrongs) {
      await assert.rejects(fileRequest(desk, { ...ASK, ...wrong }), failure(code));
    }
    const on = day("2026-12-31");
    assert.deepEqual(await listAuthorisations(desk, { viewer: null, on }), []);
  });
});

test("P10: any setting can be asked for, a value or a range of values", async (context) => {
  await withDesk(context, async (desk, clock) => {
    const [asker, head] = [signedIn("网点负责人"), signedIn("总部管理员")];
    const quota = { from: FIRST, setting: "quota-person-day", wanted: "50", reason: "旺季" };
    await fileRequest(desk, { ...quota, actor: asker });
    const { request } = await fileRequest(desk, { ...ASK, wanted: "strict", mode: "delegated" });
    clock.now = new Date(clock.now.getTime() + 5 * 86_400_000);
    const office = await officeOf(desk);
    const seen = await listAuthorisations(office, { viewer: AUTHORITY, on: day("2026-03-07") });
    assert.deepEqual(
      seen
        .toSorted((a, b) => (a.setting < b.setting ? -1 : 1))
        .map((row) => [row.setting, row.mode, row.wanted, row.waitingDays]),
      [
        ["mask-profile", "delegated", "strict", 5],
        ["quota-person-day", "set", "50", 5],
      ],
    );
    const own = { name: "mask-profile", mode: "set", by: null, reason: "收紧", actor: asker };
    const set = async (organisation: string, value: string, mode = "set") =>
      changeSetting(desk, { ...own, organisation, value, mode });
    const forbidden = failure("SETTING_HEADQUARTERS_ONLY");
    await assert.rejects(set(FIRST, "full"), forbidden);
    const answer = { by: HEADQUARTERS, answer: "granted", reason: "同意", actor: head };
    await answerAuthorisation(desk, { ...answer, id: request.id });
    // As far as was asked, by the one that asked, and nothing of it is handed on.
    assert.equal((await set(FIRST, "strict")).setting.version, 1);
    assert.equal((await set(FIRST, "full")).setting.version, 2);
    await assert.rejects(set(FIRST, "gb41833"), forbidden);
    await assert.rejects(set(SECOND, "full"), forbidden);
    await assert.rejects(set(FIRST, "full", "delegated"), forbidden);
    clock.now = new Date(clock.now.getTime() + 60_000);
    const anew = { ...own, organisation: HEADQUARTERS, value: "gb41833", actor: head };
    await changeSetting(desk, anew);
    await assert.rejects(set(FIRST, "strict"), forbidden, "headquarters decided anew");
    const filed = (await leafBodies(desk.database)).filter(({ type }) => type === "request-filed");
    assert.deepEqual(
      filed.map((body) => body["mode"]),
      [undefined, "delegated"],
    );
  });
});
