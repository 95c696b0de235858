/** Personal data in free text, such as buyers' remarks: found, labelled and masked in place. */

import { maskAddress } from "./address.ts";
import { findBlurredPhones, unblur } from "./free-text-blur.ts";
import { findLocalities } from "./free-text-locality.ts";
import { findNames } from "./free-text-name.ts";
import { findNumbers } from "./free-text-number.ts";
import { findAddresses, findDoors, findOrganisations, type TextRange } from "./free-text-place.ts";
import { withoutInvisible, type SeenText } from "./free-text-invisible.ts";
import { LABEL_OF_KIND, type TextLabel, type TextReason, type TextSpan } from "./free-text-span.ts";
import type { Gazetteer } from "./gazetteer.ts";
import { namesRoom } from "./lint-address.ts";
import { foldShown } from "./lint-fold.ts";
import { openNumbers } from "./lint-number.ts";
import type { MaskProfile } from "./mask-profile.ts";
import { maskName } from "./name.ts";
import { findPhones, maskPhone } from "./phone.ts";
import { foldPhoneText } from "./phone-text.ts";

/** Offsets in UTF-16 units, end exclusive. */
export type TextEntity = readonly [label: TextLabel, start: number, end: number];

export interface MaskedFreeText {
  /** The length of the input, one `*` for each hidden unit. */
  readonly masked: string;
  /** In order, not overlapping: the spans by their label. */
  readonly entities: readonly TextEntity[];
  /** The same with kind, confidence and reason. */
  readonly spans: readonly TextSpan[];
}

export interface TextOptions {
  /**
   * The text was read by a scanner: O for 0, l for 1, a digit lost or doubled are taken for what
   * they may be. Finds more, and more that is none.
   */
  readonly isScanned?: boolean;
}

/** Longer texts are no remarks; they are hidden whole rather than read. */
export const FREE_TEXT_MAX_CHARS = 100_000;
const MASK = "*";
const READABLE = /[\p{L}\p{N}\p{M}\p{S}\ud800-\udfff]/gu;

interface Masking {
  readonly profile: MaskProfile;
  readonly gazetteer: Gazetteer;
  readonly options: TextOptions;
}

/**
 * Finds and masks names, phones, addresses, numbers of documents and accounts, e-mail addresses and
 * plates; organisations are reported and stay readable, and so does a surname with a title (张女士)
 * where the profile keeps surnames. The same length as the input; never throws. What is not
 * recognised stays readable, except under a profile that keeps nothing, where all letters and
 * digits are hidden, and where the lint still finds a number of a person or a room: such a text is
 * hidden whole, so that it costs its own readability and not the label.
 */
export function maskText(text: string, profile: MaskProfile, gazetteer: Gazetteer): MaskedFreeText {
  return maskTextWith(text, { profile, gazetteer, options: {} });
}

/** As `maskText`, for text that a scanner read or whatever else the options say. */
export function maskTextWith(text: string, masking: Masking): MaskedFreeText {
  if (text.length > FREE_TEXT_MAX_CHARS) return { masked: coverAll(text), entities: [], spans: [] };
  const seen = withoutInvisible(text);
  return seen.text === text ? maskSeen(text, masking) : restored(text, seen, masking);
}

/** What nobody sees divides nothing: the rest is masked as one text, then spread out again. */
function restored(text: string, seen: SeenText, masking: Masking): MaskedFreeText {
  const { masked, spans } = maskSeen(seen.text, masking);
  let whole = "";
  let at = 0;
  for (let unit = 0; unit < text.length; unit += 1) {
    const isSeen = seen.places[at] === unit;
    whole += isSeen ? masked.charAt(at) : text.charAt(unit);
    if (isSeen) at += 1;
  }
  const placed = spans.map((span) => ({
    ...span,
    start: seen.places[span.start] ?? text.length,
    end: (seen.places[span.end - 1] ?? text.length - 1) + 1,
  }));
  const entities = placed.map(({ kind, start, end }) => [LABEL_OF_KIND[kind], start, end] as const);
  return { masked: whole, entities, spans: placed };
}

function maskSeen(text: string, masking: Masking): MaskedFreeText {
  const { profile } = masking;
  const spans = findSpans(text, masking);
  const entities = spans.map(({ kind, start, end }) => [LABEL_OF_KIND[kind], start, end] as const);
  const hidesAll = profile.nameRule === "none" && profile.address.keep === "none";
  if (hidesAll) return { masked: coverAll(text), entities, spans };
  let masked = "";
  let at = 0;
  for (const span of spans) {
    masked +=
      text.slice(at, span.start) + maskSpan(text.slice(span.start, span.end), span, masking);
    at = span.end;
  }
  masked += text.slice(at);
  const isOpen = openNumbers(masked).length > 0 || namesRoom(foldShown(masked));
  return { masked: isOpen ? coverAll(text) : masked, entities, spans };
}

function ranges(
  found: readonly TextRange[],
  span: Pick<TextSpan, "kind" | "confidence" | "reason">,
): readonly TextSpan[] {
  return found.map(([start, end]) => ({ ...span, start, end }));
}

type Finder = (text: string, folded: string, masking: Masking) => readonly TextSpan[];

/* Earlier rows win where ranges overlap: a number is never read as part of an address or a name. */
const FINDERS: readonly Finder[] = [
  (_, folded, { options }) => findNumbers(folded, options.isScanned === true),
  (text) => findPhones(text).map(phoneSpan),
  (_, folded, { options }) => (options.isScanned === true ? findBlurredPhones(folded) : []),
  (_, folded) => ranges(findAddresses(folded), address(0.9, "number")),
  (_, folded) => ranges(findDoors(folded), address(0.8, "door")),
  (_, folded, { gazetteer }) => places(folded, gazetteer, true),
  (_, folded) =>
    ranges(findOrganisations(folded), { kind: "org", confidence: 0.8, reason: "ending" }),
  (_, folded, { gazetteer }) => places(folded, gazetteer, false),
  (text) =>
    findNames(text).map(({ isTitled, start, end, confidence, reason }) => ({
      kind: isTitled ? "title" : "name",
      start,
      end,
      confidence,
      reason,
    })),
];

function phoneSpan({ start, end }: { start: number; end: number }): TextSpan {
  return { kind: "phone", start, end, confidence: 0.95, reason: "form" };
}

function address(
  confidence: number,
  reason: TextReason,
): Pick<TextSpan, "kind" | "confidence" | "reason"> {
  return { kind: "address", confidence, reason };
}

/** A building after a division is an address also where a firm's name goes on from it. */
const CERTAIN = /(?:厦|楼|度假村)$/;

function places(folded: string, gazetteer: Gazetteer, certain: boolean): readonly TextSpan[] {
  return findLocalities(folded, gazetteer)
    .filter(
      ({ start, end, reason }) =>
        (reason === "division" && CERTAIN.test(folded.slice(start, end))) === certain,
    )
    .map((place) => ({ kind: "address", ...place }));
}

function findSpans(text: string, masking: Masking): readonly TextSpan[] {
  const plain = foldPhoneText(text);
  const folded = masking.options.isScanned === true ? unblur(plain) : plain;
  const taken = new Uint8Array(text.length);
  const found: TextSpan[] = [];
  for (const find of FINDERS) {
    for (const span of find(text, folded, masking)) {
      if (taken.subarray(span.start, span.end).includes(1)) continue;
      taken.fill(1, span.start, span.end);
      found.push(span);
    }
  }
  return found.toSorted((a, b) => a.start - b.start);
}

function maskSpan(part: string, span: TextSpan, { profile, gazetteer }: Masking): string {
  switch (LABEL_OF_KIND[span.kind]) {
    case "name":
      return maskName(part, profile).masked;
    case "title":
      // GB/T 41833-2022 asks for one hidden character of a name; a title holds no given name.
      return profile.nameRule === "surname" ? part : maskName(part, profile).masked;
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
