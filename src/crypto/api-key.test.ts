import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { newApiKey, readApiKey } from "./api-key.ts";

const random = fc.uint8Array({ minLength: 48, maxLength: 48 });

test("P10: a key is read back, whatever it is made of", () => {
  fc.assert(
    fc.property(random, (bytes) => {
      const { text, key } = newApiKey(bytes);
      assert.equal(text.length, 62);
      assert.deepEqual(readApiKey(` ${text}\n`), { kind: "key", key });
    }),
  );
});

test("P10: a key that was cut or altered is named as such", () => {
  fc.assert(
    fc.property(random, fc.nat(57), (bytes, at) => {
      const { text } = newApiKey(bytes);
      assert.equal(readApiKey(text.slice(0, 4 + at)).kind, "cut");
      const other = text[4 + at] === "0" ? "2" : "0";
      const altered = text.slice(0, 4 + at) + other + text.slice(5 + at);
      assert.equal(readApiKey(altered).kind, "altered");
      assert.equal(readApiKey(`${text}0`).kind, "altered");
    }),
  );
  for (const text of ["", "sk-123", "mds1abc"]) assert.equal(readApiKey(text).kind, "none");
});
