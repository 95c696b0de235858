/**
 * P1: the last gate before print. It reads only the strings that would be printed, with its own
 * patterns and none of the maskers', so that one mistake cannot pass both.
 *
 * Rules, GB/T 41833-2022, personal-information chapter: W1 no complete personal information, W2 a
 * name hides a character, W3 a phone hides six digits, W4 an address hides unit, door and room.
 */

import { resolveDivision, type Gazetteer } from "./gazetteer.ts";
import type { MaskProfile } from "./mask-profile.ts";

export interface LintField {
  readonly zone: "recipient" | "sender" | "other";
  readonly kind: "name" | "phone" | "address" | "text";
  readonly text: string;
}

export interface LintFinding {
  readonly rule: "W1" | "W2" | "W3" | "W4";
  readonly zone: LintField["zone"];
  readonly kind: LintField["kind"];
}

const FIELD_MAX_CHARS = 2_000;
const HIDDEN_DIGITS_MIN = 6;
/** Every sign that people print in place of a character, folded to one. */
const MASKS = /[*●■█▇∗✱•※□]/g;
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;

const TITLE = /(?:先生|女士|小姐|老师|老師|师傅|師傅|太太|阿姨|医生|醫生|经理|經理)$/;
const LETTER = /\p{L}/u;

/** Numbers of people in running text: mobile, landline with area code, identity card, e-mail. */
const OPEN_PHONES = [
  /(?<!\d)(?<!\d[ -])1[3-9]\d(?:[ -]?\d){8}(?![ -]?\d)/,
  /(?<!\d)\(?0\d{2,3}\)?[ -]?[2-9]\d{2,3}[ -]?\d{4}(?!\d)/,
  /(?<!\d)\d{3}\*{1,5}\d{3,4}(?!\d)/,
] as const;
const IDENTITY_CARD =
  /(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)/g;
const EMAIL = /[\w.+-]{3,64}@[\w-]{1,63}\.[a-z]{2,10}/i;

const NUMERAL = "[0-9A-Za-z〇零一二三四五六七八九十百甲乙丙丁]";
/** A number that can still be read before a word for unit, door, room or floor. */
const MARKED_ROOM = new RegExp(
  `${NUMERAL}\\s?(?:单元|單元|室(?!内|外)|户(?!外|村|镇|乡|屯|寨|庄|区)|戶|号房|號房|层|層)|[0-9A-Za-z]\\s?房(?![产地屋管山沟店东])`,
);
/** 3栋1201, A座501, 2号楼-1102, 5#301: a door number straight after a building. */
const ROOM_AFTER_BUILDING =
  /[栋棟幢座#](?:\s|-)*\d{2,4}(?![\d号號弄巷路组楼幢栋])|(?:号|號)(?:楼|樓)(?:\s|-)*\d{2,4}(?!\d)/;
/** 3-1-1201 and 12-1201: door numbers joined by dashes. */
const DASHED_ROOM = /\d{1,3}-\d{1,2}-\d{2,4}(?![\d号號栋幢])|\d{1,2}-\d{3,4}(?![\d号號弄])/;
/** 6栋3号, 88号101, 文创园2301: a door number after a building, a gate number or an estate's name. */
const DOOR_AT_END =
  /[栋棟幢]\d{1,4}[号號](?![楼樓])|[号號门門]\d{3,4}(?![\d号號弄幢栋棟楼座国省县乡-])|(?![路道线巷弄街第省县乡])[\u3400-\u9fff][A-Za-z]?\d{3,6}$/;
/** 5一1一901: the numeral one typed for a dash. */
const TYPED_DASH = /(?<=\d)[一—–ー](?=\d)/g;
const BUILDING = new RegExp(`${NUMERAL}\\s?(?:[栋棟幢座]|号楼|號樓)`);

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
  const text = field.text.normalize("NFKC").replace(INVISIBLE, "").replace(MASKS, "*");
  switch (field.kind) {
    case "name":
      return [...nameRules(text.trim(), profile), ...openRules(text)];
    case "phone":
      return phoneRules(text, profile);
    case "address":
      return [...addressRules(text, profile, gazetteer), ...openRules(text)];
    case "text":
      return openRules(text);
  }
}

function nameRules(text: string, profile: MaskProfile): readonly Rule[] {
  if (!LETTER.test(text)) return [];
  if (!text.includes("*")) return ["W2"];
  const readable = profile.nameRule === "honorific" ? text.replace(TITLE, "") : text;
  return profile.nameRule !== "surname" && LETTER.test(readable) ? ["W2"] : [];
}

function openRules(text: string): readonly Rule[] {
  const rules: Rule[] = [];
  if (OPEN_PHONES.some((pattern) => pattern.test(text))) rules.push("W3");
  if (holdsIdentityCard(text) || EMAIL.test(text)) rules.push("W1");
  return rules;
}

function phoneRules(text: string, profile: MaskProfile): readonly Rule[] {
  if (profile.phone.keepHead + profile.phone.keepTail === 0 && /\d/.test(text)) return ["W3"];
  return /\p{L}{2}/u.test(text.replace(/分机|分機|ext/gi, "")) || !numbersHide(text) ? ["W3"] : [];
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

function addressRules(text: string, profile: MaskProfile, gazetteer: Gazetteer): readonly Rule[] {
  const { keep } = profile.address;
  if (keep === "none") return LETTER.test(text) || /\d/.test(text) ? ["W4"] : [];
  const local = afterDivisions(text, gazetteer).replace(TYPED_DASH, "-");
  const rooms = [MARKED_ROOM, ROOM_AFTER_BUILDING, DASHED_ROOM, DOOR_AT_END];
  const shown = keep === "building" ? rooms : [...rooms, BUILDING];
  return shown.some((pattern) => pattern.test(local)) ? ["W4"] : [];
}

/** Names of places such as 三户镇 are no door numbers; only a part without digits is passed over. */
function afterDivisions(text: string, gazetteer: Gazetteer): string {
  const end = resolveDivision(text, gazetteer)?.end ?? 0;
  return /^[^\d*]*$/.test(text.slice(0, end)) ? text.slice(end) : text;
}

const CARD_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;

/** GB 11643-1999: the last character is 1 0 X 9 8 7 6 5 4 3 2 by the weighted sum modulo 11. */
function holdsIdentityCard(text: string): boolean {
  for (const [card] of text.matchAll(IDENTITY_CARD)) {
    const sum = CARD_WEIGHTS.reduce(
      (total, weight, at) => total + weight * Number(card.charAt(at)),
      0,
    );
    if ("10X98765432".charAt(sum % 11) === card.charAt(17).toUpperCase()) return true;
  }
  return false;
}
