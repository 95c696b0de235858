/**
 * `src/client/operations.ts`, made of docs/openapi.json: what each operation of the API is asked
 * with and what it answers, as types. The usual generators need a compiler of TypeScript 5 beside
 * ours, and only a part of JSON Schema is used here; a schema beyond it fails the making.
 */
import { FAILURES } from "../src/rules/failure.ts";

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const SCALARS: Readonly<Record<string, string>> = {
  string: "string",
  integer: "number",
  number: "number",
  boolean: "boolean",
  null: "null",
};

function union(types: readonly string[]): string {
  return [...new Set(types)].join(" | ");
}

/**
 * The type of members that are not named, or null where there are none. A schema that says nothing
 * of them names all that it has.
 */
function restOf(rest: Schema["additionalProperties"]): string | null {
  if (rest === undefined || rest === false) return null;
  return rest === true ? "unknown" : typeOf(rest);
}

function objectOf(schema: Schema): string {
  const { properties = {}, required = [], additionalProperties } = schema;
  const members = Object.entries(properties).map(([name, member]) => {
    const key = /^[A-Za-z]\w*$/.test(name) ? name : JSON.stringify(name);
    return `readonly ${key}${required.includes(name) ? "" : "?"}: ${typeOf(member)}`;
  });
  // What says nothing of its members at all has any.
  const isAny = schema.properties === undefined && additionalProperties === undefined;
  const rest = isAny ? "unknown" : restOf(additionalProperties);
  const own = `{ ${members.join("; ")} }`;
  if (rest === null) return members.length === 0 ? "Readonly<Record<string, never>>" : own;
  const others = `Readonly<Record<string, ${rest}>>`;
  return members.length === 0 ? others : `${own} & ${others}`;
}

/** The type of a schema. Throws for what no schema of ours has used so far. */
function typeOf(schema: Schema): string {
  const { type } = schema;
  if (schema.anyOf !== undefined) return union(schema.anyOf.map(typeOf));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map((one) => JSON.stringify(one)));
  if (Array.isArray(type))
    return union(type.map((one: string) => typeOf({ ...schema, type: one })));
  if (type === "array" && schema.items !== undefined) return `readonly (${typeOf(schema.items)})[]`;
  if (type === "object") return objectOf(schema);
  const scalar = typeof type === "string" ? SCALARS[type] : undefined;
  if (scalar === undefined) throw new RangeError(`no type for ${JSON.stringify(schema)}`);
  return scalar;
}

function contentType(content: Content | undefined): string {
  if (content === undefined || Object.keys(content).length === 0) return "null";
  const { "application/json": json } = content;
  if (json !== undefined) return typeOf(json.schema);
  const isText = Object.keys(content).every((media) => /^text\/|ndjson$/.test(media));
  return isText ? "string" : "Uint8Array";
}

function parametersType(operation: Operation, place: string): string | null {
  const found = (operation.parameters ?? []).filter((parameter) => parameter.in === place);
  if (found.length === 0) return null;
  const members = found.map(({ name, required = place === "path", schema }) => {
    return `readonly ${name}${required ? "" : "?"}: ${typeOf(schema)}`;
  });
  return `{ ${members.join("; ")} }`;
}

function operationType(operation: Operation): string {
  const { requestBody, responses } = operation;
  const done = Object.entries(responses).filter(([status]) => /^[23]/.test(status));
  const query = parametersType(operation, "query");
  const members = [
    ["params", parametersType(operation, "path")],
    [/readonly \w+: /.test(query ?? "") ? "query" : "query?", query],
    ["body", requestBody === undefined ? null : contentType(requestBody.content)],
    ["answer", union(done.map(([, { content }]) => contentType(content)))],
  ];
  const given = members.filter(([, type]) => type !== null);
  return `{ ${given.map(([name, type]) => `readonly ${name}: ${type}`).join("; ")} }`;
}

function takesKey({ parameters = [] }: Operation): boolean {
  return parameters.some((parameter) => parameter.name === "idempotency-key");
}

/** The text of `src/client/operations.ts` for the description `document`. */
export function operationsText(document: string): string {
  // Our own document, made by the step before.
  const { paths } = JSON.parse(document) as Description;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      return { name: `${method.toUpperCase()} ${path}`, operation };
    }),
  );
  const rows = operations.flatMap(({ name, operation }) => [
    `  /** ${operation.summary ?? ""} */`,
    `  readonly ${JSON.stringify(name)}: ${operationType(operation)};`,
  ]);
  const once = operations.filter(({ operation }) => takesKey(operation));
  return [
    "/* Made of docs/openapi.json and the table of failures by `npm run gen`; do not edit. */",
    "",
    "/** What each operation is asked with, and what it answers. */",
    "export interface Operations {",
    ...rows,
    "}",
    "",
    "/** Operations that are done once under an `Idempotency-Key`. */",
    "export const ONCE_OPERATIONS: readonly string[] = [",
    ...once.map(({ name }) => `  ${JSON.stringify(name)},`),
    "];",
    "",
    "/** Every code that a problem may have: docs/errors.md says what it means. */",
    "export type ProblemCode =",
    ...Object.keys(FAILURES).map((code) => `  | ${JSON.stringify(code)}`),
    '  | "INTERNAL";',
    "",
  ].join("\n");
}
