import assert from "node:assert/strict";
import { test } from "node:test";
import type { StoryFacts } from "../../src/story/facts.ts";
import { intervalText } from "../../src/rules/coverage.ts";
import { anchorOf, bound, numeral, percent } from "../../src/story/page-parts.ts";
import { storyPage } from "../../src/story/page.ts";
import { STORY } from "./fixture.ts";
import { read } from "./markup.ts";
import type { Element, Piece } from "./markup.ts";

const PAGE = storyPage(STORY);
const { pieces, elements } = read(PAGE);
const IDS = elements.flatMap(({ attributes }) => attributes["id"] ?? []);

/** Words with figures that are no findings: the threshold, the confidence, names of rules. */
const CONSTANTS = [
  "GB/T 41833-2022",
  "90 %",
  "95 %",
  "W1",
  "W2",
  "W3",
  "W4",
  "满分 100",
  "Of 100",
  "180 天",
  "180 days",
];

function hasClass({ attributes }: Element, name: string): boolean {
  return (attributes["class"] ?? "").split(" ").includes(name);
}

function leaves(value: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [value];
  return Object.values(value).flatMap(leaves);
}

/** x of n anywhere in the facts, as the percentages a page may show of it. */
function sharesOf(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const { x, n, low, high } = value as Record<string, unknown>;
  const own = typeof x === "number" && typeof n === "number" ? [percent(x / n)] : [];
  const bounds = [
    typeof low === "number" ? [bound(low, "down")] : [],
    typeof high === "number" ? [bound(high, "up")] : [],
  ].flat();
  return [...own, ...bounds, ...Object.values(value).flatMap(sharesOf)];
}

const STRINGS = leaves(STORY).filter((leaf) => typeof leaf === "string" && /\d/.test(leaf));
const NUMBERS = leaves(STORY).filter((leaf) => typeof leaf === "number");
const KNOWN = new Set(
  [...NUMBERS.flatMap((n) => [numeral(Number(n)), percent(Number(n))]), ...sharesOf(STORY)].flatMap(
    (shown) => [shown, shown.replace(/\s*%$/, "")],
  ),
);

function without(text: string, strings: readonly unknown[]): string {
  const longest = strings.map(String).toSorted((a, b) => b.length - a.length);
  return longest.reduce((rest, one) => rest.replaceAll(one, " "), text);
}

function linkOf({ around }: Piece): string | undefined {
  const anchor = around.findLast(({ tag, attributes }) => {
    return tag === "a" && (attributes["href"] ?? "").startsWith("#rec-");
  });
  return anchor?.attributes["href"]?.slice(1);
}

/** Not findings: the records themselves, the history told at the top, scales, tool tips. */
function exempt({ around }: Piece): boolean {
  return around.some(
    (element) =>
      element.attributes["id"] === "records" ||
      ["title", "desc"].includes(element.tag) ||
      ["origin", "tick", "stepNumber"].some((name) => hasClass(element, name)),
  );
}

test("every number is one of the facts and leads to a record that is there", () => {
  let seen = 0;
  for (const piece of pieces.filter((one) => /\d/.test(one.text) && !exempt(one))) {
    const rest = without(piece.text, [...STRINGS, ...CONSTANTS]);
    const numbers = rest.match(/\d[\d,.]*/g) ?? [];
    if (numbers.length === 0) continue;
    const link = linkOf(piece);
    assert.ok(link !== undefined, `no record behind ${piece.text.trim()}`);
    assert.ok(IDS.includes(link), link);
    for (const one of numbers) assert.ok(KNOWN.has(one), `${one} of ${piece.text} is no fact`);
    seen += 1;
  }
  assert.ok(seen > 150, `${seen}`);
});

test("every figure of the facts that the page promises is on it", () => {
  const shown = new Set(pieces.filter((one) => linkOf(one)).map(({ text }) => text.trim()));
  const { before, after, sweep, requests, scores } = STORY;
  const wanted = [
    numeral(STORY.waybills.value),
    ...[before, after].map(({ total }) => percent(total.x / total.n)),
    ...requests.map(({ waitDays }) => numeral(waitDays)),
    ...scores.flatMap((score) => [numeral(score.before), numeral(score.after)]),
    numeral(sweep.readableBefore),
  ];
  assert.deepEqual(
    wanted.filter((one) => !shown.has(one)),
    [],
  );
});

test("a number without its record makes no page", () => {
  const records = STORY.records.filter(({ id }) => id !== "sweep-0");
  assert.throws(() => storyPage({ ...STORY, records }), RangeError);
});

test("P15: over 90 % is said of a coverage only when it is shown", () => {
  const claims = (facts: StoryFacts): number =>
    storyPage(facts).split("over 90 % is shown").length - 1;
  const never = <T extends { readonly over90: boolean }>(fact: T): T => ({
    ...fact,
    over90: false,
  });
  const doubtful: StoryFacts = {
    ...STORY,
    carriers: STORY.carriers.map((one) => ({ ...one, after: never(one.after) })),
    before: { ...STORY.before, total: never(STORY.before.total) },
    after: { ...STORY.after, total: never(STORY.after.total) },
  };
  // The hero, the card, and a row of the table for the total and for each carrier.
  assert.equal(claims(STORY), 3 + STORY.carriers.length);
  assert.equal(claims(doubtful), 0);
});

test("P15: a coverage never stands without its level, its n and its interval", () => {
  for (const kind of ["before", "after"]) {
    const inside = pieces.filter(({ around }) =>
      around.some((element) => hasClass(element, "half") && hasClass(element, kind)),
    );
    const said = inside.map(({ text }) => text).join("");
    assert.match(said, /GB\/T 41833-2022/);
    assert.match(said, /\d+ \/ 720/);
    assert.match(said, /Wilson 95 %\s+[\d.]+–[\d.]+\s%/);
  }
});

test("nothing is loaded from outside the page", () => {
  assert.doesNotMatch(PAGE, /https?:|\bsrc=|url\((?!"#)|@import|<link|<iframe|<img/i);
  assert.match(PAGE, /Content-Security-Policy" content="default-src 'none'/);
  const links = elements.flatMap(({ attributes }) => attributes["href"] ?? []);
  const outward = links.filter((href) => !href.startsWith("#"));
  const files = ["./letter.pdf", "./letter.docx", "./certificate.pdf"];
  assert.deepEqual([...new Set(outward)], files);
  for (const href of links.filter((one) => one.startsWith("#"))) {
    assert.ok(IDS.includes(href.slice(1)), href);
  }
});

const HOSTILE = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&`;

function poisoned(value: unknown, key = ""): unknown {
  if (key === "refs") return value;
  if (typeof value === "string") {
    const kept = ["ref", "id", "kind", "level"].includes(key) || /^\d{4}-\d\d-\d\d$/.test(value);
    return kept ? value : HOSTILE + value;
  }
  if (Array.isArray(value)) return value.map((one) => poisoned(one));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, poisoned(one, name)]),
  );
}

test("hostile text in any name or record stays text", () => {
  const hostile = poisoned(STORY) as StoryFacts;
  const markup = read(storyPage(hostile));
  const tags = new Set(markup.elements.map(({ tag }) => tag));
  assert.deepEqual(tags, new Set(elements.map(({ tag }) => tag)));
  assert.ok(!tags.has("script") && !tags.has("img"));
  assert.ok(markup.elements.every(({ attributes }) => attributes["onerror"] === undefined));
  const links = markup.elements.flatMap(({ attributes }) => attributes["href"] ?? []);
  assert.ok(links.length > 0 && links.every((href) => /^(?:#|\.\/)/.test(href)));
  assert.match(anchorOf('x" onclick="y'), /^rec-[\w-]+$/);
});

test("P15: a bound that is over 90 % by a hair does not read as 90 %", () => {
  assert.equal(bound(0.90031, "down"), "90.03\u00a0%");
  assert.equal(bound(0.89996, "up"), "89.996\u00a0%");
  assert.equal(bound(0.9, "down"), "90.0\u00a0%");
  assert.equal(bound(0.941, "up"), "94.1\u00a0%");
});

test("P15: bounds are cut away from the claim, on the page as in the letter", () => {
  assert.equal(bound(0.8759, "down"), "87.5\u00a0%");
  assert.equal(bound(0.9181, "up"), "91.9\u00a0%");
  for (const [lower, upper] of [
    [0.8759, 0.9181],
    [0.90031, 0.9399],
    [0.85, 0.89996],
  ] as const) {
    const shown = `${bound(lower, "down")}–${bound(upper, "up")}`;
    assert.equal(shown.replaceAll("\u00a0", " "), intervalText({ lower, upper }));
  }
});

test("one first heading, and no level is left out", () => {
  const levels = elements.flatMap(({ tag }) => (/^h[1-6]$/.test(tag) ? [Number(tag[1])] : []));
  assert.equal(levels.filter((level) => level === 1).length, 1);
  assert.equal(levels[0], 1);
  levels.reduce((last, level) => {
    assert.ok(level <= last + 1);
    return level;
  });
  assert.equal(levels.filter((level) => level === 2).length, 8 + 3);
});

test("both languages are there for every text, and the page says which it is in", () => {
  const counted = (lang: string): number =>
    elements.filter(({ tag, attributes }) => tag !== "html" && attributes["lang"] === lang).length;
  assert.ok(counted("zh") > 100);
  assert.equal(counted("zh"), counted("en"));
  assert.equal(elements.find(({ tag }) => tag === "html")?.attributes["lang"], "zh-CN");
});

test("drawings, tables and controls have names, and no id is there twice", () => {
  assert.equal(new Set(IDS).size, IDS.length);
  const drawings = elements.filter(({ tag }) => tag === "svg");
  assert.ok(drawings.length >= 14);
  for (const { attributes } of drawings) {
    const names = (attributes["aria-labelledby"] ?? "").split(" ");
    assert.equal(names.length, 2);
    for (const id of names) {
      const named = pieces.find(({ around }) => around.at(-1)?.attributes["id"] === id);
      assert.ok(named !== undefined && named.text.trim() !== "", id);
    }
  }
  const tables = elements.filter(({ tag }) => tag === "table").length;
  assert.ok(tables > 8);
  assert.equal(elements.filter(({ tag }) => tag === "caption").length, tables);
});

test("a share is never rounded onto none or all", () => {
  assert.equal(percent(0.99999), "99.9\u00a0%");
  assert.equal(percent(0.00001), "0.1\u00a0%");
  assert.equal(percent(1), "100.0\u00a0%");
  assert.equal(percent(0), "0.0\u00a0%");
});
