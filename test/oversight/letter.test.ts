/** The letter of a case from facts on a real database, as PDF and as DOCX. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { openFonts } from "../../src/main.ts";
import { openCampaign, recordPrinted } from "../../src/oversight/campaign.ts";
import { letterDocument, writeLetter } from "../../src/oversight/case-letter.ts";
import { openCase } from "../../src/oversight/case-record.ts";
import { letterDocx } from "../../src/oversight/letter-docx.ts";
import { letterPdf } from "../../src/oversight/letter-pdf.ts";
import type { Office } from "../../src/oversight/office.ts";
import { SHARED_FACTS, scoresOf } from "../../src/oversight/responsibility.ts";
import { LETTER_PARTS } from "../../src/rules/letter.ts";
import { insertRequest } from "../../src/store/authorisation-request.ts";
import { transaction } from "../../src/store/pool.ts";
import { AUTHORITY, CARRIERS, day, failure, PROCURATORATE, withOffice } from "./fresh-office.ts";
import { signedIn } from "../support/actor.ts";

const NUMBER = "某检行公立〔2026〕2号";
const ON = day("2026-03-30");
const REQUEST = {
  number: NUMBER,
  letterNumber: "某检行公建〔2026〕2号",
  source: "spot-check",
  switchHolder: "headquarters",
  oldRows: 1200,
  urgent: false,
  on: ON,
  actor: signedIn("prosecutor-1"),
} as const;

async function checked(office: Office): Promise<string> {
  const opened = await openCampaign(office, {
    authority: AUTHORITY,
    name: "春季抽查",
    seed: "seed of the letter",
    outletsPerCarrier: 2,
    parcelsPerOutlet: 20,
    actor: signedIn("inspector-1"),
    population: CARRIERS.flatMap(({ tenant, outlets }, carrier) =>
      outlets.map((outlet, index) => ({
        outlet,
        carrierTenant: tenant,
        parcels: Array.from({ length: 40 }, (_, at) => `ZT${carrier}${index}${at}`),
      })),
    ),
  });
  const looks = opened.drawn.map(({ parcel, ordinal }) => {
    const name = ordinal % 10 === 0 ? "测**" : "测试人";
    const party = { name, phone: "138******00", address: "某某路1号" };
    return { parcel, recipient: party, sender: party };
  });
  await recordPrinted(office, { campaign: opened.id, actor: signedIn("inspector-1") }, looks);
  return opened.id;
}

async function asked(office: Office): Promise<void> {
  const [carrier] = CARRIERS;
  assert.ok(carrier !== undefined && carrier.outlets[0] !== undefined);
  const { headquarters, outlets } = carrier;
  await transaction(office.database, async (connection) =>
    insertRequest(connection, {
      id: "f0000000-0000-4000-8000-000000000000",
      fromOrganisation: outlets[0] ?? "",
      toOrganisation: headquarters,
      setting: "mask-profile",
      wanted: "gb41833",
      mode: "set",
      reason: "开启脱敏",
      filedAt: new Date("2026-03-03T02:00:00Z"),
    }),
  );
}

async function withCase(office: Office): Promise<string> {
  const campaign = await checked(office);
  await asked(office);
  await openCase(office, {
    number: NUMBER,
    title: "快递运单个人信息保护",
    procuratorate: PROCURATORATE,
    agency: "某市邮政管理局",
    campaign,
    on: day("2026-03-02"),
    actor: signedIn("prosecutor-1"),
  });
  return campaign;
}

/** The files of a ZIP archive by its central directory (APPNOTE.TXT 4.3.12). */
function unzip(bytes: Uint8Array): Map<string, string> {
  const archive = Buffer.from(bytes);
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const files = new Map<string, string>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString("ascii", at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26);
    const data = archive.subarray(start, start + archive.readUInt32LE(at + 20));
    const isDeflated = archive.readUInt16LE(at + 10) === 8;
    files.set(name, (isDeflated ? inflateRawSync(data) : data).toString("utf8"));
    at += 46 + nameLength;
  }
  return files;
}

test("P15: the letter has its eight parts, every figure its interval", async (context) => {
  await withOffice(context, async (office, clock) => {
    await withCase(office);
    clock.now = new Date("2026-03-30T02:00:00Z");
    const drafted = await writeLetter(office, REQUEST);
    const document = letterDocument(drafted, "zh");
    assert.equal(document.parts.length, Object.keys(LETTER_PARTS).length);
    const text = JSON.stringify(document);
    assert.match(text, /40 件中 4 件合规/);
    assert.match(text, /Wilson .*Clopper-Pearson/);
    assert.match(text, /gb41833 L2/);
    assert.match(text, /已等待 27 日/);
    assert.match(text, /1200 行/);
    assert.equal(document.addressee, "某市邮政管理局");
    assert.equal(letterDocument(drafted, "en").parts.length, 8);
  });
});

test("the letter as DOCX holds every paragraph; PDF and DOCX need no clock", async (context) => {
  await withOffice(context, async (office) => {
    await withCase(office);
    const document = letterDocument(await writeLetter(office, REQUEST), "zh");
    const files = unzip(letterDocx(document));
    const body = files.get("word/document.xml") ?? "";
    assert.equal(body.match(/<w:t /g)?.length, body.match(/<w:p>/g)?.length);
    for (const part of document.parts) assert.ok(body.includes(part.heading));
    assert.ok(body.includes("\uff0c"), "formal signs are full width");
    assert.ok(files.has("[Content_Types].xml") && files.has("word/styles.xml"));
    const options = { fonts: openFonts(), createdAt: new Date(0) };
    const [once, again] = [await letterPdf(document, options), await letterPdf(document, options)];
    assert.deepEqual(once, again);
    assert.equal(Buffer.from(once).toString("latin1", 0, 8), "%PDF-1.7");
  });
});

test("a case without a spot check has no letter", async (context) => {
  await withOffice(context, async (office) => {
    await openCase(office, {
      number: NUMBER,
      title: "无抽查",
      procuratorate: PROCURATORATE,
      agency: AUTHORITY,
      campaign: null,
      on: day("2026-03-02"),
      actor: signedIn("prosecutor-1"),
    });
    await assert.rejects(writeLetter(office, REQUEST), failure("CASE_NOT_READY"));
  });
});

test("P15: scores come from counted facts, and say which are shared", async (context) => {
  await withOffice(context, async (office, clock) => {
    const campaign = await withCase(office);
    clock.now = new Date("2026-03-30T02:00:00Z");
    const scores = await scoresOf(office, { campaign, on: ON });
    assert.equal(scores.length, 6);
    const [first] = scores;
    assert.equal(first?.kind, "headquarters");
    assert.deepEqual(first.facts.compliantLabels, { count: 4, of: 40 });
    assert.deepEqual(first.facts.unansweredRequests, { count: 1, of: 1 });
    assert.equal(first.score.score, 8);
    const outlets = scores.filter(({ kind }) => kind === "outlet");
    assert.equal(outlets.length, 4);
    for (const { facts, shared } of outlets) {
      assert.deepEqual(facts.unansweredRequests, { count: 0, of: 0 });
      assert.equal(facts.compliantLabels.of, 20);
      assert.deepEqual(shared, SHARED_FACTS);
    }
  });
});
