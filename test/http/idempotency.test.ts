/** `Idempotency-Key` from outside: once is once, also for two at the same moment. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clearOldKeys } from "../../src/access/idempotency.ts";
import { acceptInvitation } from "../../src/identity/invitation.ts";
import { PASSWORD } from "../support/login.ts";
import { dayAhead, orderBody, withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";

type Told = Readonly<Record<string, unknown>>;

interface Keyed {
  readonly as: string;
  readonly key: string;
  readonly body: unknown;
}

async function post(api: ApiServer, path: string, { as, key, body }: Keyed) {
  const headers = { "idempotency-key": key };
  const answer = await api.ask(path, { as, method: "POST", body, headers });
  const replayed = answer.headers.get("idempotency-replayed");
  return { status: answer.status, replayed, told: (await answer.json()) as Told };
}

async function holdBody(api: ApiServer, index: number) {
  const asked = { as: api.machine, method: "POST", body: orderBody(index) };
  const { token } = (await (await api.ask("/v1/waybills", asked)).json()) as { token: string };
  return { token, reason: "claim", authority: "客服部", until: dayAhead(api, 20) };
}

async function countHolds({ home }: ApiServer): Promise<number> {
  return (await home.rows("select id from hold")).length;
}

test("P17: sent again it is done once and answered the same; changed, it is refused", async () => {
  await withApi(async (api) => {
    const { person: as } = api;
    const body = await holdBody(api, 1);
    const first = await post(api, "/v1/holds", { as, key: "a", body });
    assert.deepEqual([first.status, first.replayed], [201, null]);
    const again = await post(api, "/v1/holds", { as, key: "a", body });
    assert.deepEqual(again, { ...first, replayed: "true" });
    const changed = { ...body, until: dayAhead(api, 21) };
    const refused = await post(api, "/v1/holds", { as, key: "a", body: changed });
    assert.deepEqual([refused.status, refused.told["code"]], [422, "IDEMPOTENCY_KEY_REUSED"]);
    const request = { kind: "access", party: "recipient", token: body.token };
    const elsewhere = await post(api, "/v1/requests", { as, key: "a", body: request });
    assert.equal(elsewhere.status, 422, "one key is one request, wherever it is sent");
    assert.equal(await countHolds(api), 1);
  });
});

test("P17: two at the same moment are one", async () => {
  await withApi(async (api) => {
    const { person: as } = api;
    const body = await holdBody(api, 1);
    const asked = Array.from({ length: 8 }, async () =>
      post(api, "/v1/holds", { as, key: "k", body }),
    );
    const answers = await Promise.all(asked);
    const ids = answers.filter(({ status }) => status === 201).map(({ told }) => told["id"]);
    assert.equal(new Set(ids).size, 1);
    for (const { status, told } of answers)
      assert.ok(status === 201 || told["code"] === "IDEMPOTENCY_PENDING", JSON.stringify(told));
    assert.equal(await countHolds(api), 1);
  });
});

test("P10: a key is its caller's own: nobody gets another's answer by guessing it", async () => {
  await withApi(async (api) => {
    const body = await holdBody(api, 1);
    const first = await post(api, "/v1/holds", { as: api.person, key: "shared", body });
    assert.equal(first.status, 201);
    const courier = await post(api, "/v1/holds", { as: api.courier, key: "shared", body });
    assert.equal(courier.status, 403);
    const other = { as: await api.signIn("security-officer", null), key: "shared", body };
    const own = await post(api, "/v1/holds", other);
    assert.equal(own.replayed, null);
    assert.notEqual(own.told["id"], first.told["id"]);
  });
});

test("P17: a refusal gives the key back, and a day later it is free", async () => {
  await withApi(async (api) => {
    const { person: as, home } = api;
    const body = await holdBody(api, 1);
    const late = { ...body, until: dayAhead(api, -1) };
    assert.ok((await post(api, "/v1/holds", { as, key: "k", body: late })).status < 500);
    assert.equal((await post(api, "/v1/holds", { as, key: "k", body })).status, 201);
    assert.equal((await post(api, "/v1/holds", { as, key: "k", body: late })).status, 422);
    await home.rows("update idempotency_key set at = at - interval '25 hours' returning at");
    const next = { ...body, reason: "complaint" };
    assert.equal((await post(api, "/v1/holds", { as, key: "k", body: next })).status, 201);
    for (const key of ["", "x".repeat(256), "a b"])
      assert.equal((await post(api, "/v1/holds", { as, key, body })).status, 400, key);
  });
});

test("P9: what is shown once is not kept, and of the rest the database reads nothing", async () => {
  await withApi(async (api) => {
    const { owner: as, machine, home } = api;
    const account = { name: "erp", kind: "machine", role: "erp-machine" };
    await post(api, "/v1/accounts", { as, key: "account", body: account });
    const body = { account: "erp", scopes: ["seal"], days: 1 };
    const made = await post(api, "/v1/api-keys", { as, key: "key", body });
    assert.equal(made.status, 201);
    const again = await post(api, "/v1/api-keys", { as, key: "key", body });
    assert.deepEqual([again.status, again.told["code"]], [409, "IDEMPOTENCY_SHOWN"]);
    const order = orderBody(1);
    const sealed = await post(api, "/v1/waybills", { as: machine, key: "o", body: order });
    const twice = await post(api, "/v1/waybills", { as: machine, key: "o", body: order });
    assert.deepEqual([sealed.status, twice.status], [201, 200]);
    assert.equal(twice.told["token"], sealed.told["token"]);
    const other = await post(api, "/v1/waybills", { as: machine, key: "o", body: orderBody(2) });
    assert.equal(other.status, 422);
    const rows = await home.rows("select digest, request, answer from idempotency_key");
    assert.equal(rows.length, 3);
    const kept = Buffer.concat(
      rows.flatMap((row) => Object.values(row) as Buffer[]).filter(Boolean),
    );
    const words = [
      order.recipient.phone,
      order.recipient.name,
      "mdk1",
      "erp",
      String(sealed.told["token"]),
    ];
    for (const word of words) assert.equal(kept.includes(word), false, word);
    // After a day nothing is left, also where nobody ever sends a key again.
    assert.equal(await clearOldKeys(api.vault), 0);
    await home.change("update idempotency_key set at = at - interval '25 hours'");
    assert.equal(await clearOldKeys(api.vault), 3);
  });
});

test("P10: in another role nobody is told again what the former one was answered", async () => {
  await withApi(async (api) => {
    const { owner: as, person } = api;
    const body = await holdBody(api, 1);
    assert.equal((await post(api, "/v1/holds", { as: person, key: "a", body })).status, 201);
    const list = (await (await api.ask("/v1/accounts", { as })).json()) as {
      items: { id: string; name: string }[];
    };
    const { id } = list.items.find(({ name }) => name === "the-privacy-officer") ?? { id: "" };
    const changed = { role: "support" };
    const put = await api.ask(`/v1/accounts/${id}/role`, { as, method: "PUT", body: changed });
    assert.equal(put.status, 200);
    const invited = await api.ask(`/v1/accounts/${id}/invitation`, { as, method: "POST" });
    const { invite } = (await invited.json()) as { invite: string };
    const accepted = { token: invite, password: PASSWORD, code: null };
    const { token } = await acceptInvitation(api.vault, accepted);
    const again = await post(api, "/v1/holds", { as: token, key: "a", body });
    assert.deepEqual(
      [again.status, again.replayed, again.told["code"]],
      [422, null, "IDEMPOTENCY_KEY_REUSED"],
    );
    assert.equal(await countHolds(api), 1);
  });
});
