import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encode } from "uqr";
import { maskPoints } from "./qr-mask.ts";
import { QR_CHARS_MAX, qrModules } from "./qr.ts";

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PLAIN = { ecc: "M", boostEcc: false, border: 0, maxVersion: 12 } as const;
const letters = fc.string({
  unit: fc.constantFrom(...LETTERS),
  minLength: 1,
  maxLength: QR_CHARS_MAX,
});

test("LABEL: the mask is the one that the encoder's own slow search chooses", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        letters,
        fc.nat({ max: QR_CHARS_MAX - 1 }).map((n) => "0".repeat(n + 1)),
      ),
      (text) => {
        assert.deepEqual(qrModules(text, "ticket"), encode(text, PLAIN).data);
      },
    ),
    { numRuns: 60 },
  );
});

test("LABEL: not one mask serves all texts", () => {
  const chosen = new Set(
    Array.from(LETTERS, (letter) => encode(letter.repeat(40), PLAIN).maskPattern),
  );
  assert.ok(chosen.size > 2, `${chosen.size} masks in ${LETTERS.length} texts`);
});

test("LABEL: points of the four kinds, counted by hand (ISO/IEC 18004, table 11)", () => {
  const draw = (...rows: string[]): boolean[][] =>
    rows.map((row) => Array.from(row, (dot) => dot === "#"));
  // A chessboard: no run, no block, half dark.
  assert.equal(maskPoints(draw("#.#.", ".#.#", "#.#.", ".#.#")), 0);
  // All light, five a side: ten runs of five, sixteen blocks, nine steps beyond the first 5 %.
  assert.equal(maskPoints(draw(".....", ".....", ".....", ".....", ".....")), 10 * 3 + 16 * 3 + 90);
});
