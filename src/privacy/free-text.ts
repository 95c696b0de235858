/** Personal data in free text, such as buyers' remarks: found, labelled and masked in place. */

import { maskAddress } from "./address.ts";
import { findNames, type TextRange } from "./free-text-name.ts";
import { findEmails, findIdentityNumbers } from "./free-text-number.ts";
import { findAddresses, findDoors, findOrganisations } from "./free-text-place.ts";
import type { Gazetteer } from "./gazetteer.ts";
import { openNumbers } from "./lint-number.ts";
import type { MaskProfile } from "./mask-profile.ts";
import { maskName } from "./name.ts";
import { findPhones, maskPhone } from "./phone.ts";
import { foldPhoneText } from "./phone-text.ts";

export type TextLabel = "name" | "phone" | "address" | "org" | "id" | "email";
/** Offsets in UTF-16 units, end exclusive. */
export type TextEntity = readonly [label: TextLabel, start: number, end: number];

/** Longer texts are no remarks; they are hidden whole rather than read. */
export const FREE_TEXT_MAX_CHARS = 100_000;
const MASK = "*";
const READABLE = /[\p{L}\p{N}\p{M}\p{S}\ud800-\udfff]/gu;

/**
 * Finds and masks names, phones, addresses, identity numbers and e-mail addresses; organisations
 * are reported and stay readable. The same length as the input; never throws. What is not
 * recognised stays readable, except under a profile that keeps nothing, where all letters and
 * digits are hidden, and where the lint still finds a number of a person: such a text is hidden
 * whole, so that it costs its own readability and not the label.
 */
export function maskText(
  text: string,
  profile: MaskProfile,
  gazetteer: Gazetteer,
): { masked: string; entities: readonly TextEntity[] } {
  if (text.length > FREE_TEXT_MAX_CHARS) return { masked: coverAll(text), entities: [] };
  const entities = findEntities(text);
  const hidesAll = profile.nameRule === "none" && profile.address.keep === "none";
  if (hidesAll) return { masked: coverAll(text), entities };
  let masked = "";
  let at = 0;
  for (const [label, start, end] of entities) {
    const part = text.slice(start, end);
    masked += text.slice(at, start) + maskPart(label, part, { profile, gazetteer });
    at = end;
  }
  masked += text.slice(at);
  return { masked: openNumbers(masked).length > 0 ? coverAll(text) : masked, entities };
}

/* Earlier rows win where ranges overlap: a number is never read as part of an address or a name. */
const FINDERS: readonly (readonly [
  TextLabel,
  (text: string, folded: string) => readonly TextRange[],
])[] = [
  ["id", (_, folded) => findIdentityNumbers(folded)],
  ["phone", (text) => findPhones(text).map(({ start, end }) => [start, end] as const)],
  ["email", (_, folded) => findEmails(folded)],
  ["address", (_, folded) => findAddresses(folded)],
  ["address", (_, folded) => findDoors(folded)],
  ["org", (_, folded) => findOrganisations(folded)],
  ["name", (text) => findNames(text)],
];

function findEntities(text: string): readonly TextEntity[] {
  const folded = foldPhoneText(text);
  const taken = new Uint8Array(text.length);
  const found: TextEntity[] = [];
  for (const [label, find] of FINDERS) {
    for (const [start, end] of find(text, folded)) {
      if (taken.subarray(start, end).includes(1)) continue;
      taken.fill(1, start, end);
      found.push([label, start, end]);
    }
  }
  return found.toSorted((a, b) => a[1] - b[1]);
}

function maskPart(
  label: TextLabel,
  part: string,
  { profile, gazetteer }: { profile: MaskProfile; gazetteer: Gazetteer },
): string {
  switch (label) {
    case "name":
      return maskName(part, profile).masked;
    case "phone":
      return maskPhone(part, profile);
    case "address":
      return maskAddress(part, profile, gazetteer).masked;
    case "id":
    case "email":
      return coverAll(part);
    case "org":
      return part;
  }
}

function coverAll(text: string): string {
  return text.replace(READABLE, (character) => MASK.repeat(character.length));
}
