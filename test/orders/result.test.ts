import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "csv-parse/sync";
import type { MaskedText } from "../../src/privacy/plain.ts";
import { csvCell, openRejectedFile, openResultFile } from "../../src/orders/result.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "midan-result-"));
});
after(() => rm(folder, { recursive: true }));

// These texts are written as masked here, and nothing else makes one in a test of the writer.
const masked = (text: string): MaskedText => text as MaskedText;

test("P9: the result file is private, readable for Excel and holds what was given", async () => {
  const path = join(folder, "result.csv");
  await writeFile(path, "old", { mode: 0o644 });
  const writer = await openResultFile(path);
  const row = {
    token: "md10123456789abcdefghjkmnpqrs",
    orderNumber: "=1+1",
    waybillNumber: "SDK26000000001",
    recipient: {
      name: masked("林**"),
      phone: masked("+86 139******01"),
      address: masked('云栖路8号,"3"栋***'),
    },
    state: "sealed",
  };
  await writer.write([row]);
  await writer.write([]);
  await writer.write([row, row]);
  assert.equal(await writer.close(), 3);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  const text = await readFile(path, "utf8");
  assert.ok(text.startsWith("\uFEFF密单号 token,"));
  const rows: string[][] = parse(text, { bom: true });
  assert.equal(rows.length, 4);
  assert.deepEqual(rows[1], [
    row.token,
    "'=1+1",
    "SDK26000000001",
    "林**",
    "'+86 139******01",
    '云栖路8号,"3"栋***',
    "sealed",
  ]);
});

const REFUSED = [{ ok: false, line: 7, field: "goods", code: "FIELD_TOO_LONG" }] as const;

test("P16: what lies at the name stays until the list is whole, or dropped", async () => {
  const path = join(folder, "kept.csv");
  await writeFile(path, "of an earlier run");
  const dropped = await openRejectedFile(path);
  await dropped.write(REFUSED);
  await dropped.drop();
  assert.equal(await readFile(path, "utf8"), "of an earlier run");
  const writer = await openRejectedFile(path);
  await writer.write(REFUSED);
  assert.equal(await readFile(path, "utf8"), "of an earlier run");
  await writer.close();
  assert.match(await readFile(path, "utf8"), /FIELD_TOO_LONG/);
  await assert.rejects(stat(`${path}.new`), { code: "ENOENT" });
});

test("P16: of two runs into one folder none gives its name to the other's half file", async () => {
  const path = join(folder, "raced.csv");
  const first = await openRejectedFile(path);
  const dropped = await openRejectedFile(path);
  const second = await openRejectedFile(path);
  await dropped.drop();
  await assert.rejects(first.close(), { code: "FILE_UNWRITABLE", details: { reason: "ESTALE" } });
  await second.write(REFUSED);
  await second.close();
  assert.match(await readFile(path, "utf8"), /FIELD_TOO_LONG/);
});

test("P16: a name that is a folder, or lies in none, is refused before anything", async () => {
  for (const [path, reason] of [
    [folder, "EISDIR"],
    [join(folder, "none", "result.csv"), "ENOENT"],
    ["/dev/full", "EEXIST"],
  ] as const)
    await assert.rejects(openResultFile(path), { code: "FILE_UNWRITABLE", details: { reason } });
});

test("P16: rejected.csv says line, field, reason and advice in both languages", async () => {
  const path = join(folder, "rejected.csv");
  const writer = await openRejectedFile(path);
  await writer.write([{ ok: false, line: 7, field: "recipient_phone", code: "PHONE_SCIENTIFIC" }]);
  assert.equal(await writer.close(), 1);
  const rows: string[][] = parse(await readFile(path, "utf8"), { bom: true });
  assert.deepEqual(rows[1]?.slice(0, 3), ["7", "recipient_phone", "PHONE_SCIENTIFIC"]);
  assert.match(rows[1]?.[3] ?? "", /\p{Script=Han}/u);
  assert.match(rows[1]?.[4] ?? "", /^[\x20-\x7e]+$/u);
  assert.equal(rows[1]?.length, 7);
});

test("P16: no cell can start a formula in a spreadsheet", () => {
  for (const start of ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]) {
    assert.match(csvCell(`${start}cmd|x`), /^"?'/u);
  }
  assert.equal(csvCell("林**"), "林**");
  assert.equal(csvCell('a"b'), '"a""b"');
});
