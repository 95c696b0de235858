import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

const ROOT = new URL("../../", import.meta.url);
const READMES = ["README.md", "README.zh-CN.md"] as const;
const SNIPPETS_MIN = 3;

function textOf(file: string): string {
  return readFileSync(new URL(file, ROOT), "utf8");
}

/** The rows of `exports` in package.json as a dependent names them, with the file of each. */
function entries(): [specifier: string, file: string][] {
  const manifest: unknown = JSON.parse(textOf("package.json"));
  assert.ok(typeof manifest === "object" && manifest !== null && "exports" in manifest);
  const { exports } = manifest;
  assert.ok(typeof exports === "object" && exports !== null);
  return Object.entries(exports).map(([name, file]) => [
    name.replace(/^\./, "midan"),
    String(file).replace(/^\.\//, ""),
  ]);
}

function snippetsOf(readme: string): string[] {
  return [...textOf(readme).matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1] ?? "");
}

/** A module without a file of its own cannot resolve names, so they are resolved for it here. */
function resolved(code: string): string {
  const urlOf = (specifier: string): string => JSON.stringify(import.meta.resolve(specifier));
  return code
    .replaceAll(/import\.meta\.resolve\("(midan\/[^"]+)"\)/g, (_whole, name: string) => urlOf(name))
    .replaceAll(/"(midan\/[^"]+)"/g, (_whole, name: string) => urlOf(name));
}

async function load(specifier: string): Promise<Readonly<Record<string, unknown>>> {
  const found: unknown = await import(specifier);
  assert.ok(typeof found === "object" && found !== null);
  return Object.fromEntries(Object.entries(found));
}

test("P16: every entry of the package resolves to its file, and every entry file is listed", () => {
  const listed = entries();
  for (const [specifier, file] of listed) {
    assert.equal(import.meta.resolve(specifier), new URL(file, ROOT).href);
    assert.ok(textOf(file).length > 0, `${file} is empty`);
  }
  const files = readdirSync(new URL("src/public/", ROOT)).filter((name) => !/\.test\./.test(name));
  const code = listed.map(([, file]) => file).filter((file) => file.endsWith(".ts"));
  assert.deepEqual(code.sort(), files.map((name) => `src/public/${name}`).sort());
});

test("P1: the label entry offers no way to draw what the gate has not let through", async () => {
  const names = Object.keys(await load("../public/label.ts")).sort();
  assert.deepEqual(names, [
    "FONT_FILES",
    "LABEL_FORMATS",
    "LABEL_SIZES",
    "ZPL_CODINGS",
    "drawLabel",
    "gate",
    "loadFonts",
    "toPng",
    "toZpl",
    "writePdf",
    "writePrinterFile",
  ]);
});

test("P5: the crypto entry offers nothing that takes a key", async () => {
  const names = Object.keys(await load("../public/crypto.ts")).sort();
  assert.deepEqual(names, ["ENVELOPE_VERSION", "TOKEN_CHARACTERS", "parseToken", "readHeader"]);
});

test("P3: the snippets of both READMEs run and print what stands beside them", async (t) => {
  for (const readme of READMES) {
    const snippets = snippetsOf(readme);
    assert.ok(snippets.length >= SNIPPETS_MIN, `${readme} has ${snippets.length} snippets`);
    for (const snippet of snippets) {
      const said = t.mock.method(console, "log", () => undefined);
      // Both files may hold the same code, and a module of the same text would not run again.
      const code = encodeURIComponent(`${resolved(snippet)}\n// ${readme}`);
      await import(`data:text/javascript,${code}`);
      const lines = said.mock.calls.map(({ arguments: words }) => words.join(" "));
      said.mock.restore();
      const wanted = [...snippet.matchAll(/^ *console\.log\(.*\/\/ (.*)$/gm)].map(
        ([, text]) => text,
      );
      assert.ok(wanted.length > 0, `a snippet of ${readme} shows no result`);
      assert.deepEqual(lines, wanted);
    }
  }
});

test("P16: the phone that both READMEs search for is one of the sample", () => {
  const sample = textOf("samples/orders.csv");
  for (const readme of READMES) {
    const [, phone] = /search --phone (\d+)/.exec(textOf(readme)) ?? [];
    assert.ok(phone !== undefined && sample.includes(`,${phone},`), `${readme}: not in the sample`);
  }
});
