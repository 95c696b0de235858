/** No verb that knows persons is called from above without asking the policies (P10). */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { VERBS } from "../../src/rules/verb.ts";

const SOURCE = fileURLToPath(new URL("../../src/", import.meta.url));
const TABLE = readFileSync(new URL("./exported-verbs.txt", import.meta.url), "utf8");
const CALLERS = ["cli", "http", "jobs", "story", "drill"];
const IMPORT = /import \{([^}]*)\} from "\.\.?\/(access|vault)\/([a-z-]+)\.ts"/g;
const BESIDE = /import \{([^}]*)\} from "\.\/([a-z-]+)\.ts"/g;
const WHY = ["(calendar)", "(inner)", "(counts)", "(office)"];

function textOf(file: string): string {
  return readFileSync(join(SOURCE, file), "utf8");
}

/** Bodies of a file's functions at the top level, by name, with what stands in their head. */
function functionsOf(text: string): ReadonlyMap<string, string> {
  const pieces = text.split(/\n(?=(?:export )?(?:async )?function\*? )/);
  const named = pieces.flatMap((piece): [string, string][] => {
    const name = /^(?:export )?(?:async )?function\*? ([A-Za-z]+)/.exec(piece)?.[1];
    return name === undefined ? [] : [[name, piece]];
  });
  return new Map(named);
}

const isAsync = (body: string): boolean => body.startsWith("export async function");

/** `room/file function` for all that a higher room imports of the two rooms. */
function calledFromAbove(): Set<string> {
  const files = CALLERS.flatMap((room) =>
    readdirSync(join(SOURCE, room)).map((file) => `${room}/${file}`),
  ).concat("main.ts");
  const called = new Set<string>();
  for (const file of files.filter((name) => !name.endsWith(".test.ts"))) {
    for (const [, names = "", room = "", from = ""] of textOf(file).matchAll(IMPORT)) {
      const functions = functionsOf(textOf(`${room}/${from}.ts`));
      for (const name of names.split(",").map((part) => part.trim())) {
        if (isAsync(functions.get(name) ?? "")) called.add(`${room}/${from} ${name}`);
      }
    }
  }
  return called;
}

interface Place {
  readonly file: string;
  readonly name: string;
}

/** What a function of that file may call in its own room. */
function neighboursOf(file: string, text: string): Place[] {
  const room = file.split("/")[0] ?? "";
  const own = [...functionsOf(text).keys()].map((name) => ({ file, name }));
  const imported = [...text.matchAll(BESIDE)].flatMap(([, names = "", from = ""]) =>
    names.split(",").map((name) => ({ file: `${room}/${from}`, name: name.trim() })),
  );
  return [...own, ...imported].filter(({ name }) => name !== "");
}

/** Whether a function names the verb itself, or through functions that it calls. */
function asksFor(verb: string, start: Place): boolean {
  const seen = new Set<string>();
  const waiting = [start];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { file, name } = next;
    const text = textOf(`${file}.ts`);
    const body = functionsOf(text).get(name);
    if (body === undefined || seen.has(`${file} ${name}`)) continue;
    seen.add(`${file} ${name}`);
    if (body.includes(`verb: "${verb}"`)) return true;
    waiting.push(...neighboursOf(file, text).filter((one) => body.includes(`${one.name}(`)));
  }
  return false;
}

const ROWS = TABLE.split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split(" "));

test("P10: every verb that a higher room calls has a row, and no row is left over", () => {
  const called = calledFromAbove();
  const rows = ROWS.map(([file = "", name = ""]) => `${file} ${name}`);
  assert.deepEqual(rows.toSorted(), [...called].toSorted());
  assert.ok(rows.length > 60, `${rows.length} rows`);
});

test("P10: a verb with a row asks for it, in its own body or in what it calls", (context) => {
  const silent: string[] = [];
  let asked = 0;
  for (const [file = "", name = "", verb = ""] of ROWS) {
    if (WHY.includes(verb)) continue;
    assert.ok(Object.hasOwn(VERBS, verb), `${verb} is no verb`);
    if (!asksFor(verb, { file, name })) silent.push(`${file} ${name} ${verb}`);
    asked += 1;
  }
  assert.deepEqual(silent, []);
  // The search itself is no rubber stamp: these two do not ask for these.
  assert.equal(asksFor("erase", { file: "vault/show", name: "show" }), false);
  assert.equal(asksFor("show", { file: "vault/show", name: "shownWaybill" }), false);
  assert.ok(asked > 40, `${asked} verbs`);
  context.diagnostic(`${asked} verbs ask, ${ROWS.length - asked} rows say why not`);
});
