/**
 * The fields that an order file may hold. `--map` takes these names and `rejected.csv` says them;
 * they never change once released.
 */

const PARTY_FIELDS = [
  "name",
  "phone",
  "province",
  "city",
  "district",
  "town",
  "address",
  "address_2",
] as const;

export type PartyField = (typeof PARTY_FIELDS)[number];

export type Role = "recipient" | "sender";

const ORDER_FIELDS = [
  "order_number",
  "waybill_number",
  "carrier",
  "merchant",
  "goods",
  "remark",
  "sort_code",
] as const;

export type OrderField = (typeof ORDER_FIELDS)[number];

/** What a shop platform hands out of a recipient whom it withholds (docs/adapters.md). */
const PLATFORM_FIELDS = [
  "platform",
  "platform_token",
  "masked_name",
  "masked_phone",
  "masked_address",
  "virtual_phone",
  "virtual_extension",
] as const;

export type PlatformField = (typeof PLATFORM_FIELDS)[number];

export type Field = OrderField | `${Role}_${PartyField}` | PlatformField;

/** Every field: of the order, the recipient, the sender, and those of platforms. */
export const FIELDS: readonly Field[] = [
  ...ORDER_FIELDS,
  ...PARTY_FIELDS.map((field) => `recipient_${field}` as const),
  ...PARTY_FIELDS.map((field) => `sender_${field}` as const),
  ...PLATFORM_FIELDS,
];

/** Longest accepted values in UTF-16 units. A party's fields are bounded where it is parsed. */
export const LONGEST: Readonly<Record<OrderField, number>> = {
  order_number: 64,
  waybill_number: 40,
  carrier: 32,
  merchant: 64,
  goods: 200,
  remark: 500,
  sort_code: 32,
};

const KNOWN: ReadonlySet<string> = new Set(FIELDS);

/** True when `text` is the name of a field. */
export function isField(text: string): text is Field {
  return KNOWN.has(text);
}
