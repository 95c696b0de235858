/** Orders of shop platforms over HTTP: sealed as they are, their secrets told to nobody (P4). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PLATFORM_NAMES } from "../../src/rules/platform.ts";
import type { Platform } from "../../src/rules/platform.ts";
import { withApi } from "./api-server.ts";

type Document = Readonly<Record<string, unknown>>;

function ordersOf(platform: Platform): Document[] {
  const file = new URL(`../orders/platforms/${platform}.ndjson`, import.meta.url);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Document);
}

async function resultsOf(answer: Response): Promise<Document[]> {
  assert.equal(answer.status, 200, await answer.clone().text());
  return ((await answer.json()) as { results: Document[] }).results;
}

test("P4: orders of every platform are sealed in one request, masked", async () => {
  await withApi(async ({ ask, machine: as, person }) => {
    const path = "/v1/waybills/platform-orders";
    const orders = PLATFORM_NAMES.flatMap(ordersOf);
    const body = { carrier: "北辰物流", orders: [...orders, {}, { tid: "1", oaid: "1abc defgh" }] };
    const answer = await ask(path, { as, method: "POST", body });
    const text = await answer.clone().text();
    const secrets = JSON.stringify(orders).match(/"[^"\s]{32,}"/gu) ?? [];
    assert.ok(secrets.length > 20);
    for (const secret of secrets) assert.ok(!text.includes(secret.slice(1, -1)));
    const results = await resultsOf(answer);
    const [empty, broken] = results.splice(orders.length);
    assert.ok(results.every((result) => result["ok"] === true && result["state"] === "sealed"));
    assert.equal(empty?.["code"], "ORDER_NUMBER_MISSING");
    assert.equal(broken?.["code"], "PLATFORM_TOKEN_ALTERED");
    assert.equal(broken["field"], "platform_token");

    const token = String(results[0]?.["token"]);
    const shown = (await (await ask(`/v1/waybills/${token}`, { as })).json()) as { view: Document };
    assert.equal(shown.view["platform"], PLATFORM_NAMES[0]);
    const tokenPath = `/v1/waybills/${token}/platform-token`;
    assert.equal((await ask(tokenPath, { as: person, method: "POST" })).status, 403);
    const given = (await (await ask(tokenPath, { as, method: "POST" })).json()) as Document;
    assert.equal(given["token"], orders[0]?.["oaid"]);
    assert.equal(given["orderNumber"], orders[0]?.["tid"]);
    const asked = { fields: ["recipient.name"], purpose: "contact" };
    const told = await ask(`/v1/waybills/${token}/reveal`, {
      as: person,
      method: "POST",
      body: asked,
    });
    assert.equal(told.status, 409);
    assert.equal(((await told.json()) as Document)["code"], "PLATFORM_HOLDS");
  });
});

test("P4: a platform that is named counts, one that is not ours is refused", async () => {
  await withApi(async ({ ask, machine: as }) => {
    const path = "/v1/waybills/platform-orders";
    const orders = ordersOf("xiaohongshu");
    const named = await ask(path, {
      as,
      method: "POST",
      body: { platform: "xiaohongshu", orders },
    });
    assert.ok((await resultsOf(named)).every((result) => result["ok"] === true));
    const other = await ask(path, { as, method: "POST", body: { platform: "other", orders } });
    assert.equal(other.status, 400);
  });
});
