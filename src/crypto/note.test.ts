import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isFailure } from "../rules/failure.ts";
import { NOTE_BYTES_MAX, openExhibit, openNote, sealExhibit, sealNote } from "./note.ts";
import type { NotePlace } from "./note.ts";
import { SUITES } from "./suites.ts";

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const places: fc.Arbitrary<NotePlace> = fc
  .record({
    suite: fc.constantFrom(SUITES.intl, SUITES.gm),
    leaf: bytes(32),
    tenant: bytes(16),
    waybillId: bytes(15),
    entry: bytes(16),
  })
  .map(({ tenant, waybillId, ...rest }) => ({ ...rest, place: { tenant, waybillId } }));

const isBroken = (error: unknown): boolean => isFailure(error, "ENVELOPE_BROKEN");

function flipped(from: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(from);
  const at = Math.floor(bit / 8) % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit % 8));
  return copy;
}

test("LEAF-6: a note opens where it was sealed and nowhere else", () => {
  fc.assert(
    fc.property(
      places,
      fc.tuple(bytes(12), fc.string()),
      fc.nat(),
      (where, [nonce, words], bit) => {
        const whole = words.toWellFormed();
        const note = sealNote(where, nonce, whole);
        assert.equal(openNote(where, note), whole);
        const { place } = where;
        const elsewhere: readonly NotePlace[] = [
          { ...where, entry: flipped(where.entry, bit) },
          { ...where, leaf: flipped(where.leaf, bit) },
          { ...where, place: { ...place, tenant: flipped(place.tenant, bit) } },
          { ...where, place: { ...place, waybillId: flipped(place.waybillId, bit) } },
          { ...where, suite: where.suite.id === 1 ? SUITES.gm : SUITES.intl },
        ];
        for (const other of elsewhere) assert.throws(() => openNote(other, note), isBroken);
        assert.throws(() => openNote(where, flipped(note, bit)), isBroken);
        assert.throws(() => openNote(where, note.subarray(0, bit % note.length)), isBroken);
      },
    ),
  );
});

test("LEAF-6: two entries about one waybill never share a key", () => {
  fc.assert(
    fc.property(places, bytes(12), fc.nat(), (where, nonce, bit) => {
      const other = { ...where, entry: flipped(where.entry, bit) };
      const body = (note: Uint8Array): string =>
        Buffer.from(note.subarray(13, -16)).toString("hex");
      const words = "the same words in both";
      assert.notEqual(body(sealNote(where, nonce, words)), body(sealNote(other, nonce, words)));
    }),
  );
});

test("LEAF-6: a note that is too long is a programmer's error", () => {
  const [where] = fc.sample(places, 1);
  assert.ok(where !== undefined);
  const words = "x".repeat(NOTE_BYTES_MAX);
  assert.throws(() => sealNote(where, new Uint8Array(12), words), RangeError);
});

test("LEAF-6: an exhibit has the form of a note, and any bytes come back or nothing does", () => {
  const property = fc.property(
    places,
    fc.tuple(bytes(12), fc.uint8Array({ maxLength: 20_000 })),
    fc.nat(),
    (where, [nonce, content], bit) => {
      const exhibit = sealExhibit(where, nonce, content);
      assert.deepEqual(Buffer.from(openExhibit(where, exhibit)), Buffer.from(content));
      const other = { ...where, entry: flipped(where.entry, bit) };
      assert.throws(() => openExhibit(other, exhibit), isBroken);
      assert.throws(() => openExhibit(where, flipped(exhibit, bit)), isBroken);
      const words = "门牌 401";
      assert.deepEqual(
        sealExhibit(where, nonce, Buffer.from(words, "utf8")),
        sealNote(where, nonce, words),
      );
    },
  );
  fc.assert(property, { numRuns: 60 });
});
