import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PURPOSES } from "./purposes.ts";
import type { Purpose } from "./purposes.ts";
import {
  counterKey,
  forecastOf,
  isCharged,
  personOf,
  QUOTA_LIMITS,
  QUOTA_SCOPE_NAMES,
  QUOTA_SPAN_NAMES,
  QUOTA_SPANS,
  quotaWeight,
  spansAt,
  TENANT_KEY,
} from "./quota.ts";
import type { QuotaUse } from "./quota.ts";

const ZONE = "Asia/Shanghai";
const INSTANT = fc.date({
  min: new Date("2020-01-01T00:00:00Z"),
  max: new Date("2040-01-01T00:00:00Z"),
  noInvalidDate: true,
});

test("P10: a span holds its instant, and the next one begins where it ends", () => {
  fc.assert(
    fc.property(INSTANT, fc.constantFrom(...QUOTA_SPAN_NAMES), (at, span) => {
      const { startsAt, endsAt } = spansAt(at, ZONE)[span];
      assert.ok(startsAt <= at && at < endsAt);
      assert.equal(endsAt.getTime() - startsAt.getTime(), QUOTA_SPANS[span].seconds * 1000);
      assert.deepEqual(spansAt(endsAt, ZONE)[span].startsAt, endsAt);
      assert.deepEqual(spansAt(startsAt, ZONE)[span], { startsAt, endsAt });
    }),
  );
});

test("P10: days and shifts begin at midnight in Shanghai", () => {
  const at = new Date("2026-03-02T17:30:00Z");
  assert.equal(spansAt(at, ZONE).day.startsAt.toISOString(), "2026-03-02T16:00:00.000Z");
  assert.equal(spansAt(at, ZONE).shift.startsAt.toISOString(), "2026-03-02T16:00:00.000Z");
  assert.equal(spansAt(at, ZONE).shift.endsAt.toISOString(), "2026-03-03T00:00:00.000Z");
});

test("P10: each scope has a limit, longer spans allow more, and any one look fits", () => {
  const heaviest = Math.max(
    quotaWeight("custody-search"),
    // The keys of the table are its purposes.
    ...(Object.keys(PURPOSES) as Purpose[]).map((purpose) => quotaWeight(purpose)),
  );
  for (const scope of QUOTA_SCOPE_NAMES) {
    const limits = QUOTA_SPAN_NAMES.flatMap((span) =>
      QUOTA_LIMITS.filter((row) => row.scope === scope && row.span === span),
    ).map(({ limit }) => limit);
    assert.ok(limits.length > 0, scope);
    assert.deepEqual(
      limits,
      limits.toSorted((a, b) => a - b),
    );
    assert.ok(Math.min(...limits) >= heaviest);
  }
});

test("P10: a forecast goes on in a straight line and reaches no limit before now", () => {
  const times = spansAt(new Date("2026-03-02T04:00:00Z"), ZONE).day;
  const noon = new Date("2026-03-02T04:00:00Z");
  assert.deepEqual(forecastOf({ spent: 100, limit: 300 }, times, noon), {
    atEnd: 200,
    reachedAt: null,
  });
  const reached = forecastOf({ spent: 100, limit: 150 }, times, noon);
  assert.deepEqual(reached, { atEnd: 200, reachedAt: new Date("2026-03-02T10:00:00Z") });
  fc.assert(
    fc.property(
      INSTANT,
      fc.nat(10_000),
      fc.integer({ min: 1, max: 10_000 }),
      (at, spent, limit) => {
        const day = spansAt(at, ZONE).day;
        const { atEnd, reachedAt } = forecastOf({ spent, limit }, day, at);
        assert.ok(atEnd >= spent);
        assert.equal(reachedAt !== null, spent >= limit || atEnd > limit);
        assert.ok(reachedAt === null || (reachedAt >= at && reachedAt <= day.endsAt));
      },
    ),
  );
});

test("P12: shipping spends of its own counter alone; what opens nothing was not seen", () => {
  const scopesOf = (use: QuotaUse) => QUOTA_SCOPE_NAMES.filter((scope) => isCharged(use, scope));
  assert.deepEqual(scopesOf("drop-ship"), ["purpose"]);
  assert.deepEqual(scopesOf("contact"), QUOTA_SCOPE_NAMES);
  const seen = QUOTA_SCOPE_NAMES.filter((scope) => scope !== "subjects");
  for (const use of ["search", "custody-search", "merge", "break-glass"] as const)
    assert.deepEqual(scopesOf(use), seen, use);
});

test("P10: a counter of a branch is nobody's who has no branch", () => {
  const user = { actor: "st-1", organisation: null, use: "contact" } as const;
  const keys = QUOTA_SCOPE_NAMES.map((scope) => counterKey(scope, user));
  assert.deepEqual(keys, ["st-1", "st-1/contact", "st-1", null, TENANT_KEY]);
  assert.equal(counterKey("branch", { ...user, organisation: "b" }), "b");
  for (const scope of ["person", "purpose", "subjects"] as const)
    assert.equal(personOf(counterKey(scope, user) ?? ""), "st-1", scope);
});
