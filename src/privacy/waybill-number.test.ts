import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { carrierCandidates, s10Check, sfCheck } from "./waybill-number.ts";

test("the S10 check digit agrees with published numbers", () => {
  for (const number of ["EB000717618HK", "EE471108151FR", "RB167995284IT", "LL572405406US"]) {
    assert.ok(s10Check(number), number);
  }
  assert.ok(!s10Check("EB000717617HK"));
});

test("the SF check digit follows its rule", () => {
  for (const number of ["444000000019", "444000000028", "444000000107", "SF1031234567891"]) {
    assert.ok(sfCheck(number), number);
  }
  assert.ok(!sfCheck("444000000018"));
});

test("candidates come likeliest first and never refuse", () => {
  const first = (text: string): string => carrierCandidates(text)[0]?.carrier ?? "";
  assert.equal(first("SF1030000000019"), "sf");
  assert.equal(first("yt 8800000000001"), "yto");
  assert.equal(first("JT3000000000001"), "jt");
  assert.equal(first("JDVB00000000001"), "jd");
  assert.equal(first("78000000000001"), "zto");
  assert.equal(first("773000000000001"), "sto");
  assert.equal(first("430000000000001"), "yunda");
  assert.equal(first("EB000717618HK"), "ems");
  assert.equal(first("DPK300000000001"), "deppon");
  assert.deepEqual(carrierCandidates("?"), []);
  assert.ok(carrierCandidates("444000000019").length > 1);
});

test("P2: candidates of any text are sorted and carry each carrier once", () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[A-Z0-9]{8,20}$/));
  fc.assert(
    fc.property(text, (number) => {
      const found = carrierCandidates(number);
      assert.equal(new Set(found.map((one) => one.carrier)).size, found.length);
      for (const [at, one] of found.entries())
        assert.ok(at === 0 || one.score <= (found[at - 1]?.score ?? 0));
    }),
  );
});
