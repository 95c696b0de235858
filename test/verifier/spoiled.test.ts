/** Logs that somebody changed: each is refused, with its reason and the place. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeBundle } from "../../src/audit/bundle.ts";
import { signedCheckpoint } from "../../src/verifier/checkpoint.ts";
import type { Checkpoint } from "../../src/verifier/checkpoint.ts";
import { parseKey } from "../../src/verifier/note.ts";
import { checkPart } from "../../src/verifier/part-log.ts";
import type { Where } from "../../src/verifier/reason.ts";
import { checkWholeLog } from "../../src/verifier/whole-log.ts";
import type { Counts } from "../../src/verifier/whole-log.ts";
import { madeCheckpoint, madeLeaves, madeLog } from "./made-log.ts";
import type { MadeLog } from "./made-log.ts";
import { PLATFORM } from "./node-platform.ts";

const SIZE = 700;
const LEAVES = madeLeaves(SIZE);

async function opened(log: MadeLog, bytes = log.files.get("checkpoint")): Promise<Checkpoint> {
  const key = parseKey(PLATFORM, log.key);
  const file = "checkpoint";
  return signedCheckpoint(PLATFORM, bytes ?? new Uint8Array(0), { file, key });
}

async function checked(log: MadeLog, since: readonly Checkpoint[] = []): Promise<Counts> {
  const checkpoint = await opened(log);
  return checkWholeLog(PLATFORM, log.source, { checkpoint, since, areLeaves: true });
}

interface Spoiling {
  readonly name: string;
  readonly spoil: (log: MadeLog) => void;
  readonly reason: string;
  readonly where: Where;
}

function flip(log: MadeLog, file: string, byte: number): void {
  const bytes = Buffer.from(log.files.get(file) ?? []);
  assert.ok(byte < bytes.length);
  bytes[byte] = (bytes[byte] ?? 0) ^ 1;
  log.files.set(file, bytes);
}

const lengthOf = (at: number): number => 2 + (LEAVES[at]?.length ?? 0);
const byteOf = (at: number): number => {
  let byte = 0;
  for (let before = Math.floor(at / 256) * 256; before < at; before += 1) byte += lengthOf(before);
  return byte;
};

/** A log of other leaves behind the same names, but under the old checkpoint. */
function exchanged(log: MadeLog, leaves: readonly Uint8Array[]): void {
  const other = madeLog(leaves);
  for (const [file, bytes] of other.files) if (file !== "checkpoint") log.files.set(file, bytes);
}

const SPOILINGS: readonly Spoiling[] = [
  {
    name: "a byte of an entry",
    spoil: (log) => flip(log, "tile/entries/001", byteOf(300) + 2 + 20),
    reason: "ENTRY_DIFFERS",
    where: { file: "tile/entries/001", byte: byteOf(300), index: 300 },
  },
  {
    name: "an entry rewritten with its hash",
    spoil: (log) => exchanged(log, LEAVES.with(5, madeLeaves(800).at(-1) ?? new Uint8Array(0))),
    reason: "ROOT_DIFFERS",
    where: { file: "checkpoint" },
  },
  {
    name: "a byte of a tile",
    spoil: (log) => flip(log, "tile/0/002.p/188", 32 * 17 + 3),
    reason: "TILE_DIFFERS",
    where: { file: "tile/0/002.p/188", byte: 32 * 17, index: 529 },
  },
  {
    name: "a byte of a tile of the second level",
    spoil: (log) => flip(log, "tile/1/000.p/2", 40),
    reason: "TILE_DIFFERS",
    where: { file: "tile/1/000.p/2", byte: 40, index: 256 },
  },
  {
    name: "a tile in place of another",
    spoil: (log) => log.files.set("tile/0/001", log.files.get("tile/0/000") ?? Buffer.of()),
    reason: "TILE_DIFFERS",
    where: { file: "tile/0/001", byte: 0, index: 256 },
  },
  {
    name: "a missing tile",
    spoil: (log) => log.files.delete("tile/entries/001"),
    reason: "FILE_MISSING",
    where: { file: "tile/entries/001", index: 256 },
  },
  {
    name: "the tail cut off",
    spoil: (log) => log.files.delete("tile/entries/002.p/188"),
    reason: "FILE_MISSING",
    where: { file: "tile/entries/002.p/188", index: 512 },
  },
  {
    name: "the last entry cut off",
    spoil: (log) =>
      log.files.set("tile/entries/002.p/188", encodeBundle(LEAVES.slice(512, SIZE - 1))),
    reason: "BUNDLE_COUNT",
    where: { file: "tile/entries/002.p/188", byte: byteOf(SIZE - 1), index: SIZE - 1 },
  },
  {
    name: "a bundle that ends inside an entry",
    spoil: (log) =>
      log.files.set(
        "tile/entries/000",
        (log.files.get("tile/entries/000") ?? Buffer.of()).slice(0, -1),
      ),
    reason: "BUNDLE_MALFORMED",
    where: { file: "tile/entries/000", byte: byteOf(255), index: 255 },
  },
  {
    name: "a tile that is too long",
    spoil: (log) =>
      log.files.set(
        "tile/0/000",
        Buffer.concat([log.files.get("tile/0/000") ?? Buffer.of(), Buffer.of(0)]),
      ),
    reason: "TILE_LENGTH",
    where: { file: "tile/0/000", byte: 8192 },
  },
];

test("P13: every changed log is refused, with the file, the byte and the index", async (t) => {
  assert.equal((await checked(madeLog(LEAVES))).entries, SIZE);
  for (const { name, spoil, reason, where } of SPOILINGS) {
    const log = madeLog(LEAVES);
    spoil(log);
    await assert.rejects(checked(log), { name: "Refused", reason, where }, name);
  }
  t.diagnostic(`${SPOILINGS.length} spoiled logs`);
});

test("P13: leaves that no honest writer wrote are refused although every hash fits", async () => {
  const [first = Buffer.of()] = LEAVES;
  const text = Buffer.from(first).toString("utf8");
  const cases: [reason: string, leaf: Uint8Array][] = [
    ["LEAF_TWICE", first],
    ["LEAF_MALFORMED", Buffer.from(text.replace('":', '" :'))],
    ["LEAF_MALFORMED", Buffer.from("{}")],
    ["LEAF_FUTURE", Buffer.from(text.replace("2026-", "2999-").replace(/0{32}/, "f".repeat(32)))],
  ];
  for (const [reason, leaf] of cases) {
    const log = madeLog([...LEAVES.slice(0, 9), leaf]);
    await assert.rejects(checked(log), {
      reason,
      where: { file: "tile/entries/000.p/10", byte: byteOf(9), index: 9 },
    });
    // A full bundle is looked through at once; what is wrong in it is named all the same.
    const full = madeLog(LEAVES.slice(0, 600).with(300, leaf));
    await assert.rejects(checked(full), {
      reason,
      where: { file: "tile/entries/001", byte: byteOf(300), index: 300 },
    });
  }
});

test("P13: an earlier checkpoint refuses a log that shrank or grew from another", async () => {
  const log = madeLog(LEAVES);
  const older = await opened(log, madeCheckpoint(LEAVES.slice(0, 300)));
  assert.equal((await checked(log, [older])).entries, SIZE);
  const whole = await opened(log, madeCheckpoint(LEAVES.slice(0, 512)));
  assert.equal((await checked(log, [older, whole])).entries, SIZE);
  const cut = madeLog(LEAVES.slice(0, 299));
  await assert.rejects(checked(cut, [older]), {
    reason: "LOG_SHRANK",
    where: { index: 299, detail: "300" },
  });
  const other = madeLog(LEAVES.with(7, madeLeaves(999).at(-1) ?? Buffer.of()));
  await assert.rejects(checked(other, [older]), { reason: "LOG_FORKED" });
  await assert.rejects(checked(other, [whole]), { reason: "LOG_FORKED" });
});

test("P13: a month is checked without the rest, and a changed entry of it is found", async () => {
  const range = { from: new Date("2026-01-11T00:00:00Z"), to: new Date("2026-01-16T00:00:00Z") };
  const log = madeLog(LEAVES);
  const read: string[] = [];
  const source = {
    read: async (path: string) => {
      read.push(path);
      return log.source.read(path);
    },
  };
  const checkpoint = await opened(log);
  const found = await checkPart(PLATFORM, source, { checkpoint, ...range });
  assert.deepEqual(
    { from: found.from, to: found.to, entries: found.entries },
    { from: 240, to: 360, entries: 120 },
  );
  flip(log, "tile/entries/001", byteOf(300) + 2 + 20);
  await assert.rejects(checkPart(PLATFORM, source, { checkpoint, ...range }), {
    reason: "ENTRY_DIFFERS",
  });
  flip(log, "tile/entries/001", byteOf(300) + 2 + 20);
  flip(log, "tile/0/001", 5);
  await assert.rejects(checkPart(PLATFORM, source, { checkpoint, ...range }), {
    reason: "TILE_DIFFERS",
  });
});
