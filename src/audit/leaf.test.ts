import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalJson } from "./canonical-json.ts";
import { encodeLeaf } from "./leaf.ts";

const TENANT = "00000000-0000-4000-8000-000000000001";
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test("LEAF-1: the encoding is canonical JSON with sorted members and never changes", () => {
  const leaf = encodeLeaf({
    type: "reveal",
    tenant: TENANT,
    id: new Uint8Array(16).fill(0xab),
    at: new Date("2026-11-23T08:00:00.000Z"),
    actor: "st-00000000",
    purpose: "contact",
    basis: "PIPL-13-1-2",
    fields: ["recipient.phone"],
    subject: "00".repeat(16),
  });
  assert.equal(
    text(leaf.bytes),
    '{"actor":"st-00000000","at":"2026-11-23T08:00:00.000Z","basis":"PIPL-13-1-2",' +
      '"fields":["recipient.phone"],"id":"abababababababababababababababab","purpose":"contact",' +
      '"subject":"00000000000000000000000000000000",' +
      '"tenant":"00000000-0000-4000-8000-000000000001","type":"reveal","v":1,"verb":"use"}',
  );
});

test("LEAF-1: equal values have one encoding, whatever the order of their members", () => {
  assert.deepEqual(
    canonicalJson({ b: 1, a: [true, null, "中"] }),
    canonicalJson({ a: [true, null, "中"], b: 1 }),
  );
  for (const value of [0.5, Number.NaN, 2 ** 53, "\ud800"]) {
    assert.throws(() => canonicalJson(value), TypeError);
  }
});

test("LEAF-2: a leaf above 8 KiB or with a short id is refused", () => {
  const draft = { type: "search", tenant: TENANT, at: new Date(0), actor: "a" } as const;
  assert.throws(() => encodeLeaf({ ...draft, id: new Uint8Array(15) }), RangeError);
  assert.throws(
    () => encodeLeaf({ ...draft, id: new Uint8Array(16), actor: "a".repeat(9000) }),
    RangeError,
  );
});
