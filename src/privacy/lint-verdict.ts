/**
 * P1: what a printed party shows, rule by rule, with the reason, and how far a label is masked. It
 * reads only the printed text, afresh, with the lint's own patterns; it knows no masker.
 *
 * Rules: GB/T 41833-2022, personal-information chapter. W1 no complete personal information is
 * shown, W2 姓名应隐藏1个汉字以上, W3 联系电话应隐藏6位以上, W4 地址应隐藏单元户室号.
 */

import type { Gazetteer } from "./gazetteer.ts";
import { isAddressHidden } from "./lint-address.ts";
import { foldMasks, foldShown } from "./lint-fold.ts";
import { isNameHidden, isTitledOnly } from "./lint-name.ts";
import { openNumbers } from "./lint-number.ts";
import { isPhoneHidden } from "./lint.ts";
import { PROFILES, type MaskProfile } from "./mask-profile.ts";

/** What one label prints of one party; a field that is not printed is the empty string. */
export interface PrintedParty {
  readonly name: string;
  readonly phone: string;
  readonly address: string;
  /** Whoever made the number says that it is a virtual one, so that no digit of a person shows. */
  readonly phoneSource?: "virtual";
}

export type VerdictReason =
  /** Nothing of this field is printed. */
  | "not-printed"
  /** What the rule asks for is hidden. */
  | "hidden"
  /** A surname and a title stand in place of the name (张女士): no given name is printed. */
  | "substituted"
  /** The number is a virtual one. */
  | "virtual"
  /** The address holds nothing that the rule would hide, and nothing is hidden. */
  | "no-door"
  /** Too much of the name, the phone or the address can be read. */
  | "readable"
  /** A whole phone, identity card or e-mail address stands in a field where none belongs. */
  | "complete-number"
  /** Longer than any label prints; it is not read. */
  | "too-long";

export interface RuleVerdict {
  readonly rule: "W1" | "W2" | "W3" | "W4";
  readonly verdict: "pass" | "fail" | "not-applicable";
  readonly reason: VerdictReason;
}

/**
 * L0 nothing is masked; L1 something is, but less than W2 to W4; L2 meets W1 to W4 for every party;
 * L3 shows no name, no digit of a phone and no more of the address than its divisions and road.
 */
export type LabelGrade = "L0" | "L1" | "L2" | "L3";

const FIELD_MAX_CHARS = 2_000;
const READABLE = /[\p{L}\p{N}]/u;

/** One verdict for each rule, W1 to W4. Never throws; never returns text of the party. */
export function judgeParty(
  printed: PrintedParty,
  profile: MaskProfile,
  gazetteer: Gazetteer,
): readonly RuleVerdict[] {
  const { name, phone, address } = printed;
  if ([name, phone, address].some((text) => text.length > FIELD_MAX_CHARS))
    return (["W1", "W2", "W3", "W4"] as const).map((rule) => fail(rule, "too-long"));
  return [
    completeness(printed),
    nameVerdict(name, profile),
    phoneVerdict(printed, profile),
    addressVerdict(address, profile, gazetteer),
  ];
}

function pass(rule: RuleVerdict["rule"], reason: VerdictReason): RuleVerdict {
  return { rule, verdict: "pass", reason };
}

function fail(rule: RuleVerdict["rule"], reason: VerdictReason): RuleVerdict {
  return { rule, verdict: "fail", reason };
}

function none(rule: RuleVerdict["rule"], reason: VerdictReason): RuleVerdict {
  return { rule, verdict: "not-applicable", reason };
}

/** A whole number of a person in the name or the address; the phone field has a rule of its own. */
function completeness({ name, address }: PrintedParty): RuleVerdict {
  const isOpen = [name, address].some((text) => openNumbers(text).length > 0);
  return isOpen ? fail("W1", "complete-number") : pass("W1", "hidden");
}

function nameVerdict(name: string, profile: MaskProfile): RuleVerdict {
  if (!READABLE.test(name) && !foldMasks(name).includes("*")) return none("W2", "not-printed");
  if (isNameHidden(name, profile)) return pass("W2", "hidden");
  const isTitled = profile.nameRule === "surname" && isTitledOnly(name);
  return isTitled ? pass("W2", "substituted") : fail("W2", "readable");
}

function phoneVerdict({ phone, phoneSource }: PrintedParty, profile: MaskProfile): RuleVerdict {
  if (phoneSource === "virtual") return pass("W3", "virtual");
  if (phone.trim() === "") return none("W3", "not-printed");
  return isPhoneHidden(foldShown(phone), profile) ? pass("W3", "hidden") : fail("W3", "readable");
}

function addressVerdict(address: string, profile: MaskProfile, gazetteer: Gazetteer): RuleVerdict {
  const shown = foldShown(address);
  if (shown.trim() === "") return none("W4", "not-printed");
  if (!isAddressHidden(shown, profile, gazetteer)) return fail("W4", "readable");
  return shown.includes("*") ? pass("W4", "hidden") : none("W4", "no-door");
}

/** The grade of a label by all parties that it prints; a label without parties shows nobody: L3. */
export function gradeLabel(parties: readonly PrintedParty[], gazetteer: Gazetteer): LabelGrade {
  const isMet = (profile: MaskProfile): boolean =>
    parties.every((party) =>
      judgeParty(party, profile, gazetteer).every(({ verdict }) => verdict !== "fail"),
    );
  if (isMet(PROFILES.gb41833))
    return parties.every(showsNobody) && isMet(PROFILES.strict) ? "L3" : "L2";
  const isMasked = parties.some(({ name, phone, address }) =>
    [name, phone, address].some((text) => foldMasks(text).includes("*")),
  );
  return isMasked ? "L1" : "L0";
}

/** No letter of the name and no digit of a person's phone. */
function showsNobody({ name, phone, phoneSource }: PrintedParty): boolean {
  return !READABLE.test(name) && (phoneSource === "virtual" || !/\p{N}/u.test(phone));
}
