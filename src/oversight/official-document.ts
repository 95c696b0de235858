/**
 * A document of an authority as its parts, before anybody decides how it looks: the letter is the
 * same in PDF and in DOCX because both are drawn from this.
 */

export interface DocumentPart {
  readonly heading: string;
  readonly paragraphs: readonly string[];
}

export interface OfficialDocument {
  readonly language: "zh" | "en";
  /** The authority that signs (发文机关). */
  readonly issuer: string;
  readonly title: string;
  /** Document number (文号), such as 鹤检建〔2026〕1号. */
  readonly number: string;
  readonly addressee: string;
  readonly parts: readonly DocumentPart[];
  /** The day as it stands under the signature. */
  readonly signedOn: string;
  /** What stands where the seal goes, such as 院印. */
  readonly seal: string;
  /** Small print at the end, such as what the document was made from; may be empty. */
  readonly notes: readonly string[];
}

const PARTS_MAX = 40;
const PARAGRAPHS_MAX = 400;
const PARAGRAPH_CHARACTERS_MAX = 10_000;

/** Chinese characters, and the places that hold quoted words meanwhile. */
const HAN = "[\\u3400-\\u9fff\\ue000-\\uf8ff]";
const FULL_WIDTH: Readonly<Record<string, string>> = {
  ",": "\uff0c",
  ":": "\uff1a",
  ";": "\uff1b",
};
const SIGN_BY_HAN = new RegExp(`(?<=${HAN}|[》〕%\uff09])[,:]|[,:](?=${HAN})|;`, "g");
const BRACKETS_WITH_HAN = new RegExp(`\\(([^()]*${HAN}[^()]*)\\)`, "g");
const QUOTED = /“[^”]*”/g;
const PLACE = 0xe000;
const PLACES_MAX = 0x1900;

function signsInFull(text: string): string {
  return text
    .replace(BRACKETS_WITH_HAN, "\uff08$1\uff09")
    .replace(SIGN_BY_HAN, (sign) => FULL_WIDTH[sign] ?? sign)
    .replace(/(?<=\d) %/g, "\u00a0%");
}

/**
 * Signs beside Chinese characters in full width (GB/T 15834-2011 section 5.1), and no line that
 * begins with a per cent sign: drafts are written in the signs that terminals show best. Words
 * between “ and ” stay as they are: a seed must be copied exactly.
 */
export function formalChinese(text: string): string {
  const quoted = text.match(QUOTED) ?? [];
  if (quoted.length > PLACES_MAX) return text;
  let place = PLACE;
  const open = text.replace(QUOTED, () => String.fromCodePoint(place++));
  return signsInFull(open).replace(/[\ue000-\uf8ff]/g, (sign) => {
    const index = sign.charCodeAt(0) - PLACE;
    return quoted[index] ?? sign;
  });
}

/**
 * The document as it is drawn, checked and in formal signs. Throws RangeError for one that is too
 * large to be a letter: its parts come from drafts of ours, whose fields were bounded before.
 */
export function formalDocument(document: OfficialDocument): OfficialDocument {
  requireBounded(document);
  if (document.language === "en") return { ...document, addressee: `${document.addressee}:` };
  return {
    ...document,
    addressee: `${document.addressee}\uff1a`,
    seal: formalChinese(document.seal),
    notes: document.notes.map(formalChinese),
    parts: document.parts.map(({ heading, paragraphs }) => ({
      heading: formalChinese(heading),
      paragraphs: paragraphs.map(formalChinese),
    })),
  };
}

function requireBounded(document: OfficialDocument): void {
  const paragraphs = document.parts.flatMap((part) => part.paragraphs);
  const longest = Math.max(0, ...paragraphs.map((paragraph) => paragraph.length));
  const isBounded =
    document.parts.length <= PARTS_MAX &&
    paragraphs.length <= PARAGRAPHS_MAX &&
    longest <= PARAGRAPH_CHARACTERS_MAX;
  if (!isBounded) throw new RangeError("a letter has at most 40 parts and 400 paragraphs");
}

/** `YYYY-MM-DD` as letters write it: 2026年7月1日 or 1 July 2026. */
export function writtenDay(day: string, language: "zh" | "en"): string {
  const [year = "", month = "", date = ""] = day.split("-");
  if (language === "zh") return `${year}年${Number(month)}月${Number(date)}日`;
  return `${Number(date)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;
