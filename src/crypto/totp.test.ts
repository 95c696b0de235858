import assert from "node:assert/strict";
import { test } from "node:test";
import { matchingStep, totpCode, totpLink, totpSecretText, totpStep } from "./totp.ts";

const SECRET = Buffer.from("12345678901234567890", "latin1");

test("P10: codes are those of RFC 6238 appendix B", () => {
  for (const [seconds, code] of [
    [59, "94287082"],
    [1_111_111_109, "07081804"],
    [1_111_111_111, "14050471"],
    [1_234_567_890, "89005924"],
    [2_000_000_000, "69279037"],
    [20_000_000_000, "65353130"],
  ] as const) {
    assert.equal(totpCode(SECRET, totpStep(new Date(seconds * 1000)), 8), code);
  }
});

test("P10: codes are those of RFC 4226 appendix D", () => {
  const codes = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split(" ");
  for (const [counter, code] of codes.entries()) assert.equal(totpCode(SECRET, counter), code);
});

test("P10: a code counts one step early and late, no further, and never again", () => {
  const at = new Date("2026-11-28T08:00:10Z");
  const now = totpStep(at);
  const stepOf = (offset: number, usedStep: number | null = null) =>
    matchingStep(SECRET, totpCode(SECRET, now + offset), { at, usedStep });
  assert.deepEqual(
    [-2, -1, 0, 1, 2].map((offset) => stepOf(offset)),
    [null, now - 1, now, now + 1, null],
  );
  assert.equal(stepOf(0, now), null, "a used step");
  assert.equal(stepOf(-1, now), null, "a step before the used one");
  assert.equal(stepOf(1, now), now + 1);
  for (const typed of ["", "12345", "1234567", "abcdef", "１２３４５６"])
    assert.equal(matchingStep(SECRET, typed, { at, usedStep: null }), null);
});

test("P10: a secret is spelled as authenticators read it (RFC 4648 section 10)", () => {
  assert.equal(totpSecretText(Buffer.from("foobar", "latin1")), "MZXW6YTBOI");
  assert.equal(totpSecretText(Buffer.from("fo", "latin1")), "MZXQ");
  assert.match(
    totpLink(SECRET, "客服 一"),
    /^otpauth:\/\/totp\/Midan:%E5.*secret=GEZDGN.*&issuer=/,
  );
});
