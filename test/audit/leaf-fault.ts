/** A validator for the words of JSON Schema that docs/formats/audit-leaf.schema.json uses. */
import { readFileSync } from "node:fs";

type Json = Readonly<Record<string, unknown>>;

const FILE = new URL("../../docs/formats/audit-leaf.schema.json", import.meta.url);
// An object, as the generator wrote it.
const SCHEMA = JSON.parse(readFileSync(FILE, "utf8")) as {
  oneOf: Json[];
  $defs: Record<string, Json>;
};

function definition(reference: unknown): Json {
  const found = SCHEMA.$defs[String(reference).replace("#/$defs/", "")];
  if (found === undefined) throw new Error(`no definition ${String(reference)}`);
  return found;
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  integer: Number.isSafeInteger,
  array: Array.isArray,
  object: isObject,
};

function objectFault(value: unknown, schema: Json): string | null {
  if (!isObject(value)) return null;
  // Words of the schema whose kinds JSON Schema fixes.
  const properties = (schema["properties"] ?? {}) as Record<string, Json>;
  for (const name of (schema["required"] ?? []) as string[])
    if (!Object.hasOwn(value, name)) return `${name} is missing`;
  const rest = schema["additionalProperties"];
  for (const [name, member] of Object.entries(value)) {
    const shape = Object.hasOwn(properties, name) ? properties[name] : rest;
    if (shape === false) return `${name} does not belong here`;
    const fault = isObject(shape) ? faultOf(member, shape) : null;
    if (fault !== null) return `${name}: ${fault}`;
  }
  return null;
}

/** Each word that the schema may use, and whether a value breaks it. */
const WORDS: Readonly<
  Record<string, (value: unknown, word: unknown, schema: Json) => string | null>
> = {
  title: () => null,
  $ref: (value, word) => faultOf(value, definition(word)),
  const: (value, word) => (value === word ? null : `is not ${String(word)}`),
  type: (value, word) => (KINDS[String(word)]?.(value) === true ? null : `is no ${String(word)}`),
  pattern: (value, word) =>
    typeof value === "string" && new RegExp(String(word), "u").test(value)
      ? null
      : "has another form",
  maxLength: (value, word) => (String(value).length <= Number(word) ? null : "is too long"),
  minimum: (value, word) => (Number(value) >= Number(word) ? null : "is too small"),
  maxItems: (value, word) =>
    Array.isArray(value) && value.length <= Number(word) ? null : "is too long",
  items: (value, word) => {
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    return items.map((item) => faultOf(item, word as Json)).find((fault) => fault !== null) ?? null;
  },
  properties: (value, _word, schema) => objectFault(value, schema),
  required: () => null,
  additionalProperties: (value, _word, schema) =>
    "properties" in schema ? null : objectFault(value, schema),
};

function faultOf(value: unknown, schema: Json): string | null {
  for (const [word, given] of Object.entries(schema)) {
    const check = WORDS[word];
    if (check === undefined) throw new Error(`the validator does not know ${word}`);
    const fault = check(value, given, schema);
    if (fault !== null) return fault;
  }
  return null;
}

/** Why `leaf` fits no type, or null when it fits exactly one. */
export function leafFault(leaf: unknown): string | null {
  const faults = SCHEMA.oneOf.map((schema) => faultOf(leaf, schema));
  const fits = faults.filter((fault) => fault === null).length;
  if (fits === 1) return null;
  const type = isObject(leaf) ? leaf["type"] : null;
  const own = SCHEMA.$defs[`type.${String(type)}`];
  return own === undefined ? "no such type" : (faultOf(leaf, own) ?? "fits more than one type");
}
