import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fingerprintTag, phoneTag } from "../../src/crypto/blind-index.ts";
import { sealPart, waybillIdOf } from "../../src/crypto/envelope.ts";
import { leafKey } from "../../src/crypto/key-tree.ts";
import { suiteOf } from "../../src/crypto/suites.ts";
import { encodeToken } from "../../src/crypto/token.ts";
import { PARTS } from "../../src/crypto/waybill-key.ts";
import {
  refEnvelope,
  REFERENCE_SUITES,
  refLeaf,
  refPhoneTag,
  refPrfMessage,
  refToken,
} from "./reference.ts";
import { bytesOf } from "./vector-file.ts";

const hex = (bytes: number): fc.Arbitrary<string> =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((value) => Buffer.from(value).toString("hex"));
const suites = fc.constantFrom(...REFERENCE_SUITES);
const places = fc.record({
  serial: fc.integer({ min: 1, max: 2 ** 40 - 1 }),
  slot: fc.integer({ min: 0, max: 2 ** 17 - 1 }),
});
const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: min, maxLength: max });

test("TREE-5: leaves are those of the second implementation", () => {
  fc.assert(
    fc.property(suites, places, hex(32), (suite, { serial, slot }, root) => {
      const tree = { suite: suiteOf(suite.id), serial };
      const leaf = leafKey(tree, [{ level: 0, index: 0, seed: bytesOf(root) }], slot);
      assert.equal(Buffer.from(leaf).toString("hex"), refLeaf(suite, root, { serial, slot }));
    }),
  );
});

test("ENV-8: envelopes are those of the second implementation, whatever they hold", () => {
  const contents = fc.record({
    leaf: hex(32),
    tenant: hex(16),
    random: hex(7),
    nonce: hex(12),
    plaintext: fc.integer({ min: 0, max: 60 }).chain(hex),
    generation: fc.integer({ min: 0, max: 65_535 }),
    revision: fc.integer({ min: 0, max: 255 }),
    schema: fc.integer({ min: 0, max: 255 }),
    name: fc.constantFrom("parties", "view", "ticket", "note"),
  });
  fc.assert(
    fc.property(suites, places, contents, (suite, { serial, slot }, { name, ...one }) => {
      const { generation, revision, schema } = one;
      const header = { suite: suiteOf(suite.id), serial, slot, generation, revision, schema };
      const waybillId = waybillIdOf(serial, slot, bytesOf(one.random));
      const envelope = sealPart(
        {
          header: { ...header, part: name },
          place: { tenant: bytesOf(one.tenant), waybillId },
          leaf: bytesOf(one.leaf),
          nonce: bytesOf(one.nonce),
        },
        bytesOf(one.plaintext),
      );
      const expected = refEnvelope(suite, { ...one, serial, slot, part: PARTS[name] });
      assert.equal(envelope.toString("hex"), expected);
    }),
  );
});

test("TOK-7: tokens are those of the second implementation", () => {
  fc.assert(
    fc.property(suites, places, fc.tuple(hex(32), hex(7)), (suite, place, [key, random]) => {
      const token = encodeToken(
        { ...place, random: bytesOf(random) },
        { suite: suiteOf(suite.id), key: bytesOf(key) },
      );
      assert.equal(token, refToken(suite, key, { ...place, random }));
    }),
  );
});

test("IDX-6: tags are those of the second implementation", () => {
  const asked = fc.record({ digits: digits(1, 15), extension: digits(0, 8) });
  fc.assert(
    fc.property(suites, hex(32), asked, (suite, key, phone) => {
      const index = { suite: suiteOf(suite.id), key: bytesOf(key) };
      const bits = 8 + (phone.digits.length + phone.extension.length);
      assert.equal(phoneTag(index, phone, bits), refPhoneTag(suite, key, { ...phone, bits }));
      const recipient = { name: phone.digits, phone: phone.extension, address: key };
      const message = `${recipient.name}\0${recipient.phone}\0${recipient.address}`;
      const full = refPrfMessage(suite, key, { label: "midan.finger", message });
      assert.equal(fingerprintTag(index, recipient, 24), Number.parseInt(full.slice(0, 6), 16));
    }),
  );
});

test("P5: what a worker thread is given gives the same leaves there", () => {
  const cover = [{ level: 0, index: 0, seed: new Uint8Array(32).fill(9) }];
  const tree = { suite: suiteOf(1), serial: 12 };
  const there = structuredClone({ cover, tree });
  assert.deepEqual(leafKey(there.tree, there.cover, 99), leafKey(tree, cover, 99));
});
