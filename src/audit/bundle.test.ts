import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ENTRY_BYTES_MAX, decodeBundle, encodeBundle } from "./bundle.ts";
import { proofText } from "./proof-file.ts";

test("P13: a bundle gives back its entries, and nothing when it is cut", () => {
  const entries = fc.array(fc.uint8Array({ minLength: 1, maxLength: 80 }), { minLength: 1 });
  fc.assert(
    fc.property(entries, fc.nat(), (given, seed) => {
      const bytes = encodeBundle(given);
      assert.deepEqual(
        decodeBundle(bytes)?.map((each) => Buffer.from(each)),
        given.map((each) => Buffer.from(each)),
      );
      const last = given.at(-1)?.length ?? 0;
      const cut = bytes.subarray(0, bytes.length - 1 - (seed % (last + 1)));
      assert.equal(decodeBundle(cut), null);
    }),
  );
  assert.throws(() => encodeBundle([new Uint8Array(ENTRY_BYTES_MAX + 1)]), RangeError);
});

test("P13: a proof file has the lines of its specification", () => {
  const text = proofText({ index: 4, path: [new Uint8Array(32)], checkpoint: "log\n1\n" });
  const hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  assert.equal(text, `c2sp.org/tlog-proof@v1\nindex 4\n${hash}\n\nlog\n1\n`);
});
