/** The figures of a bundle's summary, counted again from its leaves. */
import { textOf } from "./bytes.ts";
import type { ReadLeaf } from "./leaf.ts";
import { Refused } from "./reason.ts";

const DAY_CHARACTERS = 10;
const HOUR_CHARACTERS = 13;

function lastOf(path: unknown): unknown {
  return Array.isArray(path) ? path.at(-1) : null;
}

/** What is counted of a leaf: a section of the summary, and the code in it; none for others. */
const SECTIONS: Readonly<Record<string, (leaf: ReadLeaf) => unknown>> = {
  total: () => "leaves",
  type: ({ type }) => type,
  purpose: ({ type, members }) => (type === "reveal" ? members["purpose"] : null),
  denied: ({ members }) => members["failure"],
  organisation: ({ members }) => members["organisation"],
  branch: ({ type, members }) => (type === "reveal" ? lastOf(members["organisationPath"]) : null),
  actor: ({ type, members }) => (type === "reveal" ? members["actor"] : null),
  day: ({ at }) => at.slice(0, DAY_CHARACTERS),
  hour: ({ type, at }) =>
    type === "reveal" ? `${at.slice(DAY_CHARACTERS + 1, HOUR_CHARACTERS)}Z` : null,
};

/** Counts one leaf into `tally`, whose keys are section and code with a comma between. */
export function countLeaf(tally: Map<string, number>, leaf: ReadLeaf): void {
  for (const [section, codeOf] of Object.entries(SECTIONS)) {
    const code = codeOf(leaf);
    if (typeof code !== "string") continue;
    const key = `${section},${code}`;
    tally.set(key, (tally.get(key) ?? 0) + 1);
  }
}

/** Section, code and count of a line: the name behind them is for people. */
const LINE = /^([a-z]+,[^,"\r\n]+),(0|[1-9]\d{0,14}),/;

/**
 * Holds a summary against what was counted. Throws BUNDLE_SUMMARY with the first line that is not
 * what the leaves say.
 */
export function checkSummary(
  bytes: Uint8Array,
  file: string,
  tally: ReadonlyMap<string, number>,
): void {
  const [, ...lines] = (textOf(bytes) ?? "").split("\r\n");
  const told = new Set<string>();
  for (const [at, line] of lines.entries()) {
    if (line === "" && at === lines.length - 1) continue;
    const [, key = "", count = ""] = LINE.exec(line) ?? [];
    if (tally.get(key) !== Number(count) || count === "" || told.has(key))
      throw new Refused("BUNDLE_SUMMARY", { file, detail: `line ${at + 2}` });
    told.add(key);
  }
  if (told.size !== tally.size)
    throw new Refused("BUNDLE_SUMMARY", { file, detail: `${told.size} of ${tally.size} figures` });
}
