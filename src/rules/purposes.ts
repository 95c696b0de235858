/**
 * What a reveal may be for, and which fields each purpose may open (P10). A purpose that is not a
 * row here does not exist; a field that is not in its row stays closed.
 */

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

export interface PurposeRow {
  readonly zh: string;
  readonly en: string;
  readonly fields: readonly Field[];
  /** The legal basis that the audit entry names: PIPL art. 13(1), numbered item. */
  readonly basis: "PIPL-13-1-1" | "PIPL-13-1-2" | "PIPL-13-1-3";
  /** Law enforcement and disclosures need a written reason beside the purpose. */
  readonly needsReason: boolean;
}

const RECIPIENT = ["recipient.name", "recipient.phone", "recipient.address"] as const;
const SENDER = ["sender.name", "sender.phone", "sender.address"] as const;

export const PURPOSES = {
  deliver: {
    zh: "投递",
    en: "deliver",
    fields: [...RECIPIENT, "remark"],
    basis: "PIPL-13-1-2",
    needsReason: false,
  },
  contact: {
    zh: "联系收寄件人",
    en: "contact a party",
    fields: ["recipient.name", "recipient.phone", "sender.name", "sender.phone"],
    basis: "PIPL-13-1-2",
    needsReason: false,
  },
  return: {
    zh: "退回",
    en: "return",
    fields: [...SENDER, "recipient.name"],
    basis: "PIPL-13-1-2",
    needsReason: false,
  },
  claim: {
    zh: "理赔",
    en: "claim",
    fields: [...RECIPIENT, ...SENDER],
    basis: "PIPL-13-1-2",
    needsReason: true,
  },
  "address-change": {
    zh: "改址",
    en: "address change",
    fields: ["recipient.name", "recipient.address"],
    basis: "PIPL-13-1-2",
    needsReason: false,
  },
  "subject-request": {
    zh: "个人信息主体请求",
    en: "request of the person concerned",
    fields: FIELDS,
    basis: "PIPL-13-1-3",
    needsReason: true,
  },
  "law-enforcement": {
    zh: "依法调取",
    en: "law enforcement",
    fields: FIELDS,
    basis: "PIPL-13-1-3",
    needsReason: true,
  },
  "sender-disclosure": {
    zh: "向收件人披露寄件人",
    en: "disclose the sender to the recipient",
    fields: ["sender.name"],
    basis: "PIPL-13-1-1",
    needsReason: true,
  },
  inspection: {
    zh: "监督检查",
    en: "inspection",
    fields: [...RECIPIENT, ...SENDER],
    basis: "PIPL-13-1-3",
    needsReason: true,
  },
} as const satisfies Record<string, PurposeRow>;

export type Purpose = keyof typeof PURPOSES;

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
