import assert from "node:assert/strict";
import { test } from "node:test";
import { importsOf, readSource } from "./source-text.ts";
import { FILE_RULES, countTests } from "./tidy-files.ts";
import { VERB_RULE } from "./tidy-verbs.ts";
import { LINE_RULES } from "./tidy-lines.ts";
import { tidy, treeFile } from "./tidy.ts";

/** For each rule, files that break it and how often they do. */
const PLANTED: Readonly<Record<string, readonly [path: string, text: string, count: number][]>> = {
  environment: [
    ["src/vault/seal.ts", "const a = process.env;\n// process.env\nprocess['env'];\n", 2],
    ["src/config.ts", "const a = process.env;\n", 0],
  ],
  pure: [
    ["src/rules/a.ts", "Date.now();\nnew Date();\nnew Date(1);\nMath.random();\n", 3],
    ["src/rules/a.test.ts", "Date.now(); test('P1', f);\n", 0],
  ],
  sql: [
    ["src/vault/a.ts", 'q("SELECT a FROM b");\nq(`insert into c (d) values (${e})`);\n', 2],
    ["src/vault/b.ts", "// select a from b\nconst s = 'please select one';\n", 0],
    ["src/store/a.ts", 'q("SELECT a FROM b");\n', 0],
  ],
  barrel: [
    ["src/vault/a.ts", 'export * from "./b.ts";\nexport {\n  c,\n} from "./b.ts";\n', 2],
    ["src/public/a.ts", 'export * from "../crypto/b.ts";\n', 0],
  ],
  "default-export": [["src/vault/a.ts", "export default 1;\n// export default\n", 1]],
  any: [
    ["src/vault/a.ts", "let a: any;\nlet b: Map<string, any>;\nf(c as any);\n// : any\n", 3],
    ["src/vault/b.ts", "const many = { any: 1 };\nconst c = x.any;\n", 0],
  ],
  erasable: [["src/vault/a.ts", "enum A { B }\nexport const enum C {}\nnamespace D {}\n", 3]],
  unfinished: [["src/vault/a.ts", `// ${"TO" + "DO"}: later\n`, 1]],
  "machine-path": [
    ["docs/a.md", ["", "home", "someone", "x"].join("/"), 1],
    ["docs/b.md", "https://example.org/home/page and ./work/here\n", 0],
  ],
  "registry-host": [
    ["package-lock.json", '{\n  "resolved": "https://a.example/b.tgz"\n}\n', 1],
    ["docs/a.md", `see ${["registry", "npmjs", "org"].join(".")}\n`, 1],
  ],
  columns: [
    ["src/vault/a.ts", `// ${"x ".repeat(50)}\n`, 1],
    ["src/vault/b.ts", `const a =\n  "${"ab".repeat(80)}";\n`, 0],
  ],
  length: [
    ["src/vault/a.ts", "\n".repeat(401), 1],
    ["src/vault/b.ts", "\n".repeat(400), 0],
  ],
  names: [
    ["src/vault/utils.ts", "", 1],
    ["src/helpers/seal.ts", "", 1],
    ["src/vault/sealParty.ts", "", 1],
    ["src/vault/seal-party.test.ts", "test('P5', f);\n", 0],
  ],
  rings: [
    ["src/cli/a.ts", 'import { b } from "../crypto/b.ts";\n', 1],
    ["src/cli/b.ts", 'import type { b } from "../store/b.ts";\n', 1],
    ["src/crypto/a.ts", 'const b = await import("../audit/b.ts");\n', 1],
    ["src/rules/b.ts", 'import { readFileSync } from "node:fs";\n', 1],
    ["src/vault/a.ts", 'import pg from "pg";\n', 1],
    ["src/vault/b.ts", 'import { main } from "../main.ts";\n', 1],
    ["src/newroom/a.ts", 'import "./b.ts";\n', 1],
    ["src/vault/c.ts", 'import { a } from "../crypto/a.ts";\nconst s = \'from "pg"\';\n', 0],
    ["src/rules/c.test.ts", 'import { test } from "node:test";\ntest("P1", f);\n', 0],
  ],
  verbs: [
    [
      "src/cli/a.ts",
      'import { look, peek, pry } from "../vault/b.ts";\nlook(); peek(); pry();\n',
      0,
    ],
    [
      "src/vault/b.ts",
      'export async function look() {\n ask();\n}\nfunction ask() {\n go({ verb: "show" });\n}\n' +
        "\n" +
        "export async function peek() {}\n\nexport async function pry() {}\n",
      0,
    ],
    [
      "scripts/exported-verbs.txt",
      "vault/b look show\nvault/b peek show\nvault/b gone (counts)\n",
      3,
    ],
  ],
  cycles: [
    ["src/vault/a.ts", 'import { b } from "./b.ts";\n', 1],
    ["src/vault/b.ts", 'import type { a } from "./a.ts";\n', 0],
  ],
  asserted: [
    ["src/vault/a.ts", "const a = b as C;\nconst d = e!.f;\n", 2],
    ["src/vault/b.ts", "// It was checked above.\nconst a = b as C;\n", 0],
    ["src/vault/c.ts", 'import { a as b } from "./d.ts";\nconst c = [1] as const;\n', 0],
    ["src/vault/d.ts", "const a = b !== c;\nconst d = !e;\n", 0],
  ],
  tests: [
    ["src/vault/a.test.ts", "// test('x')\n", 1],
    ["src/vault/b.test.ts", 'test("P7: x", () => {});\n', 0],
  ],
  lock: [
    [
      "package-lock.json",
      JSON.stringify({
        packages: {
          "": {},
          "node_modules/a": { optionalDependencies: { b: "1.0.0", c: "1.0.0" } },
          "node_modules/b": {},
        },
      }),
      1,
    ],
  ],
  versions: [
    ["package.json", '{"dependencies":{"a":"^1.2.3","b":"1.2.3","c":"1.2.3-beta.4"}}', 1],
    ["package.json", '{"allowScripts":{"a":true,"b":true,"c":true}}', 1],
  ],
};

const RULE_IDS = [...LINE_RULES, ...FILE_RULES, VERB_RULE].map(({ id }) => id);

test("every rule of the style test has a planted violation", () => {
  assert.deepEqual(RULE_IDS.toSorted(), Object.keys(PLANTED).toSorted());
});

for (const [rule, plants] of Object.entries(PLANTED)) {
  test(`the style test finds what breaks "${rule}" and nothing else`, () => {
    const files = plants.map(([path, text]) => treeFile(path, text));
    const together = tidy(files).findings.filter((finding) => finding.rule === rule);
    assert.equal(together.length, sum(plants.map(([, , count]) => count)));
    if (rule === "cycles" || rule === "verbs") return;
    for (const [path, text, count] of plants) {
      const alone = tidy([treeFile(path, text)]).findings.filter((found) => found.rule === rule);
      assert.equal(alone.length, count, `${path}: ${text}`);
    }
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

test("a rule that looked at no file is seen to have looked at none", () => {
  const { looked } = tidy([treeFile("src/vault/a.ts", "")]);
  assert.equal(looked.get("versions"), 0);
  assert.equal(looked.get("rings"), 1);
});

test("a finding names the line", () => {
  const { findings } = tidy([treeFile("src/vault/a.ts", "\n\n  export default 1;\n")]);
  assert.deepEqual(
    findings.map(({ line, rule }) => [line, rule]),
    [[3, "default-export"]],
  );
});

test("code, comments and texts are told apart in nested templates and patterns", () => {
  const source = readSource('a(`b ${c({ d: "e" })} f`); // g\nh = /[/"]i/.test("j") / k; /* l */');
  assert.equal(source.code, 'a(`  ${c({ d: " " })}  `);     \nh = /     /.test(" ") / k;        ');
  assert.equal(source.texts.replace(/\s+/g, ""), 'befj[/"]ij'.replace("j[", "["));
  assert.ok(!source.uncommented.includes("g") && !source.uncommented.includes("l"));
});

test("imports are found in all their forms, and not in texts or comments", () => {
  const source = readSource(
    [
      'import { a } from "./a.ts";',
      'import type { B } from "./b.ts";',
      'import "./c.ts";',
      'const d = await import("./d.ts");',
      "type E = import('./e.ts').E;",
      'export { f } from "./f.ts";',
      '// import "./g.ts"',
      'Buffer.from("g");',
      "const h = 'import \"./h.ts\"';",
      "import {",
      "  i,",
      '} from "./i.ts";',
    ].join("\n"),
  );
  const specifiers = importsOf(source).map(({ specifier }) => specifier);
  assert.deepEqual(specifiers, [
    "./a.ts",
    "./b.ts",
    "./c.ts",
    "./d.ts",
    "./e.ts",
    "./f.ts",
    "./i.ts",
  ]);
});

test("promises and invariants in test names are counted", () => {
  const text = 'test("P7, ENV-3: a", f);\ntest("P7: b", f);\ntest("c", f);\n// test("P9: d")\n';
  const { names, carried } = countTests([treeFile("src/vault/a.test.ts", text)]);
  assert.equal(names, 3);
  assert.deepEqual(
    [...carried],
    [
      ["P7", 2],
      ["ENV-3", 1],
    ],
  );
});
