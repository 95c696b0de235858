/**
 * Makes the page that verifies a log in a browser, without a network: the verifier's own files with
 * their types taken off, each in a function of its own, inside one HTML file.
 */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

const ROOM = new URL("../src/verifier/", import.meta.url);
const TEMPLATE = fileURLToPath(new URL("../assets/verifier/template.html", import.meta.url));
const PLACE = "/* the verifier */";
/** What the page itself calls. */
const ENTRIES = ["verify.ts", "inspector-bundle.ts", "stored-zip.ts", "sha256.ts", "reason.ts"];

const IMPORT = /^import (type )?\{([^}]*)\} from "\.\/([a-z0-9-]+\.ts)";$/gm;
const EXPORT = /^export (?:async )?(?:function|class|const|let) ([A-Za-z0-9_]+)/gm;

interface Module {
  readonly name: string;
  readonly needs: readonly string[];
  readonly code: string;
}

function readModule(name: string): Module {
  const text = readFileSync(new URL(name, ROOM), "utf8");
  const values = [...text.matchAll(IMPORT)].filter(([, isType]) => isType === undefined);
  const needs = values.map(([, , , file = ""]) => file);
  const names = [...text.matchAll(EXPORT)].map(([, exported = ""]) => exported);
  const plain = stripTypeScriptTypes(text.replaceAll(IMPORT, ""));
  if (/^\s*(?:import|export)\s(?!(?:async )?(?:function|class|const|let))/m.test(plain))
    throw new Error(`${name} has an import or export that the page cannot take`);
  const heads = values.map(([, , imported = "", file = ""]) => {
    const list = imported.split(",").map((word) => word.trim().replace(/^type .*/, ""));
    return `const { ${list.filter((word) => word !== "").join(", ")} } = modules["${file}"];`;
  });
  const body = plain.replaceAll(/^export /gm, "").replaceAll(/[ \t]+$/gm, "");
  const code = [
    `modules["${name}"] = (() => {`,
    ...heads,
    body.trim(),
    `return { ${names.join(", ")} };`,
    "})();",
  ].join("\n");
  return { name, needs, code };
}

/** The modules that `names` need, each behind what it needs itself. */
function ordered(names: readonly string[]): Module[] {
  const done = new Map<string, Module>();
  const visit = (name: string): void => {
    if (done.has(name)) return;
    const made = readModule(posix.normalize(name));
    for (const needed of made.needs) visit(needed);
    done.set(name, made);
  };
  for (const name of names) visit(name);
  return [...done.values()];
}

/** The whole page. */
export function verifierPage(): string {
  const template = readFileSync(TEMPLATE, "utf8");
  const code = ordered(ENTRIES).map((module) => module.code);
  // Nothing of the verifier's may end the script that it stands in.
  const script = code.join("\n\n").replaceAll("</script", "<\\/script");
  if (!template.includes(PLACE)) throw new Error("the template has no place for the verifier");
  return template.replace(PLACE, () => script);
}
