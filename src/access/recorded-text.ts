/**
 * Reasons that are kept with a setting or a request: short, and without anybody's phone, identity
 * card or mail address, since they are shown to authorities.
 */
import type { Gazetteer } from "../privacy/gazetteer.ts";
import { lintPrintable } from "../privacy/lint.ts";
import { PROFILES } from "../privacy/mask-profile.ts";
import { Failure } from "../rules/failure.ts";

export interface TextBounds {
  /** Name of the field, for the failure. */
  readonly field: string;
  readonly charactersMax: number;
}

export const REASON_CHARACTERS_MAX = 500;

/** Control characters, and the marks that reorder text: they would forge lines on a screen. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/**
 * `text` in NFC and trimmed. Fails with TEXT_LENGTH (empty or too long), FIELD_CONTROL or
 * TEXT_PERSONAL, naming the field; a name alone cannot be told from other words and is not found.
 */
export function recordedText(text: string, bounds: TextBounds, gazetteer: Gazetteer): string {
  const { field, charactersMax } = bounds;
  const trimmed = text.normalize("NFC").trim();
  if (trimmed === "" || trimmed.length > charactersMax) {
    throw new Failure("TEXT_LENGTH", { field, charactersMax });
  }
  if (CONTROLS.test(trimmed)) throw new Failure("FIELD_CONTROL", { field });
  const printed = { zone: "other", kind: "text", text: trimmed } as const;
  if (lintPrintable([printed], PROFILES.gb41833, gazetteer).length > 0) {
    throw new Failure("TEXT_PERSONAL", { field });
  }
  return trimmed;
}

/** As `recordedText`, for the reason of an act: 1 to 500 characters, named `reason`. */
export function recordedReason(reason: string, gazetteer: Gazetteer): string {
  return recordedText(reason, { field: "reason", charactersMax: REASON_CHARACTERS_MAX }, gazetteer);
}
