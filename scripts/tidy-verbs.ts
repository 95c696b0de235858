/**
 * No verb that knows persons is called from above without asking the policies (P10). The table
 * `exported-verbs.txt` has a row for every function of the rooms access and vault that a higher
 * room calls: the verb that it asks for, in its own body or in what it calls in its room, or why it
 * asks for none.
 */
import type { FileRule, Finding, TreeFile } from "./tidy-files.ts";

const TABLE = "scripts/exported-verbs.txt";
const CALLERS = /^src\/(?:cli|http|jobs|story|drill)\/(?!.*\.test\.ts$)|^src\/main\.ts$/;
const FROM_ABOVE = /import \{([^}]*)\} from "\.\.?\/(access|vault)\/([a-z-]+)\.ts"/g;
const BESIDE = /import \{([^}]*)\} from "\.\/([a-z-]+)\.ts"/g;
const WHY_NONE: ReadonlySet<string> = new Set(["(calendar)", "(inner)", "(counts)", "(office)"]);

type Bodies = ReadonlyMap<string, string>;

interface Place {
  /** `room/file`, without its ending. */
  readonly file: string;
  readonly name: string;
}

interface Sources {
  readonly texts: ReadonlyMap<string, string>;
  readonly bodies: ReadonlyMap<string, Bodies>;
}

/** Functions of a file at the top level, by name, with their heads. */
function functionsOf(text: string): Bodies {
  const pieces = text.split(/\n(?=(?:export )?(?:async )?function\*? )/);
  return new Map(
    pieces.flatMap((piece): [string, string][] => {
      const name = /^(?:export )?(?:async )?function\*? ([A-Za-z]+)/.exec(piece)?.[1];
      return name === undefined ? [] : [[name, piece]];
    }),
  );
}

function sourcesOf(files: readonly TreeFile[]): Sources {
  const texts = new Map(
    files.map(({ path, text }) => [path.replace(/^src\/|\.ts$/g, ""), text] as const),
  );
  return { texts, bodies: new Map([...texts].map(([file, text]) => [file, functionsOf(text)])) };
}

const namesIn = (list: string): string[] =>
  list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

/** `room/file function` for all asynchronous ones that a higher room imports of the two rooms. */
function calledFromAbove(files: readonly TreeFile[], { bodies }: Sources): Set<string> {
  const called = new Set<string>();
  for (const { text } of files.filter(({ path }) => CALLERS.test(path))) {
    for (const [, names = "", room = "", from = ""] of text.matchAll(FROM_ABOVE)) {
      for (const name of namesIn(names)) {
        const body = bodies.get(`${room}/${from}`)?.get(name) ?? "";
        if (body.startsWith("export async function")) called.add(`${room}/${from} ${name}`);
      }
    }
  }
  return called;
}

/** What a function of that file may call in its own room. */
function neighboursOf({ texts, bodies }: Sources, file: string): Place[] {
  const room = file.split("/")[0] ?? "";
  const own = [...(bodies.get(file)?.keys() ?? [])].map((name) => ({ file, name }));
  const beside = [...(texts.get(file) ?? "").matchAll(BESIDE)].flatMap(
    ([, names = "", from = ""]) =>
      namesIn(names).map((name) => ({ file: `${room}/${from}`, name })),
  );
  return [...own, ...beside];
}

/** Whether a function names the verb itself, or through functions that it calls. */
function asksFor(sources: Sources, verb: string, start: Place): boolean {
  const seen = new Set<string>();
  const waiting = [start];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { file, name } = next;
    const body = sources.bodies.get(file)?.get(name);
    if (body === undefined || seen.has(`${file} ${name}`)) continue;
    seen.add(`${file} ${name}`);
    if (body.includes(`verb: "${verb}"`)) return true;
    const called = neighboursOf(sources, file).filter((one) => body.includes(`${one.name}(`));
    waiting.push(...called);
  }
  return false;
}

function found(line: number, what: string): Finding {
  return { path: TABLE, line, rule: "verbs", what };
}

function rowFindings(sources: Sources, called: Set<string>, table: string): Finding[] {
  const findings: Finding[] = [];
  const rows = new Set<string>();
  for (const [index, text] of table.split("\n").entries()) {
    if (text === "" || text.startsWith("#")) continue;
    const [file = "", name = "", verb = ""] = text.split(" ");
    const [line, row] = [index + 1, `${file} ${name}`];
    rows.add(row);
    if (!called.has(row)) findings.push(found(line, `nobody above calls ${row}`));
    else if (!WHY_NONE.has(verb) && !asksFor(sources, verb, { file, name }))
      findings.push(found(line, `${row} does not ask for ${verb}`));
  }
  const missing = [...called].filter((one) => !rows.has(one));
  return [...findings, ...missing.map((one) => found(1, `${one} has no row`))];
}

function find(files: readonly TreeFile[]): Finding[] {
  const table = files.find(({ path }) => path === TABLE)?.text ?? "";
  const sources = sourcesOf(files.filter(({ path }) => path !== TABLE));
  return rowFindings(sources, calledFromAbove(files, sources), table);
}

export const VERB_RULE: FileRule = {
  id: "verbs",
  why: "every verb asks the policies, or a row says why not",
  files: /^src\/.*\.ts$|^scripts\/exported-verbs\.txt$/,
  find,
};
