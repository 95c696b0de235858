import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { makeRoom } from "./bounded-places.ts";

test("P16: no more places are remembered than fit, over all tenants", () => {
  const tenants = 5;
  const asked = fc.array(fc.tuple(fc.nat(tenants - 1), fc.nat(40)), { minLength: 1 });
  fc.assert(
    fc.property(asked, fc.integer({ min: 1, max: 12 }), (looks, placesMax) => {
      const kept = Array.from({ length: tenants }, () => ({ places: new Map<string, unknown>() }));
      for (const [tenant, place] of looks) {
        makeRoom(kept, placesMax);
        kept[tenant]?.places.set(String(place), null);
        const count = kept.reduce((sum, { places }) => sum + places.size, 0);
        assert.ok(count <= placesMax, `${count} places`);
      }
    }),
  );
});

test("P16: who remembers most forgets what it has known longest", () => {
  const large = { places: new Map<string, unknown>([1, 2, 3].map((id) => [`${id}`, null])) };
  const small = { places: new Map<string, unknown>([["9", null]]) };
  makeRoom([small, large], 4);
  assert.deepEqual([...large.places.keys()], ["2", "3"]);
  assert.deepEqual([...small.places.keys()], ["9"]);
});
