/**
 * Leaves (docs/formats/audit-leaf.md), as far as anybody can judge them without keys: one canonical
 * encoding, an id, a time, a tenant and a type.
 */
import { textOf, utf8 } from "./bytes.ts";
import { instantIn } from "./instant.ts";

export interface ReadLeaf {
  /** 32 hex characters. */
  readonly id: string;
  readonly at: string;
  readonly tenant: string;
  readonly type: string;
  readonly members: Readonly<Record<string, unknown>>;
}

const LEAF_BYTES_MAX = 8192;
const ID = /^[0-9a-f]{32}$/;
export const INSTANT = /^[0-9TZ:.-]{24}$/;
export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TYPE = /^[a-z][a-z0-9-]{0,63}$/;

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** RFC 8785 for what leaves may hold; null for what they may not. */
function canonical(value: unknown): string | null {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return value.isWellFormed() ? JSON.stringify(value) : null;
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : null;
  if (Array.isArray(value)) {
    const items = value.map(canonical);
    return items.includes(null) ? null : `[${items.join(",")}]`;
  }
  return isRecord(value) ? canonicalObject(value) : null;
}

/** The canonical text of an object; null when it holds what leaves may not. */
export function canonicalObject(value: Readonly<Record<string, unknown>>): string | null {
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = canonical(value[key]);
    if (member === null || !key.isWellFormed()) return null;
    members.push(`${JSON.stringify(key)}:${member}`);
  }
  return `{${members.join(",")}}`;
}

/** What a JSON text says; null when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const matches = (value: unknown, pattern: RegExp): value is string =>
  typeof value === "string" && pattern.test(value);

/** The leaf in `bytes`; null when they are no canonical leaf of version 1. */
export function readLeaf(bytes: Uint8Array): ReadLeaf | null {
  const text = bytes.length > LEAF_BYTES_MAX ? null : textOf(bytes);
  const members = text === null ? null : parsed(text);
  if (!isRecord(members) || canonicalObject(members) !== text) return null;
  const { v, id, at, tenant, type } = members;
  if (v !== 1 || !matches(id, ID) || !matches(at, INSTANT)) return null;
  if (!matches(tenant, UUID) || !matches(type, TYPE)) return null;
  return Number.isNaN(instantIn(utf8(at), 0)) ? null : { id, at, tenant, type, members };
}
