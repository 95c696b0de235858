/** What is found in running text: where it stands, what it is, how sure that is, and why. */

export type TextLabel = "name" | "title" | "phone" | "address" | "org" | "id" | "email";

/** Finer than the label: what the number or mention is. */
export type TextKind =
  | "name"
  | "title"
  | "phone"
  | "address"
  | "org"
  | "identity-card"
  | "bank-card"
  | "document"
  | "plate"
  | "wechat"
  | "qq"
  | "door-code"
  | "email";

/** Which sign gave it away. */
export type TextReason =
  | "cue"
  | "role"
  | "phone"
  | "receipt"
  | "title"
  | "dot"
  | "context"
  | "number"
  | "door"
  | "division"
  | "places"
  | "building"
  | "crossing"
  | "named"
  | "ending"
  | "check-digit"
  | "form"
  | "blurred";

export interface TextSpan {
  readonly kind: TextKind;
  /** UTF-16 units of the text, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** 0..1: the weight of the evidence, not a measured frequency. */
  readonly confidence: number;
  readonly reason: TextReason;
}

/** The label that an entity of each kind carries. */
export const LABEL_OF_KIND: Readonly<Record<TextKind, TextLabel>> = {
  name: "name",
  title: "title",
  phone: "phone",
  address: "address",
  org: "org",
  "identity-card": "id",
  "bank-card": "id",
  document: "id",
  plate: "id",
  wechat: "id",
  qq: "id",
  "door-code": "id",
  email: "email",
};
