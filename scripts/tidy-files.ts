/** Rules of the style test that need more than one place: names, sizes, imports, versions. */

import { posix } from "node:path";
import { importsOf, lineAt } from "./source-text.ts";
import type { SourceText } from "./source-text.ts";
import { ROOMS, TEST_MODULES } from "./tidy-rooms.ts";

export interface TreeFile {
  /** Path from the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly source: SourceText;
}

export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly what: string;
}

export interface FileRule {
  readonly id: string;
  readonly why: string;
  readonly files: RegExp;
  /** Looks at the files that `files` matches, all at once. */
  readonly find: (files: readonly TreeFile[]) => Finding[];
}

const LINES_MAX = 400;
const VAGUE =
  /^(?:utils?|helpers?|services?|managers?|common|lib|misc|types|interfaces|shared|index)$/;
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test)?\.ts$/;
const PINNED = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;
/** Install scripts run with the rights of whoever installs; two are as many as can be read. */
const INSTALL_SCRIPTS_MAX = 2;

export const FILE_RULES: readonly FileRule[] = [
  {
    id: "length",
    why: "at most 400 lines",
    // What is made of a table is as long as the table.
    files: /^(?!src\/client\/operations\.ts$).*\.ts$/,
    find: (files) => files.flatMap(tooLong),
  },
  {
    id: "names",
    why: "a file is named for a word of the domain",
    files: /^(?:src|scripts|test|bench)\/.*\.ts$/,
    find: (files) => files.flatMap(badName),
  },
  { id: "rings", why: "imports point inwards", files: /^src\/.*\.ts$/, find: badImports },
  { id: "cycles", why: "no file needs itself", files: /^src\/.*\.ts$/, find: cycles },
  {
    id: "asserted",
    why: "a cast or ! says why it holds",
    files: /^src\/(?!.*\.test\.ts$).*\.ts$/,
    find: (files) => files.flatMap(unexplained),
  },
  {
    id: "tests",
    why: "a test file holds a test",
    files: /\.test\.ts$/,
    find: (files) => files.flatMap(withoutTest),
  },
  {
    id: "versions",
    why: "versions are pinned exactly",
    files: /^package\.json$/,
    find: (files) => files.flatMap(unpinned),
  },
  {
    id: "lock",
    why: "npm ci works for every npm, whatever the registry at hand lacks",
    files: /^package-lock\.json$/,
    find: (files) => files.flatMap(incompleteLock),
  },
];

function tooLong({ path, text }: TreeFile): Finding[] {
  const lines = text.split("\n").length - 1;
  return lines <= LINES_MAX ? [] : [{ path, line: lines, rule: "length", what: `${lines} lines` }];
}

function badName({ path }: TreeFile): Finding[] {
  const parts = path.split("/");
  const base = parts.at(-1) ?? "";
  const words = [...parts.slice(0, -1), base.replace(/(?:\.test)?\.ts$/, "")];
  const vague = words.find((word) => VAGUE.test(word));
  if (vague !== undefined)
    return [{ path, line: 1, rule: "names", what: `"${vague}" says nothing` }];
  return KEBAB.test(base) ? [] : [{ path, line: 1, rule: "names", what: "not kebab-case" }];
}

/**
 * `src/crypto/aead.ts` is in room `crypto`; `src/main.ts` is its own room `main.ts`, tests
 * included.
 */
function roomOf(path: string): string {
  return (path.split("/")[1] ?? "").replace(/\.test\.ts$/, ".ts");
}

/** The file that a relative import names, from the root of the repository. */
function targetOf(path: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(path), specifier));
}

function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Why `file` may not import `specifier`, or null when it may. */
function refusal(file: TreeFile, specifier: string): string | null {
  const room = roomOf(file.path);
  const row = Object.hasOwn(ROOMS, room) ? ROOMS[room] : undefined;
  if (row === undefined) return `src/${room} is not a room that scripts/tidy-rooms.ts knows`;
  const isTest = file.path.endsWith(".test.ts");
  if (isTest && TEST_MODULES.some((module) => module === specifier)) return null;
  if (specifier.startsWith("node:")) return row.node || isTest ? null : `${room} is pure`;
  if (!specifier.startsWith(".")) {
    return row.packages.includes(packageOf(specifier))
      ? null
      : `${specifier} has no place in ${room}`;
  }
  const target = targetOf(file.path, specifier);
  if (!target.startsWith("src/")) return isTest ? null : `${target} is outside src`;
  const to = roomOf(target);
  return to === room || row.rooms.includes(to) ? null : `${room} may not import ${to}`;
}

function badImports(files: readonly TreeFile[]): Finding[] {
  return files.flatMap((file) =>
    importsOf(file.source).flatMap(({ specifier, line }) => {
      const what = refusal(file, specifier);
      return what === null ? [] : [{ path: file.path, line, rule: "rings", what }];
    }),
  );
}

/** Each cycle once, named from its first file in reading order; type-only imports count. */
function cycles(files: readonly TreeFile[]): Finding[] {
  const edges = new Map(
    files.map((file) => [
      file.path,
      importsOf(file.source)
        .filter(({ specifier }) => specifier.startsWith("."))
        .map(({ specifier }) => targetOf(file.path, specifier)),
    ]),
  );
  const done = new Set<string>();
  const found: Finding[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const what = [...trail.slice(start), path].join(" -> ");
      found.push({ path, line: 1, rule: "cycles", what });
    }
    if (start >= 0 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) walk(path, []);
  return found;
}

/** `x as T`, but not `as const`, not a renaming import or export. */
const CAST = /(?<!\*)\s\bas\s+(?!const\b)[A-Za-z_({["']/g;
const NON_NULL = /[\w)\]]!(?=[.,;)\]\s[]|$)(?!\s*==?)/gm;
/** How many lines above a cast its reason may stand, so that it can precede a whole statement. */
const REASON_LINES = 6;

function unexplained(file: TreeFile): Finding[] {
  const { code } = file.source;
  const modules = moduleStatements(code);
  const marks = [...code.matchAll(CAST), ...code.matchAll(NON_NULL)];
  return marks
    .filter(({ index }) => !modules.some(({ from, to }) => index >= from && index < to))
    .map(({ index }) => lineAt(code, index + 1))
    .filter((line) => !hasReason(file, line))
    .map((line) => ({ path: file.path, line, rule: "asserted", what: "no comment says why" }));
}

function moduleStatements(code: string): { from: number; to: number }[] {
  return [...code.matchAll(/^(?:import|export)\s+(?:type\s+)?[*{][^;]*;/gm)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }));
}

/** True when a comment stands on the line or on one of the few above it. */
function hasReason({ text, source }: TreeFile, line: number): boolean {
  const raw = text.split("\n").slice(Math.max(0, line - 1 - REASON_LINES), line);
  const bare = source.uncommented.split("\n").slice(Math.max(0, line - 1 - REASON_LINES), line);
  return raw.some((content, at) => content !== bare[at]);
}

function withoutTest({ path, source }: TreeFile): Finding[] {
  if (/\b(?:test|it)(?:\.\w+)?\(/.test(source.code)) return [];
  return [{ path, line: 1, rule: "tests", what: "no test(…) in it" }];
}

const NAMED_TEST = /\btest\(\s*["'`]([^"'`]*)/g;
/** A promise (P7) or a numbered invariant of a format (ENV-3). */
const NUMBERED = /\bP\d{1,2}\b|\b(?!UTF-)[A-Z]{2,}-\d+\b/g;

/** How many test names there are, and which promises and invariants they carry, how often. */
export function countTests(files: readonly TreeFile[]): {
  names: number;
  carried: Map<string, number>;
} {
  const carried = new Map<string, number>();
  let names = 0;
  for (const { path, source } of files) {
    if (!path.endsWith(".test.ts")) continue;
    for (const [, name = ""] of source.uncommented.matchAll(NAMED_TEST)) {
      names += 1;
      for (const [id] of name.matchAll(NUMBERED)) carried.set(id, (carried.get(id) ?? 0) + 1);
    }
  }
  return { names, carried };
}

interface Manifest {
  readonly [group: string]: unknown;
}

function unpinned({ path, text }: TreeFile): Finding[] {
  // package.json is ours and npm has already read it; each group is checked before use.
  const manifest = JSON.parse(text) as Manifest;
  const groups = ["dependencies", "devDependencies", "optionalDependencies"];
  const loose = groups.flatMap((group) =>
    Object.entries(manifest[group] ?? {})
      .filter(([, version]) => typeof version !== "string" || !PINNED.test(version))
      .map(([name]) => `${name} is not pinned to one version`),
  );
  const scripts = Object.keys(manifest["allowScripts"] ?? {}).length;
  if (scripts > INSTALL_SCRIPTS_MAX) loose.push(`${scripts} install scripts are allowed`);
  return loose.map((what) => ({ path, line: 1, rule: "versions", what }));
}

interface Lock {
  readonly packages?: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >;
}

/**
 * Optional packages that the lock file names but does not describe. npm leaves them out when the
 * registry lacks them, and npm 11 then refuses the lock file as incomplete.
 */
function incompleteLock({ path, text }: TreeFile): Finding[] {
  // npm writes this file and has read it before; only what is looked at is described.
  const { packages = {} } = JSON.parse(text) as Lock;
  return Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !Object.hasOwn(packages, `node_modules/${name}`))
      .filter((name) => !Object.hasOwn(packages, `${place}/node_modules/${name}`))
      .map((what) => ({ path, line: 1, rule: "lock", what: `${what} has no entry` })),
  );
}
