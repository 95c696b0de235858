/**
 * The programs of docs/examples/group: for each group of routes one for curl and one in TypeScript,
 * made of the same examples as the page `/docs`.
 */
import { EXAMPLES } from "../src/http/example-rows.ts";
import { exampleBody, exampleCommand, examplePath } from "../src/http/example.ts";
import type { ExampleCaller, ExampleRow } from "../src/http/example.ts";

const MADE_OF = "Made of src/http/example-rows.ts by `npm run gen`; do not edit.";
const VARIABLE = /\$([A-Z_]+)/g;
const CALLERS: readonly ExampleCaller[] = [
  "KEY",
  "SESSION",
  "OWNER",
  "SECOND",
  "OFFICER",
  "COUNTER",
];

function variablesIn(row: ExampleRow): readonly string[] {
  const caller = row.as === null ? "" : `$${row.as}`;
  const text = `${caller} ${examplePath(row)} ${exampleBody(row) ?? ""}`;
  return [...text.matchAll(VARIABLE)].map(([, name = ""]) => name);
}

/** What a program has to be given: what its rows use and none of them gives. */
function neededBy(rows: readonly ExampleRow[]): readonly string[] {
  const given = new Set(rows.flatMap(({ gives = {} }) => Object.keys(gives)));
  const used = new Set(rows.flatMap(variablesIn));
  return [...used].filter((name) => !given.has(name) && name !== "CODE");
}

function asksForCode(row: ExampleRow): boolean {
  return variablesIn(row).includes("CODE");
}

/* For curl. */

const MEMBER = `# The member of the JSON on standard input, by its path.
member() {
  node -e 'let value = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const name of process.argv[1].split(".")) value = value[name];
    console.log(value)' "$1"
}`;

function shellRow(row: ExampleRow): string {
  const gives = Object.entries(row.gives ?? {});
  const asked = asksForCode(row) ? ["echo 'CODE?'", "read -r CODE"] : [];
  const command = exampleCommand(row);
  if (gives.length === 0) return [...asked, command, "echo"].join("\n");
  return [
    ...asked,
    `answer=$(${command}${command.endsWith("BODY") ? "\n" : ""})`,
    ...gives.flatMap(([name, path]) => [
      `${name}=$(member ${path} <<< "$answer")`,
      `echo "${name}=$${name}"`,
    ]),
  ].join("\n");
}

function shellProgram(group: string, rows: readonly ExampleRow[]): string {
  const needed = ["MIDAN", ...neededBy(rows)].map((name) => `"\${${name}:?}"`);
  const isGiving = rows.some(({ gives }) => gives !== undefined);
  return [
    "#!/usr/bin/env bash",
    `# Routes of the group ${group}. ${MADE_OF}`,
    "# What it needs is in the environment; what it gives to other programs it prints.",
    "set -euo pipefail",
    `: ${needed.join(" ")}`,
    ...(isGiving ? ["", MEMBER] : []),
    ...rows.map((row) => `\n${shellRow(row)}`),
    "",
  ].join("\n");
}

/* In TypeScript. */

/** A text of a row as an expression: a variable alone is itself. */
function expression(text: string): string {
  if (/^\$[A-Z_]+$/.test(text)) return text.slice(1);
  if (!text.includes("$")) return JSON.stringify(text);
  return `\`${text.replaceAll(VARIABLE, "${$1}")}\``;
}

const LITERAL_CHARACTERS = 64;

/** A value as an expression: on one line where it is short, else one member a line. */
function literal(value: unknown, indent: string): string {
  if (typeof value === "string") return expression(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  const isList = Array.isArray(value);
  const members = Object.entries(value).map(([name, one]) => {
    return `${isList ? "" : `${name}: `}${literal(one, deeper)}`;
  });
  const [open, end, space] = isList ? ["[", "]", ""] : ["{", "}", members.length > 0 ? " " : ""];
  const short = `${open}${space}${members.join(", ")}${space}${end}`;
  if (short.length + indent.length <= LITERAL_CHARACTERS && !short.includes("\n")) return short;
  return `${open}${members.map((one) => `\n${deeper}${one},`).join("")}\n${indent}${end}`;
}

/** A query as values: the client's types know numbers and truth. */
function queryOf(query: Readonly<Record<string, string>>): Record<string, unknown> {
  const isValue = /^(?:\d+|true|false)$/;
  const read = ([name, text]: [string, string]): [string, unknown] => {
    return [name, isValue.test(text) ? JSON.parse(text) : text];
  };
  return Object.fromEntries(Object.entries(query).map(read));
}

/** How a member of an answer is reached so that the compiler agrees. */
function reach(answer: string, path: string): string {
  const [list = "", at, name = ""] = path.split(".");
  // Of two kinds of answer, done and proposed, only one has it.
  if (list === "proposal") return `"proposal" in ${answer} ? ${answer}.proposal : ""`;
  if (at === undefined) return `${answer}.${list}`;
  if (list !== "results") return `${answer}.${list}[${at}]?.${name} ?? ""`;
  return `${answer}.results.flatMap((one) => (one.ok ? [one.${name}] : []))[${at}] ?? ""`;
}

function clientName(caller: ExampleCaller | null): string {
  return caller === null ? "anybody" : caller.toLowerCase();
}

function streamRow(row: ExampleRow, text: string): string {
  const orders = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
  return [
    `for await (const line of ${clientName(row.as)}.sealStream(${literal(orders, "")}))`,
    "  console.log(line.line, line.ok);",
  ].join("\n");
}

function typedRow(row: ExampleRow, number: number): string {
  const { params, query, body, gives = {} } = row;
  if (typeof body === "string") return streamRow(row, body);
  const asked = {
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { query: queryOf(query) }),
    ...(body === undefined ? {} : { body }),
  };
  const parts = Object.entries(asked).map(([name, one]) => `\n  ${name}: ${literal(one, "  ")},`);
  const given = parts.length === 0 ? "{}" : `{${parts.join("")}\n}`;
  const call = `await ${clientName(row.as)}.call("${row.route}", ${given})`;
  const code = asksForCode(row) ? ['console.log("CODE?");', "const CODE = await line();"] : [];
  if (Object.keys(gives).length === 0) return [...code, `console.log(${call});`].join("\n");
  const answer = `answer${number}`;
  return [
    ...code,
    `const ${answer} = ${call};`,
    ...Object.entries(gives).flatMap(([name, path]) => [
      `const ${name} = ${reach(answer, path)};`,
      `console.log(\`${name}=\${${name}}\`);`,
    ]),
  ].join("\n");
}

const LINE = `/** A line that is typed. */
async function line(): Promise<string> {
  const reader = createInterface({ input: process.stdin });
  const typed: unknown[] = await once(reader, "line");
  reader.close();
  return String(typed[0]);
}`;

function typedProgram(group: string, rows: readonly ExampleRow[]): string {
  const needed = neededBy(rows);
  const others = needed.filter((name) => !CALLERS.some((caller) => caller === name));
  const asked = new Set(rows.map(({ as }) => as));
  const clients = [...asked].map((caller) => {
    const token = caller ?? '""';
    return `const ${clientName(caller)} = new MidanClient({ address, token: ${token} });`;
  });
  const callers = [...asked].filter((caller) => caller !== null);
  const names = [...callers, ...others].map((name) => `  ${name} = "",`);
  const isTyped = rows.some(asksForCode);
  return [
    `/**\n * Routes of the group ${group}.\n * ${MADE_OF}\n */`,
    ...(isTyped ? ['import { once } from "node:events";'] : []),
    ...(isTyped ? ['import { createInterface } from "node:readline";'] : []),
    'import { MidanClient } from "midan/client";',
    "",
    "// What it needs is in the environment; what it gives to other programs it prints.",
    ["const {", '  MIDAN: address = "",', ...names, "} = process.env;"].join("\n"),
    ...clients,
    ...(isTyped ? ["", LINE] : []),
    ...rows.map((row, at) => `\n${typedRow(row, at + 1)}`),
    "",
  ].join("\n");
}

/** The programs, each with its path from the root of the repository. */
export function examplePrograms(): readonly {
  readonly path: string;
  readonly make: () => string;
}[] {
  return Object.entries(EXAMPLES).flatMap(([group, rows]) => [
    { path: `docs/examples/group/${group}.sh`, make: () => shellProgram(group, rows) },
    { path: `docs/examples/group/${group}.ts`, make: () => typedProgram(group, rows) },
  ]);
}
