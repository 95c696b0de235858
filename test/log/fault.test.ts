/** Every step of the sequencer fails once; afterwards the verifier judges. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault, sequencerOf, verifiedIds, withLog, writeLeaves } from "./fresh-log.ts";

/** Enough that every run fills a tile, begins one and replaces partial ones. */
const LEAVES = 260;
const STEPS_MAX = 200;

test("P13: whichever step fails, no leaf is lost and the log verifies", async (context) => {
  await withLog(context, async (log) => {
    const written: string[] = [];
    const failed = new Map<string, number>();
    let isReached = true;
    for (let at = 1; isReached && at <= STEPS_MAX; at += 1) {
      written.push(...(await writeLeaves(log.database, LEAVES)));
      let step = 0;
      isReached = false;
      const sequencer = sequencerOf(log, (name) => {
        step += 1;
        if (step !== at) return;
        isReached = true;
        failed.set(name, (failed.get(name) ?? 0) + 1);
        throw new Fault(name);
      });
      const outcome = await sequencer.integrate().then(
        () => "done",
        () => "failed",
      );
      assert.equal(outcome, isReached ? "failed" : "done");
      // The same sequencer goes on by itself on even rounds, a new one takes over on odd ones.
      const next = at % 2 === 0 ? sequencer : sequencerOf(log);
      assert.equal((await next.integrate())?.size, written.length);
    }
    const ids = await verifiedIds(log);
    assert.equal(ids.length, written.length);
    assert.deepEqual(new Set(ids), new Set(written));
    const told = [...failed].map(([name, count]) => `${name} ${count}`).join(", ");
    context.diagnostic(`${written.length} leaves acknowledged, all in the log; failed: ${told}`);
    const steps = ["append", "write", "sync", "rename", "sync-folder", "key-store", "record"];
    for (const name of [...steps, "remove"]) assert.ok(failed.has(name), `${name} never failed`);
  });
});
