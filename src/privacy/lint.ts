/**
 * P1: the last gate before print. It reads only the strings that would be printed, with its own
 * patterns and none of the maskers', so that one mistake cannot pass both.
 *
 * Rules, GB/T 41833-2022, personal-information chapter: W1 no complete personal information, W2 a
 * name hides a character, W3 a phone hides six digits, W4 an address hides unit, door and room.
 */

import type { Gazetteer } from "./gazetteer.ts";
import { isAddressHidden, namesDoor, namesRoom } from "./lint-address.ts";
import { foldShown, foldSpelled } from "./lint-fold.ts";
import { isNameHidden } from "./lint-name.ts";
import { openNumbers } from "./lint-number.ts";
import type { MaskProfile } from "./mask-profile.ts";

export interface LintField {
  readonly zone: "recipient" | "sender" | "other";
  /** A code is a short text, such as a carrier or an order number, that no masker reads. */
  readonly kind: "name" | "phone" | "address" | "text" | "code";
  readonly text: string;
}

export interface LintFinding {
  readonly rule: "W1" | "W2" | "W3" | "W4";
  readonly zone: LintField["zone"];
  readonly kind: LintField["kind"];
}

const FIELD_MAX_CHARS = 2_000;
const HIDDEN_DIGITS_MIN = 6;
/**
 * Findings over the fields of one label; empty means it may be printed. Any finding refuses the
 * label: the caller does not print and does not try to mend. Never throws, never returns text.
 */
export function lintPrintable(
  fields: readonly LintField[],
  profile: MaskProfile,
  gazetteer: Gazetteer,
): readonly LintFinding[] {
  return fields.flatMap((field) =>
    rulesBroken(field, profile, gazetteer).map((rule) => ({
      rule,
      zone: field.zone,
      kind: field.kind,
    })),
  );
}

type Rule = LintFinding["rule"];

function rulesBroken(
  field: LintField,
  profile: MaskProfile,
  gazetteer: Gazetteer,
): readonly Rule[] {
  if (field.text.length > FIELD_MAX_CHARS) return ["W1"];
  const text = foldShown(field.text);
  switch (field.kind) {
    case "name":
      return [...(isNameHidden(field.text, profile) ? [] : (["W2"] as const)), ...openRules(text)];
    case "phone":
      return isPhoneHidden(text, profile) ? [] : ["W3"];
    case "address": {
      const isHidden = isAddressHidden(text, profile, gazetteer);
      return [...(isHidden ? [] : (["W4"] as const)), ...openRules(text)];
    }
    case "code":
      return [...(namesDoor(text) ? (["W4"] as const) : []), ...openRules(text)];
    case "text":
      return [...(namesRoom(text) ? (["W4"] as const) : []), ...openRules(text)];
  }
}

function openRules(text: string): readonly Rule[] {
  return openNumbers(text).map((kind) => (kind === "phone" ? "W3" : "W1"));
}

/** True when a printed phone field, folded by `foldShown`, hides what `profile` hides. */
export function isPhoneHidden(text: string, profile: MaskProfile): boolean {
  // 一三八: digits spelled in Chinese are digits of the number.
  const shown = foldSpelled(text);
  if (profile.phone.keepHead + profile.phone.keepTail === 0 && /\d/.test(shown)) return false;
  return !/\p{L}{2}/u.test(shown.replace(/分机|分機|ext/gi, "")) && numbersHide(shown);
}

/** Each number of the field, extension apart, hides six digits or shows none. */
function numbersHide(text: string): boolean {
  return text.split(/[/;；、|\n]|,(?=[ +\d*]{8})/).every((part) => {
    const body = numberBody(
      part.replace(/^[^\d*]*(?:\+|00)?(?:86|852|853|886)(?=[^\d*]?[^]{7})/, ""),
    );
    const hidden = body.split("*").length - 1;
    return !/\d/.test(body) || hidden >= HIDDEN_DIGITS_MIN;
  });
}

/** Digits and masks of the number itself: groups up to the first that makes it whole. */
function numberBody(part: string): string {
  let body = "";
  for (const [group] of part.matchAll(/[\d*]+/g)) {
    if (
      body.length >= 10 ||
      (body.length >= 7 && group.length <= 4 && body.length + group.length > 11)
    )
      break;
    body += group;
    if (group.length >= 7) break;
  }
  return body;
}
