/**
 * One stored value: is it still readable, and what takes its place? A value counts as masked only
 * when the masker itself could have written it and the lint, which shares no pattern with the
 * masker, finds nothing in it (P1, P2). All else is readable, so a doubt always hides more.
 */
import { maskAddress } from "../privacy/address.ts";
import type { Gazetteer } from "../privacy/gazetteer.ts";
import { lintPrintable } from "../privacy/lint.ts";
import type { MaskProfile } from "../privacy/mask-profile.ts";
import { maskName } from "../privacy/name.ts";
import { maskPhone } from "../privacy/phone.ts";

export type PersonalKind = "name" | "phone" | "address";

export interface Veil {
  readonly profile: MaskProfile;
  readonly gazetteer: Gazetteer;
}

/** Longer values are not read but replaced whole; the lint reads no further either. */
export const VALUE_CHARS_MAX = 2_000;

const MASK = "*";
const ALL_MASKS = /\*/g;

interface KindRow {
  readonly mask: (text: string, veil: Veil) => string;
  /** What may stand where a mask is, to ask the masker whether it would have written the value. */
  readonly fillers: readonly string[];
}

const KINDS = {
  name: { mask: (text, { profile }) => maskName(text, profile).masked, fillers: ["某"] },
  phone: { mask: (text, { profile }) => maskPhone(text, profile), fillers: ["8", "0"] },
  address: {
    mask: (text, { profile, gazetteer }) => maskAddress(text, profile, gazetteer).masked,
    fillers: ["8", "某"],
  },
} as const satisfies Record<PersonalKind, KindRow>;

/** Maskers count UTF-16 units, databases characters: one mask for each hidden character. */
function maskOnce(kind: PersonalKind, text: string, veil: Veil): string {
  const masked = KINDS[kind].mask(text, veil);
  let at = 0;
  let result = "";
  for (const character of text) {
    const piece = masked.slice(at, at + character.length);
    result += piece === character ? character : MASK;
    at += character.length;
  }
  return result;
}

function passesLint(kind: PersonalKind, text: string, veil: Veil): boolean {
  return lintPrintable([{ zone: "other", kind, text }], veil.profile, veil.gazetteer).length === 0;
}

/** `199******94*****` had an extension, whose joining word cannot be filled in again. */
function isMaskedNumber(text: string, { profile }: Veil): boolean {
  if (!text.includes(MASK) || /\p{L}/u.test(text)) return false;
  const shown = text.replace(/\D/g, "").length;
  return shown <= profile.phone.keepHead + profile.phone.keepTail;
}

/**
 * True when nothing of `text` has to be hidden under this profile: it is empty, masking leaves it
 * as it is, or it is what masking writes. A value that shows more than the profile does is not.
 */
export function isVeiled(kind: PersonalKind, text: string, veil: Veil): boolean {
  if (text.trim() === "") return true;
  if (text.length > VALUE_CHARS_MAX || !passesLint(kind, text, veil)) return false;
  if (kind === "phone" && isMaskedNumber(text, veil)) return true;
  if (maskOnce(kind, text, veil) === text) return true;
  if (!text.includes(MASK)) return false;
  return KINDS[kind].fillers.some(
    (filler) => maskOnce(kind, text.replace(ALL_MASKS, filler), veil) === text,
  );
}

/**
 * What takes the place of `text`: never longer in characters, and always veiled, so that a second
 * sweep leaves it alone. A value that cannot be brought there part by part is hidden whole.
 */
export function veilValue(kind: PersonalKind, text: string, veil: Veil): string {
  if (text.trim() === "") return text;
  if (text.length > VALUE_CHARS_MAX) {
    // Databases count characters; a long value of few of them must not become longer.
    return MASK.repeat(Math.min(VALUE_CHARS_MAX, Array.from(text).length));
  }
  let value = text;
  // Each round hides at least one character more or comes to rest, which `isVeiled` then sees.
  for (let round = 0; round < text.length && !isVeiled(kind, value, veil); round += 1) {
    const masked = maskOnce(kind, value, veil);
    if (masked === value) return hideWhole(value);
    value = masked;
  }
  return isVeiled(kind, value, veil) ? value : hideWhole(text);
}

function hideWhole(text: string): string {
  return text.replace(/\S/gu, MASK);
}
