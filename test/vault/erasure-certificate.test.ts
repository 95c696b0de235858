/** Certificates of erasure: what they say, who can check them, and what is not certified (P9). */
import assert from "node:assert/strict";
import { generateKeyPairSync, hash, randomBytes } from "node:crypto";
import { cp } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileRootKey } from "../../src/keystore/file-root-key.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { checkCertificate } from "../../src/outside/certificate-check.ts";
import { runJobs } from "../../src/jobs/run.ts";
import { erasureCertificatePdf } from "../../src/oversight/erasure-certificate-pdf.ts";
import { addDays, mondayOf, parseDay } from "../../src/rules/calendar.ts";
import type { Day } from "../../src/rules/calendar.ts";
import { certificateLimits, certificateLines } from "../../src/rules/erasure-certificate-line.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import { erase } from "../../src/vault/erase.ts";
import { certifyErasure, keptCertificate } from "../../src/vault/erasure-certificate.ts";
import type { ErasureCertificate } from "../../src/vault/erasure-certificate.ts";
import { backupKeys, rotateKeys } from "../../src/vault/keys.ts";
import { rotateSigningKeys } from "../../src/vault/signing-key-rotation.ts";
import { placeHold } from "../../src/vault/hold.ts";
import { shred } from "../../src/vault/shred.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { FONTS } from "../label/sample.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, inventOrders, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

const OFFLINE = generateKeyPairSync("x25519", {
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
}).publicKey;

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
    assert.notEqual(certificate.keyFilesDueOn, null);
    assert.deepEqual([certificate.keyFoldersOpen, certificate.keyCopies], [true, []]);
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
    // One with the death itself, one when the quarter's key went in the same run, one for the week.
    assert.deepEqual(
      [kept.length, kept[1]?.["note"], kept[2]?.["note"]],
      [3, first.note, second?.note],
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
    // The one before stays, and is the one that the new one names.
    const kept = await home.rows("select note from erasure_certificate order by number");
    assert.ok(kept.some((row) => row["note"] === first?.note));
    // Between them is the one for the key of the quarter, which went with the last of it.
    const digestOf = (note: unknown): string =>
      hash("sha256", `${String(note).split("\n\n")[0]}\n`);
    const between = kept.find((row) => String(row["note"]).includes(digestOf(first?.note)));
    assert.equal(anew?.certificate.earlier, digestOf(between?.["note"]));
    const digests = (await leaves(home, "document-issued")).map((leaf) => leaf["digest"]);
    assert.ok(digests.includes(anew?.certificate.earlier));
    const count = kept.length;
    await runJobs(trusted);
    assert.equal((await home.rows("select 1 from erasure_certificate")).length, count);
  });
});

test("CERT-1: a certificate is one page, also with copies and the one before", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({ tenant: "北辰物流有限公司杭州市西湖区第三分拨中心" });
    const { rows } = await sealOrders(vault, inventOrders(1));
    const [token = ""] = rows.map((row) => row.token);
    const actor = signedIn("officer");
    for (let copies = 0; copies < 5; copies += 1)
      await backupKeys(vault, { recipientPem: OFFLINE, actor });
    await erase(vault, { token, reason: "本人请求", actor });
    for (let phase = 0; phase < 2; phase += 1)
      await rotateSigningKeys(vault, { use: "certificate", actor });
    const first = await keptCertificate(vault, { id: token, actor: signedIn("officer") });
    const anew = await certifyErasure(vault, { id: token, actor });
    assert.equal(anew.certificate.keyCopies.length, 5);
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

/** What is printed in one language, the limits behind the lines. */
function printed(certificate: ErasureCertificate, language: "zh" | "en" = "en"): string {
  const lines = certificateLines(certificate).map((line) => `${line.en}: ${line.value[language]}`);
  return [...lines, ...certificateLimits(certificate).map((limit) => limit[language])].join("\n");
}

test("CERT-5: a listed copy from before is named, whatever was rotated since", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const { rows } = await sealOrders(vault, inventOrders(1));
    const [token = ""] = rows.map((row) => row.token);
    const actor = signedIn("officer");
    const backUp = async () => (await backupKeys(vault, { recipientPem: OFFLINE, actor })).copy;
    const before = await backUp();
    clock.set(addDays(clock.today, 1));
    await erase(vault, { token, reason: "本人请求", actor });
    clock.set(addDays(clock.today, 1));
    await backUp();
    await rotateKeys(vault, { root: true, actor, onProgress: () => undefined });
    const { certificate } = await certifyErasure(vault, { id: token, actor });
    const { id, madeAt, recipient } = before;
    const named = { id, madeAt: madeAt.toISOString(), recipient };
    assert.deepEqual([certificate.keyCopies, certificate.keyCopiesMore], [[named], 0]);
    assert.ok(printed(certificate).includes(`${id}  2026-03-02 12:00  ${recipient}`));
    assert.match(printed(certificate), /Old listed copies: 1 open with their keys/u);
    assert.ok(certificate.doesNotProve.includes("copies-not-listed"));
    assert.match(printed(certificate), /no copy of the key store that nobody listed/u);
  });
});

test("CERT-5: whole copies open until the root key changes, files until rotation", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const { rows } = await sealOrders(vault, inventOrders(1));
    const [token = ""] = rows.map((row) => row.token);
    const actor = signedIn("officer");
    const copied = path.join(home.directory, "copied-keys");
    await cp(home.config().keysDir, copied, { recursive: true });
    await erase(vault, { token, reason: "本人请求", actor });
    const bound = async () => {
      const { certificate } = await certifyErasure(vault, { id: token, actor });
      const { keyFilesDueOn, keyFoldersOpen, rootKeyChangedAt } = certificate;
      return { known: [keyFilesDueOn, keyFoldersOpen, rootKeyChangedAt], certificate };
    };
    const first = await bound();
    assert.deepEqual(first.known, ["2026-03-09", true, null]);
    assert.match(printed(first.certificate), /until the rotation due on 2026-03-09 is done/u);
    clock.set(addDays(clock.today, 1));
    const rotate = async (root: boolean) =>
      rotateKeys(vault, { root, actor, onProgress: () => undefined });
    await rotate(false);
    assert.equal(await livingIn(home, copied), 1, "today's root key opens the whole old copy");
    const second = await bound();
    assert.deepEqual(second.known, [null, true, null]);
    assert.match(printed(second.certificate), /any opens as long as this root key lives/u);
    await rotate(true);
    await assert.rejects(livingIn(home, copied), fails("KEYSTORE_ROOT_WRONG"));
    const third = await bound();
    assert.deepEqual(third.known, [null, false, clock.now().toISOString()]);
    assert.match(printed(third.certificate), /not with today's root key/u);
    assert.match(printed(third.certificate, "zh"), /根密钥已于 2026-03-03 12:00 更换/u);
  });
});

/** How many compartments an older copy of the key store still opens, with the root key of now. */
async function livingIn(home: Home, folder: string): Promise<number> {
  const file = home.config().rootKeyFile;
  const rootKey = fileRootKey(file, (count) => randomBytes(count));
  const options = { folder, rootKey, randomBytes: (count: number) => randomBytes(count) };
  const store = await KeyStore.open({ ...options, now: () => new Date() });
  try {
    const records = await store.list();
    for (const { serial } of records) await store.openCompartment(serial);
    return records.length;
  } finally {
    await store.close();
  }
}

test("CERT-5: a death in the turn of a rotation counts as before it", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const { rows } = await sealOrders(vault, inventOrders(1));
    const [token = ""] = rows.map((row) => row.token);
    const actor = signedIn("officer");
    await erase(vault, { token, reason: "本人请求", actor });
    clock.wait(59);
    await rotateKeys(vault, { root: true, actor, onProgress: () => undefined });
    const { certificate } = await certifyErasure(vault, { id: token, actor });
    assert.deepEqual([certificate.keyFilesDueOn, certificate.keyFoldersOpen], ["2026-03-09", true]);
  });
});

test("CERT-6: phone index and fingerprint are told apart, each with its own day", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const { rows } = await sealOrders(vault, inventOrders(1));
    const [token = ""] = rows.map((row) => row.token);
    const actor = signedIn("officer");
    const death = addDays(clock.today, 120);
    await erase(vault, { token, reason: "本人请求", actor });
    clock.set(death);
    await shred(vault, { on: death, dryRun: false, sharePercentMax: 100 });
    clock.set(addDays(mondayOf(death), 7));
    await shred(vault, { on: clock.today, dryRun: false, sharePercentMax: 100 });
    const { certificate } = await certifyErasure(vault, { id: token, actor });
    assert.notEqual(certificate.indexKeyGoneAt, null);
    // Sealed in the first quarter: what was sealed on its last day dies 120 days later.
    const season = { season: "season-2026Q1", dueOn: "2026-07-29" };
    const [fingerprint] = certificate.indexSeasons;
    assert.deepEqual([certificate.indexSeasons.length, fingerprint?.season], [1, season.season]);
    assert.equal(fingerprint?.dueOn, season.dueOn);
    assert.equal(certificate.intakeHashesUntil, addDays(death, 245));
    assert.match(printed(certificate), /order stay in the database until 2027-03-02/u);
    assert.match(printed(certificate), /Fingerprint of 2026Q1 unrecoverable since: /u);
  });
});

test("CERT-6: a fingerprint key outlives the week while its quarter lives", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const { rows } = await sealOrders(vault, inventOrders(1));
    const [token = ""] = rows.map((row) => row.token);
    const actor = signedIn("officer");
    const death = addDays(clock.today, 120);
    await erase(vault, { token, reason: "本人请求", actor });
    clock.set(parseDay("2026-03-31") ?? assert.fail());
    await sealOrders(vault, inventOrders(1, 100));
    const goneAt = async (day: Day) => {
      clock.set(day);
      await shred(vault, { on: day, dryRun: false, sharePercentMax: 100 });
      const { certificate } = await certifyErasure(vault, { id: token, actor });
      const [fingerprint] = certificate.indexSeasons;
      return [certificate.indexKeyGoneAt, fingerprint?.goneAt].map((one) => one?.slice(0, 10));
    };
    const week = addDays(mondayOf(death), 7);
    const due = addDays(parseDay("2026-03-31") ?? assert.fail(), 120);
    assert.deepEqual(await goneAt(death), [undefined, undefined]);
    assert.deepEqual(await goneAt(week), [week, undefined]);
    assert.deepEqual(await goneAt(addDays(due, -1)), [week, undefined]);
    assert.deepEqual(await goneAt(due), [week, due]);
  });
});
