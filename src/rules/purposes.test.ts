import assert from "node:assert/strict";
import { test } from "node:test";
import { FAILURES } from "./failure.ts";
import { FIELDS, parseFields, PURPOSE_NAMES, purposeOf, PURPOSES } from "./purposes.ts";

test("P10: every purpose names fields, a basis and both languages", () => {
  const rows = Object.values(PURPOSES);
  assert.equal(rows.length, 13);
  for (const row of rows) {
    assert.ok(row.fields.length > 0 && row.zh.length > 0 && row.en.length > 0);
    for (const field of row.fields) assert.ok(FIELDS.includes(field));
  }
});

test("P10: what is not a row is no purpose, not even a property that every object has", () => {
  assert.equal(purposeOf("curiosity"), null);
  assert.equal(purposeOf("constructor"), null);
  assert.equal(purposeOf("contact")?.purpose, "contact");
});

test("P10: fields are read by full or short name, and one unknown part refuses the whole", () => {
  assert.deepEqual(parseFields("phone"), ["recipient.phone"]);
  assert.deepEqual(parseFields("sender.name, name,name"), ["recipient.name", "sender.name"]);
  assert.deepEqual(parseFields("sender"), ["sender.name", "sender.phone", "sender.address"]);
  for (const text of ["", "phone,password", "toString", "recipient."]) {
    assert.equal(parseFields(text), null);
  }
});

/** What each source says, read again from the dossier and not from the table. */
const OF_LAW = [
  {
    purpose: "sender-disclosure",
    source: "快递市场管理办法 (2024) art. 27(3): the sender's name, address and phone",
    fields: ["sender.name", "sender.phone", "sender.address"],
    basis: "PIPL-13-1-3",
  },
  {
    purpose: "subject-request",
    source: "PIPL art. 45: the person's own information, and a copy of it",
    fields: FIELDS,
    basis: "PIPL-13-1-3",
  },
] as const;

test("P10: a purpose opens all that its law obliges the carrier to tell, on that basis", () => {
  for (const { purpose, fields, basis, source } of OF_LAW) {
    const row = PURPOSES[purpose];
    assert.deepEqual([...row.fields].toSorted(), [...fields].toSorted(), source);
    assert.deepEqual([row.basis, row.needsReason], [basis, true], source);
  }
});

test("P10: whoever may open for a purpose is told its name when another is not known", () => {
  const { doZh, doEn } = FAILURES.PURPOSE_UNKNOWN;
  for (const purpose of PURPOSE_NAMES) {
    assert.ok(doZh.includes(purpose) && doEn.includes(purpose), purpose);
  }
});
