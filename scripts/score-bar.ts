/** What is measured on the evaluation sets, and how good it has to be: one row for each figure. */

import { numberIn } from "./score-reading.ts";
import type { Block } from "./score-reading.ts";

export type Report = readonly Block[];

export interface Bar {
  readonly set: string;
  readonly measure: string;
  readonly unit: "%" | "";
  readonly sense: "at most" | "at least";
  /** Null where the figure is shown without a bar. */
  readonly bar: number | null;
  readonly stretch: number | null;
  /** A bar that was reached once is enforced: missing it fails the run. */
  readonly isEnforced: boolean;
  /** The figure, or null when the scorer did not print it, which fails the run. */
  readonly read: (report: Report) => number | null;
}

type Limits = readonly [bar: number, stretch: number, state: "enforced" | "reported"];

function blockOf(report: Report, block: string): Block | undefined {
  return report.find(({ name }) => name === block);
}

function cell(block: string, row: string, column: string): Bar["read"] {
  return (report) => numberIn(blockOf(report, block)?.cells.get(row)?.get(column));
}

function printed(block: string, pattern: RegExp): Bar["read"] {
  return (report) => numberIn(pattern.exec(blockOf(report, block)?.text ?? "")?.[1]);
}

function bar(
  row: Pick<Bar, "set" | "measure" | "unit" | "sense" | "read">,
  limits: Limits | null,
): Bar {
  const [least, stretch, state] = limits ?? [null, null, "reported"];
  return { ...row, bar: least, stretch, isEnforced: state === "enforced" };
}

function address(file: string, [measure, row]: readonly [string, string], limits: Limits): Bar {
  const read = cell("", row, file);
  const head = { set: "addresses", measure: `${file}: ${measure}`, unit: "%" } as const;
  return bar({ ...head, sense: "at most", read }, limits);
}

const LEAK = ["leak", "LEAK RATE an identifying unit/room character is readable"] as const;
const OVER = [
  "over-masking, province to road",
  "OVER-MASKING hidden prov/city/district/town/road characters",
] as const;

function hiddenOf(label: string): readonly [string, string] {
  return [`hidden of ${label}`, `hidden characters of ${label} (for information)`];
}

const ADDRESS_BARS: readonly Bar[] = [
  address("delivery", LEAK, [0.2, 0.1, "enforced"]),
  address("delivery", hiddenOf("roadno"), [5, 3, "enforced"]),
  address("delivery", hiddenOf("houseno"), [6, 4, "enforced"]),
  address("delivery", hiddenOf("poi"), [1, 1, "enforced"]),
  address("delivery", hiddenOf("subpoi"), [3, 2, "reported"]),
  address("delivery", hiddenOf("community"), [1, 1, "enforced"]),
  address("leo", LEAK, [1, 0.5, "enforced"]),
  address("leo", hiddenOf("roadno"), [10, 5, "enforced"]),
  address("leo", hiddenOf("houseno"), [25, 15, "enforced"]),
  address("delivery", OVER, [0.2, 0.1, "enforced"]),
  address("leo", OVER, [0.2, 0.1, "enforced"]),
  address("ccks", OVER, [0.2, 0.1, "enforced"]),
];

const PARTS = /ALL THREE PARTS RIGHT (\S+)%/;
const CLEAN = ["LINES WITH NO LEAK OF ANY KIND", "value"] as const;

/** Both kinds of name together: a person taken for a firm counts as much as a firm for a person. */
function kindsTold(report: Report): number | null {
  const table = blockOf(report, "")?.cells;
  let right = 0;
  let names = 0;
  for (const row of ["ALL persons", "ALL org"]) {
    const named = numberIn(table?.get(row)?.get("n"));
    const share = numberIn(table?.get(row)?.get("person/org agreed"));
    if (named === null || share === null) return null;
    right += (named * share) / 100;
    names += named;
  }
  return (100 * right) / names;
}

function line(set: string, [measure, read]: readonly [string, Bar["read"]], limits: Limits): Bar {
  return bar({ set, measure, unit: "%", sense: "at least", read }, limits);
}

const LINE_BARS: readonly Bar[] = [
  line("embedded", ["lines without a leak", cell("embedded", ...CLEAN)], [100, 100, "reported"]),
  line("waybills", ["express: all three parts", printed("express", PARTS)], [96, 98, "enforced"]),
  line(
    "waybills",
    ["express: lines without a leak", cell("express", ...CLEAN)],
    [99.9, 100, "enforced"],
  ),
  line("waybills", ["pasted: all three parts", printed("pasted", PARTS)], [70, 90, "enforced"]),
  line(
    "waybills",
    ["pasted: lines without a leak", cell("pasted", ...CLEAN)],
    [100, 100, "enforced"],
  ),
];

function count(set: string, [measure, read]: readonly [string, Bar["read"]]): Bar {
  const row = { set, measure, unit: "", sense: "at most", read } as const;
  return bar(row, [0, 0, "enforced"]);
}

const MOBILE_ENDS = "mobile first 3 and last 2 readable";
const NAME_BARS: readonly Bar[] = [
  count("names", ["persons with nothing hidden", cell("", "ALL persons", "NOT MASKED")]),
  count("names", ["organisations with nothing hidden", cell("", "ALL org", "NOT MASKED")]),
  line("names", ["person or organisation told right", kindsTold], [97, 99, "reported"]),
];
const PHONE_BARS: readonly Bar[] = [
  count("phones", ["under six digits hidden, personal", cell("", "ALL personal", "FAILED")]),
  count("phones", ["under six digits hidden, public", cell("", "ALL public hotlines", "FAILED")]),
  line(
    "phones",
    ["mobiles with first 3 and last 2 readable", cell("", "ALL personal", MOBILE_ENDS)],
    [99, 99, "enforced"],
  ),
];

const FLAGGED = /texts without PII flagged: (\S+)%/;
const OVERLAP = "overlap recall";

function flagged(block: string): Bar {
  const row = { set: "freetext", measure: `${block}: clean texts flagged`, unit: "%" } as const;
  const read = printed(block, FLAGGED);
  return bar({ ...row, sense: "at most", read }, [0.5, 0.5, "enforced"]);
}

const TEXT_BARS: readonly Bar[] = [
  line(
    "freetext",
    ["cluener: phones found", cell("cluener", "phone", OVERLAP)],
    [99.9, 100, "enforced"],
  ),
  line(
    "freetext",
    ["cluener: detailed addresses overlapped", cell("cluener", "address_detail", OVERLAP)],
    [95, 95, "enforced"],
  ),
  ...["cluener", "msra", "pd", "resume", "weibo"].map(flagged),
  ...["cluener", "msra", "pd", "resume", "weibo"].map((block) =>
    bar(
      {
        set: "freetext",
        measure: `${block}: names overlapped`,
        unit: "%",
        sense: "at least",
        read: cell(block, "name", OVERLAP),
      },
      null,
    ),
  ),
];

export const BARS: readonly Bar[] = [
  ...ADDRESS_BARS,
  ...LINE_BARS,
  ...NAME_BARS,
  ...PHONE_BARS,
  ...TEXT_BARS,
  line(
    "divisions",
    ["resolved to the county", cell("", "ALL", "COUNTY RIGHT")],
    [98, 99, "enforced"],
  ),
];

export type Verdict = "stretch reached" | "reached" | "missed" | "no bar" | "no figure";

/** Compares one figure with its bar. */
export function verdictOf(
  row: Pick<Bar, "bar" | "stretch" | "sense">,
  value: number | null,
): Verdict {
  if (value === null) return "no figure";
  if (row.bar === null) return "no bar";
  const reaches = (limit: number): boolean =>
    row.sense === "at most" ? value <= limit : value >= limit;
  if (row.stretch !== null && reaches(row.stretch)) return "stretch reached";
  return reaches(row.bar) ? "reached" : "missed";
}
