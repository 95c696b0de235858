/** Certificates of erasure: what they say, who can check them, and what is not certified (P9). */
import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import { checkCertificate } from "../../src/outside/certificate-check.ts";
import { runJobs } from "../../src/jobs/run.ts";
import { erasureCertificatePdf } from "../../src/oversight/erasure-certificate-pdf.ts";
import { addDays, mondayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import { erase } from "../../src/vault/erase.ts";
import { certifyErasure, keptCertificate } from "../../src/vault/erasure-certificate.ts";
import { rotateSigningKeys } from "../../src/vault/signing-key-rotation.ts";
import { placeHold } from "../../src/vault/hold.ts";
import { shred } from "../../src/vault/shred.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import { FONTS } from "../label/sample.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, inventOrders, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

const fails =
  (code: FailureCode) =>
  (error: unknown): boolean =>
    isFailure(error, code);

test("CERT-1: an early erasure is certified, signed, and checked without a database", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({});
    const { rows } = await sealOrders(vault, inventOrders(2));
    const [token = "", other = ""] = rows.map((row) => row.token);
    const actor = signedIn("officer");
    await assert.rejects(certifyErasure(vault, { id: token, actor }), fails("CERTIFICATE_ABSENT"));
    const { entry } = await erase(vault, { token, reason: "本人请求", actor });
    const kept = await keptCertificate(vault, { id: token, actor: signedIn("officer") });
    assert.deepEqual(kept?.certificate.id, entry);
    const signed = await certifyErasure(vault, { id: token, actor });
    const { certificate, note, key } = signed;
    assert.deepEqual(
      [certificate.kind, certificate.cause, certificate.id, certificate.token],
      ["waybill", "early", entry, token],
    );
    assert.equal(certificate.indexKeyGoneAt, null);
    assert.notEqual(certificate.keyCopiesOpenUntil, null);
    assert.ok(certificate.doesNotProve.includes("machine-snapshots"));
    assert.deepEqual(await checkCertificate(note, key), { ...certificate });
    const again = await certifyErasure(vault, { id: entry, actor });
    const known = { issuedAt: "", earlier: "" };
    assert.deepEqual({ ...again.certificate, ...known }, { ...certificate, ...known });
    // One with the death itself, two that were asked for.
    assert.equal((await leaves(home, "document-issued")).length, 3);
    assert.equal(
      (await keptCertificate(vault, { id: token, actor: signedIn("officer") }))?.note,
      again.note,
    );
    await assert.rejects(certifyErasure(vault, { id: other, actor }), fails("CERTIFICATE_ABSENT"));
    const order = inventOrder(0);
    assert.ok(![order.phone, order.name, order.address].some((value) => note.includes(value)));
  });
});

test("CERT-2: a certificate with any byte changed, or another key, does not check", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({});
    const { rows } = await sealOrders(vault, inventOrders(1));
    const token = rows[0]?.token ?? "";
    await erase(vault, { token, reason: "本人请求", actor: signedIn("a") });
    const { note, key } = await certifyErasure(vault, { id: token, actor: signedIn("a") });
    const bytes = Buffer.from(note, "utf8");
    let checked = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      await assert.rejects(checkCertificate(changed.toString("utf8"), key), `byte ${at}`);
      checked += 1;
    }
    assert.ok(checked > 500);
    const swapped = key.replace(/\+([0-9A-Za-z+/]{10})/, "+AAAAAAAAAA");
    await assert.rejects(checkCertificate(note, swapped), fails("CERTIFICATE_KEY"));
    await assert.rejects(checkCertificate(note, "nonsense"), fails("CERTIFICATE_KEY"));
  });
});

test("CERT-3: a scheduled death is certified without what is held", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const { rows } = await sealOrders(vault, inventOrders(3));
    const [held = "", gone = ""] = rows.map((row) => row.token);
    const death = addDays(clock.today, 120);
    clock.set(addDays(death, -1));
    const until = addDays(death, 30);
    const hold = { token: held, reason: "claim", authority: "理赔组", document: null, until };
    await placeHold(vault, { ...hold, actor: signedIn("a") });
    const [record] = await vault.keys.list();
    clock.set(death);
    await shred(vault, { on: death, dryRun: false, sharePercentMax: null });
    const serial = (record?.serial ?? 0).toString(16).padStart(10, "0");
    const whole = (await certifyErasure(vault, { id: serial, actor: signedIn("a") })).certificate;
    assert.deepEqual([whole.kind, whole.waybills, whole.cause], ["compartment", 2, "scheduled"]);
    assert.equal(whole.indexKeyGoneAt, null);
    assert.equal(whole.indexKeyDueOn, addDays(mondayOf(death), 7));
    const one = (await certifyErasure(vault, { id: gone, actor: signedIn("a") })).certificate;
    assert.deepEqual([one.waybills, one.token, one.dataGoneAt], [1, gone, whole.dataGoneAt]);
    const asked = certifyErasure(vault, { id: held, actor: signedIn("a") });
    await assert.rejects(asked, fails("CERTIFICATE_ABSENT"));
    clock.set(addDays(mondayOf(death), 7));
    await shred(vault, { on: clock.today, dryRun: false, sharePercentMax: null });
    const later = (await certifyErasure(vault, { id: serial, actor: signedIn("a") })).certificate;
    assert.equal(later.indexKeyGoneAt?.slice(0, 10), clock.today);
  });
});

test("CERT-4: a death and its certificate come together, the index adds another", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const { rows } = await sealOrders(vault, inventOrders(2));
    const death = addDays(clock.today, 120);
    const [record] = await vault.keys.list();
    const serial = (record?.serial ?? 0).toString(16).padStart(10, "0");
    clock.set(death);
    await shred(vault, { on: death, dryRun: false, sharePercentMax: null });
    const first = await keptCertificate(vault, { id: serial, actor: signedIn("officer") });
    assert.ok(first !== null);
    assert.deepEqual(
      [first.certificate.cause, first.certificate.waybills, first.certificate.indexKeyGoneAt],
      ["scheduled", 2, null],
    );
    assert.deepEqual(await checkCertificate(first.note, first.key), { ...first.certificate });
    // One waybill of it has none of its own; it is made when somebody asks.
    assert.equal(
      await keptCertificate(vault, { id: rows[0]?.token ?? "", actor: signedIn("officer") }),
      null,
    );
    clock.set(addDays(mondayOf(death), 7));
    await shred(vault, { on: clock.today, dryRun: false, sharePercentMax: null });
    const second = await keptCertificate(vault, { id: serial, actor: signedIn("officer") });
    assert.equal(second?.certificate.indexKeyGoneAt?.slice(0, 10), clock.today);
    const kept = await home.rows("select note from erasure_certificate order by number");
    assert.deepEqual(
      kept.map((row) => row["note"]),
      [first.note, second?.note],
    );
    const issued = await leaves(home, "document-issued");
    const digests = kept.map((row) => hash("sha256", String(row["note"]).split("\n\n")[0] + "\n"));
    assert.deepEqual(
      issued.map((leaf) => leaf["digest"]),
      digests,
    );
  });
});

test("CERT-4: when the index dies later, one waybill's certificate is issued anew", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const { rows } = await sealOrders(vault, inventOrders(3));
    const [token = "", held = ""] = rows.map((row) => row.token);
    const death = addDays(clock.today, 120);
    await erase(vault, { token, reason: "本人请求", actor: signedIn("a") });
    const first = await keptCertificate(vault, { id: token, actor: signedIn("officer") });
    assert.deepEqual([first?.certificate.indexKeyGoneAt, first?.certificate.earlier], [null, null]);
    clock.set(addDays(death, -1));
    const until = addDays(death, 2);
    const hold = { token: held, reason: "claim", authority: "理赔组", document: null, until };
    await placeHold(vault, { ...hold, actor: signedIn("a") });
    const trusted = { ...vault, clockTrusted: true };
    clock.set(death);
    await runJobs(trusted);
    clock.set(addDays(mondayOf(death), 7));
    await runJobs(trusted);
    for (const each of [token, held]) {
      const anew = await keptCertificate(vault, { id: each, actor: signedIn("officer") });
      assert.equal(anew?.certificate.indexKeyGoneAt?.slice(0, 10), clock.today, each);
      assert.deepEqual(await checkCertificate(anew.note, anew.key), { ...anew.certificate });
    }
    const anew = await keptCertificate(vault, { id: token, actor: signedIn("officer") });
    const text = first?.note.split("\n\n")[0] ?? "";
    assert.equal(anew?.certificate.earlier, hash("sha256", `${text}\n`));
    // The one before stays, and is the one that the new one names.
    const kept = await home.rows("select note from erasure_certificate order by number");
    assert.ok(kept.some((row) => row["note"] === first?.note));
    const digests = (await leaves(home, "document-issued")).map((leaf) => leaf["digest"]);
    assert.ok(digests.includes(anew?.certificate.earlier));
    const count = kept.length;
    await runJobs(trusted);
    assert.equal((await home.rows("select 1 from erasure_certificate")).length, count);
  });
});

test("CERT-1: a certificate is one page, also when it names the one before", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({ tenant: "北辰物流有限公司杭州市西湖区第三分拨中心" });
    const { rows } = await sealOrders(vault, inventOrders(1));
    const [token = ""] = rows.map((row) => row.token);
    const actor = signedIn("officer");
    await erase(vault, { token, reason: "本人请求", actor });
    for (let phase = 0; phase < 2; phase += 1)
      await rotateSigningKeys(vault, { use: "certificate", actor });
    const first = await keptCertificate(vault, { id: token, actor: signedIn("officer") });
    const anew = await certifyErasure(vault, { id: token, actor });
    assert.deepEqual(
      [first?.key, anew.key].map((key) => key?.split("+")[0]),
      ["midan-certificate-1", "midan-certificate-2"],
    );
    for (const signed of [first ?? assert.fail(), anew]) {
      const drawn = { fonts: FONTS, createdAt: new Date("2026-11-28T00:00:00Z") };
      const pdf = Buffer.from(await erasureCertificatePdf(signed, drawn)).toString("latin1");
      assert.equal(pdf.match(/\/Type \/Page\b/gu)?.length, 1);
      await checkCertificate(signed.note, signed.key);
    }
  });
});
