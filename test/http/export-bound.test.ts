/** Bounds of exports: of rows, of looks, and of the life of whoever makes them. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { bundleKit } from "../../src/cli/bundle-kit.ts";
import { actorOfAccount } from "../../src/identity/session.ts";
import { openFonts } from "../../src/main.ts";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import { EXPORT_ROWS_MAX } from "../../src/rules/export.ts";
import { connected } from "../../src/store/pool.ts";
import { findAccountByName } from "../../src/store/staff-account.ts";
import { ExportDesk } from "../../src/vault/export-job.ts";
import { awaitExport, dropExport, listExports } from "../../src/vault/export-own.ts";
import { takeExport } from "../../src/vault/export-take.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { orderBody, withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";
import { ended, fileOf, sealedAs, STALL } from "./export-scene.ts";
import type { Told } from "./export-scene.ts";

const MASKED = { kind: "masked-waybills", purpose: "deliver" } as const;
const LINES = { ...MASKED, format: "ndjson" } as const;

/** One place over and over in one batch: it counts each time. */
async function repeated({ home }: ApiServer, places: number): Promise<void> {
  await home.change(
    `insert into seal_batch (batch_leaf, shell_week, sealed_at, places)
     select decode(md5('invented'), 'hex'), shell_week, sealed_at, decode(repeat(encode(
       substring(places from 1 for 12), 'hex'), $1::integer), 'hex')
     from seal_batch limit 1`,
    [places],
  );
}

test("P16: an export over the bound fails in words; narrowed down it is made", async () => {
  await withApi(async (api) => {
    const { person: as, machine, home } = api;
    await sealedAs(api, machine, [1]);
    await repeated(api, EXPORT_ROWS_MAX);
    const token = await sealedAs(api, machine, [2, { merchant: STALL }]);
    const failed = await ended(api, as, MASKED);
    assert.deepEqual([failed["state"], failed["failure"]], ["failed", "EXPORT_TOO_LARGE"]);
    const early = await api.ask(`/v1/exports/${String(failed["id"])}/file`, { as });
    assert.equal(early.status, 409);
    const [told] = await leaves(home, "export-made");
    assert.deepEqual([told?.["failure"], told?.["count"]], ["EXPORT_TOO_LARGE", 0]);
    const { text } = await fileOf(api, as, { ...LINES, merchant: STALL });
    assert.equal((JSON.parse(text) as Told)["token"], token);
    assert.equal((await home.rows("select 1 from export_part")).length, 1);
  });
});

test("P10: a list spends of a counter of its own, and is refused when that is spent", async () => {
  await withApi(async (api) => {
    const { person: as, machine, home, ask } = api;
    await sealedAs(api, machine, [1]);
    const { job } = await fileOf(api, as, MASKED);
    await home.change(
      `update quota_count set spent = 300
       where scope = 'purpose' and span = 'day' and key like '%/export'`,
    );
    const again = await ask(`/v1/exports/${String(job["id"])}/file`, { as });
    assert.equal(again.status, 200, "the same list within an hour costs nothing");
    await again.arrayBuffer();
    const other = await ended(api, as, LINES);
    const refused = await ask(`/v1/exports/${String(other["id"])}/file`, { as });
    assert.equal(refused.status, 429);
    assert.equal(((await refused.json()) as Told)["code"], "QUOTA_SPENT");
    const told = await leaves(home, "export");
    assert.deepEqual(
      told.map(({ failure = null }) => failure),
      [null, null, "QUOTA_SPENT"],
    );
    // Nobody's looks were spent.
    const person = { as, method: "POST", body: { phone: orderBody(1).recipient.phone } };
    assert.equal((await ask("/v1/search", person)).status, 200);
  });
});

const GUEST = fileURLToPath(new URL("export-guest.ts", import.meta.url));

/** Begins an export in a process of its own and kills that, once it has told which. */
async function killedMaking(home: Home, days: readonly string[]): Promise<string> {
  const env = { ...process.env, ...home.environment };
  const child = spawn(process.execPath, [GUEST, ...days], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (piece: Buffer) => (complaint += piece.toString("utf8")));
  const closed = once(child, "close");
  const [piece] = (await Promise.race([once(child.stdout, "data"), closed])) as [unknown];
  child.kill("SIGKILL");
  await closed;
  assert.ok(piece instanceof Buffer, complaint);
  return piece.toString("utf8").trim();
}

test("P17: an export whose server was killed is soon told as lost, and made anew", async () => {
  await withHome(async (home) => {
    let now = new Date();
    await using vault = await home.open({ now: () => now });
    const today = dayOf(now, vault.timeZone);
    const [from, to] = [addDays(today, -1), addDays(today, 1)];
    const id = await killedMaking(home, [from, to]);
    const account = await connected(vault.database, async (c) =>
      findAccountByName(c, vault.tenant.id, "the-maker"),
    );
    assert.ok(account !== null);
    const actor = await connected(vault.database, async (c) =>
      actorOfAccount(vault, c, { account }),
    );
    const state = async (): Promise<readonly unknown[]> =>
      (await listExports(vault, actor)).map((row) => [row.id, row.state, row.failure]);
    assert.deepEqual(await state(), [[id, "making", null]]);
    now = new Date(now.getTime() + 2 * 60_000);
    assert.deepEqual(await state(), [[id, "failed", "EXPORT_LOST"]]);
    await assert.rejects(takeExport(vault, { id, actor }), { code: "EXPORT_NOT_READY" });
    // Another server makes it anew.
    await using desk = new ExportDesk(vault, bundleKit({ fonts: openFonts, witnessesFile: null }));
    const filters = { state: null, merchant: null, question: null };
    const what = {
      kind: "log-entries",
      organisation: null,
      purpose: "audit",
      format: null,
    } as const;
    const begun = await desk.begin({ ...what, ...filters, actor, from, to });
    const made = await awaitExport(vault, { id: begun.id, actor }, 60_000);
    assert.equal(made.state, "ready", String(made.failure));
    await dropExport(vault, { id, actor });
    assert.deepEqual(await state(), [[begun.id, "ready", null]]);
  });
});
