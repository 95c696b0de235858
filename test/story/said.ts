/** What the records of a page say, read without the code that wrote the page's numbers there. */
import { createHash } from "node:crypto";
import type { RecordFact } from "../../src/story/facts.ts";
import { anchorOf, bound, numeral, percent } from "../../src/story/page-parts.ts";
import { read } from "./markup.ts";

interface Said {
  readonly text: string;
  /** Every number of the record in each form in which a page may write it. */
  readonly numbers: ReadonlySet<string>;
}

/** The page writes Chinese with full-width signs, and breaks lines where it likes. */
function plain(text: string): string {
  return text.normalize("NFKC").replaceAll(/\s/g, "");
}

function saidBy(body: string): Said {
  const numbers = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === "number") {
      const shares = [percent(value), bound(value, "down"), bound(value, "up")];
      for (const shown of [numeral(value), ...shares]) numbers.add(shown);
    }
    if (typeof value !== "object" || value === null) return;
    const { x, n } = value as Record<string, unknown>;
    if (typeof x === "number" && typeof n === "number") numbers.add(percent(x / n));
    for (const member of Object.values(value)) visit(member);
  };
  // A record of a file is text: name, size, digest.
  if (body.startsWith("{") || body.startsWith("[")) visit(JSON.parse(body));
  const bare = [...numbers].map((shown) => shown.replace(/\s*%$/, ""));
  return { text: plain(body), numbers: new Set([...numbers, ...bare]) };
}

/** Only a number that stands alone is said: a short one is part of some identifier by chance. */
function standsAlone(text: string, shown: string): boolean {
  for (let at = text.indexOf(shown); at >= 0; at = text.indexOf(shown, at + 1)) {
    const before = text.slice(Math.max(0, at - 1), at);
    const behind = text.slice(at + shown.length, at + shown.length + 1);
    if (!/[\w.]/.test(before) && !/\w/.test(behind)) return true;
  }
  return false;
}

/** Not findings: the standard's name, the threshold, names of rules, the letter before a count. */
const CONSTANTS = /GB\/T 41833-2022|\b90\s%|\bW\d\b|n\s(?=\d)/g;

/** How many linked texts of the page hold numbers, and which number is not in its record. */
export function numbersOf(
  page: string,
  records: readonly RecordFact[],
): { readonly seen: number; readonly missing: readonly string[] } {
  const said = new Map(records.map(({ id, body }) => [anchorOf(id), saidBy(body)]));
  const missing: string[] = [];
  let seen = 0;
  for (const { text, around } of read(page).pieces) {
    const link = around.findLast(({ attributes }) => attributes["href"]?.startsWith("#rec-"));
    const isTip = around.some(({ tag }) => ["title", "desc"].includes(tag));
    const shown = text.replaceAll(CONSTANTS, " ").trim();
    // The place of a step in the list beside the picture is counted there, not found.
    const isPlace = around.some(({ attributes }) => attributes["class"] === "stepNumber");
    if (link === undefined || isTip || isPlace || !/\d/.test(shown)) continue;
    seen += 1;
    const target = link.attributes["href"]?.slice(1) ?? "";
    const record = said.get(target) ?? { text: "", numbers: new Set<string>() };
    if (standsAlone(record.text, plain(shown))) continue;
    for (const number of shown.match(/\d{4}-\d\d-\d\d|\d[\d,.]*/g) ?? []) {
      const stands = record.numbers.has(number) || record.text.includes(`"${number}"`);
      if (!stands) missing.push(`${number} of “${shown}”: ${target}`);
    }
  }
  return { seen, missing };
}

/** The entry that a record of scores names, and the digest over what it says (LEAF-1 form). */
export function committedScores(body: string): { readonly entry: string; readonly digest: string } {
  // `scoring.ts` writes this record in this form.
  const told = JSON.parse(body) as {
    readonly entry: string;
    readonly outlets: readonly { organisation: string; score: number; facts: object }[];
  };
  const committed = told.outlets
    .map(({ organisation, score, facts }) => ({
      facts: Object.fromEntries(Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1))),
      organisation,
      scoreTenths: Math.round(score * 10),
    }))
    .toSorted((one, other) => (one.organisation < other.organisation ? -1 : 1));
  const digest = createHash("sha256").update(JSON.stringify(committed)).digest("hex");
  return { entry: told.entry, digest };
}
