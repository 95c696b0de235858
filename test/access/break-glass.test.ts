/** Break-glass: reason, evidence, minutes; told, judged, and stopped by what forbids (P10, P11). */
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { test } from "node:test";
import type { Actor } from "../../src/access/actor.ts";
import { foundHeadquarters } from "../../src/access/organisation.ts";
import { dayOf } from "../../src/rules/calendar.ts";
import { breakGlassTally } from "../../src/store/break-glass.ts";
import { connected } from "../../src/store/pool.ts";
import {
  acknowledge,
  breakGlass,
  breakGlasses,
  openEvidence,
} from "../../src/vault/break-glass.ts";
import type { BrokenGlass } from "../../src/vault/break-glass.ts";
import { addWebhook } from "../../src/access/webhook.ts";
import { OwnNetworks } from "../../src/access/webhook-address.ts";
import { query } from "../../src/store/query.ts";
import { assign } from "../../src/vault/assign.ts";
import { erase } from "../../src/vault/erase.ts";
import { reveal } from "../../src/vault/reveal.ts";
import type { Revealed } from "../../src/vault/reveal.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { placedAt, signedIn } from "../support/actor.ts";
import type { Clock } from "../support/clock.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { sealOne } from "../support/orders.ts";
import { withVault } from "../support/vault.ts";
import { failure } from "./fresh-desk.ts";

const OUTLET = "甲快递一号网点";
const COURIER = signedIn("快递员甲", "courier");
const OFFICER = signedIn("隐私负责人");
/** The beginning of a JPEG and then anything; its middle is looked for in the database's bytes. */
const PHOTO = Buffer.concat([
  Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  Buffer.from("现场照片里的门牌".repeat(40)),
]);

async function smash(vault: Vault, token: string, change: object = {}): Promise<BrokenGlass> {
  const actor = await placedAt(vault, COURIER, OUTLET);
  const asked = { reason: "收件人晕倒,需联系家属", evidence: PHOTO, minutes: 10, actor };
  return breakGlass(vault, { ...asked, token, ...change });
}

async function open(vault: Vault, token: string, by: Actor = COURIER): Promise<Revealed> {
  const actor = by.organisationId === null ? await placedAt(vault, by, OUTLET) : by;
  return reveal(vault, { token, fields: "phone", purpose: "contact", actor, reason: null });
}

/** The waybill of a parcel that the courier's outlet has today, and that is on nobody's route. */
async function sealedAt(vault: Vault, index = 1): Promise<string> {
  const token = await sealOne(vault, index);
  const on = dayOf(vault.now(), vault.timeZone);
  await assign(vault, { token, branch: OUTLET, to: null, on, actor: OFFICER });
  return token;
}

type Work = (vault: Vault, clock: Clock, home: Home) => Promise<void>;

async function withFirm(work: Work): Promise<void> {
  await withVault(async (vault, clock, home) => {
    await foundHeadquarters(vault, { name: "甲快递总部", outlets: [OUTLET], actor: OFFICER });
    await work(vault, clock, home);
  });
}

test("P10: a broken glass opens one waybill to one person for its minutes", async () => {
  await withFirm(async (vault, clock, home) => {
    const [token, other] = [await sealedAt(vault, 1), await sealedAt(vault, 2)];
    const denied = failure("ACCESS_DENIED");
    await assert.rejects(open(vault, token), denied, "not on the route");
    const { id, until } = await smash(vault, token);
    assert.equal(until.getTime() - clock.now().getTime(), 600_000);
    assert.equal((await open(vault, token)).values.length, 1);
    await assert.rejects(open(vault, other), denied, "another waybill");
    const somebody = signedIn("快递员乙", "courier");
    await assert.rejects(open(vault, token, somebody), denied, "another person");
    clock.wait(599);
    await open(vault, token);
    clock.wait(1);
    await assert.rejects(open(vault, token), denied, "its minutes are over");
    const looks = await leaves(home, "reveal");
    assert.deepEqual(
      looks.map(({ mode, request }) => ({ mode, request })),
      Array(2).fill({ mode: "break-glass", request: id }),
    );
    const [told] = await leaves(home, "break-glass");
    assert.equal(told?.["mode"], "opened");
    assert.equal(told["digest"], createHash("sha256").update(PHOTO).digest("hex"));
    assert.ok(!JSON.stringify(told).includes("晕倒"));
  });
});

test("P10: a broken glass is told at once, with the entry and without a person", async () => {
  await withFirm(async (vault) => {
    // An address and no name, so that nothing is looked up; nothing is delivered here either.
    const asked = { url: "https://10.9.8.7/midan", actor: signedIn("总部", "owner") };
    const own = new OwnNetworks(["10.9.8.0/24"]);
    await addWebhook(vault, { ...asked, events: ["break-glass.opened"] }, own);
    const token = await sealedAt(vault);
    const { id, until, entry } = await smash(vault, token);
    const rows = await connected(vault.database, async (connection) =>
      query(connection, { text: "select event, body from webhook_delivery" }),
    );
    assert.equal(rows.length, 1);
    const { data } = JSON.parse(String(rows[0]?.["body"])) as { readonly data: object };
    const account = COURIER.pseudonym;
    assert.deepEqual(data, { request: id, token, account, until: until.toISOString(), entry });
  });
});

test("P10: the privacy officer sees it, opens the evidence, and ends it", async () => {
  await withFirm(async (vault, clock, home) => {
    const token = await sealedAt(vault);
    const { id } = await smash(vault, token);
    await open(vault, token);
    const waiting = await breakGlasses(vault, { actor: OFFICER, all: false });
    assert.deepEqual(
      waiting.map((row) => [row.id, row.token, row.looks, row.actor, row.finding]),
      [[id, token, 1, COURIER.pseudonym, null]],
    );
    const { file } = await openEvidence(vault, { id, actor: OFFICER });
    assert.deepEqual(Buffer.from(file), PHOTO);
    const [kept] = await home.rows("select evidence from break_glass");
    const sealed = kept?.["evidence"];
    assert.ok(Buffer.isBuffer(sealed) && !sealed.includes(PHOTO.subarray(4, 40)), "kept sealed");
    const asked = { id, finding: "unjustified", actor: OFFICER };
    const own = { ...COURIER, role: "privacy-officer" } as const;
    await assert.rejects(acknowledge(vault, { ...asked, actor: own }), failure("BREAK_GLASS_SELF"));
    const clerk = { ...asked, actor: signedIn("业务员", "clerk") };
    await assert.rejects(acknowledge(vault, clerk), failure("ACCESS_DENIED"));
    await assert.rejects(acknowledge(vault, { ...asked, finding: "?" }), failure("USAGE"));
    await acknowledge(vault, asked);
    await assert.rejects(acknowledge(vault, asked), failure("BREAK_GLASS_ACKNOWLEDGED"));
    await assert.rejects(open(vault, token), failure("ACCESS_DENIED"), "it ended at once");
    assert.equal((await breakGlasses(vault, { actor: OFFICER, all: false })).length, 0);
    const modes = (await leaves(home, "break-glass")).map(({ mode, answer }) => [mode, answer]);
    assert.deepEqual(modes, [
      ["opened", undefined],
      ["evidence-opened", undefined],
      ["acknowledged", "unjustified"],
    ]);
    await smash(vault, await sealedAt(vault, 2));
    const tally = async (before: Date) =>
      connected(vault.database, async (c) => breakGlassTally(c, vault.tenant.id, before));
    assert.deepEqual(await tally(clock.now()), { count: 1, of: 1 });
    clock.wait(1);
    assert.deepEqual(await tally(clock.now()), { count: 2, of: 2 }, "left lying counts too");
  });
});

test("P10: a broken glass lifts no forbid, no quota and no death", async () => {
  await withFirm(async (vault, clock) => {
    const token = await sealedAt(vault);
    await smash(vault, token, { minutes: 60 });
    const actor = await placedAt(vault, COURIER, OUTLET);
    const asked = { token, fields: "phone", actor, reason: "x" };
    const claim = reveal(vault, { ...asked, purpose: "claim" });
    await assert.rejects(claim, failure("ACCESS_DENIED"), "no purpose of the road");
    const field = reveal(vault, { ...asked, fields: "address", purpose: "contact" });
    await assert.rejects(field, failure("FIELD_NOT_ALLOWED"));
    const [top, own] = [randomUUID(), randomUUID()];
    const stranger = { ...COURIER, organisationId: own, organisationPath: [top, own] };
    await assert.rejects(
      open(vault, token, stranger),
      failure("ACCESS_DENIED"),
      "another branch's",
    );
    clock.set(clock.today, "23:30:00");
    await smash(vault, token, { minutes: 60 });
    const night = reveal(vault, { ...asked, purpose: "deliver" });
    await assert.rejects(night, failure("ACCESS_DENIED"), "at night");
    await open(vault, token);
    await erase(vault, { token, reason: "本人请求", actor: OFFICER });
    await assert.rejects(open(vault, token), failure("DATA_DEAD"));
    await assert.rejects(smash(vault, token), failure("DATA_DEAD"));
  });
});

test("P10: who may not, without evidence, or guessing, breaks no glass", async () => {
  await withFirm(async (vault, _clock, home) => {
    const token = await sealedAt(vault);
    for (const role of ["owner", "merchant", "auditor", "inspector"] as const) {
      const actor = signedIn("某人", role);
      await assert.rejects(smash(vault, token, { actor }), failure("ACCESS_DENIED"), role);
    }
    const wrong = failure("EVIDENCE_WRONG");
    await assert.rejects(smash(vault, token, { evidence: Buffer.from("GIF89a") }), wrong);
    const huge = Buffer.concat([PHOTO, Buffer.alloc(2 * 1024 * 1024)]);
    await assert.rejects(smash(vault, token, { evidence: huge }), wrong);
    await assert.rejects(smash(vault, token, { minutes: 61 }), failure("BREAK_GLASS_BOUNDS"));
    const phone = { reason: "打给19900000001" };
    await assert.rejects(smash(vault, token, phone), failure("TEXT_PERSONAL"));
    const denied = await leaves(home, "access-denied");
    // Twenty looks a minute, four for each try: the sixth is refused before its token is known.
    const outcomes: string[] = [];
    for (let guess = 0; guess < 6; guess += 1) {
      await smash(vault, `${token.slice(0, -6)}${guess}aaaaa`).catch((error: unknown) => {
        outcomes.push(error instanceof Error && "code" in error ? String(error.code) : "?");
      });
    }
    assert.equal(outcomes.length, 6);
    assert.equal(outcomes.at(-1), "QUOTA_SPENT");
    assert.equal((await home.rows("select from break_glass")).length, 0);
    // A waybill that is none is another branch's too, and told as such.
    const told = [
      ...(await leaves(home, "access-denied")).slice(denied.length),
      ...(await leaves(home, "break-glass")),
    ];
    assert.deepEqual(
      told.map(({ actor }) => actor),
      outcomes.map(() => COURIER.pseudonym),
      "each try is an entry, also the one over the quota",
    );
  });
});
