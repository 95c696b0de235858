import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { QUOTA_LIMITS } from "./quota.ts";
import { QuotaReplay } from "./quota-replay.ts";
import type { ReplayedLook } from "./quota-replay.ts";

const ZONE = "Asia/Shanghai";
const START = new Date("2026-03-02T01:00:00.000Z").getTime();

function look(minute: number, over: Partial<ReplayedLook> = {}): ReplayedLook {
  const at = new Date(START + minute * 60_000);
  return { actor: "st-1", organisation: "o", use: "contact", subject: `s${minute}`, at, ...over };
}

test("P10: replayed, the same waybill within an hour costs once, and a refusal nothing", () => {
  const replay = new QuotaReplay(ZONE);
  const limits = [{ scope: "person", span: "day", limit: 2 }] as const;
  assert.equal(replay.look(look(0, { subject: "a" }), limits), null);
  assert.equal(replay.look(look(59, { subject: "a" }), limits), null);
  assert.equal(replay.look(look(60, { subject: "a" }), limits), null);
  assert.equal(replay.look(look(61, { subject: "b" }), limits), limits[0]);
  assert.equal(replay.look(look(62, { subject: "a" }), limits), null, "paid for already");
  assert.equal(replay.look(look(63, { actor: "st-2" }), limits), null);
  assert.equal(replay.look(look(24 * 60, {}), limits), null, "another day");
});

test("P10: replayed, distinct waybills count once a day and searches not at all", () => {
  const replay = new QuotaReplay(ZONE);
  const limits = [{ scope: "subjects", span: "day", limit: 1 }] as const;
  assert.equal(replay.look(look(0, { subject: "a" }), limits), null);
  assert.equal(replay.look(look(120, { subject: "a" }), limits), null);
  assert.equal(replay.look(look(121, { use: "search", subject: null }), limits), null);
  assert.equal(replay.look(look(122, { subject: "b" }), limits), limits[0]);
});

test("P10: replayed, no counter passes its limit, and looser limits refuse no more", () => {
  const looks = fc.array(
    fc.record({
      minute: fc.integer({ min: 0, max: 30 }),
      actor: fc.constantFrom("st-1", "st-2"),
      subject: fc.constantFrom("a", "b", "c", "d"),
      use: fc.constantFrom("contact" as const, "claim" as const),
    }),
    { maxLength: 60 },
  );
  let refused = 0;
  const run = fc.property(looks, fc.integer({ min: 0, max: 4 }), (taken, limit) => {
    const limits = QUOTA_LIMITS.map((row) => ({ ...row, limit }));
    const replay = new QuotaReplay(ZONE);
    let passed = 0;
    for (const { minute, ...over } of taken.toSorted((a, b) => a.minute - b.minute)) {
      const row = replay.look(look(minute, over), limits);
      if (row === null) passed += 1;
      else refused += 1;
    }
    if (limit === 0) assert.equal(passed, 0);
    const open = new QuotaReplay(ZONE);
    for (const { minute, ...over } of taken) {
      assert.equal(open.look(look(minute, over), QUOTA_LIMITS.slice(-1)), null);
    }
  });
  fc.assert(run);
  assert.ok(refused > 50);
});
