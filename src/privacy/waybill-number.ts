/**
 * Which carrier a waybill number may belong to. Ranges of carriers overlap, so the answer is a list
 * of candidates with a score: a hint for people and adapters, never a reason to refuse a number.
 */

export type Carrier = "sf" | "zto" | "yto" | "sto" | "yunda" | "jt" | "jd" | "ems" | "deppon";

export interface CarrierCandidate {
  readonly carrier: Carrier;
  /** 0..1, comparable only within one answer. */
  readonly score: number;
  /** Whether the check digit that the form carries agrees; `none` when the form has none. */
  readonly check: "ok" | "bad" | "none";
}

interface NumberForm {
  readonly carrier: Carrier;
  readonly pattern: RegExp;
  readonly score: number;
  readonly checkDigit?: (number: string) => boolean;
}

export const WAYBILL_NUMBER_MAX_CHARS = 40;
/** A check digit that agrees by chance one time in ten is worth a little; one that fails, much. */
const CHECK_BONUS = 0.08;
const CHECK_PENALTY = 0.4;

/*
 * Patterns in use, then older ones with a lower score. UPU S10 is a published standard; the others
 * are gathered from public recogniser tables and are not confirmed by the carriers.
 */
const FORMS: readonly NumberForm[] = [
  { carrier: "sf", pattern: /^SF\d{13}$/, score: 0.9, checkDigit: sfCheck },
  { carrier: "sf", pattern: /^\d{12}$/, score: 0.4, checkDigit: sfCheck },
  { carrier: "zto", pattern: /^7[3-9]\d{12}$/, score: 0.85 },
  { carrier: "zto", pattern: /^(?:75|2[1-9]|4\d|63|64|72|54|55|56)\d{10}$/, score: 0.3 },
  { carrier: "yto", pattern: /^YT\d{13}$/, score: 0.9 },
  { carrier: "yto", pattern: /^(?:[A-Z]\d|\d[A-Z]|[A-Z]{2})(?:\d{8}|\d{10})$/, score: 0.3 },
  { carrier: "yto", pattern: /^[6-9]\d{17}$/, score: 0.4 },
  { carrier: "sto", pattern: /^77\d{13}$/, score: 0.85 },
  { carrier: "sto", pattern: /^(?:268|368|468|5[68]8|6[68]8|768|8[68]8|968)\d{9}$/, score: 0.35 },
  { carrier: "sto", pattern: /^(?:33|55|66|77|88|99)\d{11}$/, score: 0.3 },
  { carrier: "yunda", pattern: /^[34]\d{14}$/, score: 0.85 },
  { carrier: "yunda", pattern: /^[1-9]\d{12}$/, score: 0.2 },
  { carrier: "jt", pattern: /^JT\d{13}$/, score: 0.9 },
  { carrier: "jd", pattern: /^JD[0-9A-Z]{11,15}$/, score: 0.9 },
  { carrier: "jd", pattern: /^V[A-C]\d{11}$/, score: 0.5 },
  {
    carrier: "ems",
    pattern: /^(?![JKSTW])[A-Z]{2}\d{9}[A-Z]{2}$/,
    score: 0.9,
    checkDigit: s10Check,
  },
  { carrier: "ems", pattern: /^(?:10|11|50|51|95|97)\d{11}$/, score: 0.7 },
  { carrier: "ems", pattern: /^9\d{12}$/, score: 0.5 },
  { carrier: "deppon", pattern: /^DP[KL]\d{10,14}$/, score: 0.85 },
  { carrier: "deppon", pattern: /^\d{8,10}$/, score: 0.2 },
];

/**
 * Candidates for a waybill number, likeliest first, at most one for each carrier; blanks and case
 * do not matter. Empty when no known form fits or the text is longer than 40 characters.
 */
export function carrierCandidates(text: string): readonly CarrierCandidate[] {
  if (text.length > WAYBILL_NUMBER_MAX_CHARS) return [];
  const number = text.replace(/[\s-]/g, "").toUpperCase();
  const best = new Map<Carrier, CarrierCandidate>();
  for (const row of FORMS) {
    if (!row.pattern.test(number)) continue;
    const candidate = judge(row, number);
    const known = best.get(row.carrier);
    if (known === undefined || known.score < candidate.score) best.set(row.carrier, candidate);
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score);
}

function judge(row: NumberForm, number: string): CarrierCandidate {
  if (row.checkDigit === undefined)
    return { carrier: row.carrier, score: row.score, check: "none" };
  const agrees = row.checkDigit(number);
  const factor = agrees ? 1 + CHECK_BONUS : CHECK_PENALTY;
  return { carrier: row.carrier, score: row.score * factor, check: agrees ? "ok" : "bad" };
}

const S10_WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7] as const;

/**
 * UPU S10: eight digits weighted 8 6 4 2 3 5 9 7; 11 minus the sum modulo 11; 10 is 0 and 11 is 5.
 */
export function s10Check(number: string): boolean {
  const serial = number.slice(2, 10);
  const sum = S10_WEIGHTS.reduce(
    (total, weight, at) => total + weight * Number(serial.charAt(at)),
    0,
  );
  const rest = 11 - (sum % 11);
  const digit = rest === 10 ? 0 : rest === 11 ? 5 : rest;
  return digit === Number(number.charAt(10));
}

/**
 * SF: without `SF` and the three digits of the area, from the right weights 1 3 5 7 …; tens and
 * units of each product are added; the check digit fills up to ten. Not published by SF, so only a
 * hint.
 */
export function sfCheck(number: string): boolean {
  const digits = number.replace(/^SF/, "");
  const serial = digits.slice(3, -1);
  let sum = 0;
  for (let i = 0; i < serial.length; i += 1) {
    const product = Number(serial.charAt(serial.length - 1 - i)) * (2 * i + 1);
    sum += Math.floor(product / 10) + (product % 10);
  }
  return (10 - (sum % 10)) % 10 === Number(digits.slice(-1));
}
