/**
 * Documents that a sender may show (实名收寄, 邮件快件实名收寄管理办法 article 3), and whether a number
 * can be one of its kind. A number that can be one need not have been issued: this says that it was
 * read and written right, never that it is genuine.
 */
import { parseDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { hasCheckedOrganisationCode } from "./document-organisation.ts";

export type DocumentFault = "shape" | "check-digit" | "birth-date" | "region";

export interface DocumentTables {
  /** Whether this is the code (2 to 6 digits) of a division. */
  readonly isDivision: (code: string) => boolean;
  readonly today: Day;
}

interface DocumentRow {
  readonly zh: string;
  readonly en: string;
  readonly shape: RegExp;
  /** What is wrong with a number of that shape, or null. */
  readonly fault: (number: string, tables: DocumentTables) => DocumentFault | null;
}

const CARD_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CARD_CHECKS = "10X98765432";
/** Nobody who sends a parcel was born before. */
const BIRTH_FIRST = "1880-01-01";

/** GB 11643-1999 section 6 (ISO 7064 MOD 11-2): whether the last character checks the first 17. */
function hasCheckedCard(number: string): boolean {
  const sum = CARD_WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  return CARD_CHECKS[sum % 11] === number[17];
}

function isBirthDay(text: string, today: Day): boolean {
  const day = parseDay(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`);
  return day !== null && day >= BIRTH_FIRST && day <= today;
}

/** 81, 82 and 83 stand on residence permits of people from Hong Kong, Macao and Taiwan. */
const RESIDENCE_PERMITS = new Set(["81", "82", "83"]);

/**
 * The county may have been dissolved since, and its code with it: the province decides.
 */
function isRegion(number: string, { isDivision }: DocumentTables): boolean {
  const province = number.slice(0, 2);
  return RESIDENCE_PERMITS.has(province) || isDivision(province);
}

function residentFault(number: string, tables: DocumentTables): DocumentFault | null {
  if (!hasCheckedCard(number)) return "check-digit";
  if (!isBirthDay(number.slice(6, 14), tables.today)) return "birth-date";
  return isRegion(number, tables) ? null : "region";
}

/** 9 and a nationality stand where the region is otherwise; date and check are as on any card. */
function permanentFault(number: string, { today }: DocumentTables): DocumentFault | null {
  if (number.length === 15) return shortBirthFault(number.slice(7, 13));
  if (!hasCheckedCard(number)) return "check-digit";
  return isBirthDay(number.slice(6, 14), today) ? null : "birth-date";
}

/** Two digits of a year say no century, so any is tried; a leap day is one of 2000. */
function shortBirthFault(text: string): DocumentFault | null {
  const rest = `${text.slice(2, 4)}-${text.slice(4, 6)}`;
  const years = ["19", "20"].map((century) => `${century}${text.slice(0, 2)}`);
  return years.some((year) => parseDay(`${year}-${rest}`) !== null) ? null : "birth-date";
}

const none = (): null => null;

/**
 * Kinds by name. Sources: resident identity card GB 11643-1999; organisation code GB 32100-2015 and
 * GB/T 11714-1997; machine-readable travel documents ICAO Doc 9303-3 section 4 (at most nine
 * characters). The forms of permits are those of the cards in use; no standard of theirs is public,
 * so they are checked by shape and dates alone.
 */
export const DOCUMENTS = {
  "resident-id": {
    zh: "居民身份证(含临时身份证、港澳台居民居住证)",
    en: "resident identity card, or residence permit of Hong Kong, Macao and Taiwan residents",
    shape: /^[1-8]\d{16}[\dX]$/,
    fault: residentFault,
  },
  passport: {
    zh: "护照",
    en: "passport",
    shape: /^(?=.*\d)[A-Z0-9]{5,9}$/,
    fault: none,
  },
  "hong-kong-macao-permit": {
    zh: "港澳居民来往内地通行证",
    en: "mainland travel permit for Hong Kong and Macao residents",
    shape: /^[HM]\d{8}(?:\d{2})?$/,
    fault: none,
  },
  "taiwan-permit": {
    zh: "台湾居民来往大陆通行证",
    en: "mainland travel permit for Taiwan residents",
    shape: /^\d{8}$/,
    fault: none,
  },
  "permanent-residence": {
    zh: "外国人永久居留身份证",
    en: "foreigner's permanent residence card",
    shape: /^(?:9\d{16}[\dX]|[A-Z]{3}\d{12})$/,
    fault: permanentFault,
  },
  "organisation-code": {
    zh: "统一社会信用代码",
    en: "unified social credit code of an organisation",
    shape: /^[0-9A-HJ-NP-RTUW-Y]{2}\d{6}[0-9A-HJ-NP-RTUW-Y]{10}$/,
    fault: (number) => (hasCheckedOrganisationCode(number) ? null : "check-digit"),
  },
} as const satisfies Record<string, DocumentRow>;

export type DocumentKind = keyof typeof DOCUMENTS;
// The keys of the table are the names of its rows.
export const DOCUMENT_KINDS = Object.keys(DOCUMENTS) as readonly DocumentKind[];

declare const checked: unique symbol;
/** A number that `checkDocument` let through: its kind's shape, in capitals, without gaps. */
export type DocumentNumber = string & { readonly [checked]: true };

export type CheckedDocument =
  | { readonly number: DocumentNumber; readonly fault: null }
  | { readonly number: null; readonly fault: DocumentFault };

/** Full-width signs made plain, gaps that people write taken out, letters as capitals. */
function folded(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\s·.-]/g, "")
    .toUpperCase();
}

const CHARACTERS_MAX = 100;

/** Whether `text` can be the number of a document of that kind; never throws. */
export function checkDocument(
  kind: DocumentKind,
  text: string,
  tables: DocumentTables,
): CheckedDocument {
  const row: DocumentRow = DOCUMENTS[kind];
  const number = text.length > CHARACTERS_MAX ? "" : folded(text);
  if (!row.shape.test(number)) return { number: null, fault: "shape" };
  const fault = row.fault(number, tables);
  // The shape has just been tested.
  return fault === null ? { number: number as DocumentNumber, fault } : { number: null, fault };
}
