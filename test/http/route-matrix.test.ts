/** Who may ask which route, by hand: no route without a row, and no row without a route. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inventOrder } from "../support/orders.ts";
import { dayAhead, orderBody, withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";

/**
 * Statuses for nobody, a key that records states only, a key for all that keys may do, a courier
 * of no place, who so stands nowhere,
 * an owner and a privacy officer.
 */
const MATRIX: Readonly<Record<string, string>> = {
  "GET /": "200 200 200 200 200 200",
  "GET /docs": "200 200 200 200 200 200",
  "GET /docs.css": "200 200 200 200 200 200",
  "GET /page.css": "200 200 200 200 200 200",
  "GET /page.js": "200 200 200 200 200 200",
  "GET /v1/openapi.json": "200 200 200 200 200 200",
  "GET /health/live": "200 200 200 200 200 200",
  "GET /health/ready": "200 200 200 200 200 200",
  "GET /metrics": "401 200 200 200 200 200",
  "POST /v1/session": "400 400 400 400 400 400",
  "GET /v1/session": "401 200 200 200 200 200",
  "GET /v1/sessions": "401 200 200 200 200 200",
  "POST /v1/password": "401 401 401 401 401 401",
  "POST /v1/invitation": "410 410 410 410 410 410",
  "POST /v1/invitation/accept": "410 410 410 410 410 410",
  "GET /v1/openid": "404 404 404 404 404 404",
  "GET /v1/openid/callback": "404 404 404 404 404 404",
  "GET /v1/devices": "401 200 200 200 200 200",
  "POST /v1/devices": "401 401 401 400 400 400",
  "POST /v1/devices/:id/approve": "401 404 404 404 404 404",
  "POST /v1/devices/:id/revoke": "401 404 404 404 404 404",
  "POST /v1/waybills": "401 403 200 403 200 200",
  "POST /v1/waybills/batch": "401 403 200 403 200 200",
  "POST /v1/waybills/platform-orders": "401 403 200 403 200 200",
  "POST /v1/waybills/stream": "401 403 200 200 200 200",
  "GET /v1/waybills/:token": "401 403 200 404 200 200",
  "PUT /v1/waybills/:token/state": "401 200 200 403 200 200",
  "POST /v1/waybills/:token/label": "401 403 200 403 200 200",
  "POST /v1/waybills/:token/platform-token": "401 403 409 403 403 403",
  "POST /v1/waybills/:token/hand-over": "401 403 403 404 404 404",
  "PUT /v1/waybills/:token/address": "401 403 403 403 409 409",
  "POST /v1/drop-ships": "401 403 404 403 404 404",
  "DELETE /v1/waybills/:token/drop-ship": "401 403 404 403 404 404",
  "POST /v1/waybills/:token/return": "401 403 409 403 409 409",
  "POST /v1/waybills/:token/split": "401 403 403 403 409 409",
  "POST /v1/waybills/:token/reveal": "401 403 403 403 403 200",
  "POST /v1/reveals": "401 403 403 200 200 200",
  "POST /v1/merge-groups": "401 403 200 403 403 200",
  "POST /v1/search": "401 403 403 403 403 200",
  "GET /v1/warrants": "401 403 403 403 403 200",
  "POST /v1/warrants": "401 403 403 403 403 201",
  "GET /v1/warrants/:id/list": "401 403 403 403 403 404",
  "POST /v1/warrants/:id/confirm": "401 403 403 403 403 404",
  "POST /v1/real-name-records": "401 403 403 201 403 403",
  "POST /v1/real-name-records/:id/open": "401 403 403 403 403 404",
  "POST /v1/real-name-records/status": "401 403 403 403 403 200",
  "GET /v1/break-glass": "401 403 403 403 403 200",
  // To whoever stands nowhere a waybill is none.
  "POST /v1/break-glass": "401 403 403 404 403 403",
  "POST /v1/break-glass/:id/acknowledge": "401 403 403 403 403 404",
  "POST /v1/break-glass/:id/evidence": "401 403 403 403 403 404",
  "GET /v1/holds": "401 403 403 403 403 200",
  "POST /v1/holds": "401 403 403 403 403 201",
  "POST /v1/holds/:id/release": "401 403 403 403 403 404",
  "GET /v1/requests": "401 403 403 403 403 200",
  "POST /v1/requests": "401 403 403 403 403 201",
  "POST /v1/requests/:id/code": "401 403 403 403 403 404",
  "POST /v1/requests/:id/verify": "401 403 403 403 403 404",
  "POST /v1/requests/:id/refuse": "401 403 403 403 403 404",
  "POST /v1/requests/:id/answer": "401 403 403 403 403 404",
  "POST /v1/waybills/:token/erase": "401 403 403 403 403 409",
  "POST /v1/certificates": "401 403 403 403 403 409",
  "GET /v1/certificates/:id": "401 403 403 403 403 409",
  "GET /v1/retention": "401 403 403 403 200 200",
  "PUT /v1/retention/:class": "401 403 403 403 422 422",
  "GET /v1/retention/plan": "401 403 403 403 200 200",
  "GET /v1/organisations": "401 403 403 200 200 200",
  "POST /v1/organisations": "401 403 403 403 404 404",
  "POST /v1/organisations/:id/move": "401 403 403 403 404 404",
  "POST /v1/organisations/:id/close": "401 403 403 403 404 404",
  "GET /v1/organisations/:id/settings": "401 403 403 404 404 404",
  "GET /v1/organisations/:id/settings/:name": "401 403 403 404 404 404",
  "GET /v1/organisations/:id/settings/:name/history": "401 403 403 403 404 404",
  "PUT /v1/organisations/:id/settings/:name": "401 403 403 403 404 404",
  "GET /v1/authorisations": "401 403 403 403 200 200",
  "POST /v1/authorisations": "401 403 403 403 404 404",
  "POST /v1/authorisations/:id/answer": "401 403 403 403 404 404",
  "GET /v1/setting-proposals": "401 403 403 403 200 200",
  "POST /v1/setting-proposals/:id/approve": "401 403 403 403 404 404",
  "POST /v1/simulations/seen": "401 403 403 403 404 404",
  "POST /v1/simulations/denied": "401 403 403 403 404 404",
  "GET /v1/authority-scopes": "401 403 403 403 200 200",
  "POST /v1/authority-scopes": "401 403 403 403 404 404",
  "POST /v1/authority-scopes/:id/approve": "401 403 403 403 404 404",
  "POST /v1/authority-scopes/:id/revoke": "401 403 403 403 404 404",
  "GET /v1/authority-scopes/:id/reading": "401 403 403 403 403 403",
  "GET /v1/accounts": "401 403 403 403 200 403",
  "POST /v1/accounts": "401 403 403 403 409 403",
  "PUT /v1/accounts/:id/role": "401 403 403 403 404 403",
  "POST /v1/accounts/:id/invitation": "401 403 403 403 404 403",
  "DELETE /v1/accounts/:id": "401 403 403 403 404 403",
  "GET /v1/api-keys": "401 403 403 403 200 403",
  "POST /v1/api-keys": "401 403 403 404 404 404",
  "POST /v1/api-keys/:id/rotate": "401 403 403 404 404 404",
  "DELETE /v1/api-keys/:id": "401 403 403 404 404 404",
  "GET /v1/quotas": "401 403 403 403 200 200",
  "POST /v1/quotas/raises": "401 403 403 403 400 400",
  "POST /v1/quotas/raises/:id/approve": "401 403 403 403 404 404",
  "POST /v1/audit/queries": "401 403 403 403 200 200",
  "POST /v1/audit/waybill": "401 403 403 403 200 200",
  "GET /v1/exports": "401 403 403 403 200 200",
  "POST /v1/exports": "401 403 403 403 400 400",
  "GET /v1/exports/:id": "401 403 403 403 404 404",
  "GET /v1/exports/:id/file": "401 403 403 403 404 404",
  "DELETE /v1/exports/:id": "401 403 403 403 404 404",
  "GET /v1/webhooks": "401 403 403 403 200 200",
  "POST /v1/webhooks": "401 403 403 403 422 422",
  "POST /v1/webhooks/:id/rotate": "401 403 403 403 404 404",
  "DELETE /v1/webhooks/:id": "401 403 403 403 404 404",
  "GET /v1/webhooks/:id/deliveries": "401 403 403 403 404 404",
  "POST /v1/webhooks/:id/deliveries/:delivery/replay": "401 403 403 403 404 404",
  "DELETE /v1/sessions/:id": "401 404 404 404 404 404",
  // Last: it ends the session that asks.
  "DELETE /v1/session": "401 404 404 204 204 204",
};

const REVEAL = { fields: ["recipient.phone"], purpose: "contact" };
const NOBODY = "00000000-0000-4000-8000-000000000000";
const AUTHORISATION = { from: NOBODY, setting: "mask-profile", wanted: "full", reason: "试" };
const INVITE = `mdi1${"A".repeat(43)}`;

/** What stands for nobody and nothing, where it is no UUID. */
const IDS = [
  ["/v1/api-keys", "0123456789abcdef"],
  ["/v1/certificates", "0000000001"],
] as const;

/** Right bodies of what is asked in exceptional cases. */
function exceptionBodies(token: string): Readonly<Record<string, unknown>> {
  return {
    "POST /v1/warrants": { about: [token], authority: "某局", document: "试字1号", days: 1 },
    // An invented passport.
    "POST /v1/real-name-records": { kind: "passport", number: "E00000001" },
    "POST /v1/real-name-records/:id/open": { reason: "试" },
    "POST /v1/real-name-records/status": {},
    "POST /v1/break-glass": {
      token,
      reason: "收件人求助",
      evidence: Buffer.from([0xff, 0xd8, 0xff, 0xe0]).toString("base64"),
      minutes: 1,
    },
    "POST /v1/break-glass/:id/acknowledge": { finding: "justified" },
  };
}

const OVERSIGHT: Readonly<Record<string, unknown>> = {
  // A period that ends before it begins: a bundle takes its time.
  "POST /v1/exports": { kind: "inspector-bundle", from: "2026-11-02", to: "2026-11-01" },
  "POST /v1/audit/queries": { question: "looks" },
};

/** Right bodies, but where a right one would change who can ask, or be braked as a guess. */
function bodiesOf(api: ApiServer, token: string): Readonly<Record<string, unknown>> {
  return {
    "POST /v1/session": {},
    "POST /v1/password": { old: "wrong wrong wrong", fresh: "other other other" },
    "POST /v1/invitation": { invite: INVITE },
    "POST /v1/invitation/accept": { invite: INVITE, password: "wrong", code: "123456" },
    "POST /v1/devices": { name: "scanner", publicKey: "AAAA" },
    "POST /v1/waybills": orderBody(1),
    "POST /v1/waybills/batch": { orders: [orderBody(1)] },
    "POST /v1/waybills/platform-orders": { orders: [{}] },
    "POST /v1/waybills/stream": `${JSON.stringify({ order_number: "S1" })}\n`,
    "PUT /v1/waybills/:token/state": { state: "delivered" },
    "POST /v1/waybills/:token/label": { format: "png", reason: "damaged" },
    // Every verb looks for the branch first, and there is none of that name.
    "POST /v1/waybills/:token/hand-over": { to: NOBODY },
    // There is no supplier of that name, and it is with none.
    "POST /v1/drop-ships": { tokens: [token], supplier: NOBODY, until: dayAhead(api, 3) },
    // It is delivered by then.
    "PUT /v1/waybills/:token/address": { address: "浙江省杭州市西湖区测试东路77号" },
    // It names no sender, and is delivered by then.
    "POST /v1/waybills/:token/return": {},
    "POST /v1/waybills/:token/split": { parcels: 2 },
    "POST /v1/waybills/:token/reveal": REVEAL,
    "POST /v1/reveals": { tokens: [token], ...REVEAL },
    "POST /v1/merge-groups": { tokens: [token] },
    "POST /v1/search": { phone: inventOrder(1).phone },
    ...exceptionBodies(token),
    "POST /v1/holds": { token, reason: "claim", authority: "客服部", until: dayAhead(api, 30) },
    "POST /v1/requests": { kind: "explanation", party: "recipient", token },
    "POST /v1/requests/:id/verify": { code: "123456" },
    "POST /v1/requests/:id/refuse": { reason: "withdrawn" },
    "POST /v1/requests/:id/answer": {},
    // It is held by then.
    "POST /v1/waybills/:token/erase": { reason: "试" },
    "POST /v1/certificates": { id: "0000000001" },
    "PUT /v1/retention/:class": { days: 1, reason: "试" },
    "POST /v1/organisations": { kind: "outlet", names: ["栖霞网点"] },
    "POST /v1/organisations/:id/move": { under: NOBODY, reason: "试" },
    "POST /v1/organisations/:id/close": { reason: "试" },
    "PUT /v1/organisations/:id/settings/:name": { value: "strict", reason: "试" },
    "POST /v1/authorisations": AUTHORISATION,
    "POST /v1/authorisations/:id/answer": { answer: "granted", by: NOBODY, reason: "试" },
    "POST /v1/simulations/seen": { role: "courier", on: dayAhead(api, 0) },
    "POST /v1/simulations/denied": {
      setting: "quota-person-day",
      value: "1",
      organisation: NOBODY,
      on: dayAhead(api, 0),
    },
    "POST /v1/authority-scopes": {
      authority: NOBODY,
      scope: "requests",
      until: dayAhead(api, 30),
      basis: "试",
      document: "试",
    },
    "POST /v1/accounts": { name: "the-courier", kind: "person", role: "support" },
    "PUT /v1/accounts/:id/role": { role: "clerk" },
    "POST /v1/api-keys": { account: "nobody", scopes: ["seal"], days: 1 },
    "POST /v1/api-keys/:id/rotate": { overlapHours: 0, days: 1 },
    "POST /v1/quotas/raises": { scope: "x", span: "day", extra: 1, hours: 1, reason: "试" },
    // An address that no webhook may lead to.
    "POST /v1/webhooks": { url: "https://127.0.0.1/", events: ["hold.placed"] },
    ...OVERSIGHT,
    "POST /v1/audit/waybill": { token },
  };
}

interface Matter {
  readonly path: string;
  readonly method: string;
  readonly body: unknown;
}

function matterOf(api: ApiServer, route: string, token: string): Matter {
  const [method = "", path = ""] = route.split(" ");
  const body = bodiesOf(api, token)[route];
  const id = IDS.find(([start]) => path.startsWith(start))?.[1] ?? NOBODY;
  const filled = path
    .replace(":token", token)
    .replace(":id", id)
    .replace(":delivery", NOBODY)
    .replace(":name", "mask-profile")
    .replace(":class", "shell");
  return { path: filled, method, body };
}

async function statusesOf(api: ApiServer, { path, method, body }: Matter): Promise<string> {
  const headers = path.endsWith("stream") ? { "content-type": "application/x-ndjson" } : {};
  const statuses: number[] = [];
  const { stateMachine, machine, courier, owner, person } = api;
  for (const as of [null, stateMachine, machine, courier, owner, person]) {
    const asked = { as, method, headers, ...(body === undefined ? {} : { body }) };
    const answer = await api.ask(path, asked);
    await answer.arrayBuffer();
    statuses.push(answer.status);
  }
  return statuses.join(" ");
}

test("P10: every route has a row that says who may ask it", async () => {
  await withApi(async (api) => {
    assert.deepEqual(api.routes.toSorted(), Object.keys(MATRIX).toSorted());
    const sealed = await api.ask("/v1/waybills", {
      as: api.machine,
      method: "POST",
      body: orderBody(1),
    });
    const { token } = (await sealed.json()) as { token: string };
    const found: Record<string, string> = {};
    for (const route of Object.keys(MATRIX))
      found[route] = await statusesOf(api, matterOf(api, route, token));
    assert.deepEqual(found, MATRIX);
  });
});

test("P10: who may not ask learns nothing of what the body should have been", async () => {
  await withApi(async (api) => {
    const { ask, stateMachine } = api;
    let asked = 0;
    for (const route of api.routes.filter((one) => /401/.test(MATRIX[one] ?? ""))) {
      const { path, method } = matterOf(api, route, "md1x");
      if (method === "GET" || path === "/v1/session") continue;
      const wrong = { method, body: '{"broken' };
      const nobody = await ask(path, wrong);
      assert.equal(nobody.status, 401, route);
      assert.equal(((await nobody.json()) as { code: string }).code, "SESSION_ENDED");
      asked += 1;
    }
    assert.ok(asked >= 10, String(asked));
    const broken = { as: stateMachine, method: "POST", body: '{"broken' };
    assert.equal((await ask("/v1/waybills", broken)).status, 403);
  });
});
