/**
 * The style test: what the project holds about its own sources, beyond what the compiler and the
 * linter can see. Prints how much it looked at and fails when a rule looked at nothing, because a
 * check that looks at nothing passes for ever.
 */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { lineAt, readSource } from "./source-text.ts";
import { FILE_RULES, countTests } from "./tidy-files.ts";
import type { Finding, TreeFile } from "./tidy-files.ts";
import { VERB_RULE } from "./tidy-verbs.ts";
import { LINE_RULES } from "./tidy-lines.ts";
import type { LineRule } from "./tidy-lines.ts";

export interface Verdict {
  readonly findings: readonly Finding[];
  /** For each rule, how many files it looked at. */
  readonly looked: ReadonlyMap<string, number>;
}

/** Runs every rule over the files given. Pure: reads nothing but its argument. */
export function tidy(files: readonly TreeFile[]): Verdict {
  const findings: Finding[] = [];
  const looked = new Map<string, number>();
  for (const rule of LINE_RULES) {
    const chosen = files.filter(({ path }) => applies(rule, path));
    looked.set(rule.id, chosen.length);
    findings.push(...chosen.flatMap((file) => matches(rule, file)));
  }
  for (const rule of [...FILE_RULES, VERB_RULE]) {
    const chosen = files.filter(({ path }) => rule.files.test(path));
    looked.set(rule.id, chosen.length);
    findings.push(...rule.find(chosen));
  }
  return { findings, looked };
}

function applies({ files, except }: LineRule, path: string): boolean {
  return files.test(path) && !(except?.test(path) ?? false);
}

function matches(rule: LineRule, { path, text, source }: TreeFile): Finding[] {
  const read = rule.reading === "raw" ? text : source[rule.reading];
  return [...read.matchAll(rule.pattern)].map((match) => ({
    path,
    line: lineAt(read, match.index + match[0].length - match[0].trimStart().length),
    rule: rule.id,
    what: rule.why,
  }));
}

/** A file as the rules read it. */
export function treeFile(path: string, text: string): TreeFile {
  return { path, text, source: readSource(/\.[jt]s$/.test(path) ? text : "") };
}

/** Every file of the working tree that git knows or would add. */
function readTree(): TreeFile[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const paths = execFileSync("git", args, { encoding: "utf8" }).split("\0");
  return paths
    .filter((path) => path !== "" && existsSync(path))
    .map((path) => treeFile(path, readFileSync(path, "utf8")));
}

function report(files: readonly TreeFile[]): boolean {
  const { findings, looked } = tidy(files);
  for (const { path, line, rule, what } of findings) {
    process.stdout.write(`${path}:${line}: ${rule}: ${what}\n`);
  }
  const idle = [...looked].filter(([, count]) => count === 0).map(([id]) => id);
  if (idle.length > 0) process.stdout.write(`looked at nothing: ${idle.join(", ")}\n`);
  const { names, carried } = countTests(files);
  const tally = [...carried].toSorted(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
  process.stdout.write(
    `tidy: ${looked.size} rules over ${files.length} files, ${findings.length} findings\n` +
      `tidy: ${names} named tests carry ${carried.size} promises and invariants: ` +
      `${tally.map(([id, count]) => `${id}×${count}`).join(" ")}\n`,
  );
  return findings.length === 0 && idle.length === 0 && names > 0;
}

if (import.meta.main) process.exitCode = report(readTree()) ? 0 : 1;
