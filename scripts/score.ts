/**
 * `npm run score`: masks the evaluation sets beside the clone, has their scorers judge the answers,
 * and prints one table of figures and bars. `--data DIR` says where they lie, `--write` puts the
 * table into docs/accuracy.md, `--fast` leaves out the speeds. Exits 1 when an enforced bar is
 * missed, when a figure is lacking or when a set is; 0 with a word when there are no sets at all.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openGazetteer } from "../src/main.ts";
import { resolveDivision } from "../src/privacy/gazetteer.ts";
import { BARS, verdictOf } from "./score-bar.ts";
import type { Report } from "./score-bar.ts";
import { scoreCrypto } from "./score-crypto.ts";
import { readReport } from "./score-reading.ts";
import { SETS } from "./score-set.ts";
import type { EvaluationSet } from "./score-set.ts";
import { measureSpeeds } from "./score-speed.ts";
import { speedLines, tableLines } from "./score-table.ts";
import type { Figure } from "./score-table.ts";

const OUTPUT_BYTES_MAX = 256 * 2 ** 20;
const PAGE = "docs/accuracy.md";
/** Ids of lines stand on the page only where it says which are disputed. */
const DISPUTED_ID = /\b[a-z]+-s-\d{3,6}\b/g;
const TABLE_MARKS = ["<!-- score: begin -->", "<!-- score: end -->"] as const;

interface GoldLine {
  readonly id: string;
  readonly text: string;
  /** The line as it stands in the file. */
  readonly json: string;
}

interface Judged {
  readonly set: EvaluationSet;
  readonly lines: number;
  readonly disputed: number;
  readonly raw: Report;
  /** The same without the disputed lines; equal to `raw` where there are none. */
  readonly settled: Report;
}

const GAZETTEER = openGazetteer();

function textOf(value: object): string {
  const members = ["text", "name", "raw"] as const;
  for (const member of members) {
    const text: unknown = member in value ? Reflect.get(value, member) : undefined;
    if (typeof text === "string") return text;
  }
  throw new TypeError("a line of an evaluation set holds no text");
}

function goldLines(file: string): readonly GoldLine[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((json) => json.trim() !== "")
    .map((json) => {
      const value: unknown = JSON.parse(json);
      if (typeof value !== "object" || value === null || !("id" in value))
        throw new TypeError("a line of an evaluation set has no id");
      return { id: String(value.id), text: textOf(value), json };
    });
}

/** What `midan mask` answers, or for divisions the code that the library resolves. */
function answersOf(set: EvaluationSet, lines: readonly GoldLine[]): string {
  if (set.kind === null) {
    const codes = lines.map(({ id, text }) => {
      const code = resolveDivision(text, GAZETTEER)?.code ?? "";
      return JSON.stringify({ id, code });
    });
    return `${codes.join("\n")}\n`;
  }
  const input = lines.map(({ json }) => `${json}\n`).join("");
  return run(["--max-semi-space-size=64", "src/main.ts", "mask", "--kind", set.kind], input);
}

function run(words: readonly string[], input: string): string {
  const { status, stdout } = spawnSync(process.execPath, words, {
    input,
    encoding: "utf8",
    maxBuffer: OUTPUT_BYTES_MAX,
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`${basename(words.at(-1) ?? "")}: ended with ${status}`);
  return stdout;
}

/** Judges the answers over the lines that are not left out. */
function judge(
  data: string,
  set: EvaluationSet,
  { folder, without }: { folder: string; without: ReadonlySet<string> },
): { readonly report: Report; readonly lines: number; readonly left: number } {
  const gold = join(folder, "gold");
  mkdirSync(gold, { recursive: true });
  const all: GoldLine[] = [];
  const kept: GoldLine[] = [];
  for (const file of set.files) {
    const lines = goldLines(join(data, file));
    const counted = lines.filter(({ id }) => !without.has(id));
    writeFileSync(join(gold, basename(file)), counted.map(({ json }) => `${json}\n`).join(""));
    all.push(...lines);
    kept.push(...counted);
  }
  const answers = join(folder, "answers.jsonl");
  if (!existsSync(answers)) writeFileSync(answers, answersOf(set, all));
  const report = run([join(data, set.scorer), "--pred", answers, "--gold", gold], "");
  return { report: readReport(report), lines: all.length, left: all.length - kept.length };
}

function judgeSet(data: string, set: EvaluationSet, disputed: ReadonlySet<string>): Judged {
  const folder = mkdtempSync(join(tmpdir(), "midan-score."));
  try {
    const { report: raw, lines } = judge(data, set, { folder, without: new Set() });
    const { report: settled, left } = judge(data, set, { folder, without: disputed });
    return { set, lines, disputed: left, raw, settled };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function figuresOf(judged: readonly Judged[]): readonly Figure[] {
  return BARS.map((bar) => {
    const one = judged.find(({ set }) => set.name === bar.set);
    if (one === undefined) throw new RangeError(`no set ${bar.set}`);
    const value = bar.read(one.raw);
    return {
      bar,
      lines: one.lines,
      value,
      settled: one.disputed === 0 ? null : bar.read(one.settled),
      verdict: verdictOf(bar, value),
    };
  });
}

function missingFiles(data: string): readonly string[] {
  const files = SETS.flatMap((set) => [...set.files, set.scorer]);
  return files.filter((file) => !existsSync(join(data, file)));
}

function disputedIds(): ReadonlySet<string> {
  const page = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "";
  return new Set(page.match(DISPUTED_ID));
}

function writePage(lines: readonly string[]): void {
  const page = readFileSync(PAGE, "utf8");
  const [begin, end] = TABLE_MARKS.map((mark) => page.indexOf(mark));
  if (begin === undefined || end === undefined || begin < 0 || end < begin)
    throw new RangeError(`${PAGE} has no place for the table`);
  const head = page.slice(0, begin + TABLE_MARKS[0].length);
  writeFileSync(PAGE, `${head}\n\n${lines.join("\n")}\n\n${page.slice(end)}`);
}

function textsOf(data: string, name: string): readonly string[] {
  const files = SETS.find((set) => set.name === name)?.files ?? [];
  return files.flatMap((file) => goldLines(join(data, file)).map(({ text }) => text));
}

function speeds(data: string): readonly string[] {
  const texts = {
    name: textsOf(data, "names"),
    phone: textsOf(data, "phones"),
    address: textsOf(data, "addresses"),
  };
  return speedLines(measureSpeeds(texts, GAZETTEER));
}

function score(data: string, options: { readonly write: boolean; readonly fast: boolean }): number {
  const missing = missingFiles(data);
  if (missing.length > 0) {
    process.stdout.write(`evaluation data is not whole; missing: ${missing.join(", ")}\n`);
    return 1;
  }
  const disputed = disputedIds();
  const figures = figuresOf(SETS.map((set) => judgeSet(data, set, disputed)));
  const lines = tableLines(figures);
  if (!options.fast) lines.push("", ...speeds(data));
  process.stdout.write(`${lines.join("\n")}\n`);
  const crypto = scoreCrypto(data);
  process.stdout.write(`\ncrypto vectors\n${crypto.lines.join("\n")}\n`);
  if (options.write) writePage(lines);
  const failed = figures.filter(
    ({ bar, verdict }) => verdict === "no figure" || (bar.isEnforced && verdict === "missed"),
  );
  for (const { bar } of failed) process.stdout.write(`FAILED ${bar.set}, ${bar.measure}\n`);
  if (crypto.failed > 0) process.stdout.write("FAILED crypto vectors\n");
  process.stdout.write(`score: ${figures.length} figures, ${failed.length} failed\n`);
  return failed.length === 0 && crypto.failed === 0 ? 0 : 1;
}

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { values } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data" },
    write: { type: "boolean", default: false },
    fast: { type: "boolean", default: false },
  },
});
if (existsSync(values.data)) process.exitCode = score(values.data, values);
else process.stdout.write("score: no evaluation data here, nothing was measured\n");
