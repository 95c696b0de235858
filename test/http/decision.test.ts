/** Holds, requests, settings, accounts and questions to the log, each from beginning to end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inventOrder } from "../support/orders.ts";
import { dayAhead, orderBody, withApi } from "./api-server.ts";
import type { ApiServer, Asked } from "./api-server.ts";

type Told = Readonly<Record<string, unknown>>;
interface Page {
  readonly items: readonly Told[];
  readonly next: string | null;
}

/** The answer to `asked`, which must come with `status`. */
async function told(
  { ask }: ApiServer,
  path: string,
  asked: Asked & { readonly status?: number },
): Promise<Told> {
  const { status = 200, ...rest } = asked;
  const answer = await ask(path, rest);
  const text = await answer.text();
  assert.equal(answer.status, status, `${path} ${text}`);
  return (text === "" ? {} : JSON.parse(text)) as Told;
}

async function sealed(api: ApiServer, index: number): Promise<string> {
  const asked = { as: api.machine, method: "POST", body: orderBody(index), status: 201 };
  return String((await told(api, "/v1/waybills", asked))["token"]);
}

async function pagesOf(api: ApiServer, path: string, as: string): Promise<Told[]> {
  const items: Told[] = [];
  let at = path;
  for (;;) {
    const page = (await told(api, at, { as })) as unknown as Page;
    assert.ok(page.items.length > 0);
    items.push(...page.items);
    if (page.next === null) return items;
    at = `${path}&cursor=${page.next}`;
  }
}

test("P8: a hold is placed, found page by page, and released over HTTP", async () => {
  await withApi(async (api) => {
    const { person: as } = api;
    const ids: string[] = [];
    const [soon, late] = [dayAhead(api, 12), dayAhead(api, 22)];
    for (const [at, until] of [late, soon, late].entries()) {
      const hold = { token: await sealed(api, at), reason: "claim", authority: "客服部", until };
      const made = await told(api, "/v1/holds", { as, method: "POST", body: hold, status: 201 });
      ids.push(String(made["id"]));
    }
    const listed = await pagesOf(api, "/v1/holds?limit=1", as);
    assert.deepEqual(
      listed.map(({ until }) => until),
      [soon, late, late],
    );
    assert.deepEqual(new Set(listed.map(({ id }) => id)), new Set(ids));
    await told(api, `/v1/holds/${ids[0]}/release`, { as, method: "POST" });
    await told(api, `/v1/holds/${ids[0]}/release`, { as, method: "POST", status: 409 });
    assert.equal((await pagesOf(api, "/v1/holds?limit=2", as)).length, 2);
    assert.equal((await pagesOf(api, "/v1/holds?limit=2&ended=true", as)).length, 3);
  });
});

test("P16: a cursor is good for its own list only, and whole", async () => {
  await withApi(async (api) => {
    const { owner: as } = api;
    const first = (await told(api, "/v1/accounts?limit=1", { as })) as unknown as Page;
    const cursor = first.next ?? "";
    assert.ok(cursor.length > 20);
    await told(api, `/v1/accounts?limit=1&cursor=${cursor}`, { as });
    const swapped = cursor.startsWith("A") ? `B${cursor.slice(1)}` : `A${cursor.slice(1)}`;
    for (const wrong of [swapped, cursor.slice(0, -4), "x", `${cursor}AAAA`, "' or 1=1"])
      for (const list of ["accounts", "api-keys"]) {
        const path = `/v1/${list}?cursor=${encodeURIComponent(wrong)}`;
        assert.equal((await told(api, path, { as, status: 400 }))["code"], "CURSOR_UNKNOWN");
      }
    const other = await told(api, `/v1/api-keys?cursor=${cursor}`, { as, status: 400 });
    assert.equal(other["code"], "CURSOR_UNKNOWN");
    for (const limit of ["0", "201", "x", "1e9"])
      await told(api, `/v1/accounts?limit=${limit}`, { as, status: 400 });
  });
});

test("P10: a person's request is taken, verified by the code and answered", async () => {
  await withApi(async (api) => {
    const { person: as, codes } = api;
    const token = await sealed(api, 1);
    const body = { kind: "access", party: "recipient", token };
    const asked = { as, method: "POST" };
    const taken = await told(api, "/v1/requests", { ...asked, body, status: 201 });
    const at = `/v1/requests/${String(taken["id"])}`;
    await told(api, `${at}/answer`, { ...asked, body: {}, status: 409 });
    await told(api, `${at}/code`, { ...asked, status: 204 });
    await told(api, `${at}/verify`, { ...asked, body: { code: codes.at(-1) } });
    const answer = await told(api, `${at}/answer`, { ...asked, body: {} });
    assert.ok(JSON.stringify(answer).includes(inventOrder(1).name));
    await told(api, `${at}/refuse`, { ...asked, body: { reason: "withdrawn" }, status: 409 });
    assert.equal((await pagesOf(api, "/v1/requests?closed=true", as))[0]?.["state"], "answered");
    const neither = { kind: "access", party: "recipient" };
    await told(api, "/v1/requests", { ...asked, body: neither, status: 400 });
  });
});

async function founded(api: ApiServer, kind: string, names: readonly string[]): Promise<string[]> {
  const body = { kind, names };
  const asked = { as: api.owner, method: "POST", body, status: 201 };
  const { organisations } = await told(api, "/v1/organisations", asked);
  return (organisations as { id: string }[]).map(({ id }) => id);
}

test("P10: a setting changes for who saw it, and a branch decides for nobody else", async () => {
  await withApi(async (api) => {
    const [headquarters = "", own = "", other = ""] = await founded(api, "headquarters", [
      "北辰总部",
      "栖霞网点",
      "江宁网点",
    ]);
    const at = (id: string): string => `/v1/organisations/${id}/settings/mask-profile`;
    const as = api.owner;
    const seen = await api.ask(at(headquarters), { as });
    const etag = seen.headers.get("etag") ?? "";
    const body = { value: "gb41833", mode: "delegated", reason: "放权" };
    const asked = { as, method: "PUT", body, headers: { "if-match": etag } };
    // To hand the decision on is looser: another person approves it.
    const { proposal } = await told(api, at(headquarters), { ...asked, status: 202 });
    const approve = `/v1/setting-proposals/${String(proposal)}/approve`;
    await told(api, approve, { as, method: "POST", status: 403 });
    const { proposals } = await told(api, "/v1/setting-proposals", { as });
    assert.equal((proposals as unknown[]).length, 1);
    const second = await api.signIn("headquarters-operator", null);
    await told(api, approve, { as: second, method: "POST" });
    assert.equal(
      (await told(api, at(headquarters), { ...asked, status: 412 }))["code"],
      "SETTING_STALE",
    );
    await told(api, at(own), { ...asked, headers: { "if-match": "*x" }, status: 412 });

    const manager = await api.signIn("branch-manager", own);
    const strict = { value: "strict", reason: "收紧" };
    await told(api, at(own), { as: manager, method: "PUT", body: strict });
    await told(api, at(other), { as: manager, method: "PUT", body: strict, status: 403 });
    const borrowed = { ...strict, by: headquarters };
    await told(api, at(own), { as: manager, method: "PUT", body: borrowed, status: 403 });
    await told(api, at(headquarters), { as: manager, method: "PUT", body: strict, status: 403 });
    const term = { days: 20, reason: "缩短" };
    await told(api, "/v1/retention/persons", {
      as: manager,
      method: "PUT",
      body: term,
      status: 403,
    });
    const { versions } = await told(api, `${at(own)}/history`, { as: manager });
    assert.equal((versions as unknown[]).length, 1);

    const wish = { from: own, setting: "mask-profile", wanted: "full", reason: "旧系统" };
    const filed = await told(api, "/v1/authorisations", {
      as: manager,
      method: "POST",
      body: wish,
      status: 201,
    });
    const foreign = { ...wish, from: other };
    await told(api, "/v1/authorisations", {
      as: manager,
      method: "POST",
      body: foreign,
      status: 403,
    });
    const answer = { answer: "granted", by: headquarters, reason: "同意" };
    const answerAt = `/v1/authorisations/${String(filed["id"])}/answer`;
    await told(api, answerAt, { as: manager, method: "POST", body: answer, status: 403 });
    await told(api, answerAt, { as, method: "POST", body: answer });
    assert.equal(
      (await pagesOf(api, "/v1/authorisations?limit=9", manager))[0]?.["answer"],
      "granted",
    );
  });
});

test("P10: a machine's key is made, works for its scope, is rotated and ends", async () => {
  await withApi(async (api) => {
    const asked = { as: api.owner, method: "POST" };
    const account = { name: "erp", kind: "machine", role: "erp-machine" };
    const made = await told(api, "/v1/accounts", { ...asked, body: account, status: 201 });
    const wanted = { account: "erp", scopes: ["seal"], days: 1 };
    const first = await told(api, "/v1/api-keys", { ...asked, body: wanted, status: 201 });
    await told(api, "/v1/session", { as: String(first["key"]) });
    const renewal = { overlapHours: 0, days: 1 };
    const at = `/v1/api-keys/${String(first["id"])}`;
    const next = await told(api, `${at}/rotate`, { ...asked, body: renewal, status: 201 });
    await told(api, "/v1/session", { as: String(first["key"]), status: 401 });
    await told(api, `/v1/api-keys/${String(next["id"])}`, { as: api.owner, method: "DELETE" });
    await told(api, "/v1/session", { as: String(next["key"]), status: 401 });
    const listed = JSON.stringify(await pagesOf(api, "/v1/api-keys?limit=200", api.owner));
    assert.equal(listed.includes("mdk1"), false, "a list never shows a key");
    await told(api, `/v1/accounts/${String(made["id"])}`, { as: api.owner, method: "DELETE" });
    assert.equal(
      (await told(api, "/v1/api-keys", { ...asked, body: wanted, status: 404 }))["code"],
      "ACCOUNT_UNKNOWN",
    );
  });
});

test("P11: the log is asked page by page, and each question is an entry", async () => {
  await withApi(async (api) => {
    const { person: as } = api;
    const token = await sealed(api, 1);
    const reveal = { fields: ["recipient.phone"], purpose: "contact" };
    for (let at = 0; at < 3; at += 1)
      await told(api, `/v1/waybills/${token}/reveal`, { as, method: "POST", body: reveal });
    while ((await api.vault.log.sequencer.integrate()) === null) await sleep(20);
    const looks: Told[] = [];
    let cursor: unknown = undefined;
    do {
      const body = { question: "reveals", limit: 2, ...(cursor === undefined ? {} : { cursor }) };
      const page = await told(api, "/v1/audit/queries", { as, method: "POST", body });
      looks.push(...(page["items"] as Told[]));
      cursor = page["next"] ?? null;
    } while (cursor !== null);
    assert.ok(looks.length === 3, String(looks.length));
    const about = { token };
    const { items } = await told(api, "/v1/audit/waybill", { as, method: "POST", body: about });
    assert.ok((items as unknown[]).length >= 3);
    const late = { question: "looks", from: "2026-12-02", to: "2026-12-01" };
    await told(api, "/v1/audit/queries", { as, method: "POST", body: late, status: 400 });
  });
});

test("P7: an erased waybill has a certificate, and the plan says what dies next", async () => {
  await withApi(async (api) => {
    const { person: as } = api;
    const token = await sealed(api, 1);
    await sealed(api, 2);
    const body = { reason: "客户要求删除" };
    const erased = await told(api, `/v1/waybills/${token}/erase`, { as, method: "POST", body });
    assert.equal(erased["token"], token);
    const made = await told(api, "/v1/certificates", {
      as,
      method: "POST",
      body: { id: token },
      status: 201,
    });
    assert.match(String(made["note"]), /^midan\.certificate\/2\n/);
    await told(api, `/v1/certificates/${token}`, { as });
    const plan = await told(api, "/v1/retention/plan?days=400", { as });
    assert.ok((plan["persons"] as unknown[]).length > 0);
    const { terms } = await told(api, "/v1/retention", { as });
    assert.ok((terms as unknown[]).length >= 2);
  });
});

test("P16: what a caller has left of its minute comes with each answer", async () => {
  await withApi(
    async ({ ask, machine: as, owner }) => {
      const left: (string | null)[] = [];
      for (let at = 0; at < 4; at += 1) {
        const answer = await ask("/v1/session", { as });
        left.push(/r=(\d+)/.exec(answer.headers.get("ratelimit") ?? "")?.[1] ?? null);
        assert.equal(answer.status, at < 3 ? 200 : 429);
        if (at === 3) assert.match(answer.headers.get("retry-after") ?? "", /^[1-6]?\d$/);
      }
      assert.deepEqual(left, ["2", "1", "0", "0"]);
      assert.equal((await ask("/v1/session", { as: owner })).status, 200);
    },
    { requestsPerMinute: 3 },
  );
});

test("P16: wrong tokens are counted by where they come from; nobody else pays for it", async () => {
  await withApi(
    async ({ ask, machine, owner }) => {
      const wrong = ["mds1guessed", "mdk1guessed", null, "mds1again"];
      const statuses: number[] = [];
      for (const as of wrong) statuses.push((await ask("/v1/session", { as })).status);
      assert.deepEqual(statuses, [401, statuses[1], 401, 429]);
      assert.ok(statuses[1] === 401 || statuses[1] === 400, String(statuses[1]));
      for (const as of [machine, owner])
        assert.equal((await ask("/v1/session", { as })).status, 200);
    },
    { requestsPerMinute: 3 },
  );
});
