/** The parts that an address is read into. */

export type AddressLabel =
  | "prov"
  | "city"
  | "district"
  | "town"
  | "road"
  | "roadno"
  | "community"
  | "poi"
  | "building"
  | "unit"
  | "floor"
  | "room"
  | "person"
  | "phone"
  | "note"
  | "other";

/** Offsets in UTF-16 units, end exclusive. */
export type AddressSpan = readonly [label: AddressLabel, start: number, end: number];

export type Range = readonly [start: number, end: number];

/** Labels that are hidden whatever the profile keeps of an address. */
export const ALWAYS_HIDDEN: ReadonlySet<AddressLabel> = new Set([
  "unit",
  "floor",
  "room",
  "person",
  "phone",
  "other",
]);
