/** Orders as the API takes them: JSON with a recipient and a sender inside. */
import { Type } from "typebox";
import type { Static } from "typebox";
import { isField } from "../orders/field.ts";
import type { Field, OrderField, Role } from "../orders/field.ts";
import { orderParser } from "../orders/order.ts";
import type { RowResult } from "../orders/order.ts";
import { closedObject } from "./schema.ts";

/** Far above what any field may hold, so that a field that is too long is told by its own code. */
const TEXT = Type.String({ maxLength: 2_000 });
const OPTIONAL = Type.Optional(TEXT);

export const PARTY = closedObject({
  name: OPTIONAL,
  phone: OPTIONAL,
  province: OPTIONAL,
  city: OPTIONAL,
  district: OPTIONAL,
  town: OPTIONAL,
  address: OPTIONAL,
});

export const ORDER = closedObject({
  merchant: OPTIONAL,
  orderNumber: OPTIONAL,
  waybillNumber: OPTIONAL,
  carrier: OPTIONAL,
  recipient: PARTY,
  sender: Type.Optional(PARTY),
  goods: OPTIONAL,
  remark: OPTIONAL,
  sortCode: OPTIONAL,
});

type OrderBody = Static<typeof ORDER>;

/** Where a field of the order stands in the body. */
const MEMBERS = {
  order_number: "orderNumber",
  waybill_number: "waybillNumber",
  carrier: "carrier",
  merchant: "merchant",
  goods: "goods",
  remark: "remark",
  sort_code: "sortCode",
} as const satisfies Record<OrderField, keyof OrderBody>;

const PARTY_MEMBERS = ["name", "phone", "province", "city", "district", "town", "address"] as const;
const ROLES: readonly Role[] = ["recipient", "sender"];

function textsOf(body: OrderBody): ReadonlyMap<Field, string> {
  const texts = new Map<Field, string>();
  // MEMBERS has exactly the keys of OrderField.
  for (const [field, member] of Object.entries(MEMBERS) as [OrderField, keyof typeof body][]) {
    const text = body[member];
    if (typeof text === "string") texts.set(field, text);
  }
  for (const role of ROLES)
    for (const member of PARTY_MEMBERS) texts.set(`${role}_${member}`, body[role]?.[member] ?? "");
  return texts;
}

/** Orders or refusals, numbered from 1. Masks and tokens are refused as such (P4). */
export function readBodies(bodies: readonly OrderBody[]): RowResult[] {
  const parse = orderParser();
  return bodies.map((body, at) => {
    const texts = textsOf(body);
    return parse(at + 1, (field) => texts.get(field) ?? "");
  });
}

/** A field of an order as a path into the body, e.g. `recipient.phone`. */
export function memberOf(field: string): string {
  if (!isField(field)) return field;
  if (Object.hasOwn(MEMBERS, field)) return MEMBERS[field as OrderField];
  return field.replace(/^(recipient|sender)_/u, "$1.");
}
