/**
 * What a reveal may be for, and which fields each purpose may open (P10). A purpose that is not a
 * row here does not exist; a field that is not in its row stays closed.
 */

import type { Role } from "./role.ts";

export const FIELDS = [
  "recipient.name",
  "recipient.phone",
  "recipient.address",
  "sender.name",
  "sender.phone",
  "sender.address",
  "remark",
] as const;

export type Field = (typeof FIELDS)[number];

/** Where in the life of a parcel a purpose can arise: before it is handed over, or always. */
type Stage = "on-the-way" | "any";

export interface PurposeRow {
  readonly zh: string;
  readonly en: string;
  readonly fields: readonly Field[];
  /**
   * Whose task it is. The privacy officer may act for each (PIPL 52) and is not repeated here.
   */
  readonly roles: readonly Role[];
  readonly stage: Stage;
  /** The legal basis that the audit entry names: PIPL art. 13(1), numbered item. */
  readonly basis: "PIPL-13-1-2" | "PIPL-13-1-3";
  /**
   * What one look weighs in a quota: 1, or 2 where both parties are opened or what is opened goes
   * to somebody else.
   */
  readonly quotaWeight: 1 | 2;
  /** Law enforcement and disclosures need a written reason beside the purpose. */
  readonly needsReason: boolean;
  /** An authority's document with its number, and two officers (src/access/warrant.ts). */
  readonly needsWarrant?: true;
}

const RECIPIENT = ["recipient.name", "recipient.phone", "recipient.address"] as const;
const SENDER = ["sender.name", "sender.phone", "sender.address"] as const;
const BOTH_CONTACTS = ["recipient.name", "recipient.phone", "sender.name", "sender.phone"] as const;
/** PIPL 13(1)(2): what the contract with the sender takes. */
const CONTRACT = { basis: "PIPL-13-1-2", needsReason: false, quotaWeight: 1 } as const;
const CONTRACT_WITH_REASON = { ...CONTRACT, needsReason: true } as const;
/** PIPL 13(1)(3): what a law asks for. */
const DUTY = { basis: "PIPL-13-1-3", needsReason: true, quotaWeight: 1 } as const;

export const PURPOSES = {
  deliver: {
    zh: "投递",
    en: "deliver",
    fields: [...RECIPIENT, "remark"],
    roles: ["courier", "station"],
    stage: "on-the-way",
    ...CONTRACT,
  },
  contact: {
    zh: "联系收寄件人",
    en: "contact a party",
    fields: BOTH_CONTACTS,
    roles: ["courier", "station", "clerk", "branch-manager", "support"],
    stage: "any",
    ...CONTRACT,
  },
  return: {
    zh: "退回",
    en: "return",
    fields: [...SENDER, "recipient.name"],
    roles: ["courier", "station", "clerk", "branch-manager"],
    stage: "any",
    ...CONTRACT,
  },
  claim: {
    zh: "理赔",
    en: "claim",
    fields: [...RECIPIENT, ...SENDER],
    roles: ["branch-manager", "support"],
    stage: "any",
    ...CONTRACT_WITH_REASON,
    quotaWeight: 2,
  },
  "address-change": {
    zh: "改址",
    en: "address change",
    fields: ["recipient.name", "recipient.address"],
    roles: ["clerk", "branch-manager", "support"],
    stage: "on-the-way",
    ...CONTRACT,
  },
  "view-name": {
    zh: "核对收件人姓名",
    en: "check the recipient's name",
    fields: ["recipient.name"],
    roles: ["courier", "station", "clerk", "branch-manager"],
    stage: "on-the-way",
    ...CONTRACT,
  },
  "instant-delivery": {
    zh: "即时配送",
    en: "instant delivery",
    fields: [...RECIPIENT, "remark"],
    roles: ["courier"],
    stage: "on-the-way",
    ...CONTRACT,
  },
  "customer-care": {
    zh: "客户服务",
    en: "customer care",
    fields: BOTH_CONTACTS,
    roles: ["support"],
    stage: "any",
    ...CONTRACT_WITH_REASON,
  },
  "subject-request": {
    zh: "个人信息主体请求",
    en: "request of the person concerned",
    fields: FIELDS,
    roles: [],
    stage: "any",
    ...DUTY,
  },
  "law-enforcement": {
    zh: "依法调取",
    en: "law enforcement",
    fields: FIELDS,
    roles: ["security-officer"],
    stage: "any",
    needsWarrant: true,
    ...DUTY,
  },
  /**
   * 快递市场管理办法 (2024) art. 27(3): whoever gets a parcel and does not know from whom may ask for
   * the sender's name, address and phone, and is told what the carrier has.
   */
  "sender-disclosure": {
    zh: "向收件人披露寄件人",
    en: "disclose the sender to the recipient",
    fields: SENDER,
    roles: ["branch-manager", "support"],
    stage: "any",
    ...DUTY,
    quotaWeight: 2,
  },
  inspection: {
    zh: "监督检查",
    en: "inspection",
    fields: [...RECIPIENT, ...SENDER],
    roles: ["inspector"],
    stage: "any",
    ...DUTY,
    quotaWeight: 2,
  },
  /** Compliance audit, PIPL art. 54: an auditor calls people to see whether a log is true. */
  audit: {
    zh: "合规审计",
    en: "compliance audit",
    fields: ["recipient.name", "recipient.phone"],
    roles: ["auditor"],
    stage: "any",
    ...DUTY,
  },
} as const satisfies Record<string, PurposeRow>;

export type Purpose = keyof typeof PURPOSES;

// The keys of the table are the purposes.
export const PURPOSE_NAMES = Object.keys(PURPOSES) as readonly Purpose[];

/** The row of a purpose given by name, or null when no such purpose exists. */
export function purposeOf(name: string): { purpose: Purpose; row: PurposeRow } | null {
  if (!Object.hasOwn(PURPOSES, name)) return null;
  // hasOwn has just shown that the name is a key of the table.
  const purpose = name as Purpose;
  return { purpose, row: PURPOSES[purpose] };
}

/**
 * Short names people type, beside the full ones: the recipient is meant unless the sender is said.
 */
const SHORT_FIELDS: Readonly<Record<string, readonly Field[]>> = {
  name: ["recipient.name"],
  phone: ["recipient.phone"],
  address: ["recipient.address"],
  recipient: RECIPIENT,
  sender: SENDER,
};

/**
 * Reads `phone,sender.name`; null when any part is not a field. Order and doubles do not matter.
 */
export function parseFields(text: string): readonly Field[] | null {
  const wanted = new Set<Field>();
  for (const part of text.split(",").map((piece) => piece.trim())) {
    const known = FIELDS.find((field) => field === part);
    const fields =
      known === undefined
        ? Object.hasOwn(SHORT_FIELDS, part)
          ? SHORT_FIELDS[part]
          : undefined
        : [known];
    if (fields === undefined) return null;
    for (const field of fields) wanted.add(field);
  }
  return FIELDS.filter((field) => wanted.has(field));
}
