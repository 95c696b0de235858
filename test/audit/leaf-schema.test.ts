/**
 * Leaves against their published JSON Schema, by a small validator of its own that knows the words
 * the schema uses and fails on any other.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { LEAF_TYPES } from "../../src/audit/leaf.ts";
import { openFonts } from "../../src/main.ts";
import { foundHeadquarters } from "../../src/access/organisation.ts";
import { changeSetting } from "../../src/access/setting-change.ts";
import { printLabels } from "../../src/vault/print.ts";
import { proveStatement } from "../../src/vault/statement-proof.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { search } from "../../src/vault/search.ts";
import { signedIn } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, sealOne } from "../support/orders.ts";
import { leafFault } from "./leaf-fault.ts";

const read = (name: string): string =>
  readFileSync(new URL(`../../docs/formats/${name}`, import.meta.url), "utf8");
const EXAMPLES = read("audit-leaf.examples.ndjson").trimEnd().split("\n");

test("LEAF-7: there is an example of every type, and each is what the schema says", (t) => {
  const types = EXAMPLES.map((line) => (JSON.parse(line) as { type: string }).type);
  assert.deepEqual(types.toSorted(), Object.keys(LEAF_TYPES).toSorted());
  for (const line of EXAMPLES) assert.equal(leafFault(JSON.parse(line)), null, line);
  t.diagnostic(`${types.length} types`);
});

test("LEAF-7: the schema refuses what no type holds", () => {
  let refused = 0;
  for (const line of EXAMPLES) {
    const leaf = JSON.parse(line) as Record<string, unknown>;
    for (const change of [{ name: "x" }, { actor: "someone" }, { v: 2 }, { type: "no-such" }]) {
      assert.notEqual(leafFault({ ...leaf, ...change }), null, line);
      refused += 1;
    }
    const { actor: _actor, ...without } = leaf;
    assert.notEqual(leafFault(without), null);
  }
  assert.ok(refused > 200);
});

test("LEAF-7: what the verbs write is what the schema says", async (t) => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const actor = signedIn("甲");
    const token = await sealOne(vault, 1);
    await printLabels(vault, { tokens: [token], actor, fonts: openFonts() });
    const why = { token, purpose: "contact", actor, reason: "核对" };
    await reveal(vault, { ...why, fields: "phone" });
    await assert.rejects(reveal(vault, { ...why, fields: "address" }));
    await search(vault, { phone: inventOrder(1).phone, actor });
    await foundHeadquarters(vault, { name: "北辰总部", outlets: ["江畔网点"], actor });
    const setting = { organisation: "北辰总部", by: null, name: "mask-profile", value: "strict" };
    await changeSetting(vault, { ...setting, mode: "locked", reason: "统一方案", actor });
    while ((await vault.log.sequencer.integrate()) === null);
    await proveStatement(vault, { token, actor, which: null });
    const told = await leaves(home);
    for (const leaf of told) assert.equal(leafFault(leaf), null, JSON.stringify(leaf));
    const types = new Set(told.map(({ type }) => type));
    t.diagnostic(`${told.length} leaves of ${types.size} types`);
    assert.ok(types.size >= 8);
  });
});
