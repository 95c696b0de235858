/**
 * What values a setting can have, and which of two is the stricter. Three kinds: one word of a
 * list, a number that is a most, a set of allowed words. Which setting is of which kind says
 * `setting.ts`.
 */

/** One word; the list runs from the loosest to the strictest. */
export interface Choice {
  readonly kind: "choice";
  readonly values: readonly string[];
}

/** A whole number that may not be exceeded: less is stricter. Both bounds are included. */
export interface Most {
  readonly kind: "most";
  readonly min: number;
  readonly max: number;
  readonly unit: "days" | "looks";
}

/** Which words are allowed: fewer are stricter; of two that both have one of their own, neither. */
export interface Allowed {
  readonly kind: "allowed";
  readonly words: readonly string[];
  /** Whether nothing at all may be allowed, written `none`. */
  readonly mayBeNone: boolean;
}

export type SettingKind = Allowed | Choice | Most;

const NONE = "none";
const NUMBER = /^(?:0|[1-9][0-9]{0,8})$/;

/** The words of a value of an `allowed` setting. */
export function allowedWords(value: string): readonly string[] {
  return value === NONE ? [] : value.split(",");
}

/** Words as a value: `none`, or with commas between them. */
export function allowedValue(words: readonly string[]): string {
  return words.length === 0 ? NONE : words.join(",");
}

function parseAllowed({ words, mayBeNone }: Allowed, text: string): string | null {
  const said = allowedWords(text).map((word) => word.trim());
  if (said.length === 0 ? !mayBeNone : said.some((word) => !words.includes(word))) return null;
  return allowedValue(words.filter((word) => said.includes(word)));
}

/** `text` in the one way in which a value is written, or null when the kind has no such value. */
export function parseValue(kind: SettingKind, text: string): string | null {
  switch (kind.kind) {
    case "choice":
      return kind.values.includes(text) ? text : null;
    case "most":
      return NUMBER.test(text) && Number(text) >= kind.min && Number(text) <= kind.max
        ? text
        : null;
    case "allowed":
      return parseAllowed(kind, text);
  }
}

/**
 * Whether `value` is not at least as strict as `than`. Of two sets of which neither holds the
 * other, each is looser than the other; what the kind does not know is the loosest of all.
 */
export function isLooserOf(kind: SettingKind, value: string, than: string): boolean {
  switch (kind.kind) {
    case "choice":
      return kind.values.indexOf(value) < kind.values.indexOf(than);
    case "most":
      // Also true where one of them is no number.
      return !(Number(value) <= Number(than));
    case "allowed": {
      const others = allowedWords(than);
      return allowedWords(value).some((word) => !others.includes(word));
    }
  }
}

/** The values there are, for people: words from loose to strict, or bounds, or words to choose. */
export function valuesText(kind: SettingKind): string {
  switch (kind.kind) {
    case "choice":
      return kind.values.join(" < ");
    case "most":
      return `${kind.max} … ${kind.min}`;
    case "allowed":
      return kind.words.join(",") + (kind.mayBeNone ? ` | ${NONE}` : "");
  }
}
