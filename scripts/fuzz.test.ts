import assert from "node:assert/strict";
import { test } from "node:test";
import { openGazetteer } from "../src/main.ts";
import { fuzzParties } from "./fuzz-party.ts";
import { Random } from "./fuzz-random.ts";
import { fuzzTexts } from "./fuzz-text.ts";

const GAZETTEER = openGazetteer();

test("P1: the lint agrees with the masker on invented parties and catches what is planted", () => {
  const { parties, planted, faults, examples } = fuzzParties(1_500, new Random(41), GAZETTEER);
  assert.equal(parties, 1_500);
  assert.ok(planted > 4_500, `${planted} violations were planted`);
  assert.deepEqual([...faults], [], [...examples.values()].join("\n"));
});

test("P2: hostile strings keep their length and throw nothing", () => {
  const { texts, readings, faults, examples } = fuzzTexts(3_000, new Random(42), GAZETTEER);
  assert.equal(texts, 3_000);
  assert.ok(readings > texts);
  assert.deepEqual([...faults], [], [...examples.values()].join("\n"));
});
