/** What rules over an outlet at the moment of printing decides how its label is masked (P1). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { foundHeadquarters } from "../../src/access/organisation.ts";
import { changeSetting } from "../../src/access/setting-change.ts";
import { openFonts, openGazetteer } from "../../src/main.ts";
import { PROFILES } from "../../src/privacy/mask-profile.ts";
import { readParty } from "../../src/privacy/party.ts";
import { parseParty } from "../../src/privacy/plain.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { gate } from "../../src/label/gate.ts";
import { printLabels } from "../../src/vault/print.ts";
import { seal } from "../../src/vault/seal.ts";
import { tightened } from "../../src/vault/tighten.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, sealOne } from "../support/orders.ts";
import { readOneOrder } from "../access/one-order.ts";
import { signedIn } from "../support/actor.ts";

const fonts = openFonts();
const actor = signedIn("打单员");
const HEAD = "丁快递总部";
const [LOOSE, TIGHT] = ["丁快递一号网点", "丁快递二号网点"];

async function say(
  vault: Vault,
  words: { organisation: string; value: string; mode?: string },
): Promise<void> {
  const request = { by: HEAD, name: "mask-profile", mode: "set", reason: "脱敏方案", actor };
  await changeSetting(vault, { ...request, ...words });
}

interface Printed {
  readonly profile: string;
  readonly name: string;
  readonly phone: string;
  readonly address: string;
}

async function printedAt(
  vault: Vault,
  token: string,
  organisation: string | null,
): Promise<Printed> {
  // From the second time on a label needs a reason; the first takes none from it.
  const asked = { tokens: [token], actor, fonts, organisation, reprintReason: "damaged" } as const;
  const [made] = await printLabels(vault, asked);
  assert.ok(made !== undefined);
  const { profile, data } = made.label;
  const { name, phone, address } = data.recipient;
  return { profile, name, phone, address };
}

test("P1: a label is masked as its outlet's setting rules at that moment", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    await foundHeadquarters(vault, { name: HEAD, outlets: [LOOSE, TIGHT], actor });
    await say(vault, { organisation: HEAD, value: "gb41833" });
    await say(vault, { organisation: TIGHT, value: "strict" });
    const token = await sealOne(vault);
    const order = inventOrder(0);
    const [one, two] = [await printedAt(vault, token, LOOSE), await printedAt(vault, token, TIGHT)];
    assert.deepEqual([one.profile, two.profile], ["gb41833", "strict"]);
    assert.match(one.phone, /^154\*{6}\d\d$/);
    assert.equal(two.phone, "*".repeat(order.phone.length));
    assert.equal(two.name, "***");
    assert.match(one.address, /栖霞支路\d+号\d+幢\*+$/);
    assert.match(two.address, /栖霞支路\*+$/);
    // The same vault stays open: the lock counts for the very next label.
    await say(vault, { organisation: HEAD, value: "full", mode: "locked" });
    for (const outlet of [LOOSE, TIGHT, HEAD, null]) {
      const label = await printedAt(vault, token, outlet);
      assert.deepEqual([label.profile, label.name], ["full", "***"]);
      assert.match(label.address, /^\*+$/);
    }
    const statements = await home.rows(
      "select convert_from(body, 'UTF8')::jsonb ->> 'profile' as profile from print_statement",
    );
    assert.deepEqual(
      statements.map((row) => String(row["profile"])).toSorted((a, b) => (a < b ? -1 : 1)),
      ["full", "full", "full", "full", "gb41833", "strict"],
    );
    assert.equal((await leaves(home, "print-batch")).length, 6);
  });
});

test("P1: what was sealed tighter stays so when the outlet may print looser", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    await foundHeadquarters(vault, { name: HEAD, outlets: [LOOSE, TIGHT], actor });
    await say(vault, { organisation: HEAD, value: "gb41833" });
    await say(vault, { organisation: TIGHT, value: "strict" });
    const tokens: string[] = [];
    await seal(vault, readOneOrder(), {
      actor,
      organisation: TIGHT,
      sink: {
        committed: async (rows) => {
          tokens.push(...rows.map(({ token }) => token));
          return Promise.resolve();
        },
      },
    });
    const label = await printedAt(vault, tokens[0] ?? "", LOOSE);
    assert.deepEqual([label.profile, label.phone], ["strict", "*".repeat(11)]);
  });
});

test("P10: an outlet of nobody, or of another, prints nothing", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    await assert.rejects(printedAt(vault, token, "戊快递网点"), (error) =>
      isFailure(error, "ORGANISATION_UNKNOWN"),
    );
    assert.equal((await leaves(home, "print-batch")).length, 0);
  });
});

const gazetteer = openGazetteer();
const PEOPLE = [
  { name: "欧阳小楠女士", phone: "15400001234", address: inventOrder(7).address },
  { name: "林桐禾", phone: "0531-86180000", address: "河北省保定市易县碧庭东路62号" },
  { name: "Nora Ashgrove", phone: "+86 154 0000 1234", address: "芳湖小区28-4-2505" },
  { name: "古丽孜·吐尔逊", phone: "15400001234转0407", address: "西果园镇153号丰巢柜(6号柜)" },
] as const;

test("P1: every view passes the gate of every tighter profile, and shows no more", () => {
  const order = ["gb41833-tail4", "gb41833", "strict", "full"] as const;
  let seen = 0;
  for (const person of PEOPLE) {
    const read = parseParty(person);
    assert.ok(read.ok);
    for (const [at, from] of order.entries()) {
      const { masked } = readParty(read.party, PROFILES[from], gazetteer);
      const view = {
        recipient: masked,
        sender: masked,
        goods: "杯",
        remark: "放前台",
        profile: from,
      };
      const full = {
        ...view,
        rule: "",
        orderNumber: "A",
        sortCode: "",
        destination: "",
        platform: null,
      };
      for (const to of order.slice(at + 1)) {
        const { recipient } = tightened(full, PROFILES[to], gazetteer);
        for (const field of ["name", "phone", "address"] as const) {
          const [before, after] = [Array.from(masked[field]), Array.from(recipient[field])];
          assert.equal(after.length, before.length, `${from} ${to} ${field}`);
          assert.ok(
            after.every((sign, place) => sign === "*" || sign === before[place]),
            `${from} to ${to}: ${after.join("")}`,
          );
        }
        const empty = { name: "", phone: "", address: "" };
        const printed = { carrier: "丁", waybillNumber: "BCW80000000001", sortCode: "" };
        const rest = { goods: "", orderNumber: "A", printedAt: "2026-01-02 09:30", remark: "" };
        const label = { ...printed, ...rest, printNumber: 1, token: "", destination: "" };
        gate({ ...label, recipient, sender: empty }, PROFILES[to], gazetteer);
        seen += 1;
      }
    }
  }
  assert.equal(seen, PEOPLE.length * 6);
});
