import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf } from "./vector-file.ts";
import { Case, VECTOR_FILES } from "./vector-run.ts";

/**
 * The copies here, how many cases each has, and the numbers of those that are not run, because the
 * product refuses what they ask for: nonces of other sizes than 96 bits. A new one fails.
 */
const COPIES = [
  {
    copy: "wycheproof-aes-256-gcm",
    of: "wycheproof_aes_gcm",
    cases: 52,
    skipped: "240 244 252 254 258 263 264 273 300 301 302 303 306 310 315",
  },
  {
    copy: "wycheproof-sm4-gcm",
    of: "wycheproof_sm4_gcm",
    cases: 50,
    skipped: "70 71 72 76 77 78 80 81 83 88 90 91 92 93 96 97 99 100 102",
  },
  { copy: "wycheproof-hmac-sha256", of: "wycheproof_hmac_sha256", cases: 92, skipped: "" },
  { copy: "wycheproof-hmac-sm3", of: "wycheproof_hmac_sm3", cases: 77, skipped: "" },
  { copy: "wycheproof-hkdf-sha256", of: "wycheproof_hkdf_sha256", cases: 47, skipped: "" },
  { copy: "wycheproof-x25519", of: "wycheproof_x25519", cases: 266, skipped: "" },
  { copy: "rfc9180-hpke", of: "rfc9180_hpke", cases: 1, skipped: "" },
  { copy: "gbt-sm3-sm4", of: "gbt_sm234", cases: 5, skipped: "" },
] as const;

test("P5: every file that can be run has a copy here", () => {
  const named = COPIES.map(({ of }) => of).toSorted();
  assert.deepEqual(named, VECTOR_FILES.map(({ name }) => name).toSorted());
});

for (const { copy, of, cases, skipped } of COPIES) {
  test(`P5: ${copy}: each of ${cases} published cases has its answer`, (t) => {
    const file = VECTOR_FILES.find(({ name }) => name === of);
    assert.ok(file !== undefined);
    const all = linesOf<Record<string, unknown>>(`${copy}.jsonl`).map((row) => new Case(row));
    assert.equal(all.length, cases);
    const left: string[] = [];
    for (const one of all) {
      const accepted = file.run(one);
      const must = one.text("result") || "valid";
      if (accepted === null) left.push(one.id.replace(/^.*-/u, ""));
      // "acceptable" leaves it to the library: keys of small order and the like.
      else if (must !== "acceptable") assert.equal(accepted, must === "valid", one.id);
    }
    assert.equal(left.join(" "), skipped);
    t.diagnostic(`${all.length - left.length} cases answered, ${left.length} not run`);
  });
}

test("P5: a changed answer of a published case is found", () => {
  const [row] = linesOf<Record<string, unknown>>("wycheproof-hmac-sm3.jsonl");
  const file = VECTOR_FILES.find(({ name }) => name === "wycheproof_hmac_sm3");
  assert.ok(row !== undefined && file !== undefined);
  assert.equal(file.run(new Case(row)), true);
  assert.equal(file.run(new Case({ ...row, msg: "00" })), false);
});
