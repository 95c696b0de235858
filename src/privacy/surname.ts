/** Which surname a run of Chinese characters begins with, and how common it is. */

import { MORE_COMPOUND_SURNAMES, TRADITIONAL_SURNAMES } from "./name-word.ts";
import {
  COMMON_SURNAMES,
  COMPOUND_SURNAMES,
  RARE_SURNAMES,
  USUAL_SURNAMES,
} from "./surname-table.ts";

export type SurnameTier = "compound" | "common" | "usual" | "rare";

export interface Surname {
  readonly tier: SurnameTier;
  /** UTF-16 units at the head of the text that are the surname. */
  readonly length: 1 | 2;
}

const SINGLE: ReadonlyMap<string, Surname> = singleTable();
const COMPOUND: ReadonlySet<string> = new Set(
  `${COMPOUND_SURNAMES} ${MORE_COMPOUND_SURNAMES}`.split(" "),
);
const COMPOUND_HEADS: ReadonlySet<string> = new Set([...COMPOUND].map((name) => name.charAt(0)));
const COMPOUND_SURNAME: Surname = { tier: "compound", length: 2 };

/**
 * The surname at the head of `text`, or null. A compound surname counts only when something follows
 * it, since two characters alone are likelier a surname and a given name.
 */
export function surnameOf(text: string): Surname | null {
  if (text.length > 2 && COMPOUND_HEADS.has(text.charAt(0)) && COMPOUND.has(text.slice(0, 2)))
    return COMPOUND_SURNAME;
  return SINGLE.get(text.charAt(0)) ?? null;
}

function singleTable(): ReadonlyMap<string, Surname> {
  const table = new Map<string, Surname>();
  const tiers = [
    ["rare", RARE_SURNAMES],
    ["usual", USUAL_SURNAMES],
    ["common", COMMON_SURNAMES],
  ] as const;
  for (const [tier, characters] of tiers) {
    for (const character of characters) table.set(character, { tier, length: 1 });
  }
  for (let i = 0; i < TRADITIONAL_SURNAMES.length; i += 2) {
    const simplified = table.get(TRADITIONAL_SURNAMES.charAt(i + 1));
    if (simplified !== undefined) table.set(TRADITIONAL_SURNAMES.charAt(i), simplified);
  }
  return table;
}
