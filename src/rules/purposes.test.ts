import assert from "node:assert/strict";
import { test } from "node:test";
import { FIELDS, parseFields, purposeOf, PURPOSES } from "./purposes.ts";

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
