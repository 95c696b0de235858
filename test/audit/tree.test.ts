/** What the writer makes, judged by the verifier, which shares no code with it. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { checkpointText, parseCheckpoint } from "../../src/audit/checkpoint.ts";
import { cosigner } from "../../src/audit/cosignature.ts";
import {
  EMPTY_FRONTIER,
  appended,
  decodeFrontier,
  encodeFrontier,
  rootOf,
} from "../../src/audit/frontier.ts";
import type { Frontier } from "../../src/audit/frontier.ts";
import { leafHash, merkleRoot } from "../../src/audit/merkle.ts";
import {
  ed25519Signer,
  parseNote as writtenNote,
  signatureBy,
  signedNote,
  verifierKeyText,
} from "../../src/audit/note.ts";
import { consistencyProof, inclusionProof, nodesInTiles } from "../../src/audit/proof.ts";
import type { NodeReader } from "../../src/audit/proof.ts";
import { hashesAt, levelsOf, tilePath, widthOf } from "../../src/audit/tile.ts";
import { signedCheckpoint } from "../../src/verifier/checkpoint.ts";
import { isGrowth, isIncluded } from "../../src/verifier/merkle.ts";
import { cosignedBy, parseKey, parseNote } from "../../src/verifier/note.ts";
import { sha256 } from "../../src/verifier/sha256.ts";
import { PLATFORM } from "../verifier/node-platform.ts";

const SIZE_MAX = 66_000;
const entries = Array.from({ length: SIZE_MAX }, (_none, at) => Buffer.from(`entry ${at}`));
const hashes = entries.map((entry) => Buffer.from(leafHash(entry)));

/** Level 0 is the entries' hashes; each level above has a root for every 256 of the one below. */
function levels(): Uint8Array[][] {
  const all: Uint8Array[][] = [hashes];
  for (let level = 1; hashesAt(level, SIZE_MAX) > 0; level += 1) {
    const below = all[level - 1] ?? [];
    all.push(
      Array.from({ length: hashesAt(level, SIZE_MAX) }, (_none, at) => {
        let frontier: Frontier = EMPTY_FRONTIER;
        for (const hash of below.slice(at * 256, (at + 1) * 256))
          frontier = appended(frontier, hash);
        return rootOf(frontier);
      }),
    );
  }
  return all;
}

const LEVELS = levels();

function reader(size: number): NodeReader {
  return nodesInTiles(async ({ level, index, width }) => {
    const row = level === "entries" ? [] : (LEVELS[level] ?? []);
    return row.slice(index * 256, index * 256 + width);
  }, size);
}

const roots = new Map<number, Uint8Array>();
function rootAt(size: number): Uint8Array {
  const root = roots.get(size) ?? merkleRoot(entries.slice(0, size));
  roots.set(size, root);
  return root;
}

const sizes = fc.oneof(
  fc.integer({ min: 1, max: 600 }),
  fc.constantFrom(255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, SIZE_MAX),
);

test("P13: the frontier has the root of the whole tree at every size, and survives storage", () => {
  let frontier: Frontier = EMPTY_FRONTIER;
  for (let size = 0; size <= 600; size += 1) {
    assert.deepEqual(rootOf(frontier), Buffer.from(merkleRoot(entries.slice(0, size))));
    const stored = decodeFrontier(size, encodeFrontier(frontier));
    assert.deepEqual(
      stored?.roots.map((each) => Buffer.from(each)),
      frontier.roots.map((each) => Buffer.from(each)),
    );
    frontier = appended(frontier, hashes[size] ?? Buffer.alloc(0));
  }
  assert.equal(decodeFrontier(3, new Uint8Array(32)), null);
});

test("P13: an inclusion proof from tiles holds for its entry, and for no other", async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, seed, other) => {
      const index = seed % size;
      const path = await inclusionProof(reader(size), index, size);
      const root = rootAt(size);
      const leaf = hashes[index] ?? Buffer.alloc(0);
      assert.ok(isIncluded(PLATFORM, { leaf, index, size, path, root }));
      const wrong = hashes[other % size] ?? Buffer.alloc(0);
      const claim = { leaf: wrong, index, size, path, root };
      assert.equal(isIncluded(PLATFORM, claim), other % size === index);
    }),
    { numRuns: 60 },
  );
});

test("P13: a consistency proof from tiles holds for its two sizes, and for no other", async () => {
  await fc.assert(
    fc.asyncProperty(sizes, sizes, async (a, b) => {
      const [oldSize, size] = [Math.min(a, b), Math.max(a, b)];
      const path = await consistencyProof(reader(size), oldSize, size);
      const claim = { oldSize, size, oldRoot: rootAt(oldSize), root: rootAt(size), path };
      assert.ok(isGrowth(PLATFORM, claim));
      const smaller = { ...claim, oldSize: oldSize - 1 };
      assert.equal(isGrowth(PLATFORM, smaller), false);
    }),
    { numRuns: 60 },
  );
});

test("P13: tiles have the names and widths of the specification", () => {
  assert.equal(tilePath({ level: 0, index: 1_234_067, width: 256 }), "tile/0/x001/x234/067");
  assert.equal(tilePath({ level: "entries", index: 0, width: 8 }), "tile/entries/000.p/8");
  assert.equal(tilePath({ level: 1, index: 999, width: 256 }), "tile/1/999");
  assert.deepEqual([0, 1, 255, 256, 65_536].map(levelsOf), [0, 1, 1, 2, 3]);
  assert.equal(widthOf({ index: 1 }, hashesAt(0, 70_000)), 256);
  assert.equal(widthOf({ index: 273 }, hashesAt(0, 70_000)), 112);
});

test("P13: the verifier reads what the writer signs, and refuses another key or size", async () => {
  const origin = "midan.example/log";
  const signer = ed25519Signer(origin, randomBytes(32));
  const text = checkpointText({ origin, size: 7, root: rootAt(7) });
  const note = Buffer.from(signedNote(text, [signer]));
  const key = parseKey(PLATFORM, verifierKeyText(signer));
  const read = await signedCheckpoint(PLATFORM, note, { file: "checkpoint", key });
  assert.deepEqual({ ...parseCheckpoint(read.note.text) }.size, 7);
  const stranger = ed25519Signer(origin, randomBytes(32));
  const other = parseKey(PLATFORM, verifierKeyText(stranger));
  const refused = signedCheckpoint(PLATFORM, note, { file: "checkpoint", key: other });
  await assert.rejects(refused, { reason: "SIGNATURE_MISSING" });
  const forged = Buffer.from(note.toString("utf8").replace("\n7\n", "\n8\n"));
  const changed = signedCheckpoint(PLATFORM, forged, { file: "checkpoint", key });
  await assert.rejects(changed, { reason: "SIGNATURE_WRONG" });
});

test("P13: a cosignature names its second, and does not hold on another text", async () => {
  const witness = cosigner("witness.example/w", randomBytes(32));
  const text = checkpointText({ origin: "midan.example/log", size: 1, root: rootAt(1) });
  const at = new Date("2026-11-28T08:00:00.900Z");
  const note = `${text}\n${witness.line(text, at)}`;
  const key = parseKey(PLATFORM, verifierKeyText(witness));
  const seen = await cosignedBy(PLATFORM, parseNote(Buffer.from(note), "checkpoint"), key);
  assert.deepEqual(seen, { state: "held", at: new Date("2026-11-28T08:00:00.000Z") });
  const moved = note.replace("\n1\n", "\n2\n");
  const wrong = await cosignedBy(PLATFORM, parseNote(Buffer.from(moved), "checkpoint"), key);
  assert.deepEqual(wrong, { state: "wrong" });
  const parsed = writtenNote(note);
  assert.ok(parsed !== null && signatureBy(parsed, witness) !== null);
});

test("P13: the verifier's own SHA-256 is SHA-256, at every length around a block", () => {
  for (let length = 0; length <= 300; length += 1) {
    const bytes = randomBytes(length);
    assert.deepEqual(Buffer.from(sha256(bytes)), PLATFORM.sha256(bytes));
  }
});
