import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import type { Day } from "../rules/calendar.ts";
import { checkDocument, DOCUMENT_KINDS, DOCUMENTS } from "./document.ts";
import type { DocumentKind, DocumentTables } from "./document.ts";

// A day, written as one.
const TODAY = "2026-11-28" as Day;
const TABLES: DocumentTables = { isDivision: (code) => ["11", "44"].includes(code), today: TODAY };

/** A second implementation, straight from ISO 7064 MOD 11-2: the running product, not weights. */
function cardOf(seventeen: string): string {
  let product = 10;
  let sum = 0;
  for (const digit of seventeen) sum = ((sum + Number(digit)) * 2) % 11;
  product = (12 - sum) % 11;
  return seventeen + (product === 10 ? "X" : String(product));
}

function faultOf(kind: DocumentKind, text: string): string | null {
  return checkDocument(kind, text, TABLES).fault;
}

test("P2: the example of GB 11643-1999 is a number, and any other last character is none", () => {
  assert.equal(faultOf("resident-id", "11010519491231002X"), null);
  assert.equal(faultOf("resident-id", "440524188001010014"), null);
  for (const last of "0123456789") {
    assert.equal(faultOf("resident-id", `11010519491231002${last}`), "check-digit");
  }
});

test("P2: full width, gaps and small letters are read, and nothing else is taken for them", () => {
  for (const text of [
    "１１０１０５１９４９１２３１００２Ｘ",
    "110105 19491231 002x",
    "110105-1949-1231-002X",
  ]) {
    const { number } = checkDocument("resident-id", text, TABLES);
    assert.equal(number, "11010519491231002X");
  }
  for (const text of ["", "X", "11010519491231002", "11010519491231002XX", "1".repeat(200)]) {
    assert.equal(faultOf("resident-id", text), "shape");
  }
});

test("P2: birth day and region are looked at once the check digit fits", () => {
  assert.equal(faultOf("resident-id", cardOf("11010519490231002")), "birth-date");
  assert.equal(faultOf("resident-id", cardOf("11010520270101002")), "birth-date");
  assert.equal(
    faultOf("resident-id", cardOf("99010519491231002").replace(/^9/, "7")),
    "check-digit",
  );
  assert.equal(faultOf("resident-id", cardOf("70010519491231002")), "region");
  assert.equal(faultOf("resident-id", cardOf("81000019900101001")), null);
});

test("P2: one wrong digit or two neighbours changed about are found on every card", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date("1950-01-01"), max: new Date("2020-01-01"), noInvalidDate: true }),
      fc.nat(999),
      fc.record({ at: fc.nat(16), digit: fc.nat(9) }),
      (birth, serial, { at, digit }) => {
        const day = birth.toISOString().slice(0, 10).replaceAll("-", "");
        const card = cardOf(`110105${day}${String(serial).padStart(3, "0")}`);
        assert.equal(faultOf("resident-id", card), null);
        const wrong = card.slice(0, at) + String(digit) + card.slice(at + 1);
        if (wrong !== card) assert.notEqual(faultOf("resident-id", wrong), null);
        const [a = "", b = ""] = [card[at], card[at + 1]];
        const swapped = card.slice(0, at) + b + a + card.slice(at + 2);
        if (swapped !== card) assert.notEqual(faultOf("resident-id", swapped), null);
      },
    ),
  );
});

test("P2: an organisation code has both its check characters", () => {
  // The example that GB 32100-2015 is explained with everywhere; nobody's.
  for (const code of ["91350100M000100Y43"]) {
    const { fault } = checkDocument("organisation-code", code, TABLES);
    assert.equal(fault, null, code);
    for (let at = 8; at < 18; at += 1) {
      const other = code[at] === "7" ? "6" : "7";
      const wrong = code.slice(0, at) + other + code.slice(at + 1);
      assert.equal(faultOf("organisation-code", wrong), "check-digit");
    }
  }
});

test("P2: each other kind takes its shape and refuses its neighbours'", () => {
  const good: Readonly<Record<DocumentKind, readonly string[]>> = {
    "resident-id": ["11010519491231002X"],
    passport: ["E12345678", "G87654321", "123456789", "AB12345"],
    "hong-kong-macao-permit": ["H12345678", "M1234567801"],
    "taiwan-permit": ["01234567"],
    "permanent-residence": [cardOf("91113219800101001"), "USA110080010112"],
    "organisation-code": ["91350100M000100Y43"],
  };
  for (const kind of DOCUMENT_KINDS) {
    assert.ok(good[kind].length > 0);
    for (const number of good[kind]) assert.equal(faultOf(kind, number), null, number);
    for (const bad of ["ABCDE", "0123456789", "张三"]) {
      assert.notEqual(faultOf(kind, bad), null, `${DOCUMENTS[kind].en}: ${bad}`);
    }
  }
  assert.equal(faultOf("permanent-residence", "USA110080133112"), "birth-date");
});

interface Witnessed {
  readonly kind: DocumentKind;
  readonly number: string;
  readonly verdict: string;
}

test("P2: another program judges the same cards and codes alike", () => {
  const file = new URL("../../test/vectors/stdnum-cn.jsonl", import.meta.url);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const seen = new Map<string, number>();
  for (const line of lines) {
    // One JSON object a line, made by the witness (test/vectors/SOURCES.md).
    const { kind, number, verdict } = JSON.parse(line) as Witnessed;
    const tables = { ...TABLES, isDivision: () => true };
    const { fault } = checkDocument(kind, number, tables);
    assert.equal(fault ?? "fits", verdict, `${kind} of line ${seen.size}`);
    const key = `${kind} ${verdict}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  assert.equal(lines.length, 600);
  assert.equal(seen.size, 5, "fits and check-digit of both, birth-date of cards");
});
