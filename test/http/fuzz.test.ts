/** Requests made from the OpenAPI file: none makes the server fail or say too much. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzApi } from "../../scripts/fuzz-api.ts";
import { Random } from "../../scripts/fuzz-random.ts";

test("P9: no request gets a 5xx, an answer outside the file, or its own words back", async (at) => {
  const { requests, statuses, done, faults, examples } = await fuzzApi(1_500, new Random(43));
  at.diagnostic(
    `${requests} requests, ${done.size} routes did, statuses ${[...statuses.keys()].join(" ")}`,
  );
  assert.deepEqual([...faults], [], [...examples.values()].join("\n"));
  assert.ok(requests >= 1_500 && done.size >= 15, `${requests} ${done.size}`);
  for (const status of [200, 400, 401, 403, 404]) assert.ok(statuses.has(status), String(status));
});
