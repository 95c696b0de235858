/**
 * Writes the files that are made from code; with --check it only says which are out of date, and
 * fails. sql/schema.sql has its own maker, scripts/schema-dump.ts, because it needs a database.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { leafExamples, leafSchema } from "../src/audit/leaf-schema.ts";
import { apiDocument } from "../src/http/document.ts";
import { FAILURES } from "../src/rules/failure.ts";
import { operationsText } from "./client-operations.ts";
import { examplePrograms } from "./example-programs.ts";
import { verifierPage } from "./verifier-page.ts";
import type { FailureRow } from "../src/rules/failure-row.ts";

interface GeneratedFile {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly make: () => string | Promise<string>;
}

export const GENERATED: readonly GeneratedFile[] = [
  { path: "docs/errors.md", make: () => errorsPage(FAILURES) },
  { path: "assets/verifier/verify-log.html", make: verifierPage },
  { path: "docs/formats/audit-leaf.schema.json", make: schemaText },
  { path: "docs/formats/audit-leaf.examples.ndjson", make: examplesText },
  { path: "docs/openapi.json", make: apiDocument },
  { path: "src/client/operations.ts", make: async () => operationsText(await apiDocument()) },
  ...examplePrograms(),
];

/** One definition a line, so that a change of one type is a change of one line. */
function schemaText(): string {
  const { $defs = {}, ...rest } = leafSchema();
  const lines = Object.entries($defs ?? {}).map(
    ([name, shape]) => `    ${JSON.stringify(name)}: ${JSON.stringify(shape)}`,
  );
  const head = Object.entries(rest).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`,
  );
  return `{\n${head.join("\n")}\n  "$defs": {\n${lines.join(",\n")}\n  }\n}\n`;
}

function examplesText(): string {
  return leafExamples()
    .map(({ bytes }) => `${Buffer.from(bytes).toString("utf8")}\n`)
    .join("");
}

const ERRORS_HEAD = `<!-- 由 npm run gen 生成,请勿手改。Made by npm run gen; do not edit. -->

# 错误一览 · Errors

每个错误有固定的代码。错误信息只含编号、计数和字段名,从不含姓名、电话、地址等输入内容。

Every failure has a fixed code. A failure holds identifiers, counts and field names, never a name,
phone, address or any other input. The rows are \`src/rules/failure.ts\`; the status is the one an
HTTP answer carries (RFC 9457).

| 代码 Code | HTTP | 意思 Meaning | 怎么办 What to do |
| --- | --- | --- | --- |
`;

/** The page of all failures, in the order of the table; one row per code, Chinese above English. */
export function errorsPage(failures: Readonly<Record<string, FailureRow>>): string {
  const rows = Object.entries(failures).map(([code, row]) =>
    [
      "",
      ` \`${code}\` `,
      ` ${row.status} `,
      ` ${cell(row.zh)}<br>${cell(row.en)} `,
      ` ${cell(row.doZh)}<br>${cell(row.doEn)} `,
      "",
    ].join("|"),
  );
  return `${ERRORS_HEAD}${rows.join("\n")}\n`;
}

/** Text that cannot leave its table cell or become markup. */
function cell(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("|", "\\|")
    .replaceAll("\n", " ");
}

async function writeAll(): Promise<void> {
  for (const { path, make } of GENERATED) {
    writeFileSync(path, await make());
    process.stdout.write(`wrote ${path}\n`);
  }
}

async function checkAll(): Promise<boolean> {
  const stale: string[] = [];
  for (const { path, make } of GENERATED)
    if (!existsSync(path) || readFileSync(path, "utf8") !== (await make())) stale.push(path);
  for (const path of stale) process.stdout.write(`${path} is out of date: npm run gen\n`);
  process.stdout.write(`gen: ${GENERATED.length} files looked at, ${stale.length} out of date\n`);
  return stale.length === 0;
}

if (import.meta.main) {
  process.chdir(fileURLToPath(new URL("..", import.meta.url)));
  if (!process.argv.includes("--check")) await writeAll();
  else if (!(await checkAll())) process.exitCode = 1;
}
