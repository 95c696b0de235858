import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isFailure } from "../rules/failure.ts";
import {
  HEADER_BYTES,
  openPart,
  PLAINTEXT_BYTES_MAX,
  readHeader,
  sealPart,
  waybillIdOf,
} from "./envelope.ts";
import type { EnvelopeHeader, OpenInput } from "./envelope.ts";
import { SUITES, TAG_BYTES } from "./suites.ts";
import { partKey, PARTS } from "./waybill-key.ts";
import type { PartName } from "./waybill-key.ts";

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
// The table's own keys are the part names.
const PART_NAMES = Object.keys(PARTS) as PartName[];

const sealings = fc
  .record({
    suite: fc.constantFrom(SUITES.intl, SUITES.gm),
    serial: fc.integer({ min: 1, max: 2 ** 40 - 1 }),
    slot: fc.integer({ min: 0, max: 2 ** 17 - 1 }),
    generation: fc.integer({ min: 1, max: 65_535 }),
    part: fc.constantFrom(...PART_NAMES),
    revision: fc.integer({ min: 0, max: 255 }),
    schema: fc.integer({ min: 0, max: 255 }),
    random: bytes(7),
    tenant: bytes(16),
    leaf: bytes(32),
    nonce: bytes(12),
    plaintext: fc.uint8Array({ maxLength: 300 }),
  })
  .map(({ random, tenant, leaf, nonce, plaintext, ...header }) => {
    const waybillId = waybillIdOf(header.serial, header.slot, random);
    const place = { tenant, waybillId };
    const envelope = sealPart({ header, place, leaf, nonce }, plaintext);
    const { part, serial, slot } = header;
    return { header, envelope, plaintext, open: { leaf, place, part, serial, slot } };
  });

function isRefused(open: OpenInput, envelope: Uint8Array): boolean {
  try {
    openPart(open, envelope);
    return false;
  } catch (error) {
    return isFailure(error, "ENVELOPE_BROKEN") && Object.keys(error.details).length === 0;
  }
}

function flipped(bytesIn: Uint8Array, bit: number): Buffer {
  const copy = Buffer.from(bytesIn);
  const at = Math.floor(bit / 8) % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit % 8));
  return copy;
}

test("ENV-1: what was sealed opens, with the header it was given", () => {
  fc.assert(
    fc.property(sealings, ({ header, envelope, plaintext, open }) => {
      assert.equal(envelope.length, HEADER_BYTES + plaintext.length + TAG_BYTES);
      const opened = openPart(open, envelope);
      assert.deepEqual(opened.header, header satisfies EnvelopeHeader);
      assert.equal(Buffer.compare(opened.plaintext, plaintext), 0);
    }),
  );
});

test("ENV-2: an envelope with any one bit flipped does not open", () => {
  fc.assert(
    fc.property(sealings, fc.nat(), ({ envelope, open }, bit) => {
      assert.ok(isRefused(open, flipped(envelope, bit)));
    }),
    { numRuns: 300 },
  );
});

test("ENV-2: each bit of one envelope's header and tag matters", () => {
  const [one] = fc.sample(sealings, { numRuns: 1, seed: 1 });
  assert.ok(one !== undefined);
  for (let bit = 0; bit < one.envelope.length * 8; bit += 1) {
    assert.ok(isRefused(one.open, flipped(one.envelope, bit)), `bit ${bit}`);
  }
});

test("ENV-2: no other value of any byte opens, in either suite, and all fail alike", () => {
  for (const suite of Object.values(SUITES)) {
    const header = { suite, serial: 7, slot: 5, generation: 1, revision: 0, schema: 1 };
    const place = { tenant: new Uint8Array(16), waybillId: waybillIdOf(7, 5, new Uint8Array(7)) };
    const leaf = new Uint8Array(32).fill(4);
    const sealing = { header: { ...header, part: "view" as const }, place, leaf };
    const envelope = sealPart({ ...sealing, nonce: new Uint8Array(12) }, Buffer.from("密单"));
    const open: OpenInput = { leaf, place, part: "view", serial: 7, slot: 5 };
    for (let at = 0; at < envelope.length; at += 1) {
      for (let change = 1; change < 256; change += 1) {
        const changed = Buffer.from(envelope);
        changed[at] = (changed[at] ?? 0) ^ change;
        assert.ok(isRefused(open, changed), `byte ${at} by ${change}`);
      }
    }
    assert.equal(openPart(open, envelope).plaintext.toString(), "密单");
  }
});

test("ENV-3: of envelopes that differ in one thing each opens in its own place only", () => {
  const base = { serial: 7, slot: 5, generation: 1, revision: 0, schema: 1 };
  const random = new Uint8Array(7).fill(1);
  const tenant = new Uint8Array(16).fill(2);
  const leaf = new Uint8Array(32).fill(4);
  // In the order: as is; part, slot, compartment with its generation, random, tenant, leaf, suite.
  const rows = [
    {},
    { part: "parties" as const },
    { slot: 6 },
    { serial: 8, generation: 2 },
    { random: new Uint8Array(7).fill(9) },
    { tenant: new Uint8Array(16).fill(9) },
    { leaf: new Uint8Array(32).fill(9) },
  ].flatMap((row) => Object.values(SUITES).map((suite) => ({ suite, ...row })));
  const sealed = rows.map((row) => {
    const all = { part: "view" as const, random, tenant, leaf, ...base, ...row };
    const place = { tenant: all.tenant, waybillId: waybillIdOf(all.serial, all.slot, all.random) };
    const { suite, part, serial, slot, generation, revision, schema } = all;
    const header = { suite, part, serial, slot, generation, revision, schema };
    const input = { header, place, leaf: all.leaf, nonce: new Uint8Array(12) };
    const envelope = sealPart(input, Buffer.from("密单"));
    return { envelope, open: { leaf: all.leaf, place, part, serial, slot } };
  });
  let refused = 0;
  for (const [at, { open }] of sealed.entries()) {
    for (const [other, { envelope }] of sealed.entries()) {
      // The two suites of one row have one place; a leaf belongs to one suite, so that is no swap.
      if (at >>> 1 === other >>> 1) continue;
      assert.ok(isRefused(open, envelope), `${other} in the place of ${at}`);
      refused += 1;
    }
  }
  assert.equal(refused, 14 * 12);
});

test("ENV-3: it does not open for another tenant, waybill, place, part or key", () => {
  fc.assert(
    fc.property(sealings, fc.nat(), ({ envelope, open }, bit) => {
      const { place, leaf, serial, slot, part } = open;
      const elsewhere: readonly OpenInput[] = [
        { ...open, place: { ...place, tenant: flipped(place.tenant, bit) } },
        { ...open, place: { ...place, waybillId: flipped(place.waybillId, bit) } },
        { ...open, leaf: flipped(leaf, bit) },
        { ...open, serial: serial === 1 ? 2 : serial - 1 },
        { ...open, slot: slot ^ (1 << (bit % 17)) },
        ...PART_NAMES.filter((name) => name !== part).map((name) => ({ ...open, part: name })),
      ];
      for (const where of elsewhere) assert.ok(isRefused(where, envelope));
    }),
    { numRuns: 60 },
  );
});

test("ENV-4: cut, overlong or foreign bytes are refused and never throw anything else", () => {
  fc.assert(
    fc.property(sealings, fc.nat(), ({ envelope, open }, length) => {
      assert.ok(isRefused(open, envelope.subarray(0, length % envelope.length)));
      assert.ok(isRefused(open, Buffer.concat([envelope, Buffer.alloc(1 + (length % 9))])));
    }),
  );
  const [one] = fc.sample(sealings, { numRuns: 1, seed: 2 });
  assert.ok(one !== undefined);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (junk) => isRefused(one.open, junk)));
  const codeOf = (envelope: Uint8Array): unknown => {
    try {
      return readHeader(envelope);
    } catch (error) {
      return isFailure(error) ? error.code : error;
    }
  };
  assert.equal(codeOf(one.envelope.subarray(0, HEADER_BYTES)), "ENVELOPE_CUT");
  assert.equal(codeOf(Buffer.concat([Buffer.of(2), one.envelope.subarray(1)])), "ENVELOPE_VERSION");
  assert.equal(codeOf(Buffer.concat([Buffer.of(1, 9), one.envelope.subarray(2)])), "SUITE_UNKNOWN");
  assert.equal(codeOf(Buffer.alloc(20_000, 1)), "ENVELOPE_BROKEN");
});

test("ENV-5: every part and revision has a key of its own, and none wraps round", () => {
  const leaf = new Uint8Array(32).fill(3);
  for (const suite of Object.values(SUITES)) {
    const seen = new Set<string>();
    for (const part of PART_NAMES) {
      for (let revision = 0; revision <= 255; revision += 1) {
        const key = partKey(suite, leaf, { part, revision });
        assert.equal(key.length, suite.keyBytes);
        seen.add(Buffer.from(key).toString("hex"));
      }
    }
    assert.equal(seen.size, PART_NAMES.length * 256);
    assert.throws(() => partKey(suite, leaf, { part: "view", revision: 256 }), RangeError);
  }
});

test("ENV-6: no part of another size ever gets into the associated data", () => {
  const [one] = fc.sample(sealings, { numRuns: 1, seed: 3 });
  assert.ok(one !== undefined);
  const { open, header, envelope } = one;
  const nonce = new Uint8Array(12);
  for (const place of [
    { ...open.place, tenant: new Uint8Array(15) },
    { ...open.place, waybillId: new Uint8Array(16) },
  ]) {
    const input = { header, place, leaf: open.leaf, nonce };
    assert.throws(() => sealPart(input, new Uint8Array(1)), RangeError);
    assert.throws(() => openPart({ ...open, place }, envelope), RangeError);
  }
  const input = { header, place: open.place, leaf: open.leaf, nonce };
  assert.throws(() => sealPart(input, new Uint8Array(PLAINTEXT_BYTES_MAX + 1)), RangeError);
  assert.throws(() => sealPart({ ...input, nonce: new Uint8Array(8) }, nonce), RangeError);
});
