import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseTraceparent, traceparentOf } from "./context.ts";

/** The example of W3C Trace Context, section 3.2.4. */
const EXAMPLE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

test("the standard's own examples are read, and written as they were", () => {
  const context = parseTraceparent(EXAMPLE);
  assert.deepEqual(context, {
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    spanId: "00f067aa0ba902b7",
    isSampled: true,
  });
  assert.equal(traceparentOf(context), EXAMPLE);
  const other = `${EXAMPLE.slice(0, -2)}00`;
  assert.equal(parseTraceparent(other)?.isSampled, false);
  assert.equal(parseTraceparent(`cc${EXAMPLE.slice(2)}-more`)?.isSampled, true, "a later version");
});

test("P9: whatever is no traceparent is none, so that nothing else passes as one", () => {
  for (const header of [
    undefined,
    "",
    ["a"],
    EXAMPLE.toUpperCase(),
    `${EXAMPLE}-more`,
    `ff${EXAMPLE.slice(2)}`,
    EXAMPLE.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0".repeat(32)),
    EXAMPLE.replace("00f067aa0ba902b7", "0".repeat(16)),
    `${EXAMPLE}\n`,
  ])
    assert.equal(parseTraceparent(header), null, String(header));
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(parseTraceparent(text), null);
    }),
  );
});
