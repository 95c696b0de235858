import assert from "node:assert/strict";
import { createCipheriv, hash } from "node:crypto";
import { test } from "node:test";
import { aeadOpen, aeadSeal } from "../../src/crypto/aead.ts";
import { SUITES, TAG_BYTES } from "../../src/crypto/suites.ts";
import type { Suite } from "../../src/crypto/suites.ts";
import { bytesOf, linesOf } from "./vector-file.ts";

interface WycheproofCase {
  readonly id: string;
  readonly ivSize: number;
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
  readonly result: "valid" | "invalid";
}

/** Cases that must be refused, because nonces of other sizes than 96 bits are. A new one fails. */
const REFUSED_NONCES = {
  intl: "240 244 252 254 258 263 264 273 300 301 302 303 306 310 315",
  gm: "70 71 72 76 77 78 80 81 83 88 90 91 92 93 96 97 99 100 102",
};

function seal(suite: Suite, one: WycheproofCase): string {
  const plaintext = bytesOf(one.msg);
  const target = Buffer.alloc(plaintext.length + TAG_BYTES);
  aeadSeal(suite, inputOf(one), { plaintext, target });
  return target.toString("hex");
}

function inputOf(one: WycheproofCase) {
  return { key: bytesOf(one.key), nonce: bytesOf(one.iv), associated: bytesOf(one.aad) };
}

function checkCase(suite: Suite, one: WycheproofCase): "ok" | "refused" {
  const sealed = bytesOf(one.ct + one.tag);
  if (one.ivSize !== 96) {
    assert.throws(() => seal(suite, one), RangeError, one.id);
    assert.throws(() => aeadOpen(suite, inputOf(one), sealed), RangeError, one.id);
    return "refused";
  }
  const opened = aeadOpen(suite, inputOf(one), sealed);
  assert.equal(opened?.toString("hex"), one.result === "valid" ? one.msg : undefined, one.id);
  if (one.result === "valid") assert.equal(seal(suite, one), one.ct + one.tag, one.id);
  return "ok";
}

for (const [suite, file] of [
  [SUITES.intl, "wycheproof-aes-256-gcm.jsonl"],
  [SUITES.gm, "wycheproof-sm4-gcm.jsonl"],
] as const) {
  test(`P5: ${suite.cipher} answers each Wycheproof case but the nonces listed`, (t) => {
    const cases = linesOf<WycheproofCase>(file);
    const refused = cases.filter((one) => checkCase(suite, one) === "refused");
    const ids = refused.map((one) => one.id.replace(/^.*-/u, "")).join(" ");
    assert.equal(ids, REFUSED_NONCES[suite.name]);
    const ran = cases.length - refused.length;
    t.diagnostic(`${ran} cases answered, ${refused.length} refused for the size of their nonce`);
    assert.ok(ran >= 31);
  });
}

interface StandardCase {
  readonly id: string;
  readonly alg: string;
  readonly msg: string;
  readonly digest: string;
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly pt: string;
  readonly ct: string;
  readonly tag: string;
  readonly iterations: number;
}

/** Encrypting one block again and again is CBC over that block and then zero blocks. */
function iteratedSm4(one: StandardCase): string {
  const input = Buffer.alloc(16 * one.iterations);
  input.set(bytesOf(one.pt));
  const cipher = createCipheriv("sm4-cbc", bytesOf(one.key), Buffer.alloc(16));
  return cipher.update(input).subarray(-16).toString("hex");
}

test("P5: SM3, SM4 and SM4-GCM give the examples of GB/T 32905, GB/T 32907 and RFC 8998", () => {
  const seen = new Set<string>();
  for (const one of linesOf<StandardCase>("gbt-sm3-sm4.jsonl")) {
    seen.add(one.alg);
    if (one.alg === "SM3") assert.equal(hash(SUITES.gm.hash, bytesOf(one.msg)), one.digest);
    if (one.alg === "SM4-ECB") assert.equal(iteratedSm4(one), one.ct);
    if (one.alg === "SM4-GCM") {
      const sealed = seal(SUITES.gm, { ...one, msg: one.pt, ivSize: 96, result: "valid" });
      assert.equal(sealed, one.ct + one.tag);
    }
  }
  assert.deepEqual([...seen].toSorted(), ["SM3", "SM4-ECB", "SM4-GCM"]);
});

test("P5: SHA-256 gives the example of FIPS 180-4", () => {
  assert.equal(
    hash(SUITES.intl.hash, "abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
