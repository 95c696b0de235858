import assert from "node:assert/strict";
import { test } from "node:test";
import type { Day } from "./calendar.ts";
import { lifeStateOn, lifetimeOf, RETENTION } from "./retention.ts";

const SEALED_ON = "2026-11-23" as Day;

test("P8: persons die 120 days after sealing, the shell two years after", () => {
  const life = lifetimeOf(SEALED_ON, RETENTION.persons.defaultDays, RETENTION.shell.defaultDays);
  assert.deepEqual(life, {
    dayOfDeath: "2027-03-23",
    deathWeek: "2027-03-22",
    shellWeek: "2028-11-20",
    intakeExpiresOn: "2027-11-23",
  });
});

test("P8: a term outside floor and ceiling is brought inside", () => {
  assert.equal(lifetimeOf(SEALED_ON, 9999, 730).dayOfDeath, "2027-11-23");
  assert.equal(lifetimeOf(SEALED_ON, 0, 730).dayOfDeath, "2026-11-25");
});

test("P7: closing is the 24 hours before the day of death, due is from that day on", () => {
  const death = "2026-11-25" as Day;
  assert.equal(lifeStateOn("2026-11-23" as Day, death), "live");
  assert.equal(lifeStateOn("2026-11-24" as Day, death), "closing");
  assert.equal(lifeStateOn("2026-11-25" as Day, death), "due");
  assert.equal(lifeStateOn("2027-01-01" as Day, death), "due");
});
