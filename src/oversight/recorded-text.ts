/**
 * Texts that are kept with a campaign or a case: short, and without anybody's phone, identity card
 * or mail address, because cases are shown to people who have no business with senders and
 * recipients.
 */
import type { Gazetteer } from "../privacy/gazetteer.ts";
import { lintPrintable } from "../privacy/lint.ts";
import { PROFILES } from "../privacy/mask-profile.ts";
import { Failure } from "../rules/failure.ts";

export interface TextBounds {
  /** Name of the field, for the failure. */
  readonly field: string;
  readonly charactersMax: number;
  readonly mayBeEmpty?: boolean;
}

/**
 * `text` trimmed. Fails with TEXT_LENGTH or TEXT_PERSONAL, naming the field; a name alone cannot be
 * told from other words and is not found.
 */
export function recordedText(text: string, bounds: TextBounds, gazetteer: Gazetteer): string {
  const { field, charactersMax, mayBeEmpty = false } = bounds;
  const trimmed = text.normalize("NFC").trim();
  if (trimmed.length > charactersMax || (trimmed === "" && !mayBeEmpty)) {
    throw new Failure("TEXT_LENGTH", { field, charactersMax });
  }
  const printed = { zone: "other", kind: "text", text: trimmed } as const;
  if (lintPrintable([printed], PROFILES.gb41833, gazetteer).length > 0) {
    throw new Failure("TEXT_PERSONAL", { field });
  }
  return trimmed;
}
