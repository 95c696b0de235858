/** Exports over HTTP: made as a job, downloaded in pieces, its maker's alone, gone after a day. */
import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import { clearOldExports } from "../../src/vault/export-own.ts";
import { needlesOf, searchBytes } from "../support/canary.ts";
import { leaves } from "../support/leaves.ts";
import { midan } from "../support/process.ts";
import { orderBody, withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";

type Told = Readonly<Record<string, unknown>>;

function bodyFor({ vault }: ApiServer): Told {
  const today = dayOf(vault.now(), vault.timeZone);
  return { kind: "inspector-bundle", from: addDays(today, -1), to: addDays(today, 1) };
}

async function made(api: ApiServer, as: string): Promise<Told> {
  const body = bodyFor(api);
  const begun = await api.ask("/v1/exports", { as, method: "POST", body });
  const job = (await begun.json()) as Told;
  assert.equal(begun.status, 202, JSON.stringify(job));
  assert.equal(begun.headers.get("location"), `/v1/exports/${String(job["id"])}`);
  const seen = await api.ask(`/v1/exports/${String(job["id"])}?waitSeconds=60`, { as });
  return (await seen.json()) as Told;
}

async function bytesOf(answer: Response): Promise<Buffer> {
  return Buffer.from(await answer.arrayBuffer());
}

test("P11: a bundle is made, taken whole and in pieces, and two entries tell of it", async () => {
  await withApi(async (api) => {
    const { ask, machine, person: as, home } = api;
    const canaries: string[] = [];
    for (const index of [1, 2]) {
      const order = orderBody(index);
      await ask("/v1/waybills", { as: machine, method: "POST", body: order });
      canaries.push(order.recipient.name, order.recipient.phone, order.recipient.address);
    }
    const job = await made(api, as);
    assert.equal(job["state"], "ready", JSON.stringify(job));
    const at = `/v1/exports/${String(job["id"])}/file`;
    const whole = await ask(at, { as });
    const etag = whole.headers.get("etag") ?? "";
    const file = await bytesOf(whole);
    assert.deepEqual([whole.status, file.length], [200, job["bytes"]]);
    assert.equal(hash("sha256", file), job["sha256"]);
    assert.equal(etag, `"${String(job["sha256"])}"`);
    assert.match(whole.headers.get("content-disposition") ?? "", /^attachment; filename="midan-/);

    // Cut off in the middle of the second part, and gone on with.
    const first = await ask(at, { as, headers: { range: "bytes=0-99999" } });
    const rest = await ask(at, { as, headers: { range: "bytes=100000-", "if-range": etag } });
    assert.deepEqual([first.status, rest.status], [206, 206]);
    const range = `bytes 100000-${file.length - 1}/${file.length}`;
    assert.equal(rest.headers.get("content-range"), range);
    assert.ok(Buffer.concat([await bytesOf(first), await bytesOf(rest)]).equals(file));
    const other = { range: "bytes=5-", "if-range": '"of another file"' };
    assert.equal((await ask(at, { as, headers: other })).status, 200);
    const beyond = await ask(at, { as, headers: { range: `bytes=${file.length}-` } });
    assert.equal(beyond.status, 416);
    assert.equal(beyond.headers.get("content-range"), `bytes */${file.length}`);
    assert.equal(((await beyond.json()) as Told)["code"], "RANGE_UNSATISFIABLE");

    const place = path.join(home.directory, "taken.zip");
    await writeFile(place, file);
    const options = { directory: home.directory, environment: home.environment };
    const checked = await midan(["bundle", "verify", place, "--json"], options);
    assert.equal(checked.code, 0, checked.stdout + checked.stderr);
    assert.deepEqual(searchBytes(file, needlesOf(canaries)), []);
    const told = [await leaves(home, "bundle-made"), await leaves(home, "export")];
    assert.deepEqual(
      told.map((list) => list.length),
      [1, 1],
    );
    assert.equal(whole.headers.get("midan-entry"), rest.headers.get("midan-entry"));
  });
});

test("P10: an export is its maker's alone, may be dropped, and is gone after a day", async () => {
  await withApi(async (api) => {
    const { ask, person, owner, courier, machine, home, vault } = api;
    const begin = async () => ask("/v1/exports", { as: owner, method: "POST", body: bodyFor(api) });
    const both = await Promise.all([begin(), begin()]);
    assert.deepEqual(new Set(both.map(({ status }) => status)), new Set([202, 429]));
    assert.ok(both.some((answer) => answer.headers.has("retry-after")));
    const begun = both.find(({ ok }) => ok) ?? assert.fail();
    const { id } = (await begun.json()) as { readonly id: string };
    await ask(`/v1/exports/${id}?waitSeconds=60`, { as: owner });
    await ask(`/v1/exports/${id}`, { as: owner, method: "DELETE" });
    const job = await made(api, person);
    const at = `/v1/exports/${String(job["id"])}`;
    for (const place of [at, `${at}/file`]) {
      assert.equal((await ask(place, { as: owner })).status, 404, "of another who may make them");
      for (const as of [courier, machine]) assert.equal((await ask(place, { as })).status, 403);
      assert.equal((await ask(place)).status, 401);
    }
    assert.equal((await ask(at, { as: owner, method: "DELETE" })).status, 404);
    const listed = (await (await ask("/v1/exports", { as: person })).json()) as { items: Told[] };
    assert.deepEqual(listed.items, [job]);
    const failing = { ...bodyFor(api), organisation: "没有这个机构" };
    await ask("/v1/exports", { as: person, method: "POST", body: failing });
    const failed = async (): Promise<Told | undefined> => {
      const answer = await ask("/v1/exports", { as: person });
      const { items } = (await answer.json()) as { readonly items: readonly Told[] };
      return items.find(({ state }) => state === "failed");
    };
    const end = performance.now() + 20_000;
    while ((await failed()) === undefined && performance.now() < end) await wait(50);
    const lost = (await failed()) ?? assert.fail();
    assert.equal(lost["failure"], "ORGANISATION_UNKNOWN");
    const early = await ask(`/v1/exports/${String(lost["id"])}/file`, { as: person });
    assert.equal(early.status, 409);
    assert.equal((await ask(at, { as: person, method: "DELETE" })).status, 204);
    assert.equal((await ask(at, { as: person })).status, 404);
    assert.equal((await home.rows("select 1 from export_part")).length, 0);

    // A server that died while it made one leaves a job that nobody finishes.
    await home.change(
      `update export_job set state = 'making', failure = null, ended_at = null,
         beat_at = beat_at - interval '2 minutes'`,
    );
    assert.equal((await failed())?.["failure"], "EXPORT_LOST");
    await home.change("update export_job set made_at = made_at - interval '25 hours'");
    assert.equal((await ask(`/v1/exports/${String(lost["id"])}`, { as: person })).status, 404);
    assert.equal(await clearOldExports(vault), 1);
    assert.equal((await home.rows("select 1 from export_job")).length, 0);
  });
});
