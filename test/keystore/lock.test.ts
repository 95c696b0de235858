import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "node:test";
import { locked } from "../../src/keystore/store-lock.ts";
import { freshBase } from "./fresh-store.ts";

const ROUNDS = 15;
const RIVALS = 8;

/** A lock whose process cannot be running: no process has this start and boot. */
function plantDeadLock(folder: string, round: number): void {
  const dead = { pid: 1, started: "1.00000000", nonce: `1-1.00000000-0-${round}` };
  writeFileSync(path.join(folder, "lock"), JSON.stringify(dead), { mode: 0o600 });
}

test("KS-9: many that find the same dead lock never work at the same time", async (context) => {
  const folder = freshBase(context);
  let working = 0;
  let worked = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    plantDeadLock(folder, round);
    const rivals = Array.from({ length: RIVALS }, () =>
      locked(folder, async () => {
        working += 1;
        assert.equal(working, 1);
        await turn();
        await turn();
        working -= 1;
        worked += 1;
      }),
    );
    await Promise.all(rivals);
  }
  assert.equal(worked, ROUNDS * RIVALS);
});
