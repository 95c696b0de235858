/** Processes that die at any step of the sequencer, and several that work at once. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { urlOf } from "../support/home.ts";
import type { FreshLog } from "./fresh-log.ts";
import { sequencerOf, verifiedIds, withLog, writeLeaves } from "./fresh-log.ts";

const GUEST = fileURLToPath(new URL("guest.ts", import.meta.url));
const STEPS_MAX = 100;
const LEAVES = 260;

interface Ended {
  readonly lines: readonly string[];
  readonly signal: string | null;
}

async function guest(log: FreshLog, what: string, count: number): Promise<Ended> {
  const words = [GUEST, urlOf(log.address), log.base, what, String(count)];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  const pieces: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
  await once(child, "close");
  const lines = Buffer.concat(pieces).toString("utf8").split("\n");
  return { lines: lines.filter((line) => line !== ""), signal: child.signalCode };
}

test("P13: a process that dies at any step leaves a whole log", async (context) => {
  await withLog(context, async (log) => {
    const written: string[] = [];
    const died: string[] = [];
    for (let at = 1; at <= STEPS_MAX; at += 1) {
      written.push(...(await writeLeaves(log.database, LEAVES)));
      const ended = await guest(log, "die", at);
      if (ended.signal === null) break;
      died.push(ended.lines[0] ?? "");
      // The lock goes with the connection, which the server may notice a moment later.
      let integrated = null;
      while (integrated === null) integrated = await sequencerOf(log).integrate();
      assert.equal(integrated.size, written.length);
      assert.equal((await verifiedIds(log)).length, written.length);
    }
    while ((await sequencerOf(log).integrate()) === null);
    assert.deepEqual(new Set(await verifiedIds(log)), new Set(written));
    context.diagnostic(`died at ${died.length} steps; ${written.length} leaves, none missing`);
    for (const step of ["append", "write", "sync", "rename", "key-store", "record", "remove"])
      assert.ok(died.includes(step), `${step} killed nobody`);
  });
});

test("P13: three servers at once make one history with every leaf in it once", async (context) => {
  await withLog(context, async (log) => {
    const ended = await Promise.all([1, 2, 3].map(async () => guest(log, "work", 60)));
    // The guest's imports bring Node's test runner along, which says a line of its own at the end.
    const written = ended.flatMap(({ lines }) =>
      lines.filter((line) => /^[0-9a-f]{32}$/.test(line)),
    );
    while ((await sequencerOf(log).integrate()) === null);
    const ids = await verifiedIds(log);
    assert.ok(written.length > 500);
    assert.equal(ids.length, written.length);
    assert.deepEqual(new Set(ids), new Set(written));
  });
});
