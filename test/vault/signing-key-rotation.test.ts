/**
 * Renewal of the keys that sign: what was signed before, meanwhile and after verifies with the key
 * of before and with the key of after, the old private key is gone, and what somebody signs with it
 * later is refused (P13, P18).
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseNote, signedNote } from "../../src/audit/note.ts";
import type { NoteSigner } from "../../src/audit/note.ts";
import { runJobs } from "../../src/jobs/run.ts";
import { logKeys } from "../../src/log/upkeep.ts";
import { checkCertificate } from "../../src/outside/certificate-check.ts";
import { logSource } from "../../src/outside/log-source.ts";
import { nodePlatform } from "../../src/outside/node-platform.ts";
import { openVault } from "../../src/main.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { certificateKey, certificateLine } from "../../src/vault/certificate-key.ts";
import { erase } from "../../src/vault/erase.ts";
import { keptCertificate } from "../../src/vault/erasure-certificate.ts";
import { keysStatus, restoreKeys } from "../../src/vault/keys.ts";
import type { Reconciled } from "../../src/vault/reconcile.ts";
import { search } from "../../src/vault/search.ts";
import { rotateSigningKeys, signingKeyStatus } from "../../src/vault/signing-key-rotation.ts";
import type { SigningPhase, SigningUse } from "../../src/vault/signing-key-rotation.ts";
import { proveStatement } from "../../src/vault/statement-proof.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { parseLogKeys, withChanges } from "../../src/verifier/log-keys.ts";
import { readReceipt } from "../../src/verifier/receipt.ts";
import type { Reason } from "../../src/verifier/reason.ts";
import { verifyStatement } from "../../src/verifier/statement-proof.ts";
import { verify } from "../../src/verifier/verify.ts";
import type { Question } from "../../src/verifier/verify.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import type { Home, OpenOptions } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, inventOrders, sealOrders } from "../support/orders.ts";

const PLATFORM = nodePlatform(() => new Date());
const STEP_GUEST = fileURLToPath(new URL("step-guest.ts", import.meta.url));
const A_MINUTE = 61;

const folderOf = (home: Home): string => join(home.directory, "midan-log");

async function rotate(vault: Vault, use: SigningUse): Promise<SigningPhase> {
  const { phase } = await rotateSigningKeys(vault, { use, actor: signedIn("officer") });
  await vault.log.keeper.turn();
  return phase;
}

/** What is handed out at one moment: checkpoint, proof of a sealing, receipt. */
interface Handed {
  readonly checkpoint: Buffer;
  readonly proof: Buffer;
  readonly receipt: Buffer;
}

async function handOut(home: Home, vault: Vault, order: number): Promise<Handed> {
  const { rows } = await sealOrders(vault, [inventOrder(order)]);
  await vault.log.keeper.turn();
  const actor = signedIn("officer");
  const token = rows[0]?.token ?? "";
  const { text } = await proveStatement(vault, { token, actor, which: "seal" });
  const { receipt } = await search(vault, { phone: inventOrder(order).phone, actor });
  await vault.log.keeper.turn();
  return {
    checkpoint: await readFile(join(folderOf(home), "checkpoint")),
    proof: Buffer.from(text),
    receipt: Buffer.from(receipt),
  };
}

async function refusalOf(home: Home, asked: Partial<Question>): Promise<Reason | null> {
  const question: Question = {
    source: logSource(folderOf(home)),
    key: null,
    policy: null,
    since: [],
    range: null,
    areLeaves: true,
    ...asked,
  };
  return (await verify(PLATFORM, question)).refused?.reason ?? null;
}

/** Whether all that was handed out holds against what lies beside the log now, by this key. */
async function requireGood(home: Home, key: string, handed: readonly Handed[]): Promise<void> {
  const since = handed.map(({ checkpoint: bytes }, at) => ({ file: `kept-${at}`, bytes }));
  assert.equal(await refusalOf(home, { key, since }), null);
  const log = logSource(folderOf(home));
  const changes = await readFile(join(folderOf(home), "log-changes"), "utf8").catch(() => "");
  const keys = await parseLogKeys(PLATFORM, withChanges(key, changes));
  for (const { proof, receipt } of handed) {
    const answer = await verifyStatement(PLATFORM, { proof, key, policy: null, log });
    assert.deepEqual([answer.refused, answer.isInLog], [null, true]);
    await readReceipt(PLATFORM, receipt, keys.key);
  }
}

async function oldCounts(vault: Vault, use: SigningUse): Promise<number[]> {
  const { signingKeys } = await keysStatus(vault);
  return signingKeys.filter((key) => key.use === use).map(({ old }) => old);
}

for (const suite of ["intl", "gm"] as const) {
  test(`CHG-1: a log's key is renewed, and all that was signed verifies (${suite})`, async () => {
    await withHome(async (home) => {
      const clock = new Clock(new Date().toISOString());
      await using one = await home.open({ suite, now: clock.now });
      await using two = await home.open({ suite, now: clock.now });
      const none = suite === "gm" ? [0, 0] : [0];
      const handed = [await handOut(home, one, 0)];
      const before = (await logKeys(one)).join("\n");
      assert.equal(await rotate(one, "log"), "announced");
      handed.push(await handOut(home, two, 1));
      assert.deepEqual(
        [await logKeys(two), await oldCounts(two, "log")],
        [before.split("\n"), none],
      );
      assert.equal(await rotate(two, "log"), "used");
      const after = (await logKeys(one)).join("\n");
      assert.notEqual(after, before);
      assert.deepEqual(
        await oldCounts(one, "log"),
        none.map(() => 1),
      );
      handed.push(await handOut(home, one, 2));
      for (const key of [before, after]) await requireGood(home, key, handed);
      // Others may sign with the old key for a minute.
      await assert.rejects(rotate(one, "log"), (error) => isFailure(error, "KEY_CHANGE_EARLY"));
      clock.wait(A_MINUTE);
      assert.equal(await rotate(one, "log"), "retired");
      assert.deepEqual(await oldCounts(two, "log"), none);
      handed.push(await handOut(home, two, 3));
      for (const key of [before, after]) await requireGood(home, key, handed);
      // Whoever has neither the changes nor the new key is told that theirs did not sign.
      await rm(join(folderOf(home), "log-changes"));
      assert.equal(await refusalOf(home, { key: before }), "SIGNATURE_MISSING");
      assert.equal(await refusalOf(home, { key: after }), null);
      assert.equal((await leaves(home, "signing-key-changed")).length, 3 * none.length);
    });
  });
}

/** The checkpoint of now as somebody signs it who kept a private key. */
async function forge(home: Home, by: readonly NoteSigner[]): Promise<void> {
  const file = join(folderOf(home), "checkpoint");
  const text = parseNote(await readFile(file, "utf8"))?.text ?? assert.fail();
  await writeFile(file, signedNote(text, by));
}

test("CHG-3: a tree of after its end that only the old key signed is refused", async () => {
  await withHome(async (home) => {
    const clock = new Clock(new Date().toISOString());
    await using vault = await home.open({ now: clock.now });
    await handOut(home, vault, 0);
    const stolen = await vault.log.signers();
    const [before = ""] = await logKeys(vault);
    await rotate(vault, "log");
    await rotate(vault, "log");
    clock.wait(A_MINUTE);
    await rotate(vault, "log");
    await handOut(home, vault, 1);
    const [after = ""] = await logKeys(vault);
    const changes = await readFile(join(folderOf(home), "log-changes"), "utf8");
    await forge(home, stolen);
    const range = { from: new Date(0), to: new Date("2999-01-01") };
    for (const key of [before, after]) {
      assert.equal(await refusalOf(home, { key }), "KEY_RETIRED");
      assert.equal(await refusalOf(home, { key, range }), "KEY_RETIRED", "by the note alone");
    }
    await rm(join(folderOf(home), "log-changes"));
    assert.equal(await refusalOf(home, { key: before }), "KEY_RETIRED", "by the leaf alone");
    assert.equal(await refusalOf(home, { key: after }), "SIGNATURE_MISSING");
    const policy = Buffer.from(`log ${before}\nlog ${after}\n`);
    assert.equal(await refusalOf(home, { policy }), "KEY_RETIRED", "both keys known");
    // A change that the key before did not sign, and keys of a stranger beside the log.
    const [word = ""] = changes.split("\n");
    const note = Buffer.from(word.slice("change:".length), "base64");
    note[note.length - 20] = (note[note.length - 20] ?? 0) ^ 1;
    await writeFile(join(folderOf(home), "log-changes"), `change:${note.toString("base64")}\n`);
    assert.notEqual(await refusalOf(home, { key: after }), null);
    await writeFile(join(folderOf(home), "log-changes"), `${before}\n`);
    assert.equal(
      await refusalOf(home, { key: after }),
      "SIGNATURE_MISSING",
      "nobody gave that key",
    );
  });
});

test("CHG-2: certificates of before and after the renewal of their key check", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const { rows } = await sealOrders(vault, inventOrders(4));
    const actor = signedIn("officer");
    const died = async (at: number): Promise<string> => {
      const token = rows[at]?.token ?? "";
      await erase(vault, { token, reason: "本人请求", actor });
      return (await keptCertificate(vault, { id: token, actor: signedIn("officer") }))?.note ?? "";
    };
    const notes = [await died(0)];
    const before = await certificateKey(vault);
    assert.equal(await rotate(vault, "certificate"), "announced");
    notes.push(await died(1));
    assert.equal(await rotate(vault, "certificate"), "used");
    notes.push(await died(2));
    clock.wait(A_MINUTE);
    const [stolen] = (await vault.keys.signing.inUse("certificate")).toReversed();
    assert.equal(await rotate(vault, "certificate"), "retired");
    assert.deepEqual(await oldCounts(vault, "certificate"), [0]);
    clock.wait(A_MINUTE);
    notes.push(await died(3));
    const after = await certificateKey(vault);
    assert.equal(after.split(" ").length, 2);
    for (const note of notes)
      assert.equal((await checkCertificate(note, after))["kind"], "waybill");
    const [, change = ""] = after.split(" ");
    for (const note of notes) await checkCertificate(note, `${before} ${change}`);
    await assert.rejects(checkCertificate(notes[3] ?? "", before), /CERTIFICATE_FORGED/u);
    // The same words, signed with the old key after its end.
    const thief = certificateLine(vault).signerOf(stolen ?? assert.fail());
    const late = signedNote(parseNote(notes[3] ?? "")?.text ?? "", [thief]);
    await checkCertificate(late, before);
    await assert.rejects(checkCertificate(late, after), /CERTIFICATE_FORGED/u);
  });
});

interface RestoringOptions extends OpenOptions {
  readonly now: () => Date;
  /** Of how many keys the log tells more than the copy knows. */
  readonly behind?: number;
}

/** Puts a copy of the key folder in the place of what became of it, and takes it when told. */
async function takeOlderKeys(
  home: Home,
  copy: string,
  { behind = 1, ...options }: RestoringOptions,
): Promise<Reconciled> {
  const config = home.config(options);
  await rm(config.keysDir, { recursive: true });
  await cp(copy, config.keysDir, { recursive: true });
  await assert.rejects(home.open(options), (error) => {
    assert.ok(isFailure(error, "KEYSTORE_DIFFERS"));
    return error.details["signing"] === behind;
  });
  await using older = await openVault(config, { now: options.now, restoresKeys: true });
  return await restoreKeys(older, { backup: null, acceptOlder: true });
}

test("CHG-6: a key store of before an announcement is refused, and gives another key", async () => {
  await withHome(async (home) => {
    const clock = new Clock(new Date().toISOString());
    const copy = join(home.directory, "copy");
    const kept: Buffer[] = [];
    {
      await using vault = await home.open({ now: clock.now });
      kept.push((await handOut(home, vault, 0)).checkpoint);
    }
    await cp(home.config().keysDir, copy, { recursive: true });
    {
      await using vault = await home.open({ now: clock.now });
      assert.equal(await rotate(vault, "log"), "announced");
      kept.push((await handOut(home, vault, 1)).checkpoint);
    }
    const { signing } = await takeOlderKeys(home, copy, { now: clock.now });
    assert.deepEqual(signing, [{ name: "log", phase: "announced", isLost: true }]);
    await using vault = await home.open({ now: clock.now });
    const [first = ""] = await logKeys(vault);
    assert.equal(await rotate(vault, "log"), "announced");
    const told = await leaves(home, "signing-key-changed");
    const next = told.map(({ fields }) => (Array.isArray(fields) ? String(fields[3]) : ""));
    assert.deepEqual(
      [next.length, new Set(next).size],
      [2, 2],
      "one number, two keys, two entries",
    );
    assert.equal((await signingKeyStatus(vault))[0]?.number, 1);
    assert.equal(await rotate(vault, "log"), "used");
    clock.wait(A_MINUTE);
    assert.equal(await rotate(vault, "log"), "retired");
    await handOut(home, vault, 2);
    const since = kept.map((bytes, at) => ({ file: `kept-${at}`, bytes }));
    for (const key of [first, ...(await logKeys(vault))])
      assert.equal(await refusalOf(home, { key, since }), null);
    // Whoever was told of the lost key alone believes nothing that it did not sign.
    const stranger = next[0] ?? "";
    assert.equal(await refusalOf(home, { key: stranger }), "SIGNATURE_MISSING");
  });
});

test("CHG-6: a key store of before a key's end is refused, and the key dies again", async () => {
  await withHome(async (home) => {
    const clock = new Clock(new Date().toISOString());
    const copy = join(home.directory, "copy");
    {
      await using vault = await home.open({ now: clock.now });
      for (const phase of ["announced", "used"]) assert.equal(await rotate(vault, "log"), phase);
      await handOut(home, vault, 0);
    }
    await cp(home.config().keysDir, copy, { recursive: true });
    clock.wait(A_MINUTE);
    {
      await using vault = await home.open({ now: clock.now });
      assert.equal(await rotate(vault, "log"), "retired");
    }
    const { signing } = await takeOlderKeys(home, copy, { now: clock.now });
    assert.deepEqual(signing, [{ name: "log", phase: "retired", isLost: false }]);
    await using vault = await home.open({ now: clock.now });
    assert.deepEqual(await oldCounts(vault, "log"), [0]);
    await handOut(home, vault, 1);
    for (const key of await logKeys(vault)) assert.equal(await refusalOf(home, { key }), null);
    assert.equal((await leaves(home, "signing-key-changed")).length, 3, "each phase once");
  });
});

test("CHG-6: whichever tenant restores, the keys of every tenant's log die again", async () => {
  await withHome(async (home) => {
    const clock = new Clock(new Date().toISOString());
    const copy = join(home.directory, "copy");
    const own = { log: "tenant", now: clock.now } as const;
    const other = { ...own, tenant: "other", suite: "gm" } as const;
    // Whose tenant restores has a log too, and changes nothing in it.
    await (await home.open(own))[Symbol.asyncDispose]();
    {
      await using vault = await home.open(other);
      await sealOrders(vault, [inventOrder(0)]);
      for (const phase of ["announced", "used"]) assert.equal(await rotate(vault, "log"), phase);
      assert.deepEqual(await oldCounts(vault, "log"), [1, 1]);
    }
    await cp(home.config().keysDir, copy, { recursive: true });
    clock.wait(A_MINUTE);
    {
      await using vault = await home.open(other);
      assert.equal(await rotate(vault, "log"), "retired");
    }
    const { signing } = await takeOlderKeys(home, copy, { ...own, behind: 2 });
    assert.deepEqual(
      signing.map(({ phase, isLost }) => [phase, isLost]),
      [
        ["retired", false],
        ["retired", false],
      ],
    );
    await using vault = await home.open(other);
    assert.deepEqual(await oldCounts(vault, "log"), [0, 0]);
  });
});

const KILLED = [
  { at: "signing-noted", done: 1, number: 1, old: 0 },
  { at: "signing-used", done: 1, number: 2, old: 1 },
  { at: "signing-noted", done: 2, number: 2, old: 1 },
  { at: "signing-retired", done: 2, number: 2, old: 0 },
] as const;

for (const { at, done, number, old } of KILLED) {
  test(`CHG-5: killed at ${at} after ${done} phases, the renewal of a key goes on`, async () => {
    await withHome(async (home) => {
      const clock = new Clock(new Date().toISOString());
      const kept: Buffer[] = [];
      {
        await using vault = await home.open({ now: clock.now });
        kept.push((await handOut(home, vault, 0)).checkpoint);
        for (let phase = 0; phase < done; phase += 1) await rotate(vault, "log");
        clock.wait(A_MINUTE);
      }
      const words = [STEP_GUEST, at, "rotate-log", "", clock.now().toISOString()];
      const child = spawn(process.execPath, words, {
        env: { PATH: process.env["PATH"] ?? "", ...home.environment },
        stdio: "ignore",
      });
      await once(child, "close");
      assert.equal(child.signalCode, "SIGKILL");
      await using vault = await home.open({ now: clock.now });
      const [key] = await signingKeyStatus(vault);
      assert.deepEqual([key?.number, key?.old], [number, old]);
      await runJobs(vault);
      while ((await signingKeyStatus(vault))[0]?.phase !== null) {
        clock.wait(A_MINUTE);
        await rotate(vault, "log");
      }
      assert.deepEqual(await oldCounts(vault, "log"), [0]);
      assert.equal((await leaves(home, "signing-key-changed")).length, 3, "each phase once");
      const since = kept.map((bytes) => ({ file: "kept", bytes }));
      for (const text of await logKeys(vault))
        assert.equal(await refusalOf(home, { key: text, since }), null);
    });
  });
}
