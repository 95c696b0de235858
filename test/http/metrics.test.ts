/** Figures for Prometheus: what was asked, sealed, revealed, and how database, keys and log are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { keepJobRun } from "../../src/vault/job-record.ts";
import { orderBody, withApi } from "./api-server.ts";

test("P9: figures tell routes, orders, reveals, log, keys and jobs, and no party", async () => {
  await withApi(async ({ ask, vault, machine, person }) => {
    const orders = [orderBody(1), orderBody(1), { ...orderBody(2), recipient: {} }];
    const batch = { as: machine, method: "POST", body: { orders } };
    const answer = await ask("/v1/waybills/batch", batch);
    const { results } = (await answer.json()) as { results: { readonly token: string }[] };
    const { token } = results[0] ?? assert.fail();
    const reveal = { fields: ["recipient.phone"], purpose: "contact" };
    await ask(`/v1/waybills/${token}/reveal`, { as: person, method: "POST", body: reveal });
    await ask(`/v1/waybills/${token}/reveal`, { as: machine, method: "POST", body: reveal });
    const [beganAt, endedAt] = [new Date(1_000_000), new Date(2_000_000)];
    const run = { beganAt, endedAt, done: 0 };
    await keepJobRun(vault, { ...run, name: "shred", failure: "DATABASE_FULL" });
    const text = await (await ask("/metrics", { as: machine })).text();
    for (const line of [
      'midan_http_requests_total{method="POST",route="/v1/waybills/batch",status="200"} 1',
      'midan_http_requests_total{method="POST",route="/v1/waybills/:token/reveal",status="403"} 1',
      'midan_orders_total{outcome="sealed"} 1',
      'midan_orders_total{outcome="repeated"} 1',
      'midan_orders_total{outcome="rejected"} 1',
      "midan_revealed_total 1",
      'midan_ready{part="database"} 1',
      'midan_ready{part="keys"} 1',
      'midan_ready{part="log"} 1',
      'midan_job_failed{job="shred"} 1',
      'midan_job_ended_timestamp_seconds{job="shred"} 2000',
      "midan_http_requests_under_way 1",
    ])
      assert.ok(text.split("\n").includes(line), `${line}\n${text}`);
    assert.match(text, /^midan_log_oldest_seconds \d+$/m);
    assert.match(text, /^midan_key_generation_age_seconds \d/m);
    assert.match(text, /^midan_http_request_seconds_bucket\{le="0.1",method="POST",route=/m);
    for (const canary of [token, orderBody(1).recipient.phone, orderBody(1).recipient.name])
      assert.equal(text.includes(canary), false);
  });
});
