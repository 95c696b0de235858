/** Requests made from the examples: none makes the server fail or say too much. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzApi } from "../../scripts/fuzz-api.ts";

test("P9: no request gets a 5xx, an answer outside the file, or its own words back", async (at) => {
  const tally = await fuzzApi({ count: 2_000, seed: 43 });
  const { requests, statuses, routes, faults, examples } = tally;
  at.diagnostic(`${requests} requests, statuses ${[...statuses.keys()].join(" ")}`);
  assert.deepEqual([...faults], [], [...examples.values()].join("\n"));
  assert.ok(requests >= 2_000 && routes.size >= 66, `${requests} ${routes.size}`);
  for (const status of [200, 201, 204, 400, 401, 403, 404, 409, 422])
    assert.ok(statuses.has(status), String(status));
});

test("a run with the same seed asks the same, one at a time", async () => {
  const options = { count: 60, seed: 44, atOnce: 1 };
  const [first, again] = [await fuzzApi(options), await fuzzApi(options)];
  assert.ok(first.requests >= 60 && first.statuses.size >= 3, String(first.statuses.size));
  assert.equal(first.digest, again.digest);
});
