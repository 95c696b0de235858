/** One stretch of an address between phones and names, while its tokens are read in order. */

import type { MarkerRole } from "./address-marker.ts";
import type { AddressSpan } from "./address-span.ts";
import type { TextKind } from "./address-text.ts";
import type { AddressToken } from "./address-token.ts";

/** How deep into the address the reading is; from `building` on every other number is hidden. */
export const DEPTH = { open: 0, road: 1, roadNumber: 2, place: 3, building: 4, hidden: 5 } as const;
export type Depth = (typeof DEPTH)[keyof typeof DEPTH];

/** Grows while it is read. */
export interface Stretch {
  readonly folded: string;
  readonly tokens: readonly AddressToken[];
  readonly spans: AddressSpan[];
  depth: Depth;
  /** What stands directly before the number: decides what 号 and a bare number mean. */
  before: TextKind | "number" | "lane" | "start";
}

/** Where a number stands in the chain of numbers that dashes join. */
export interface Position {
  readonly i: number;
  /** Indexes of the first and the last number of the chain. */
  readonly first: number;
  readonly last: number;
  readonly role: MarkerRole;
}

export function nextNumber(tokens: readonly AddressToken[], i: number): AddressToken | null {
  const next = tokens[i + 1]?.kind === "sign" ? tokens[i + 2] : tokens[i + 1];
  return next?.kind === "number" ? next : null;
}

/** What an earlier mask left of a number, which may have been that of a building. */
export function isMasked(folded: string, token: AddressToken | null): boolean {
  return token !== null && folded.charAt(token.start) === "*";
}

export function deeper(one: Depth, other: Depth): Depth {
  return one > other ? one : other;
}
