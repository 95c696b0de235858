import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isFailure } from "../rules/failure.ts";
import { openNote, sealNote } from "./note.ts";
import type { NotePlace } from "./note.ts";
import { SUITES } from "./suites.ts";

function placeWith(change: Partial<NotePlace> = {}): NotePlace {
  return {
    suite: SUITES.intl,
    leaf: new Uint8Array(32).fill(1),
    place: { tenant: new Uint8Array(16).fill(2), waybillId: new Uint8Array(15).fill(3) },
    entry: new Uint8Array(16).fill(4),
    ...change,
  };
}

const NONCE = new Uint8Array(12).fill(5);

test("LEAF-6: a note opens in its own place under both suites", () => {
  for (const suite of Object.values(SUITES)) {
    const where = placeWith({ suite });
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (words) => {
        assert.equal(openNote(where, sealNote(where, NONCE, words)), words.toWellFormed());
      }),
    );
  }
});

test("LEAF-6: a note opens under no other entry, waybill, tenant or key", () => {
  const note = sealNote(placeWith(), NONCE, "理由 reason");
  const others: readonly Partial<NotePlace>[] = [
    { entry: new Uint8Array(16).fill(9) },
    { leaf: new Uint8Array(32).fill(9) },
    { place: { tenant: new Uint8Array(16).fill(9), waybillId: new Uint8Array(15).fill(3) } },
    { place: { tenant: new Uint8Array(16).fill(2), waybillId: new Uint8Array(15).fill(9) } },
  ];
  assert.equal(others.length, 4);
  for (const other of others) {
    assert.throws(
      () => openNote(placeWith(other), note),
      (error) => isFailure(error, "ENVELOPE_BROKEN"),
    );
  }
});

test("LEAF-6: every flipped bit is found", () => {
  const note = sealNote(placeWith(), NONCE, "理由");
  for (let bit = 0; bit < note.length * 8; bit += 1) {
    const broken = Uint8Array.from(note);
    broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.throws(
      () => openNote(placeWith(), broken),
      (error) => isFailure(error, "ENVELOPE_BROKEN"),
    );
  }
});
