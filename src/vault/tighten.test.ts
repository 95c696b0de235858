import assert from "node:assert/strict";
import { test } from "node:test";
import { buildGazetteer } from "../privacy/gazetteer.ts";
import { lintPrintable } from "../privacy/lint.ts";
import { PROFILES } from "../privacy/mask-profile.ts";
import type { ProfileName } from "../privacy/mask-profile.ts";
import { maskParty } from "../privacy/party.ts";
import type { Party } from "../privacy/plain.ts";
import { parseParty } from "../privacy/plain.ts";
import { tightened } from "./tighten.ts";
import type { View } from "./view.ts";

const GAZETTEER = buildGazetteer("");
const FROM_LOOSE: readonly ProfileName[] = ["gb41833-tail4", "gb41833", "strict", "full"];
/* No segment begins with 1390000. */
const PHONES = [
  "139" + "00000123",
  "+86 139-0000-0123",
  "0512-65000123-8001",
  "一三九零零零零零一二三",
  "１３９０００００１２３",
];

function partyWith(phone: string): Party {
  const reading = parseParty({ name: "林晓舟", phone, address: "云栖路8号3栋2单元501室" });
  if (!reading.ok) throw new Error(reading.code);
  return reading.party;
}

/** What a label shows of a phone that was sealed with one profile and is printed with another. */
function printedPhone(phone: string, sealedWith: ProfileName, printedWith: ProfileName): string {
  const recipient = maskParty(partyWith(phone), PROFILES[sealedWith], GAZETTEER);
  const empty = {
    sender: null,
    platform: null,
    goods: "",
    remark: "",
    sortCode: "",
    destination: "",
  };
  const view: View = { ...empty, recipient, orderNumber: "1", profile: sealedWith, rule: "" };
  return tightened(view, PROFILES[printedWith], GAZETTEER).recipient.phone;
}

test("P1: a tighter profile hides more of a phone however its digits are written", () => {
  assert.equal(
    printedPhone("一三九零零零零零一二三", "gb41833-tail4", "gb41833"),
    "一********二三",
  );
  for (const phone of PHONES) {
    for (const [at, from] of FROM_LOOSE.entries()) {
      for (const to of FROM_LOOSE.slice(at + 1)) {
        const text = printedPhone(phone, from, to);
        const field = { zone: "recipient", kind: "phone", text } as const;
        assert.deepEqual(lintPrintable([field], PROFILES[to], GAZETTEER), [], `${from}, ${to}`);
      }
    }
  }
});
