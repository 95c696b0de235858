/** A day's looks, replayed beside everything else that a server does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { policyFrom } from "../access/policy.ts";
import type { Policy } from "../access/policy.ts";
import { parseDay } from "../rules/calendar.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import type { SettingRow } from "../store/setting.ts";
import { ReplayedDay } from "./replay.ts";
import type { LoggedLook } from "./replay.ts";

const LOOKS = 5000;
const DAY_MS = 86_400_000;

function lookAt(index: number): LoggedLook {
  const at = new Date(Date.UTC(2026, 10, 27, 16) + Math.floor((index * DAY_MS) / LOOKS));
  const id = index.toString(16).padStart(32, "0");
  return { id, type: "reveal", at: at.toISOString(), actor: "st-a", purpose: "contact" };
}

const PLACE: OrganisationRow = {
  id: "hq",
  tenantId: "t",
  parentId: null,
  kind: "headquarters",
  form: null,
  name: "总部",
  openedOn: parseDay("2026-01-01") ?? assert.fail(),
  closedOn: null,
};

function said(value: string): SettingRow {
  const by = { bound: null, mode: "set", reason: "试", actor: "st-a", approvedBy: null } as const;
  const what = {
    organisationId: "hq",
    byId: "hq",
    name: "virtual-number",
    version: 1,
    value,
  } as const;
  return { ...what, ...by, at: new Date(0) };
}

test("P10: whether a number was virtual no entry says, nor does the replay", async () => {
  const [before, after] = ["any", "required"].map((value) => policyFrom([PLACE], [said(value)]));
  assert.ok(before !== undefined && after !== undefined);
  const world = {
    timeZone: "Asia/Shanghai",
    roleAt: () => null,
    isTrained: () => true,
    nameAt: () => null,
    isTold: () => true,
  };
  const fields = ["recipient.phone"];
  const looks = [
    { ...lookAt(1), fields },
    { ...lookAt(2), fields: ["recipient.name"] },
    { ...lookAt(3), fields, purpose: "claim" },
  ];
  const judged = async (then: Policy): Promise<number[]> => {
    const day = new ReplayedDay({ ...world, before: () => then, after: () => after });
    const { denied, notJudged, looked } = await day.replay(looks);
    return [looked, denied.length, notJudged];
  };
  assert.deepEqual(await judged(before), [3, 0, 1]);
  assert.deepEqual(await judged(after), [3, 0, 0], "it was asked for already");
});

test("P10: a long day that is replayed lets everything else have its turn", async () => {
  const policy = policyFrom([], []);
  const day = new ReplayedDay({
    timeZone: "Asia/Shanghai",
    roleAt: () => "support",
    isTrained: () => true,
    nameAt: () => null,
    isTold: () => true,
    before: () => policy,
    after: () => policy,
  });
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 1);
  const { looked } = await day.replay(Array.from({ length: LOOKS }, (_, index) => lookAt(index)));
  clearInterval(ticking);
  assert.equal(looked, LOOKS);
  assert.ok(turns > 0, "others waited until the whole day was judged");
});
