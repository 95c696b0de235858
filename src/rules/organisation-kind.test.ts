import assert from "node:assert/strict";
import { test } from "node:test";
import {
  hasForm,
  KIND_NAMES,
  lowerKindOf,
  mayStandUnder,
  ORGANISATION_KINDS,
} from "./organisation-kind.ts";

test("P10: every kind has its row, and each kind below headquarters stands under something", () => {
  assert.deepEqual(KIND_NAMES.toSorted(), Object.keys(ORGANISATION_KINDS).toSorted());
  for (const kind of KIND_NAMES) {
    const above = KIND_NAMES.filter((candidate) => mayStandUnder(kind, candidate));
    assert.equal(above.length > 0, lowerKindOf(kind) !== null, kind);
    if (!ORGANISATION_KINDS[kind].inTenant) assert.equal(hasForm(kind), false);
  }
});

test("P10: a tree runs from headquarters down, and never back up", () => {
  const order = ["headquarters", "region", "branch", "outlet", "station"] as const;
  for (const [rank, kind] of order.entries()) {
    for (const above of order.slice(rank + 1)) assert.equal(mayStandUnder(kind, above), false);
  }
  assert.equal(mayStandUnder("merchant", "branch"), true);
  assert.equal(mayStandUnder("merchant", "headquarters"), false);
  assert.equal(mayStandUnder("outlet", "postal-authority"), false);
  assert.equal(mayStandUnder("branch", "merchant"), false);
  assert.equal(lowerKindOf("headquarters"), null);
});
