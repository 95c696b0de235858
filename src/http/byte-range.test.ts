import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { byteRange } from "./byte-range.ts";

const TAG = '"abc"';

function of(range: string, ifRange?: string) {
  return byteRange(
    10_000,
    { range, ...(ifRange === undefined ? {} : { "if-range": ifRange }) },
    TAG,
  );
}

test("the standard's own examples mean the bytes that it says", () => {
  // RFC 9110, section 14.1.2, for a file of 10,000 bytes; `to` is behind the last byte here.
  assert.deepEqual(of("bytes=0-499"), { from: 0, to: 500 });
  assert.deepEqual(of("bytes=500-999"), { from: 500, to: 1000 });
  assert.deepEqual(of("bytes=-500"), { from: 9500, to: 10_000 });
  assert.deepEqual(of("bytes=9500-"), { from: 9500, to: 10_000 });
  assert.deepEqual(of("bytes=0-99999"), { from: 0, to: 10_000 });
});

test("what is no single range of bytes, or of another file, is answered with the whole", () => {
  for (const range of [
    "",
    "bytes=",
    "bytes=-",
    "items=0-1",
    "bytes=0-0,-1",
    "bytes=5-4",
    "bytes=a-b",
  ])
    assert.equal(of(range), null, range);
  assert.equal(of("bytes=0-1", '"other"'), null);
  assert.equal(of("bytes=0-1", "Sat, 28 Nov 2026 00:00:00 GMT"), null);
  assert.deepEqual(of("bytes=0-1", TAG), { from: 0, to: 2 });
  assert.equal(byteRange(10, {}, TAG), null);
});

test("bytes that the file does not have are refused", () => {
  assert.equal(of("bytes=10000-"), "unsatisfiable");
  assert.equal(of("bytes=-0"), "unsatisfiable");
  assert.equal(byteRange(0, { range: "bytes=0-" }, TAG), "unsatisfiable");
});

test("whatever is asked, the bytes of an answer lie within the file and are not none", () => {
  const whole = fc.nat(100_000);
  fc.assert(
    fc.property(whole, fc.option(whole), fc.option(whole), (size, first, last) => {
      const found = byteRange(size, { range: `bytes=${first ?? ""}-${last ?? ""}` }, TAG);
      if (found === null || found === "unsatisfiable") return;
      assert.ok(found.from >= 0 && found.from < found.to && found.to <= size);
    }),
  );
});
