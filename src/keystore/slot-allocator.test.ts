import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LANE_POSITIONS, LANES } from "./compartment-record.ts";
import { laneOf, SlotAllocator } from "./slot-allocator.ts";

test("KS-8: a whole compartment is handed out, each slot once, and then no more", () => {
  const slots = new SlotAllocator(0);
  const seen = new Set<number>();
  for (let lane = 0; lane < LANES; lane += 1) {
    for (let slot = slots.take(lane); slot !== null; slot = slots.take(lane)) {
      assert.equal(laneOf(slot), lane);
      seen.add(slot);
    }
  }
  assert.equal(seen.size, 131_072);
  assert.ok(seen.has(0) && seen.has(131_071) && !seen.has(131_072));
  assert.equal(slots.highest, LANE_POSITIONS);
  assert.deepEqual([slots.take(-1), slots.take(LANES), slots.take(0.5)], [null, null, null]);
});

test("KS-8: nothing below the first position or above the highest is ever handed out", () => {
  const steps = fc.array(
    fc.record({ lane: fc.integer({ min: 0, max: 3 }), back: fc.integer({ min: 0, max: 3 }) }),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(fc.integer({ min: 480, max: 512 }), steps, (first, each) => {
      const slots = new SlotAllocator(first);
      const held = new Set<number>();
      for (const { lane, back } of each) {
        const slot = slots.take(lane);
        if (slot === null) continue;
        const position = slot - lane * LANE_POSITIONS;
        assert.ok(position >= first && position < slots.highest && !held.has(slot));
        held.add(slot);
        if (back > 0) continue;
        // Given back twice by mistake, it must still go to one taker only.
        slots.giveBack(slot);
        slots.giveBack(slot);
        held.delete(slot);
      }
    }),
  );
});

test("KS-8: what was never taken cannot be given back", () => {
  const slots = new SlotAllocator(5);
  slots.take(2);
  assert.throws(() => slots.giveBack(2 * LANE_POSITIONS + 6), RangeError);
  assert.throws(() => slots.giveBack(LANES * LANE_POSITIONS), RangeError);
});
