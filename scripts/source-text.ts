/**
 * One reading of a TypeScript source that tells code, comments and texts apart, so that a rule
 * about code is not fooled by a comment and a rule about texts is not fooled by code. It is a
 * scanner, not a parser: TypeScript 7 has no programming interface yet, and the rules need no more.
 */

export interface SourceText {
  /** The file with comments and the inside of texts blanked; every line keeps its number. */
  readonly code: string;
  /** The file with only comments turned to blanks. */
  readonly uncommented: string;
  /** The file with everything but the inside of texts turned to blanks. */
  readonly texts: string;
}

type Kind = "code" | "comment" | "text";

/** Where each character belongs; a stack remembers the code that a template's `${` interrupts. */
interface Scan {
  readonly source: string;
  readonly kinds: Kind[];
  /** Depth of braces in each `${…}` that is open, innermost last. */
  readonly holes: number[];
  at: number;
}

/** After one of these a slash begins a regular expression rather than a division. */
const REGEX_MAY_FOLLOW =
  /(?:^|[=(,:;!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|of|in|do|else|yield))\s*$/;

/** How far back REGEX_MAY_FOLLOW looks; the longest word it knows and its blanks fit inside. */
const LOOKBACK_CHARS = 40;

/** Splits a source into code, comments and texts. Never fails: an unclosed text runs to the end. */
export function readSource(source: string): SourceText {
  const scan: Scan = { source, kinds: [], holes: [], at: 0 };
  while (scan.at < source.length) step(scan);
  return {
    code: keep(scan, (kind) => kind === "code"),
    uncommented: keep(scan, (kind) => kind !== "comment"),
    texts: keep(scan, (kind) => kind === "text"),
  };
}

function keep(scan: Scan, wanted: (kind: Kind) => boolean): string {
  const out: string[] = [];
  for (let at = 0; at < scan.source.length; at += 1) {
    const char = scan.source.charAt(at);
    const kind = scan.kinds[at] ?? "code";
    out.push(char === "\n" || wanted(kind) ? char : " ");
  }
  return out.join("");
}

function step(scan: Scan): void {
  const char = scan.source.charAt(scan.at);
  const two = scan.source.slice(scan.at, scan.at + 2);
  if (two === "//") takeUntil(scan, { end: "\n", kind: "comment", inclusive: false });
  else if (two === "/*") takeUntil(scan, { end: "*/", kind: "comment", inclusive: true });
  else if (char === '"' || char === "'") quoted(scan, char);
  else if (char === "`") templateFrom(scan);
  else if (char === "/" && regexMayBegin(scan)) regex(scan);
  else if (char === "}" && scan.holes.at(-1) === 0) resumeTemplate(scan);
  else plain(scan, char);
}

function plain(scan: Scan, char: string): void {
  const last = scan.holes.length - 1;
  const depth = scan.holes[last];
  if (depth !== undefined && char === "{") scan.holes[last] = depth + 1;
  if (depth !== undefined && char === "}") scan.holes[last] = depth - 1;
  mark(scan, "code");
}

function mark(scan: Scan, kind: Kind, count = 1): void {
  for (let i = 0; i < count && scan.at < scan.source.length; i += 1) {
    scan.kinds[scan.at] = kind;
    scan.at += 1;
  }
}

function takeUntil(
  scan: Scan,
  { end, kind, inclusive }: { end: string; kind: Kind; inclusive: boolean },
): void {
  const found = scan.source.indexOf(end, scan.at + 2);
  const stop = found < 0 ? scan.source.length : found + (inclusive ? end.length : 0);
  mark(scan, kind, stop - scan.at);
}

function quoted(scan: Scan, quote: string): void {
  mark(scan, "code");
  while (scan.at < scan.source.length) {
    const char = scan.source.charAt(scan.at);
    if (char === quote || char === "\n") break;
    mark(scan, "text", char === "\\" ? 2 : 1);
  }
  mark(scan, "code");
}

function templateFrom(scan: Scan): void {
  mark(scan, "code");
  templateRest(scan);
}

function resumeTemplate(scan: Scan): void {
  scan.holes.pop();
  mark(scan, "code");
  templateRest(scan);
}

function templateRest(scan: Scan): void {
  while (scan.at < scan.source.length) {
    const char = scan.source.charAt(scan.at);
    if (char === "`") return mark(scan, "code");
    if (char === "$" && scan.source.charAt(scan.at + 1) === "{") {
      scan.holes.push(0);
      return mark(scan, "code", 2);
    }
    mark(scan, "text", char === "\\" ? 2 : 1);
  }
}

function regexMayBegin(scan: Scan): boolean {
  const from = Math.max(0, scan.at - LOOKBACK_CHARS);
  let before = "";
  for (let at = from; at < scan.at; at += 1) {
    before += scan.kinds[at] === "comment" ? " " : scan.source.charAt(at);
  }
  return REGEX_MAY_FOLLOW.test(before);
}

function regex(scan: Scan): void {
  mark(scan, "code");
  let inClass = false;
  while (scan.at < scan.source.length) {
    const char = scan.source.charAt(scan.at);
    if (char === "\n" || (char === "/" && !inClass)) break;
    if (char === "[") inClass = true;
    if (char === "]") inClass = false;
    mark(scan, "text", char === "\\" ? 2 : 1);
  }
  mark(scan, "code");
}

/** The number of the line (from 1) in which the character at `index` stands. */
export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < index; at = text.indexOf("\n", at + 1))
    line += 1;
  return line;
}

const IMPORT = /\b(?:from\s*|import\s*\(?\s*)(?:"([^"\n]+)"|'([^'\n]+)')/g;

/** Every module a source names: static, type-only, side-effect, dynamic and re-exported. */
export function importsOf(
  source: SourceText,
): { readonly specifier: string; readonly line: number }[] {
  const found: { specifier: string; line: number }[] = [];
  for (const match of source.uncommented.matchAll(IMPORT)) {
    // A text that merely contains the words of an import is no import.
    if (source.code.charAt(match.index) !== source.uncommented.charAt(match.index)) continue;
    const specifier = match[1] ?? match[2] ?? "";
    found.push({ specifier, line: lineAt(source.uncommented, match.index) });
  }
  return found;
}
