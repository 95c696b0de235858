/** Drop shipping (一件代发): what a supplier's ERP does with what a merchant handed to it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { foundBelow, foundHeadquarters } from "../../src/access/organisation.ts";
import { createAccount } from "../../src/identity/account.ts";
import { createApiKey } from "../../src/identity/api-key.ts";
import { accountActor } from "../support/actor.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder } from "../support/orders.ts";
import { dayAhead, orderBody, withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";

const [MERCHANT, SUPPLIER] = ["青禾布艺", "北辰代工厂"];
const ALL_SCOPES = ["seal", "print", "state", "flow"] as const;

interface Parties {
  /** Keys of the ERP of the merchant, and of the supplier. */
  readonly merchant: string;
  readonly supplier: string;
  /** A waybill of the merchant's. */
  readonly token: string;
}

type Said = Readonly<Record<string, unknown>>;

async function said(response: Response): Promise<Said> {
  // Every answer that is looked at here is an object.
  return (await response.json()) as Said;
}

async function sealedBy(api: ApiServer, key: string, index: number): Promise<string> {
  const asked = { as: key, method: "POST", body: orderBody(index) };
  return String((await said(await api.ask("/v1/waybills", asked)))["token"]);
}

async function parties(api: ApiServer): Promise<Parties> {
  const { vault } = api;
  const actor = await accountActor(vault, "boss", "owner");
  const asked = { actor } as const;
  await foundHeadquarters(vault, { ...asked, name: "北辰物流总部", outlets: ["一号网点"] });
  const merchants = { kind: "merchant", parent: "一号网点", names: [MERCHANT, SUPPLIER] } as const;
  await foundBelow(vault, { ...asked, ...merchants, names: [MERCHANT ?? "", SUPPLIER ?? ""] });
  const keyOf = async (name: string, organisation: string): Promise<string> => {
    const account = { ...asked, name, role: "erp-machine", organisation } as const;
    await createAccount(vault, { ...account, kind: "machine" });
    const made = await createApiKey(vault, { ...asked, name, scopes: ALL_SCOPES, days: 30 });
    return made.key;
  };
  const merchant = await keyOf("merchant-erp", MERCHANT ?? "");
  const supplier = await keyOf("supplier-erp", SUPPLIER ?? "");
  return { merchant, supplier, token: await sealedBy(api, merchant, 1) };
}

/** The status, and the code where there is one. */
async function answered(
  api: ApiServer,
  as: string,
  ...[route, body]: readonly [route: string, body?: unknown]
) {
  const [method = "", path = ""] = route.split(" ");
  const response = await api.ask(path, { as, method, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  const code = /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? "";
  return { status: response.status, code, text };
}

async function handed(
  api: ApiServer,
  { merchant }: Parties,
  ...[tokens, prints = 1]: readonly [tokens: readonly string[], prints?: number]
) {
  const until = dayAhead(api, 3);
  const body = { tokens, supplier: SUPPLIER, prints, until };
  return answered(api, merchant, "POST /v1/drop-ships", body);
}

const PRINT = { format: "zpl" } as const;

test("P12: a supplier's ERP prints, packs and hands in what it sees only masked", async () => {
  await withApi(async (api) => {
    const all = await parties(api);
    const { supplier, token } = all;
    const at = `/v1/waybills/${token}`;
    const ask = async (route: string, body?: unknown) => answered(api, supplier, route, body);
    assert.equal((await ask(`GET ${at}`)).status, 403, "before it is handed over");
    const given = await handed(api, all, [token, token]);
    assert.equal(given.status, 200, given.text);
    const view = await ask(`GET ${at}`);
    const label = await ask(`POST ${at}/label`, PRINT);
    assert.deepEqual([view.status, label.status], [200, 200]);
    const { name, phone, address } = inventOrder(1);
    for (const secret of [name, phone, address]) {
      for (const { text } of [given, view, label]) assert.equal(text.includes(secret), false);
    }
    // One print was allowed, on the usual paper.
    const again = { ...PRINT, reason: "damaged" } as const;
    assert.equal((await ask(`POST ${at}/label`, again)).code, "DROP_SHIP_SPENT");
    assert.equal((await handed(api, all, [token], 2)).status, 200);
    const wide = await ask(`POST ${at}/label`, { ...again, size: "100x180" });
    assert.equal(wide.code, "LABEL_SIZE_NOT_ALLOWED");
    assert.equal((await ask(`POST ${at}/label`, again)).status, 200);
    for (const state of ["packed", "handed-in"])
      assert.equal((await ask(`PUT ${at}/state`, { state })).status, 200, state);
    const told = await leaves(api.home, "drop-shipped");
    assert.deepEqual(
      told.map((leaf) => [leaf["mode"], leaf["count"], leaf["value"]]),
      [
        ["given", 1, "76x130"],
        ["given", 2, "76x130"],
      ],
    );
  });
});

test("P10: what is withdrawn, over or picked up is no supplier's any more", async () => {
  await withApi(async (api) => {
    const all = await parties(api);
    const { merchant, supplier, token } = all;
    const at = `/v1/waybills/${token}`;
    await handed(api, all, [token], 5);
    // The supplier prints while the merchant takes it back: what is not counted is not printed.
    assert.equal((await answered(api, supplier, `POST ${at}/label`, PRINT)).status, 200);
    const again = { ...PRINT, reason: "lost" } as const;
    const printing = Array.from({ length: 3 }, async () =>
      answered(api, supplier, `POST ${at}/label`, again),
    );
    const withdrawn = await answered(api, merchant, `DELETE ${at}/drop-ship`);
    const more = (await Promise.all(printing)).filter(({ status }) => status === 200).length;
    assert.equal(withdrawn.status, 200, withdrawn.text);
    const [row] = await api.home.rows("select prints from drop_ship");
    assert.equal(Number(row?.["prints"]), 1 + more);
    for (const route of [`GET ${at}`, `POST ${at}/label`, `PUT ${at}/state`]) {
      const body = { [`POST ${at}/label`]: PRINT, [`PUT ${at}/state`]: { state: "packed" } }[route];
      assert.equal((await answered(api, supplier, route, body)).code, "ACCESS_DENIED", route);
    }
    const twice = await answered(api, merchant, `DELETE ${at}/drop-ship`);
    assert.equal(twice.code, "DROP_SHIP_NONE");
    await handed(api, all, [token]);
    await api.home.change("update drop_ship set until_day = until_day - 10");
    assert.equal((await answered(api, supplier, `GET ${at}`)).code, "ACCESS_DENIED", "over");
    await answered(api, api.person, `PUT ${at}/state`, { state: "arrived" });
    const late = await handed(api, all, [token]);
    assert.deepEqual([late.status, late.code], [200, "DROP_SHIP_LATE"]);
    assert.equal(
      (await answered(api, merchant, `PUT ${at}/state`, { state: "packed" })).status,
      409,
    );
    const modes = (await leaves(api.home, "drop-shipped")).map((leaf) => leaf["mode"]);
    assert.deepEqual(modes, ["given", "withdrawn", "given"]);
  });
});

test("P10: a supplier gets nowhere else with it, and nowhere with another's", async () => {
  await withApi(async (api) => {
    const all = await parties(api);
    const { merchant, supplier, token } = all;
    const another = await sealedBy(api, merchant, 2);
    await handed(api, all, [token], 5);
    const person = await api.signIn("merchant", SUPPLIER ?? "");
    const address = "浙江省杭州市西湖区测试东路77号";
    const until = dayAhead(api, 3);
    const on = (target: string): Readonly<Record<string, unknown>> => ({
      [`PUT /v1/waybills/${target}/state`]: { state: "void" },
      [`PUT /v1/waybills/${target}/address`]: { address },
      [`POST /v1/waybills/${target}/return`]: {},
      [`POST /v1/waybills/${target}/split`]: { parcels: 2 },
      [`POST /v1/waybills/${target}/hand-over`]: { to: "一号网点" },
      [`POST /v1/waybills/${target}/platform-token`]: {},
      [`POST /v1/waybills/${target}/reveal`]: { fields: ["recipient.phone"], purpose: "contact" },
      [`POST /v1/waybills/${target}/erase`]: { reason: "试" },
      [`DELETE /v1/waybills/${target}/drop-ship`]: undefined,
      "POST /v1/holds": { token: target, reason: "claim", authority: "客服部", until },
      "POST /v1/requests": { kind: "explanation", party: "recipient", token: target },
      "POST /v1/search": { phone: inventOrder(1).phone },
      "POST /v1/audit/waybill": { token: target },
    });
    const only = (target: string) => ({
      [`GET /v1/waybills/${target}`]: undefined,
      [`POST /v1/waybills/${target}/label`]: PRINT,
      [`PUT /v1/waybills/${target}/state`]: { state: "packed" },
    });
    let tried = 0;
    for (const as of [supplier, person]) {
      for (const matter of [on(token), on(another), only(another)]) {
        for (const [route, body] of Object.entries(matter)) {
          const { status, code } = await answered(api, as, route, body);
          assert.equal(status, 403, `${route} ${code}`);
          tried += 1;
        }
      }
      for (const target of [token, another]) {
        const compared = await answered(api, as, "POST /v1/merge-groups", { tokens: [target] });
        assert.equal(compared.code, "TOKEN_UNKNOWN");
        const body = { tokens: [target], supplier: MERCHANT, until };
        const passedOn = await answered(api, as, "POST /v1/drop-ships", body);
        assert.equal(passedOn.code, "ACCESS_DENIED", "handed on to a third");
        tried += 2;
      }
    }
    assert.equal(tried, 2 * (13 + 13 + 3 + 4));
    const { text } = await answered(api, merchant, `GET /v1/waybills/${token}`);
    assert.match(text, /"parcelState":null/);
  });
});

test("P10: by key a merchant flows its own until pick-up, and has it sent back after", async () => {
  await withApi(async (api) => {
    const all = await parties(api);
    const { merchant, supplier, token } = all;
    const at = `/v1/waybills/${token}`;
    const address = { address: "浙江省杭州市西湖区测试东路77号" };
    const sender = {
      sender: { name: "青禾仓库", phone: "025-10001234", address: "江苏省南京市玄武区青禾支路7号" },
    };
    const order = { ...orderBody(3), ...sender };
    const sealed = await answered(api, merchant, "POST /v1/waybills", order);
    const back = /"token":"(md1[^"]+)"/.exec(sealed.text)?.[1] ?? "";
    assert.equal((await answered(api, supplier, `PUT ${at}/address`, address)).status, 403);
    assert.equal((await answered(api, merchant, `PUT ${at}/address`, address)).status, 200);
    const key = { "idempotency-key": "split-1" };
    const asked = { as: merchant, method: "POST", body: { parcels: 3 }, headers: key };
    const twice = [await api.ask(`${at}/split`, asked), await api.ask(`${at}/split`, asked)];
    const tokens = await Promise.all(
      twice.map(async (one) => {
        const { parcels } = (await one.json()) as {
          readonly parcels: readonly { token: string }[];
        };
        return parcels.map((parcel) => parcel.token).toSorted();
      }),
    );
    assert.deepEqual(tokens[0], tokens[1]);
    assert.equal(tokens[0]?.length, 2);
    for (const target of [token, back])
      await answered(api, api.person, `PUT /v1/waybills/${target}/state`, { state: "arrived" });
    assert.equal((await answered(api, merchant, `PUT ${at}/address`, address)).status, 403);
    assert.equal((await answered(api, merchant, `POST ${at}/split`, { parcels: 5 })).status, 403);
    const returned = await answered(api, merchant, `POST /v1/waybills/${back}/return`, {});
    assert.equal(returned.status, 200, returned.text);
  });
});
