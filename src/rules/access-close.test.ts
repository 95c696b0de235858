import assert from "node:assert/strict";
import { test } from "node:test";
import { accessClosesOn, isAccessClosed, isOpenAfterClose, PARCEL_STATES } from "./access-close.ts";
import type { Day } from "./calendar.ts";
import { RETENTION } from "./retention.ts";

const ON = "2026-11-01" as Day;

test("P8: access closes the term after the state, by the earliest of several days", () => {
  const closesOn = accessClosesOn(ON, RETENTION["access-delivered"].defaultDays);
  assert.equal(closesOn, "2027-01-30");
  assert.equal(isAccessClosed("2027-01-29" as Day, [closesOn]), false);
  assert.equal(isAccessClosed("2027-01-30" as Day, [closesOn]), true);
  assert.equal(isAccessClosed("2026-12-01" as Day, [closesOn, "2026-12-01" as Day]), true);
  assert.equal(isAccessClosed("2099-01-01" as Day, [null, null]), false);
});

test("P8: a parcel at a branch or undelivered stays open, and every other state has a term", () => {
  const open = Object.entries(PARCEL_STATES).filter(([, { closes }]) => closes === null);
  assert.deepEqual(
    open.map(([name]) => name),
    ["packed", "handed-in", "arrived", "undelivered"],
  );
});

test("P8: after closing only the person and a lawful order open it, and what a hold allows", () => {
  assert.ok(isOpenAfterClose("subject-request", []));
  assert.ok(isOpenAfterClose("law-enforcement", []));
  for (const purpose of ["deliver", "contact", "return", "claim", "inspection"] as const) {
    assert.equal(isOpenAfterClose(purpose, []), false, purpose);
  }
  assert.ok(isOpenAfterClose("claim", ["claim"]));
});
