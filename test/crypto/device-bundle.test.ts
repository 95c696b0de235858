import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import { openBundle, readBundleHead, sealBundle } from "../../src/crypto/device-bundle.ts";
import type { BundleContent, BundleHead } from "../../src/crypto/device-bundle.ts";
import { newHandOverKeys, openSealed } from "../../src/crypto/hand-over.ts";
import { codeOf, journalLine, readJournal } from "../../src/crypto/journal.ts";
import type { JournalKey, JournalLine } from "../../src/crypto/journal.ts";
import { SUITES } from "../../src/crypto/suites.ts";
import type { Suite } from "../../src/crypto/suites.ts";
import { encodeToken } from "../../src/crypto/token.ts";

const random = (count: number): Uint8Array => randomBytes(count);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function content(suite: Suite, parcels: number): BundleContent {
  const one = (at: number): BundleContent["parcels"][number] => ({
    token: encodeToken(
      { serial: 9, slot: at, random: randomBytes(7) },
      { suite, key: randomBytes(32) },
    ),
    waybillId: randomBytes(15),
    suite,
    prints: [1, 2].map((printNumber) => ({ printNumber, key: randomBytes(suite.keyBytes) })),
  });
  return {
    givenAt: new Date("2026-03-02T00:00:00Z"),
    expiresAt: new Date("2026-03-02T12:00:00Z"),
    secret: randomBytes(32),
    parcels: Array.from({ length: parcels }, (_, at) => one(at)),
  };
}

function written(
  key: JournalKey,
  token: string,
  events: readonly JournalLine["event"][],
): readonly string[] {
  const lines: string[] = [];
  for (const [at, event] of events.entries()) {
    const last = lines.at(-1);
    const isWhole = event === "loaded" || event === "wiped";
    const line = {
      n: at + 1,
      at: `2026-03-02T08:00:0${at}.000Z`,
      event,
      token: isWhole ? null : token,
      print: event === "opened" ? 1 : 0,
    };
    lines.push(journalLine(key, last === undefined ? null : codeOf(last), line));
  }
  return lines;
}

const headOf = (suite: Suite): BundleHead => ({
  suite,
  tenant: randomBytes(16),
  handheld: randomBytes(16),
  shift: randomBytes(16),
});

for (const suite of Object.values(SUITES)) {
  test(`BDL-1: ${suite.name}: a bundle opens on its handheld, whole, and nowhere else`, () => {
    const { privateKey, publicKey } = newHandOverKeys(suite, random);
    for (const parcels of [0, 1, 300]) {
      const [head, given] = [headOf(suite), content(suite, parcels)];
      const bundle = sealBundle(head, { publicKey, randomBytes: random }, given);
      const opened = openBundle(bundle, privateKey);
      assert.deepEqual(
        opened?.parcels.map(({ token, prints }) => [token, prints.map(({ key }) => hex(key))]),
        given.parcels.map(({ token, prints }) => [token, prints.map(({ key }) => hex(key))]),
      );
      assert.deepEqual([opened.givenAt, opened.expiresAt], [given.givenAt, given.expiresAt]);
      assert.equal(hex(opened.secret), hex(given.secret));
      assert.equal(openBundle(bundle, newHandOverKeys(suite, random).privateKey), null);
      assert.equal(openBundle(bundle.subarray(0, -1), privateKey), null);
    }
    const bundle = sealBundle(headOf(suite), { publicKey, randomBytes: random }, content(suite, 2));
    // SM2 costs milliseconds a turn; each seventh byte falls into every field there.
    for (let at = 0; at < bundle.length; at += suite.id === 1 ? 1 : 7) {
      const broken = Buffer.from(bundle);
      broken[at] = (broken[at] ?? 0) ^ 1;
      assert.equal(openBundle(broken, privateKey), null, String(at));
    }
  });

  test(`BDL-2: ${suite.name}: the bytes are those of the page`, () => {
    const { privateKey, publicKey } = newHandOverKeys(suite, random);
    const [head, given] = [headOf(suite), content(suite, 1)];
    const bundle = sealBundle(head, { publicKey, randomBytes: random }, given);
    const ids = [head.tenant, head.handheld, head.shift].map(hex);
    const clear = ["4d444231", suite.id === 1 ? "01" : "02", ...ids].join("");
    assert.equal(hex(bundle.subarray(0, 53)), clear);
    const info = Buffer.from(Buffer.from("midan.bundle1").toString("hex") + clear, "hex");
    const plaintext = openSealed({ suite, privateKey, info }, bundle.subarray(53));
    const [parcel] = given.parcels;
    assert.ok(parcel !== undefined && plaintext !== null);
    const token = hex(plaintext.subarray(50, 65));
    assert.equal(
      hex(plaintext),
      [
        given.givenAt.getTime().toString(16).padStart(16, "0"),
        given.expiresAt.getTime().toString(16).padStart(16, "0"),
        hex(given.secret),
        "0001",
        token,
        hex(parcel.waybillId),
        suite.id === 1 ? "01" : "02",
        "02",
        ...parcel.prints.flatMap(({ printNumber, key }) => [`000${printNumber}`, hex(key)]),
      ].join(""),
    );
    // 113 bits of the token's letters behind seven zero bits.
    const letters = "0123456789abcdefghjkmnpqrstvwxyz";
    const bits = Array.from(parcel.token.slice(3), (letter) =>
      letters.indexOf(letter).toString(2).padStart(5, "0"),
    );
    assert.equal(BigInt(`0x${token}`), BigInt(`0b${bits.join("").slice(0, 113)}`));
    assert.equal(readBundleHead(Buffer.from("MDB1")), null);
    const many = content(suite, 501);
    assert.throws(() => sealBundle(head, { publicKey, randomBytes: random }, many), RangeError);
  });

  test(`BDL-6: ${suite.name}: a journal takes no line changed, moved, added or taken out`, () => {
    const key = { suite, secret: randomBytes(32) };
    const token = encodeToken(
      { serial: 1, slot: 1, random: randomBytes(7) },
      { suite, key: randomBytes(32) },
    );
    const events: JournalLine["event"][] = ["loaded", "opened", "opened", "delivered", "wiped"];
    const lines = written(key, token, events);
    assert.deepEqual(
      readJournal(key, lines)?.map(({ event }) => event),
      events,
    );
    const first = lines[0]?.slice(0, -65) ?? "";
    const byHand = createHmac(suite.hash, key.secret)
      .update(`midan.journal1\n${first}`)
      .digest("hex");
    assert.equal(codeOf(lines[0] ?? ""), byHand);
    for (let at = 0; at < lines.length; at += 1) {
      assert.ok(readJournal(key, lines.slice(0, at)) !== null, "cut at the end");
      if (at < lines.length - 1) assert.equal(readJournal(key, lines.toSpliced(at, 1)), null);
      const line = lines[at] ?? "";
      assert.equal(readJournal(key, lines.toSpliced(at, 0, line)), null);
      for (let place = 0; place < line.length; place += 1) {
        const changed = line[place] === "0" ? "1" : "0";
        const altered = line.slice(0, place) + changed + line.slice(place + 1);
        assert.equal(readJournal(key, lines.with(at, altered)), null, `${at} ${place}`);
      }
    }
    const [one = "", two = ""] = lines;
    assert.equal(readJournal(key, [two, one]), null);
    assert.equal(readJournal({ suite, secret: randomBytes(32) }, lines), null);
  });
}
