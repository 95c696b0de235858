import assert from "node:assert/strict";
import { test } from "node:test";
import { buildGazetteer } from "./gazetteer.ts";
import { gradeLabel, judgeParty, type PrintedParty } from "./lint-verdict.ts";
import { PROFILES } from "./mask-profile.ts";

const GAZETTEER = buildGazetteer("");
const MASKED: PrintedParty = { name: "陈**", phone: "138******34", address: "梅花路8号3栋****" };

function verdicts(party: Partial<PrintedParty>): string {
  return judgeParty({ ...MASKED, ...party }, PROFILES.gb41833, GAZETTEER)
    .map(({ rule, verdict, reason }) => `${rule} ${verdict} ${reason}`)
    .join(", ");
}

test("P1: the lint says for each rule whether it holds, and why", () => {
  const good = ["W1 pass hidden", "W2 pass hidden", "W3 pass hidden", "W4 pass hidden"];
  const rows: readonly (readonly [Partial<PrintedParty>, number, string])[] = [
    [{ name: "陈小满" }, 1, "W2 fail readable"],
    [{ name: "陈女士" }, 1, "W2 pass substituted"],
    [{ name: "欧阳老师" }, 1, "W2 pass substituted"],
    [{ name: "陈小满女士" }, 1, "W2 fail readable"],
    [{ name: "" }, 1, "W2 not-applicable not-printed"],
    [{ phone: "138****1234" }, 2, "W3 fail readable"],
    [{ phone: "" }, 2, "W3 not-applicable not-printed"],
    [{ phone: "17000001234转5678", phoneSource: "virtual" }, 2, "W3 pass virtual"],
    [{ phone: "17000001234转5678" }, 2, "W3 fail readable"],
    [{ address: "梅花路8号3栋2单元501" }, 3, "W4 fail readable"],
    [{ address: "梅花镇竹林村" }, 3, "W4 not-applicable no-door"],
    [{ address: "" }, 3, "W4 not-applicable not-printed"],
    [{ address: "梅花路8号3栋**** 13800001234" }, 0, "W1 fail complete-number"],
    [{ name: "陈* 990001199003070028" }, 0, "W1 fail complete-number"],
  ];
  assert.equal(verdicts({}), good.join(", "));
  for (const [party, at, expected] of rows) {
    assert.equal(verdicts(party).split(", ")[at], expected, JSON.stringify(party));
  }
  const long = judgeParty({ ...MASKED, name: "*".repeat(2_001) }, PROFILES.gb41833, GAZETTEER);
  assert.ok(long.every(({ verdict, reason }) => verdict === "fail" && reason === "too-long"));
});

test("P1: a label is graded by the worst of its parties", () => {
  const plain: PrintedParty = { name: "陈小满", phone: "13800001234", address: "梅花路8号3栋501" };
  const half: PrintedParty = { ...plain, phone: "138****1234" };
  const full: PrintedParty = { name: "***", phone: "***********", address: "梅花路*****" };
  const grade = (...parties: PrintedParty[]): string => gradeLabel(parties, GAZETTEER);
  assert.equal(grade(plain, plain), "L0");
  assert.equal(grade(half, plain), "L1");
  assert.equal(grade(MASKED, half), "L1");
  assert.equal(grade(MASKED, MASKED), "L2");
  assert.equal(grade(MASKED, full), "L2");
  assert.equal(grade(full, full), "L3");
  assert.equal(grade({ ...full, phone: "17000001234", phoneSource: "virtual" }), "L3");
  assert.equal(grade({ ...full, address: "梅花路8号3栋****" }), "L2");
});
