import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { merkleRoot } from "./merkle.ts";

/* The well-known inputs and roots of the Certificate Transparency reference implementation. */
const INPUTS = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/** The recursive definition of RFC 6962 section 2.1, word for word. */
function definedRoot(entries: readonly Buffer[]): Buffer {
  const hash = (bytes: Buffer): Buffer => createHash("sha256").update(bytes).digest();
  const [only] = entries;
  if (only === undefined) return hash(Buffer.alloc(0));
  if (entries.length === 1) return hash(Buffer.concat([Buffer.of(0), only]));
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  const halves = [definedRoot(entries.slice(0, split)), definedRoot(entries.slice(split))];
  return hash(Buffer.concat([Buffer.of(1), ...halves]));
}

test("P13: roots equal the published ones for 0 to 8 entries", () => {
  const entries = INPUTS.map((hex) => Buffer.from(hex, "hex"));
  assert.equal(ROOTS.length, 9);
  for (const [size, root] of ROOTS.entries()) {
    assert.equal(Buffer.from(merkleRoot(entries.slice(0, size))).toString("hex"), root);
  }
});

test("P13: roots equal the recursive definition for any entries", () => {
  const entry = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 70 }), (entries) => {
      assert.deepEqual(Buffer.from(merkleRoot(entries)), definedRoot(entries));
    }),
  );
});
