/** One bad receiver is nobody else's delay, whether it is slow, cannot be signed for, or hangs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { OwnNetworks } from "../../src/access/webhook-address.ts";
import { deliverDue } from "../../src/access/webhook-pool.ts";
import { deliverUntil } from "../../src/jobs/deliver.ts";
import { orderBody, withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";
import { receiver } from "./receiver.ts";

const HERE = { networks: ["127.0.0.0/8"] };
const OWN = new OwnNetworks(HERE.networks);
const HOW = { own: OWN, tracer: null };
const PATIENCE_MS = 20_000;

async function register({ ask, owner }: ApiServer, url: string): Promise<string> {
  const body = { url, events: ["waybill.sealed"] };
  const answer = await ask("/v1/webhooks", { as: owner, method: "POST", body });
  return ((await answer.json()) as { readonly id: string }).id;
}

async function seal({ ask, machine }: ApiServer, index: number): Promise<void> {
  const asked = { as: machine, method: "POST", body: orderBody(index) };
  assert.equal((await ask("/v1/waybills", asked)).status, 201);
}

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!holds() && performance.now() < end) await wait(10);
  assert.ok(holds());
}

/** Puts `count` more deliveries like the newest one of a webhook into the queue, all due. */
async function crowd({ home }: ApiServer, id: string, count: number): Promise<void> {
  const added = await home.change(
    `insert into webhook_delivery (id, webhook_id, made_at, next_at, attempts, state, event, body)
     select gen_random_uuid(), webhook_id, made_at, now() - interval '1 day', 0, 'waiting', event,
            body
     from (select * from webhook_delivery where webhook_id = $1::uuid limit 1) as one,
          generate_series(1, $2::integer)`,
    [id, count],
  );
  assert.equal(added, count);
}

test("P17: who never answers has four attempts, others all they need; a stop ends it", async () => {
  await using mute = await receiver(() => undefined);
  await using quick = await receiver((response) => response.writeHead(204).end());
  await withApi(async (api) => {
    const muted = await register(api, mute.url);
    const other = await register(api, quick.url);
    await seal(api, 1);
    // Older than all that the others wait for.
    await crowd(api, muted, 200);
    await crowd(api, other, 99);
    const stop = new AbortController();
    const telling = deliverUntil(api.vault, HOW, stop.signal);
    await until(() => quick.received.length >= 100);
    assert.equal(mute.received.length, 4);
    const began = performance.now();
    stop.abort();
    await telling;
    const took = performance.now() - began;
    assert.ok(took < 5_000, `${took} ms`);
    const [row] = await api.home.rows(
      `select count(*)::integer as waiting, max(attempts)::integer as attempts,
              count(*) filter (where next_at <= now())::integer as due
       from webhook_delivery where webhook_id = $1::uuid and state = 'waiting'`,
      [muted],
    );
    assert.deepEqual(row, { waiting: 201, attempts: 0, due: 201 }, "what was cut off is told anew");
  }, HERE);
});

test("P17: a webhook whose secret cannot be opened ends visibly, and holds nobody up", async () => {
  await using target = await receiver((response) => response.writeHead(204).end());
  await withApi(async (api) => {
    const { ask, owner, home } = api;
    const [broken, well] = [await register(api, target.url), await register(api, target.url)];
    await home.change(
      `update webhook set secret = set_byte(secret, 20, get_byte(secret, 20) # 1)
       where id = $1::uuid`,
      [broken],
    );
    await seal(api, 1);
    assert.equal(await deliverDue(api.vault, OWN), 2);
    const deliveries = async (id: string) => {
      const answer = await ask(`/v1/webhooks/${id}/deliveries`, { as: owner });
      const { items } = (await answer.json()) as {
        items: { readonly id: string; readonly state: string; readonly failure: string | null }[];
      };
      return items[0] ?? assert.fail();
    };
    const dead = await deliveries(broken);
    assert.deepEqual([dead.state, dead.failure], ["dead", "secret"]);
    assert.equal((await deliveries(well)).state, "delivered");
    assert.equal(target.received.length, 1);
    // A new secret mends it, and what died is told again when asked.
    await ask(`/v1/webhooks/${broken}/rotate`, { as: owner, method: "POST" });
    await home.change("update webhook set rotated_at = rotated_at - interval '25 hours'");
    const again = `/v1/webhooks/${broken}/deliveries/${dead.id}/replay`;
    assert.ok((await ask(again, { as: owner, method: "POST" })).ok);
    assert.equal(await deliverDue(api.vault, OWN), 1);
    assert.equal((await deliveries(broken)).state, "delivered");
  }, HERE);
});
