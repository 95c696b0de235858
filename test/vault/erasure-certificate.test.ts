/** Certificates of erasure: what they say, who can check them, and what is not certified (P9). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays, mondayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import { erase } from "../../src/vault/erase.ts";
import { certifyErasure, checkCertificate } from "../../src/vault/erasure-certificate.ts";
import { placeHold } from "../../src/vault/hold.ts";
import { shred } from "../../src/vault/shred.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
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
    const signed = await certifyErasure(vault, { id: token, actor });
    const { certificate, note, key } = signed;
    assert.deepEqual(
      [certificate.kind, certificate.cause, certificate.id, certificate.token],
      ["waybill", "early", entry, token],
    );
    assert.equal(certificate.indexKeyGoneAt, null);
    assert.notEqual(certificate.keyCopiesOpenUntil, null);
    assert.ok(certificate.doesNotProve.includes("machine-snapshots"));
    assert.deepEqual(checkCertificate(note, key), { ...certificate });
    const again = await certifyErasure(vault, { id: entry, actor });
    assert.deepEqual({ ...again.certificate, issuedAt: "" }, { ...certificate, issuedAt: "" });
    assert.equal((await leaves(home, "document-issued")).length, 2);
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
      assert.throws(() => checkCertificate(changed.toString("utf8"), key), `byte ${at}`);
      checked += 1;
    }
    assert.ok(checked > 500);
    const swapped = key.replace(/\+([0-9A-Za-z+/]{10})/, "+AAAAAAAAAA");
    assert.throws(() => checkCertificate(note, swapped), fails("CERTIFICATE_KEY"));
    assert.throws(() => checkCertificate(note, "nonsense"), fails("CERTIFICATE_KEY"));
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
