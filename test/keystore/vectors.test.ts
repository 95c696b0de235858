import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  parseCover,
  coverBytes,
  parseRecord,
  recordBytes,
} from "../../src/keystore/compartment-record.ts";
import { parseRing, ringBytes } from "../../src/keystore/key-ring.ts";
import { openFile, sealFile } from "../../src/keystore/sealed-file.ts";
import type { Kind } from "../../src/keystore/sealed-file.ts";
import { destroyedLeafId, parseTombstone, tombstoneLine } from "../../src/keystore/tombstone.ts";

interface SealedVector {
  readonly kind: Kind;
  readonly generation: number;
  readonly identity: string;
  readonly key: string;
  readonly nonce: string;
  readonly secret: string;
  readonly file: string;
}

interface Vectors {
  readonly version: number;
  readonly sealed: readonly SealedVector[];
  readonly covers: readonly {
    readonly bytes: string;
    readonly nodes: readonly {
      readonly level: number;
      readonly index: number;
      readonly seed: string;
    }[];
  }[];
  readonly rings: readonly {
    readonly bytes: string;
    readonly keys: readonly Readonly<Record<"use" | "madeAt" | "key", string>>[];
  }[];
  readonly tombstones: readonly (Record<
    "line" | "tenant" | "destroyedAt" | "id" | "leafId",
    string
  > & {
    readonly serial?: number;
    readonly slot?: number;
    readonly kept?: readonly number[];
    readonly epoch?: string;
  })[];
  readonly records: readonly { readonly text: string }[];
}

// The file is part of this repository and has this shape.
const vectors = JSON.parse(
  readFileSync(new URL("../vectors/key-store.json", import.meta.url), "utf8"),
) as Vectors;
const bytesOf = (hex: string): Buffer => Buffer.from(hex, "hex");

test("KS-15: the published sealed files come out byte for byte, and open", () => {
  assert.deepEqual([vectors.version, vectors.sealed.length], [1, 9]);
  for (const { kind, generation, identity, ...one } of vectors.sealed) {
    const head = { kind, generation, identity };
    const wrapping = { key: bytesOf(one.key), nonce: bytesOf(one.nonce) };
    assert.equal(sealFile(head, wrapping, bytesOf(one.secret)).toString("hex"), one.file);
    assert.equal(openFile(head, wrapping.key, bytesOf(one.file)).toString("hex"), one.secret);
  }
});

test("KS-15: the published covers, tombstones and records are read and written", () => {
  const counts = [vectors.covers, vectors.tombstones, vectors.records].map((rows) => rows.length);
  assert.deepEqual(counts, [1, 4, 2]);
  for (const { bytes, nodes } of vectors.covers) {
    const cover = parseCover(bytesOf(bytes));
    assert.equal(coverBytes(cover).toString("hex"), bytes);
    assert.deepEqual(
      cover.map((node) => ({ ...node, seed: Buffer.from(node.seed).toString("hex") })),
      nodes,
    );
  }
  assert.equal(vectors.rings.length, 1);
  for (const { bytes, keys } of vectors.rings) {
    const ring = parseRing(bytesOf(bytes));
    assert.equal(ringBytes(ring.toReversed()).toString("hex"), bytes);
    assert.deepEqual(
      ring.map((one) => ({
        ...one,
        madeAt: one.madeAt.toISOString(),
        key: Buffer.from(one.key).toString("hex"),
      })),
      keys,
    );
    for (const wrong of [bytes.slice(2), `09${bytes.slice(2)}`, bytes.slice(0, 98)]) {
      assert.throws(() => parseRing(bytesOf(wrong)), /KEYSTORE_BROKEN/u);
    }
  }
  for (const { line, leafId, serial, epoch, slot, kept, ...rest } of vectors.tombstones) {
    const tombstone = parseTombstone(line.trimEnd());
    assert.ok(tombstone !== null);
    assert.equal(tombstoneLine(tombstone), line);
    const place = "epoch" in tombstone ? tombstone.epoch : tombstone.serial;
    assert.equal(place, epoch ?? serial);
    assert.equal("slot" in tombstone ? tombstone.slot : undefined, slot);
    assert.deepEqual("kept" in tombstone ? tombstone.kept : [], kept ?? []);
    assert.deepEqual([tombstone.tenant, tombstone.id], [rest.tenant, rest.id]);
    assert.equal(Buffer.from(destroyedLeafId(tombstone)).toString("hex"), leafId);
  }
  for (const { text } of vectors.records) {
    // The serial is the second member of the text; the parser wants it said.
    const { serial } = JSON.parse(text) as { serial: number };
    assert.deepEqual(
      Buffer.from(recordBytes(parseRecord(Buffer.from(text), serial))).toString(),
      text,
    );
  }
});
