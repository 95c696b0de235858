import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isFailure } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import { SUITES } from "./suites.ts";
import { encodeToken, locateToken, parseToken, TOKEN_CHARACTERS } from "./token.ts";
import type { Token } from "./token.ts";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const keys = fc.record({
  suite: fc.constantFrom(SUITES.intl, SUITES.gm),
  key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
});
const parts = fc.record({
  serial: fc.integer({ min: 0, max: 2 ** 40 - 1 }),
  slot: fc.integer({ min: 0, max: 2 ** 17 - 1 }),
  random: fc.uint8Array({ minLength: 7, maxLength: 7 }),
});
const tokens = fc.tuple(parts, keys).map(([one, key]) => encodeToken(one, key));

function failureOf(text: string): FailureCode | null {
  try {
    parseToken(text);
    return null;
  } catch (error) {
    if (isFailure(error)) return error.code;
    throw error;
  }
}

const swap = (token: string, at: number, text: string): string =>
  token.slice(0, at) + text + token.slice(at + text.length);

test("TOK-1: a token has 29 characters and leads back to its place", () => {
  fc.assert(
    fc.property(parts, keys, (one, key) => {
      const token = encodeToken(one, key);
      assert.match(token, /^md1[0-9a-hjkmnp-tv-z]{26}$/u);
      assert.equal(token.length, TOKEN_CHARACTERS);
      const { serial, slot, random } = locateToken(parseToken(token), key);
      assert.deepEqual([serial, slot, ...random], [one.serial, one.slot, ...one.random]);
    }),
  );
});

test("TOK-2: capitals, look-alikes, blanks, hyphens and wide forms do not matter", () => {
  fc.assert(
    fc.property(tokens, (token) => {
      const spoken = token.replaceAll("0", "O").replaceAll("1", "l").toUpperCase();
      const grouped = spoken.replaceAll(/(.{5})/gu, "$1- ");
      const wide = grouped.replaceAll(/[A-Z0-9]/gu, (c) =>
        String.fromCharCode(c.charCodeAt(0) + 0xfee0),
      );
      for (const text of [spoken, ` ${grouped}\r\n`, `\ufeff${token}`, wide]) {
        assert.equal(parseToken(text), token);
      }
    }),
    { numRuns: 50 },
  );
});

test("TOK-3: every wrong character and every two neighbours changed round are found", () => {
  const token = encodeToken(
    { serial: 5, slot: 9, random: new Uint8Array([1, 2, 3, 4, 5, 6, 7]) },
    { suite: SUITES.intl, key: new Uint8Array(32) },
  );
  let tried = 0;
  for (let at = 3; at < token.length; at += 1) {
    const wrong = [...ALPHABET].filter((character) => character !== token[at]);
    const turned = swap(token, at, `${token[at + 1] ?? ""}${token[at]}`);
    const texts = wrong.map((character) => swap(token, at, character));
    if (turned !== token && turned.length === token.length) texts.push(turned);
    for (const text of texts) assert.equal(failureOf(text), "TOKEN_ALTERED");
    tried += texts.length;
  }
  assert.ok(tried > 26 * 31);
});

test("TOK-3: any change within three neighbouring characters is found, in any token", () => {
  const change = fc.record({
    at: fc.integer({ min: 3, max: TOKEN_CHARACTERS - 3 }),
    by: fc.array(fc.integer({ min: 0, max: 31 }), { minLength: 3, maxLength: 3 }),
  });
  fc.assert(
    fc.property(tokens, change, (token, { at, by }) => {
      const old = token.slice(at, at + 3);
      const text = by
        .map((step, index) => ALPHABET[(ALPHABET.indexOf(old[index] ?? "") + step) % 32])
        .join("");
      fc.pre(text !== old);
      assert.equal(failureOf(swap(token, at, text)), "TOKEN_ALTERED");
    }),
  );
});

test("TOK-4: what is cut, re-encoded or of another version says so", () => {
  const token = encodeToken(
    { serial: 1, slot: 1, random: new Uint8Array(7) },
    { suite: SUITES.intl, key: new Uint8Array(32) },
  );
  const rows: readonly (readonly [string, FailureCode])[] = [
    ["", "TOKEN_CUT"],
    ["m", "TOKEN_CUT"],
    [token.slice(0, -1), "TOKEN_CUT"],
    [token.slice(0, 9), "TOKEN_CUT"],
    [`"${token}"`, "TOKEN_REENCODED"],
    [encodeURIComponent(`${token} `), "TOKEN_REENCODED"],
    [`${token.slice(0, 9)}+${token.slice(9)}`, "TOKEN_REENCODED"],
    [`=${token}`, "TOKEN_REENCODED"],
    [`https://example.test/${token}`, "TOKEN_REENCODED"],
    ["1.23E+25", "TOKEN_REENCODED"],
    ["x".repeat(10_000), "TOKEN_REENCODED"],
    [`md2${token.slice(3)}`, "TOKEN_VERSION"],
    [`${token}0`, "TOKEN_ALTERED"],
    [token.slice(1) + token[0], "TOKEN_ALTERED"],
    [swap(token, 8, "u"), "TOKEN_ALTERED"],
  ];
  for (const [text, code] of rows) assert.equal(failureOf(text), code, JSON.stringify(text));
});

test("TOK-4: no text makes the parser fail in another way, and none of it is echoed", () => {
  const texts = fc.oneof(fc.string({ unit: "binary" }), tokens.map(String), fc.string());
  fc.assert(
    fc.property(texts, fc.string({ minLength: 1 }), (text, extra) => {
      const whole = `${text}${extra}`;
      try {
        parseToken(whole);
      } catch (error) {
        assert.ok(isFailure(error) && error.code.startsWith("TOKEN_"));
        for (const value of Object.values(error.details)) assert.equal(typeof value, "number");
      }
    }),
  );
});

test("TOK-5: neighbouring places give tokens that show neither serial nor slot", () => {
  const key = { suite: SUITES.intl, key: new Uint8Array(32).fill(7) };
  const heads = new Set<string>();
  for (let slot = 0; slot < 512; slot += 1) {
    const random = new Uint8Array([9, 9, 9, 9, 9, slot >> 8, slot & 255]);
    heads.add(encodeToken({ serial: 1, slot, random }, key).slice(3, 11));
  }
  // Eight characters carry the serial alone: in the clear they would all be equal.
  assert.ok(heads.size > 500);
});

test("TOK-6: another tenant's key leads elsewhere", () => {
  fc.assert(
    fc.property(parts, keys, keys, (one, key, other) => {
      fc.pre(Buffer.compare(key.key, other.key) !== 0);
      const token: Token = encodeToken(one, key);
      const place = locateToken(token, other);
      assert.ok(place.serial !== one.serial || place.slot !== one.slot);
    }),
  );
});
