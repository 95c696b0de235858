/**
 * Mask profiles: how much of a name, a phone and an address stays readable. Profiles are data; the
 * rows here are the shipped ones and equal policies/profiles/*.json, which a test holds.
 *
 * The floor of every profile is GB/T 41833-2022, personal-information chapter: a name hides at
 * least one Chinese character, a phone at least six digits, an address its unit, door and room.
 */

import { Failure } from "../rules/failure.ts";

/** How a name is cut: its first character (or compound surname), a title such as 女士, or nothing. */
export type NameRule = "surname" | "honorific" | "none";

/** The finest part of an address that may stay readable. */
export type AddressKeep = "building" | "road" | "division" | "none";

export type ProfileName = "gb41833" | "strict" | "full" | "gb41833-tail4";

export interface BilingualText {
  readonly zh: string;
  readonly en: string;
}

export interface MaskProfile {
  readonly name: string;
  /**
   * Changes whenever the profile would mask any value differently; goes into the statement (P14).
   */
  readonly ruleVersion: string;
  readonly title: BilingualText;
  readonly nameRule: NameRule;
  /** Digits of an 11-digit number that may stay readable at its head and its tail. */
  readonly phone: { readonly keepHead: number; readonly keepTail: number };
  readonly address: { readonly keep: AddressKeep };
  /** What the person who chooses this profile has to be told. */
  readonly warning?: BilingualText;
}

/** GB/T 41833-2022: 联系电话应隐藏6位以上 leaves at most five digits of an 11-digit number. */
export const HIDDEN_DIGITS_MIN = 6;
const KEPT_DIGITS_MAX = 11 - HIDDEN_DIGITS_MIN;
const TEXT_MAX_CHARS = 400;
const NAME_SHAPE = /^[a-z][a-z0-9-]{0,39}$/;

export const PROFILES = {
  gb41833: {
    name: "gb41833",
    ruleVersion: "gb41833/2",
    title: { zh: "国标默认", en: "National standard, the default" },
    nameRule: "surname",
    phone: { keepHead: 3, keepTail: 2 },
    address: { keep: "building" },
  },
  strict: {
    name: "strict",
    ruleVersion: "strict/2",
    title: {
      zh: "严格:不留姓氏和号码,地址到路",
      en: "Strict: no surname, no digit, address to road",
    },
    nameRule: "honorific",
    phone: { keepHead: 0, keepTail: 0 },
    address: { keep: "road" },
  },
  full: {
    name: "full",
    ruleVersion: "full/2",
    title: { zh: "全加密:只留密单号", en: "Full: nothing but the token" },
    nameRule: "none",
    phone: { keepHead: 0, keepTail: 0 },
    address: { keep: "none" },
  },
  "gb41833-tail4": {
    name: "gb41833-tail4",
    ruleVersion: "gb41833-tail4/2",
    title: { zh: "国标·留尾号", en: "National standard, last four digits kept" },
    nameRule: "surname",
    phone: { keepHead: 1, keepTail: 4 },
    address: { keep: "building" },
    warning: {
      zh: "面单会印出手机尾号后四位,而多家快递用它核验收件人;仅供按尾号找件的驿站使用。",
      en:
        "Labels show the last four digits, which several carriers ask as proof of ownership; " +
        "only for stations that find parcels by them.",
    },
  },
} as const satisfies Record<ProfileName, MaskProfile>;

/**
 * The shipped profile of that name.
 * Fails with PROFILE_UNKNOWN; the caller shows the list of names that the failure's row holds.
 */
export function profileOf(name: string): MaskProfile {
  if (isProfileName(name)) return PROFILES[name];
  throw new Failure("PROFILE_UNKNOWN");
}

/**
 * Reads a profile from parsed JSON; `examples` and other keys beside the profile's own are ignored.
 * Fails with PROFILE_INVALID, naming the field, when a field has the wrong shape or when the
 * profile would show more than GB/T 41833-2022 allows; the caller refuses the file.
 */
export function parseProfile(raw: unknown): MaskProfile {
  const source = recordOf(raw, "profile");
  const warning = source["warning"];
  return {
    name: matching(source["name"], "name"),
    ruleVersion: boundedText(source["ruleVersion"], "ruleVersion"),
    title: bilingual(source["title"], "title"),
    nameRule: oneOf(source["nameRule"], ["surname", "honorific", "none"], "nameRule"),
    phone: keptDigits(source["phone"]),
    address: { keep: addressKeep(source["address"]) },
    ...(warning === undefined ? {} : { warning: bilingual(warning, "warning") }),
  };
}

function isProfileName(name: string): name is ProfileName {
  return Object.hasOwn(PROFILES, name);
}

function keptDigits(raw: unknown): MaskProfile["phone"] {
  const source = recordOf(raw, "phone");
  const keepHead = digitCount(source["keepHead"], "phone.keepHead");
  const keepTail = digitCount(source["keepTail"], "phone.keepTail");
  if (keepHead + keepTail > KEPT_DIGITS_MAX) refuse("phone");
  return { keepHead, keepTail };
}

function addressKeep(raw: unknown): AddressKeep {
  const keep = recordOf(raw, "address")["keep"];
  return oneOf(keep, ["building", "road", "division", "none"], "address.keep");
}

function digitCount(raw: unknown, field: string): number {
  if (typeof raw !== "number" || !Number.isInteger(raw) || raw < 0) refuse(field);
  return raw;
}

function bilingual(raw: unknown, field: string): BilingualText {
  const source = recordOf(raw, field);
  return {
    zh: boundedText(source["zh"], `${field}.zh`),
    en: boundedText(source["en"], `${field}.en`),
  };
}

function matching(raw: unknown, field: string): string {
  if (typeof raw !== "string" || !NAME_SHAPE.test(raw)) refuse(field);
  return raw;
}

function boundedText(raw: unknown, field: string): string {
  if (typeof raw !== "string" || raw === "" || raw.length > TEXT_MAX_CHARS) refuse(field);
  return raw;
}

function oneOf<T extends string>(raw: unknown, choices: readonly T[], field: string): T {
  return choices.find((choice) => choice === raw) ?? refuse(field);
}

function recordOf(raw: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) refuse(field);
  return { ...raw };
}

function refuse(field: string): never {
  throw new Failure("PROFILE_INVALID", { field });
}
