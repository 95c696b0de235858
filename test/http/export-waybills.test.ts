/** Lists of masked waybills over HTTP: what GET shows, of what is the asker's; none at rest. */
import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import { assign } from "../../src/vault/assign.ts";
import { signedIn } from "../support/actor.ts";
import { needlesOf, searchBytes } from "../support/canary.ts";
import { leaves } from "../support/leaves.ts";
import { orderBody, withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";
import {
  asked,
  ended,
  fileOf,
  FIRST,
  foundTree,
  linesIn,
  sealedAs,
  SECOND,
  SHOP,
  STALL,
} from "./export-scene.ts";
import type { Told } from "./export-scene.ts";

const MASKED = { kind: "masked-waybills", purpose: "deliver" } as const;
const LINES = { ...MASKED, format: "ndjson" } as const;
const BOM = "\uFEFF";
const COLUMNS = 19;

/** Cells of the first column. */
function tokensIn(csv: string): string[] {
  const [, ...lines] = csv.trimEnd().split("\r\n");
  return lines.map((line) => line.split(",")[0] ?? "");
}

/** Puts a parcel on a branch's route of today. */
async function routed({ vault }: ApiServer, token: string, branch: string): Promise<void> {
  const on = dayOf(vault.now(), vault.timeZone);
  await assign(vault, { token, branch, to: null, on, actor: signedIn("总部调度") });
}

async function listed(api: ApiServer, as: string, body: Told): Promise<ReadonlySet<string>> {
  const { text } = await fileOf(api, as, body);
  return new Set(tokensIn(text));
}

test("P9: an export of masks says what GET says, and no mask lies at rest for it", async () => {
  await withApi(async (api) => {
    const { ask, person: as, machine, home } = api;
    const hostile = { goods: '=HYPERLINK("http://a.example","看")', remark: "@SUM(1)\n+1,2" };
    const tokens = [
      await sealedAs(api, machine, [1, hostile]),
      await sealedAs(api, machine, [2, { goods: "-2+3" }]),
      await sealedAs(api, machine, [3, { goods: "陶瓷杯" }]),
    ];
    const { answer, job, text } = await fileOf(api, as, LINES);
    assert.deepEqual([job["rows"], job["bytes"], job["sha256"]], [3, null, null]);
    assert.equal(answer.headers.get("content-type"), "application/x-ndjson");
    assert.equal(answer.headers.get("midan-rows"), "3");
    assert.equal(answer.headers.get("cache-control"), "no-store");
    const rows = linesIn(text);
    assert.deepEqual(
      rows.map((row) => row["token"]),
      tokens,
    );
    for (const row of rows) {
      const shown = await ask(`/v1/waybills/${String(row["token"])}`, { as });
      assert.deepEqual(row, await shown.json());
    }
    const masks = rows.map(({ view }) => view as { recipient: { name: string; address: string } });
    const plain = [1, 2, 3].flatMap((index) => {
      const { name, phone, address } = orderBody(index).recipient;
      return [name, phone, address];
    });
    assert.deepEqual(searchBytes(Buffer.from(text), needlesOf(plain)), []);
    const [part] = await home.rows("select content from export_part");
    const kept = Buffer.from(part?.["content"] as Uint8Array);
    assert.equal(kept.length, 3 * 12, "places, and nothing else");
    assert.deepEqual(
      searchBytes(kept, needlesOf(masks.map(({ recipient }) => recipient.name))),
      [],
    );

    const sheet = await fileOf(api, as, MASKED);
    assert.equal(sheet.answer.headers.get("content-type"), "text/csv; charset=utf-8");
    assert.match(sheet.answer.headers.get("content-disposition") ?? "", /\.csv"$/);
    const head = sheet.text.split("\r\n")[0] ?? "";
    assert.ok(head.startsWith(`${BOM}密单号 token,`), "Excel reads it as UTF-8 by the mark");
    assert.equal(head.split(",").length, COLUMNS);
    // A quoted cell whose first character shows it as text, and the line break inside it.
    assert.ok(sheet.text.includes(`"'=HYPERLINK(""http://a.example"",""看"")"`), sheet.text);
    for (const cell of sheet.text.split(/[,\r\n]+/)) assert.doesNotMatch(cell, /^"?[=+@\t-]/, cell);

    const [made] = await leaves(home, "export-made");
    assert.deepEqual(
      [made?.["mode"], made?.["purpose"], made?.["count"]],
      [MASKED.kind, "deliver", 3],
    );
    const told = await leaves(home, "export");
    const digest = hash("sha256", tokens.map((token) => `${token}\n`).join(""));
    assert.deepEqual([told[0]?.["digest"], told[0]?.["count"]], [digest, 3]);
    assert.equal(told[0]?.["request"], job["id"]);
    assert.equal(told[0]?.["id"], answer.headers.get("midan-entry"));
  });
});

test("P7: what dies after a list was made has no masks in it when it is downloaded", async () => {
  await withApi(async (api) => {
    const { ask, person: as, machine } = api;
    const [gone, stays] = [await sealedAs(api, machine, [1]), await sealedAs(api, machine, [2])];
    const job = await ended(api, as, LINES);
    const erased = await ask(`/v1/waybills/${gone}/erase`, {
      as,
      method: "POST",
      body: { reason: "本人请求" },
    });
    assert.ok(erased.ok, await erased.text());
    const file = await ask(`/v1/exports/${String(job["id"])}/file`, { as });
    const rows = linesIn(await file.text());
    const views = new Map(rows.map((row) => [row["token"], row["view"]]));
    assert.equal(views.get(gone), null);
    assert.notEqual(views.get(stays), null);
    const sheet = await fileOf(api, as, MASKED);
    assert.ok(sheet.text.includes("destroyed"), sheet.text);
  });
});

test("P10: a branch lists what stands with it, a merchant its own, headquarters all", async () => {
  await withApi(async (api) => {
    await foundTree(api);
    const clerks = [await api.signIn("clerk", FIRST), await api.signIn("station", SECOND)];
    const shop = await api.signIn("merchant", SHOP);
    const manager = await api.signIn("branch-manager", FIRST);
    const all = await api.signIn("headquarters-operator", null);
    const auditor = await api.signIn("auditor", SECOND);
    const first = await sealedAs(api, clerks[0] ?? "", [1, { merchant: STALL }]);
    const own = await sealedAs(api, shop, [2]);
    const away = await sealedAs(api, all, [3]);
    const whole = new Set([first, own, away]);
    assert.deepEqual(await listed(api, all, MASKED), whole);
    assert.deepEqual(await listed(api, shop, MASKED), new Set([own]));
    assert.deepEqual(await listed(api, manager, MASKED), new Set([first, own]));
    assert.deepEqual(await listed(api, all, { ...MASKED, organisation: SHOP }), new Set([own]));
    assert.deepEqual(await listed(api, all, { ...MASKED, merchant: STALL }), new Set([first]));
    assert.deepEqual(await listed(api, all, { ...MASKED, state: "printed" }), new Set());

    // Who sealed it counts as long as it is on nobody's route.
    await routed(api, first, SECOND);
    const audited = { ...MASKED, purpose: "audit" };
    assert.deepEqual(await listed(api, auditor, audited), new Set([first]));
    assert.deepEqual(await listed(api, manager, MASKED), new Set([own]));

    const refused: readonly (readonly [as: string, body: Told])[] = [
      [manager, { ...MASKED, organisation: SECOND }],
      [shop, { ...MASKED, organisation: STALL }],
      [shop, { ...MASKED, organisation: FIRST }],
      [manager, audited],
      [auditor, MASKED],
      [clerks[0] ?? "", MASKED],
      [api.owner, MASKED],
      [api.courier, MASKED],
      [api.machine, MASKED],
    ];
    for (const [as, body] of refused) {
      const { status, told } = await asked(api, as, body);
      assert.equal(status, 403, JSON.stringify({ body, told }));
    }
    const denied = await leaves(api.home, "access-denied");
    assert.ok(denied.some(({ mode }) => mode === "export-masked"));
  });
});

test("P10: a list is what is the asker's at the download, and the asker's alone", async () => {
  await withApi(async (api) => {
    const { home } = api;
    await foundTree(api);
    const manager = await api.signIn("branch-manager", FIRST);
    const tokens = [await sealedAs(api, manager, [1]), await sealedAs(api, manager, [2])];
    const job = await ended(api, manager, MASKED);
    assert.equal(job["rows"], 2);
    const at = `/v1/exports/${String(job["id"])}`;
    await routed(api, tokens[0] ?? "", SECOND);
    // The head alone would be a download that nobody gets, with its entry and its quota.
    assert.equal((await api.ask(`${at}/file`, { as: manager, method: "HEAD" })).status, 404);
    assert.equal((await leaves(home, "export")).length, 0);
    const file = await api.ask(`${at}/file`, { as: manager });
    assert.deepEqual(tokensIn(await file.text()), [tokens[1]]);
    assert.equal(file.headers.get("midan-rows"), "1");
    for (const as of [api.person, api.owner]) {
      assert.equal((await api.ask(at, { as })).status, 404);
      assert.equal((await api.ask(`${at}/file`, { as })).status, 404);
    }
    // Whoever stands elsewhere since has left it behind, with the branch that it is about.
    await home.change(
      `update staff_account set organisation_id = (select id from organisation where name = $1)
       where name = 'the-branch-manager'`,
      [SECOND],
    );
    assert.equal((await api.ask(at, { as: manager })).status, 404);
    const listing = await api.ask("/v1/exports", { as: manager });
    assert.deepEqual(await listing.json(), { items: [] });
  });
});

test("P16: what an export cannot be is told by its field, and its days are bounded", async () => {
  await withApi(async (api) => {
    const { person: as, vault } = api;
    const today = dayOf(vault.now(), vault.timeZone);
    const kind = MASKED.kind;
    const wrong: readonly (readonly [body: Told, field: string])[] = [
      [{ kind }, "/purpose"],
      [{ kind, purpose: "inspection" }, "/purpose"],
      [{ ...MASKED, format: "zip" }, "/format"],
      [{ ...MASKED, question: "looks" }, "/question"],
      [{ kind: "log-entries", purpose: "audit", state: "sealed" }, "/state"],
      [{ kind: "statements", purpose: "audit", merchant: SHOP }, "/merchant"],
      [{ kind: "inspector-bundle", format: "csv" }, "/format"],
      [{ ...MASKED, from: today, to: today }, "/to"],
    ];
    for (const [body, field] of wrong) {
      const { status, told } = await asked(api, as, body);
      assert.equal(status, 400, JSON.stringify({ body, told }));
      assert.deepEqual(told["details"], { field });
    }
    const long = { ...MASKED, from: addDays(today, -31), to: addDays(today, 1) };
    const { status, told } = await asked(api, as, long);
    assert.deepEqual([status, told["code"]], [422, "EXPORT_DAYS"]);
    const month = { ...MASKED, from: addDays(today, -30), to: addDays(today, 1) };
    const empty = await fileOf(api, as, month);
    assert.deepEqual(tokensIn(empty.text), []);
    assert.ok(empty.text.startsWith(`${BOM}密单号`));
    assert.equal(empty.job["rows"], 0);
    assert.equal((await fileOf(api, as, { ...month, format: "ndjson" })).text, "");
  });
});
