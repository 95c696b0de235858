import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { buildGazetteer, resolveDivision } from "../privacy/gazetteer.ts";
import { OrderMaker } from "./invent.ts";

const DIVISIONS = new URL("../../assets/divisions/divisions.tsv", import.meta.url);
const gazetteer = buildGazetteer(readFileSync(DIVISIONS, "utf8"));
const COUNT = 500;

function phones(seed: string): string[] {
  const maker = new OrderMaker(seed, gazetteer);
  return Array.from(
    { length: COUNT },
    (_, at) => maker.next(`SDK27${at}`, "").order.recipient.phone,
  );
}

test("STORY-1: the same seed invents the same people, another seed others", () => {
  assert.deepEqual(phones("甲"), phones("甲"));
  assert.notDeepEqual(phones("甲"), phones("乙"));
});

test("STORY-2: invented mobiles can reach nobody, invented addresses lie in real divisions", () => {
  const maker = new OrderMaker("甲", gazetteer);
  let placed = 0;
  for (let at = 0; at < COUNT; at += 1) {
    const { recipient } = maker.next(`SDK27${at}`, "").order;
    assert.match(recipient.phone, /^1\d\d0000\d{4}$/);
    const division = resolveDivision(recipient.address, gazetteer);
    if (division !== null && division.code.length === 6) placed += 1;
  }
  assert.ok(placed > COUNT * 0.99, `${placed} of ${COUNT} lie in a county`);
});
