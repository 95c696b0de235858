/**
 * Everything that headquarters can set, lock or leave to those below (P10), one row each. A row is
 * here because something acts by it: its last member names the verbs that do.
 */
import { PURPOSES, PURPOSE_NAMES } from "./purposes.ts";
import { QUOTA_LIMITS, QUOTA_SCOPES, QUOTA_SPANS } from "./quota.ts";
import type { QuotaScope, QuotaSpan } from "./quota.ts";
import { RETENTION } from "./retention.ts";
import type { RetentionClass } from "./retention.ts";
import { ROLES } from "./role.ts";
import type { Role } from "./role.ts";
import { allowedValue } from "./setting-kind.ts";
import type { SettingKind } from "./setting-kind.ts";

export interface SettingRule {
  readonly zh: string;
  readonly en: string;
  readonly values: SettingKind;
  /** 仅总部可设置: who stands below needs a delegation, or a request that was granted. */
  readonly isHeadquartersOnly: boolean;
  /** What counts where nobody has said anything. */
  readonly unset: string;
  /** Whether the default binds all below headquarters until headquarters itself says otherwise. */
  readonly isLockedByDefault: boolean;
  /** Whether one person alone may not make it looser (四眼原则), whatever `four-eyes` says. */
  readonly needsFourEyes: boolean;
  /** All that acts by it. */
  readonly actsOn: readonly ("decide" | "grant" | "print" | "reveal" | "seal")[];
}

const FREE = { isHeadquartersOnly: false, isLockedByDefault: false, needsFourEyes: true } as const;
const HEADQUARTERS = {
  isHeadquartersOnly: true,
  isLockedByDefault: true,
  needsFourEyes: true,
} as const;

/** A change that waits for another person lapses after this time. */
export const SETTING_APPROVAL_HOURS = 72;

/** Classes of data whose term acts on something; the term of the log binds the archive alone. */
const KEPT_CLASSES = [
  "persons",
  "access-delivered",
  "access-returned",
  "access-closed",
  "access-void",
  "real-name",
  "shell",
] as const satisfies readonly RetentionClass[];

type KeptClass = (typeof KEPT_CLASSES)[number];

/** The floors and ceilings are those of the law or of the product (retention.ts). */
function retentionRule(name: KeptClass): SettingRule {
  const { zh, en, floorDays: min, ceilingDays: max } = RETENTION[name];
  return {
    zh: `保存天数上限:${zh}`,
    en: `at most so many days: ${en}`,
    values: { kind: "most", min, max, unit: "days" },
    unset: String(max),
    actsOn: [name.startsWith("access") ? "reveal" : "seal"],
    ...FREE,
  };
}

/** Whose purposes headquarters may narrow; what a law asks for is nobody's to switch off. */
export const LIMITED_ROLES = [
  "courier",
  "station",
  "clerk",
  "branch-manager",
  "support",
] as const satisfies readonly Role[];

export type LimitedRole = (typeof LIMITED_ROLES)[number];

/** The purposes that a role has by the table of purposes. */
function purposesOf(role: LimitedRole): readonly string[] {
  return PURPOSE_NAMES.filter((name) => PURPOSES[name].roles.some((one) => one === role));
}

function purposesRule(role: LimitedRole): SettingRule {
  const words = purposesOf(role);
  return {
    zh: `可用的查看用途:${ROLES[role].zh}`,
    en: `purposes of a reveal: ${ROLES[role].en}`,
    values: { kind: "allowed", words, mayBeNone: true },
    unset: allowedValue(words),
    actsOn: ["reveal"],
    ...FREE,
  };
}

/** A setting may make a limit this many times as wide as the table has it, and no wider. */
const QUOTA_FACTOR_MAX = 10;

interface Limit {
  readonly scope: QuotaScope;
  readonly span: QuotaSpan;
  readonly limit: number;
}

function quotaRule({ scope, span, limit }: Limit): SettingRule {
  return {
    zh: `查看限额:${QUOTA_SCOPES[scope].zh},${QUOTA_SPANS[span].zh}`,
    en: `quota of looks: ${QUOTA_SCOPES[scope].en}, ${QUOTA_SPANS[span].en}`,
    values: { kind: "most", min: 0, max: limit * QUOTA_FACTOR_MAX, unit: "looks" },
    unset: String(limit),
    actsOn: ["reveal"],
    ...FREE,
  };
}

type NameOfLimit<L> = L extends { readonly scope: infer S; readonly span: infer P }
  ? `quota-${S & QuotaScope}-${P & QuotaSpan}`
  : never;
export type QuotaSetting = NameOfLimit<(typeof QUOTA_LIMITS)[number]>;

type ListedSetting = QuotaSetting | `purposes-${LimitedRole}` | `retention-${KeptClass}`;

const LISTED = Object.fromEntries([
  ...KEPT_CLASSES.map((name) => [`retention-${name}`, retentionRule(name)] as const),
  ...LIMITED_ROLES.map((role) => [`purposes-${role}`, purposesRule(role)] as const),
  ...QUOTA_LIMITS.map((row) => [`quota-${row.scope}-${row.span}`, quotaRule(row)] as const),
  // One row for each name of the three lists above.
]) as Readonly<Record<ListedSetting, SettingRule>>;

/** Words of other rooms that stand here as text; a test holds them against those rooms' tables. */
const SUITE_WORDS = ["intl", "gm"] as const;
const LABEL_SIZE_WORDS = ["76x130", "100x110", "100x150", "100x177", "100x180", "100x203"] as const;

/**
 * `listed`: what loosens a setting whose row needs four eyes; `loosening`: what loosens any;
 * `every`: each change, a stricter one too.
 */
const FOUR_EYES = ["listed", "loosening", "every"] as const;

/**
 * Whether a change takes two people where `four-eyes` has that value; one that nobody knows asks
 * for two.
 */
export function takesTwo(
  value: string,
  change: { readonly name: SettingName; readonly isLoosening: boolean },
): boolean {
  const { name, isLoosening } = change;
  if (value === "listed") return isLoosening && SETTINGS[name].needsFourEyes;
  return value === "loosening" ? isLoosening : true;
}

/**
 * `legacy-clear` says that an outlet's old system prints in the clear. It is no row of PROFILES:
 * nothing in this product can print with it. `suite` has no word for no encryption. A private
 * waybill (隐私运单), switched on for a merchant, a branch or a whole platform, is sealed with no
 * less than PRIVATE_WAYBILL_PROFILE.
 */
const OWN = {
  "mask-profile": {
    zh: "脱敏方案",
    en: "mask profile",
    values: {
      kind: "choice",
      values: ["legacy-clear", "gb41833-tail4", "gb41833", "strict", "full"],
    },
    unset: "gb41833",
    actsOn: ["print"],
    ...HEADQUARTERS,
  },
  suite: {
    zh: "可用的密码套件",
    en: "cipher suites that may seal",
    values: { kind: "allowed", words: SUITE_WORDS, mayBeNone: false },
    unset: allowedValue(SUITE_WORDS),
    actsOn: ["seal"],
    ...HEADQUARTERS,
  },
  "private-waybill": {
    zh: "隐私运单",
    en: "private waybill",
    values: { kind: "choice", values: ["off", "on"] },
    unset: "off",
    actsOn: ["seal"],
    ...FREE,
  },
  "virtual-number": {
    zh: "收件电话须为虚拟号",
    en: "the recipient's phone has to be a virtual number",
    values: { kind: "choice", values: ["any", "required"] },
    unset: "any",
    // A look that is for calling the recipient is given the virtual number alone.
    actsOn: ["seal", "reveal"],
    ...FREE,
  },
  "four-eyes": {
    zh: "哪些设置更改须两人决定(四眼原则)",
    en: "which changes of settings take two people",
    values: { kind: "choice", values: FOUR_EYES },
    unset: "listed",
    actsOn: ["decide"],
    ...HEADQUARTERS,
  },
  "authority-grant": {
    zh: "向机关开放可查范围须几人决定",
    en: "people it takes to grant an authority a scope",
    values: { kind: "choice", values: ["one", "two"] },
    unset: "one",
    actsOn: ["grant"],
    ...FREE,
  },
  "training-required": {
    zh: "查看前须有有效培训",
    en: "valid training before a reveal",
    values: { kind: "choice", values: ["no", "yes"] },
    unset: "no",
    actsOn: ["reveal"],
    ...FREE,
  },
  "label-sizes": {
    zh: "可用的面单尺寸",
    en: "papers that labels may be printed on",
    values: { kind: "allowed", words: LABEL_SIZE_WORDS, mayBeNone: false },
    unset: allowedValue(LABEL_SIZE_WORDS),
    actsOn: ["print"],
    ...FREE,
    needsFourEyes: false,
  },
} as const satisfies Record<string, SettingRule>;

/** No digit of a phone, nothing of a name, and a coarse address. */
export const PRIVATE_WAYBILL_PROFILE = "strict";

export type SettingName = ListedSetting | keyof typeof OWN;

export const SETTINGS: Readonly<Record<SettingName, SettingRule>> = { ...OWN, ...LISTED };

// The keys of the table are the names of its rows.
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];
