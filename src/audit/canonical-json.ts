/**
 * Canonical JSON: one value has one encoding, so that hashes of equal leaves are equal everywhere.
 *
 * The subset of RFC 8785 (JCS) that leaves need: objects with keys sorted by UTF-16 code units,
 * arrays, strings, booleans, null and safe integers. Fractions are left out on purpose: their
 * printing is the one hard part of RFC 8785, and no leaf has use for one.
 */

export type CanonicalValue =
  | null
  | boolean
  | number
  | string
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue | undefined };

function encodeNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError("canonical JSON holds safe integers only");
  return String(value);
}

function encodeString(value: string): string {
  if (!value.isWellFormed()) throw new TypeError("canonical JSON holds well-formed strings only");
  return JSON.stringify(value);
}

function encodeObject(value: { readonly [key: string]: CanonicalValue | undefined }): string {
  const members: string[] = [];
  for (const key of Object.keys(value).toSorted()) {
    const member = value[key];
    if (member !== undefined) members.push(`${encodeString(key)}:${encode(member)}`);
  }
  return `{${members.join(",")}}`;
}

function isList(value: CanonicalValue): value is readonly CanonicalValue[] {
  return Array.isArray(value);
}

function encode(value: CanonicalValue): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return encodeNumber(value);
  if (typeof value === "string") return encodeString(value);
  if (isList(value)) return `[${value.map(encode).join(",")}]`;
  return encodeObject(value);
}

/**
 * The one encoding of `value` as UTF-8 bytes. Members that are undefined are left out.
 * Throws TypeError for fractions, unsafe integers and lone surrogates: those are programmer errors.
 */
export function canonicalJson(value: CanonicalValue): Uint8Array {
  return new TextEncoder().encode(encode(value));
}
