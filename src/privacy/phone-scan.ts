/**
 * The grammar of telephone numbers over folded text. Every row is one sticky pattern with bounded
 * repeats, so a scan is linear in the length of the text.
 *
 * Sources: the national numbering plan (area codes 010, 02x, 03xx-09xx), libphonenumber metadata
 * for Hong Kong, Macau and Taiwan, platform documents for virtual numbers with extensions.
 */

export type PhoneKind =
  | "mobile"
  | "landline"
  | "virtual"
  | "hotline"
  | "hk"
  | "mo"
  | "tw"
  | "iot"
  | "unknown";

export interface PhoneMatch {
  /** Offsets of the whole mention: prefixes, number and extension, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly kind: PhoneKind;
  /** ASCII national digits without prefixes and extension; a landline keeps its leading zero. */
  readonly digits: string;
  readonly extension: string;
  /** Dialling prefix: `prefixStart` to `bodyStart`; the number itself: `bodyStart` to `bodyEnd`. */
  readonly prefixStart: number;
  readonly bodyStart: number;
  readonly bodyEnd: number;
}

interface Form {
  readonly kind: PhoneKind;
  /** Groups: `pre` the dialling prefix, `body` the number. */
  readonly pattern: RegExp;
  /** The form leaves the trunk zero out; `digits` gets it back, so that both ways read the same. */
  readonly trunkZero?: true;
  /** Only believed when the whole field is a phone field, not inside running text. */
  readonly fieldOnly?: true;
}

const GAP = "[ .\\-]{0,3}";
const CN = `\\(?(?:\\+|00?)? ?86\\)?${GAP}(?:\\+?86${GAP})?`;
const END = "(?!\\d)";

/* Tried in order at each place where a number may begin; the first that fits wins. */
const FORMS: readonly Form[] = [
  form("hk", `(?<pre>\\(?(?:\\+|00)? ?852\\)?${GAP})(?<body>[2-9]\\d{3}[ -]?\\d{4})${END}`),
  form("mo", `(?<pre>\\(?(?:\\+|00)? ?853\\)?${GAP})(?<body>[268]\\d{3}[ -]?\\d{4})${END}`),
  {
    ...form(
      "tw",
      `(?<pre>\\(?(?:\\+|00) ?886\\)?${GAP}\\(?0?\\)?)` +
        `(?<body>[2-9]\\d{0,3}[ -]?\\d{3,4}[ -]?\\d{3,4})${END}`,
    ),
    trunkZero: true,
  },
  form("iot", `(?<pre>(?:${CN})?)(?<body>14[01468]\\d{10})${END}`),
  form("virtual", `(?<pre>(?:${CN})?)(?<body>700\\d{12})${END}`),
  form(
    "mobile",
    `(?<pre>(?:${CN})?(?:17951|17911|17909|17901|12593|00?)?[ -]?)` +
      `(?<body>\\(?1 ?[3-9](?:[ ._-]{0,2}\\d)\\)?(?:[ ._-]{0,2}\\d){8})${END}`,
  ),
  // Glued to a second mobile or to a door: 13900000123 13900000124, 13900000123 3栋, without blanks.
  form(
    "mobile",
    `(?<pre>)(?<body>1[3-9]\\d{9})` +
      `(?=1[3-9]\\d{9}${END}|\\d{1,4}(?:[栋幢座棟室层層楼樓]|号楼|號樓|单元|單元))`,
  ),
  {
    ...form(
      "landline",
      `(?<pre>${CN})(?<body>\\(?(?:10|2\\d|[3-9]\\d\\d)\\)?${GAP}\\d{3,4} ?-?\\d{4})${END}`,
    ),
    trunkZero: true,
  },
  form(
    "landline",
    `(?<pre>(?:${CN})?)` +
      `(?<body>\\(?0(?:10|2\\d|[3-9]\\d\\d)\\)?${GAP}[1-9]\\d{2,3}[ -]?\\d{4})${END}`,
  ),
  form("tw", `(?<pre>)(?<body>09\\d{2}[ -]?\\d{3}[ -]?\\d{3})${END}`),
  form(
    "hotline",
    `(?<pre>)(?<body>[48]00[ -]?\\d{3}[ -]?\\d{4}|[48]00[ -]?\\d{4}[ -]?\\d{3}|` +
      `[48]00\\d-\\d{3}-\\d{3})${END}`,
  ),
  form("unknown", `(?<pre>\\+ ?)(?<body>\\d{1,3}(?:[ -]?\\d){7,12})${END}`),
  { ...form("virtual", `(?<pre>)(?<body>950\\d{10,13})${END}`), fieldOnly: true },
  { ...form("landline", `(?<pre>)(?<body>[2-8]\\d{2,3}[ -]?\\d{4})${END}`), fieldOnly: true },
  {
    ...form("tw", `(?<pre>)(?<body>9\\d{2}[ -]?\\d{3}[ -]?\\d{3})${END}`),
    trunkZero: true,
    fieldOnly: true,
  },
  { ...form("hk", `(?<pre>)(?<body>9\\d{3}[ -]?\\d{4})${END}`), fieldOnly: true },
  { ...form("hotline", `(?<pre>)(?<body>9[56]\\d{3,6}|1[02]\\d{3})${END}`), fieldOnly: true },
];

const EXTENSION = new RegExp(
  "\\$?(?:" +
    "[ ,]?[(\\[]?(?:转接?|轉|分机号?|分機|ext\\.?|EXT\\.?|x) ?[:：]? ?(?<word>\\d{1,8})[)\\]]?" +
    "| ?#(?<hash>\\d{1,8})#?" +
    "|_(?<low>\\d{1,8})" +
    "|(?: ?- ?|\\*)(?<dash>\\d{1,6})(?!号|栋|幢|楼|室|单|层|弄|-)" +
    "|,(?<comma>\\d{3,4})(?!号|栋|幢|楼|室|单|层|弄|-)" +
    "|[(\\[](?<round>\\d{3,8})[)\\]]" +
    ")(?!\\d)",
  "y",
);
/** Some platforms put the extension first: `[1234]1…`. */
const LEADING_EXTENSION = /[[(](?<ext>\d{2,8})[\])] ?(?=1[3-9]\d{9}(?!\d))/y;
const FOUR_OR_MORE_GAPS = /(?:[ ._-]+\d+){5}/;
const SHORTEST_IN_TEXT_DIGITS = 8;

/** Numbers in running text that was folded by foldPhoneText; linear, never throws. */
export function scanPhones(folded: string): readonly PhoneMatch[] {
  return countDigits(folded) < SHORTEST_IN_TEXT_DIGITS ? [] : scan(folded, false);
}

/** Numbers in a field that should hold nothing else: also local, bare and short public numbers. */
export function readPhoneField(folded: string): readonly PhoneMatch[] {
  return scan(folded, true);
}

function scan(folded: string, isField: boolean): readonly PhoneMatch[] {
  const found: PhoneMatch[] = [];
  let at = 0;
  let glued = -1;
  while (at < folded.length) {
    const match = at === glued || mayBegin(folded, at) ? matchAt(folded, at, isField) : null;
    if (match !== null) found.push(match);
    glued = match === null ? glued : match.end;
    at = match === null ? at + 1 : match.end;
  }
  return found;
}

function mayBegin(folded: string, at: number): boolean {
  const unit = folded.charCodeAt(at);
  const opens = unit === 0x28 || unit === 0x2b || unit === 0x5b;
  return opens || (isDigit(unit) && !isDigit(folded.charCodeAt(at - 1)));
}

function matchAt(folded: string, at: number, isField: boolean): PhoneMatch | null {
  const leading = stick(LEADING_EXTENSION, folded, at);
  const from = leading === null ? at : LEADING_EXTENSION.lastIndex;
  for (const row of FORMS) {
    if (row.fieldOnly === true && !isField) continue;
    const hit = stick(row.pattern, folded, from);
    if (hit === null || isScattered(hit["body"] ?? "")) continue;
    return finish(folded, row, { start: at, from, end: row.pattern.lastIndex, hit, leading });
  }
  return null;
}

interface Hit {
  readonly start: number;
  readonly from: number;
  readonly end: number;
  readonly hit: Groups;
  readonly leading: Groups | null;
}

function finish(folded: string, row: Form, { start, from, end, hit, leading }: Hit): PhoneMatch {
  const body = hit["body"] ?? "";
  const tail = stick(EXTENSION, folded, end);
  const extension = Object.values(tail ?? leading ?? {}).find((text) => text !== undefined) ?? "";
  const digits = (row.trunkZero === true ? "0" : "") + body.replace(/\D/g, "");
  return {
    start,
    end: tail === null ? end : EXTENSION.lastIndex,
    kind: extension !== "" && row.kind === "mobile" ? "virtual" : row.kind,
    digits,
    extension,
    prefixStart: from,
    bodyStart: from + (hit["pre"] ?? "").length,
    bodyEnd: end,
  };
}

/**
 * Eleven digits strewn over five groups and more are amounts or sizes, unless every digit stands
 * alone.
 */
function isScattered(body: string): boolean {
  return FOUR_OR_MORE_GAPS.test(body) && !/^\d(?:[ ._-]+\d)+$/.test(body);
}

type Groups = Readonly<Record<string, string | undefined>>;

function stick(pattern: RegExp, text: string, at: number): Groups | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.groups ?? null;
}

function form(kind: PhoneKind, source: string): Form {
  return { kind, pattern: new RegExp(source, "y") };
}

function countDigits(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i += 1) count += isDigit(text.charCodeAt(i)) ? 1 : 0;
  return count;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}
