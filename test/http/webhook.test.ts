/** Webhooks against real receivers: signed, tried again, dead in the end, and never led inside. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { guardedLookup, OwnNetworks, parseTarget } from "../../src/access/webhook-address.ts";
import { deliverDue } from "../../src/access/webhook-pool.ts";
import { inventOrder } from "../support/orders.ts";
import { dayAhead, orderBody, withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";
import { receiver } from "./receiver.ts";
import type { Received } from "./receiver.ts";

const GUEST = fileURLToPath(new URL("webhook-guest.ts", import.meta.url));
const HERE = { networks: ["127.0.0.0/8"] };
const OWN = new OwnNetworks(HERE.networks);

type Told = Readonly<Record<string, unknown>>;

async function told(api: ApiServer, path: string, asked: Parameters<ApiServer["ask"]>[1] = {}) {
  const answer = await api.ask(path, { as: api.owner, ...asked });
  const text = await answer.text();
  assert.ok(answer.ok, `${path} ${answer.status} ${text}`);
  return (text === "" ? {} : JSON.parse(text)) as Told;
}

interface Made {
  readonly id: string;
  readonly secret: string;
}

async function registered(api: ApiServer, url: string, events: readonly string[]): Promise<Made> {
  const made = await told(api, "/v1/webhooks", { method: "POST", body: { url, events } });
  return { id: String(made["id"]), secret: String(made["secret"]) };
}

async function sealed({ ask, machine }: ApiServer, index: number): Promise<string> {
  const asked = { as: machine, method: "POST", body: orderBody(index) };
  return String(((await (await ask("/v1/waybills", asked)).json()) as Told)["token"]);
}

async function deliveries(api: ApiServer, id: string): Promise<readonly Told[]> {
  return (await told(api, `/v1/webhooks/${id}/deliveries`))["items"] as Told[];
}

/** The signature as the standard defines it, from the text of the secret alone. */
function expected(secret: string, { headers, body }: Received): string {
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
  return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}

test("P17: what happens is told once, signed, and without a person", async () => {
  await using target = await receiver((response) => response.writeHead(204).end());
  await withApi(async (api) => {
    const events = [
      "waybill.sealed",
      "waybill.printed",
      "waybill.state",
      "hold.placed",
      "waybill.erased",
    ];
    const made = await registered(api, target.url, events);
    const token = await sealed(api, 1);
    const at = `/v1/waybills/${token}`;
    const asked = { as: api.machine, method: "POST" };
    const body = { format: "png" };
    assert.equal((await api.ask(`${at}/label`, { ...asked, body })).status, 200);
    await told(api, `${at}/state`, {
      as: api.machine,
      method: "PUT",
      body: { state: "undelivered" },
    });
    const hold = { token, reason: "claim", authority: "客服部", until: dayAhead(api, 9) };
    await told(api, "/v1/holds", { as: api.person, method: "POST", body: hold });
    const other = await sealed(api, 2);
    const reason = { reason: "客户要求" };
    await told(api, `/v1/waybills/${other}/erase`, {
      as: api.person,
      method: "POST",
      body: reason,
    });

    while ((await deliverDue(api.vault, OWN)) > 0);
    const bodies = target.received.map((one) => JSON.parse(one.body) as Told);
    const counted = Map.groupBy(bodies, ({ type }) => type);
    assert.deepEqual(
      events.map((event) => counted.get(event)?.length),
      [2, 1, 1, 1, 1],
    );
    const state = counted.get("waybill.state")?.[0]?.["data"] as Told;
    assert.deepEqual([state["token"], state["state"]], [token, "undelivered"]);
    const erased = counted.get("waybill.erased")?.[0]?.["data"] as Told;
    assert.equal(erased["token"], other);
    for (const one of target.received) {
      assert.equal(one.headers["webhook-signature"], expected(made.secret, one));
      const age = Date.now() / 1000 - Number(one.headers["webhook-timestamp"]);
      assert.ok(Math.abs(age) < 120, String(age));
      for (const index of [1, 2]) {
        const { name, phone, address } = inventOrder(index);
        for (const word of [name, phone, address]) assert.equal(one.body.includes(word), false);
      }
    }
    const listed = await deliveries(api, made.id);
    assert.equal(listed.length, 6);
    assert.ok(listed.every(({ state: how, attempts }) => how === "delivered" && attempts === 1));
    assert.equal(JSON.stringify(listed).includes("whsec_"), false);
  }, HERE);
});

test("P17: after a rotation both secrets sign for a day; what ended is told nothing", async () => {
  await using target = await receiver((response) => response.writeHead(200).end());
  await withApi(async (api) => {
    const made = await registered(api, target.url, ["waybill.sealed"]);
    const fresh = await told(api, `/v1/webhooks/${made.id}/rotate`, { method: "POST" });
    await sealed(api, 1);
    await deliverDue(api.vault, OWN);
    const [first] = target.received;
    assert.ok(first !== undefined);
    const both = [String(fresh["secret"]), made.secret].map((secret) => expected(secret, first));
    assert.equal(first.headers["webhook-signature"], both.join(" "));
    await api.home.change("update webhook set rotated_at = rotated_at - interval '25 hours'");
    await sealed(api, 2);
    await deliverDue(api.vault, OWN);
    const second = target.received[1];
    assert.ok(second !== undefined);
    assert.equal(second.headers["webhook-signature"], expected(String(fresh["secret"]), second));
    await sealed(api, 3);
    await told(api, `/v1/webhooks/${made.id}`, { method: "DELETE" });
    assert.equal(await deliverDue(api.vault, OWN), 0);
    assert.equal(target.received.length, 2);
  }, HERE);
});

test("P17: what fails is tried nine times, is seen dead, and told again when asked", async () => {
  let isWell = false;
  await using inside = await receiver((response) => response.writeHead(200).end());
  await using target = await receiver((response, count) => {
    if (isWell) response.writeHead(200).end();
    // A redirect leads nowhere, neither does a fault or a closed connection.
    else if (count % 3 === 1) response.writeHead(302, { location: inside.url }).end();
    else if (count % 3 === 2) response.writeHead(500).end("x".repeat(100_000));
    else response.destroy();
  });
  await withApi(async (api) => {
    const { id } = await registered(api, target.url, ["waybill.sealed"]);
    await sealed(api, 1);
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 9; attempt += 1) {
      assert.equal(await deliverDue(api.vault, OWN), 1, String(attempt));
      const [row] = await deliveries(api, id);
      assert.equal(row?.["attempts"], attempt);
      if (attempt === 9) assert.equal(row?.["state"], "dead");
      else waits.push(Date.parse(String(row?.["nextAt"])) - Date.now());
      assert.equal(await deliverDue(api.vault, OWN), 0, "not before its time");
      // Well before now: the database's clock counts microseconds and ours does not.
      await api.home.change(`
        update webhook_delivery set next_at = now() - interval '1 second'
        where state = 'waiting'`);
    }
    assert.ok(
      waits.every((wait, at) => at === 0 || wait > (waits[at - 1] ?? 0)),
      waits.join(),
    );
    assert.equal(inside.received.length, 0, "a redirect was followed");
    isWell = true;
    const [row] = await deliveries(api, id);
    await told(api, `/v1/webhooks/${id}/deliveries/${String(row?.["id"])}/replay`, {
      method: "POST",
    });
    assert.equal(await deliverDue(api.vault, OWN), 1);
    assert.equal((await deliveries(api, id))[0]?.["state"], "delivered");
    const ids = new Set(target.received.map(({ headers }) => headers["webhook-id"]));
    assert.equal(ids.size, 1, "a repetition is known by its id");
  }, HERE);
});

test("P17: a receiver that only changes the protocol holds nobody up", async () => {
  const odd = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write("HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
    });
  });
  odd.listen(0, "127.0.0.1");
  await once(odd, "listening");
  // It listens on a port.
  const { port } = odd.address() as AddressInfo;
  await withApi(async (api) => {
    const { id } = await registered(api, `http://127.0.0.1:${port}/`, ["waybill.sealed"]);
    await sealed(api, 1);
    assert.equal(await deliverDue(api.vault, OWN), 1);
    const [row] = await deliveries(api, id);
    assert.deepEqual([row?.["attempts"], row?.["state"]], [1, "waiting"]);
  }, HERE);
  odd.close();
});

test("P9: no webhook leads inside, neither when registered nor when told", async () => {
  await using inside = await receiver((response) => response.writeHead(200).end());
  const { port } = new URL(inside.url);
  await withApi(async (api) => {
    for (const url of [
      inside.url,
      `http://localhost:${port}/`,
      `https://localhost:${port}/`,
      `https://127.0.0.1:${port}/`,
      `https://[::ffff:127.0.0.1]:${port}/`,
      `https://2130706433:${port}/`,
      "https://169.254.169.254/latest/meta-data/",
      "https://no-such-name.invalid/",
      "http://1.1.1.1/",
    ]) {
      const body = { url, events: ["waybill.sealed"] };
      const answer = await api.ask("/v1/webhooks", { as: api.owner, method: "POST", body });
      assert.equal(answer.status, 422, url);
      assert.equal(((await answer.json()) as Told)["code"], "WEBHOOK_ADDRESS");
    }
  });
  await withApi(
    async (api) => {
      // Allowed when registered and no longer when told, as a name that means another place now.
      const literal = await registered(api, inside.url, ["waybill.sealed"]);
      const named = await registered(api, `http://localhost:${port}/`, ["waybill.sealed"]);
      await sealed(api, 1);
      assert.equal(await deliverDue(api.vault, new OwnNetworks([])), 2);
      for (const { id } of [literal, named])
        assert.equal((await deliveries(api, id))[0]?.["failure"], "address");
      assert.equal(inside.received.length, 0);
    },
    { networks: ["127.0.0.0/8", "::1/128"] },
  );
});

test("P9: a name that leads inside is given no address to connect to", async () => {
  for (const all of [true, false]) {
    const look = guardedLookup(new OwnNetworks([]), parseTarget("https://localhost/"));
    const { promise, resolve } = Promise.withResolvers<string>();
    look("localhost", { all }, (error) => resolve(String(error?.code)));
    assert.equal(await promise, "EREFUSED");
  }
});

test("P17: a server that is killed while it tells leaves the telling to the next", async () => {
  await using target = await receiver((response, count) => {
    // The first one waits for an answer until it is killed.
    if (count > 1) response.writeHead(200).end();
  });
  await withApi(async (api) => {
    const { id } = await registered(api, target.url, ["waybill.sealed"]);
    await sealed(api, 1);
    const env = { ...process.env, ...api.home.environment };
    const guest = spawn(process.execPath, [GUEST, api.home.directory], { env, stdio: "ignore" });
    while (target.received.length === 0) await sleep(20);
    guest.kill("SIGKILL");
    await once(guest, "close");
    assert.equal(await deliverDue(api.vault, OWN), 0, "nobody else had it while it was being told");
    await api.home.change("update webhook_delivery set next_at = next_at - interval '1 minute'");
    assert.equal(await deliverDue(api.vault, OWN), 1);
    const [row] = await deliveries(api, id);
    assert.deepEqual([row?.["state"], row?.["attempts"]], ["delivered", 2]);
    const ids = new Set(target.received.map(({ headers }) => headers["webhook-id"]));
    assert.deepEqual([ids.size, target.received.length], [1, 2]);
  }, HERE);
});

test("P10: a webhook is headquarters' own, and tells only what is its own", async () => {
  await withApi(async (api) => {
    const body = { url: "http://127.0.0.1:9/", events: ["waybill.sealed"] };
    for (const as of [api.courier, api.machine, api.stateMachine])
      assert.equal((await api.ask("/v1/webhooks", { as, method: "POST", body })).status, 403);
    const { id } = await registered(api, body.url, body.events);
    const wrong = await api.ask(`/v1/webhooks/${id}/deliveries/${id}/replay`, {
      as: api.owner,
      method: "POST",
    });
    assert.equal(((await wrong.json()) as Told)["code"], "WEBHOOK_DELIVERY_UNKNOWN");
  }, HERE);
});
