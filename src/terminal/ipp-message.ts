/** Requests and answers of IPP/1.1 as bytes (RFC 8010), as far as an agent asks and is told. */

const VERSION = 0x0101;
const TAG = {
  operation: 1,
  end: 3,
  charset: 0x47,
  language: 0x48,
  uri: 0x45,
  name: 0x42,
  keyword: 0x44,
  mime: 0x49,
  integer: 0x21,
} as const;
const DELIMITERS_END = 0x0f;
const ATTRIBUTES_MAX = 2000;

/** RFC 8011 section 5.4.15. */
export const OPERATIONS = {
  "print-job": 0x0002,
  "get-job-attributes": 0x0009,
  "get-jobs": 0x000a,
  "get-printer-attributes": 0x000b,
} as const;

export type IppOperation = keyof typeof OPERATIONS;

export interface IppAttribute {
  readonly tag: keyof typeof TAG;
  readonly name: string;
  readonly values: readonly (string | number)[];
}

function field(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function valueOf(value: string | number): Buffer {
  if (typeof value === "string") return field(value);
  const bytes = Buffer.alloc(6);
  bytes.writeUInt16BE(4, 0);
  bytes.writeInt32BE(value, 2);
  return bytes;
}

function attributeBytes({ tag, name, values }: IppAttribute): Buffer {
  // Values after the first have an empty name (RFC 8010 section 3.1.5).
  const parts = values.flatMap((value, at) => [
    Buffer.of(TAG[tag]),
    field(at === 0 ? name : ""),
    valueOf(value),
  ]);
  return Buffer.concat(parts);
}

/** A request with charset and language first, as RFC 8011 section 4.1.4 asks, then `data`. */
export function ippRequest(
  operation: IppOperation,
  attributes: readonly IppAttribute[],
  data: Uint8Array = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(VERSION, 0);
  head.writeUInt16BE(OPERATIONS[operation], 2);
  head.writeUInt32BE(1, 4);
  const first: readonly IppAttribute[] = [
    { tag: "charset", name: "attributes-charset", values: ["utf-8"] },
    { tag: "language", name: "attributes-natural-language", values: ["en"] },
  ];
  return Buffer.concat([
    head,
    Buffer.of(TAG.operation),
    ...[...first, ...attributes].map(attributeBytes),
    Buffer.of(TAG.end),
    data,
  ]);
}

export interface IppAnswer {
  readonly status: number;
  /** Groups in order, each by attribute name; integers and enums as numbers. */
  readonly groups: readonly ReadonlyMap<string, readonly (string | number)[]>[];
}

type Group = Map<string, (string | number)[]>;

/** Integer 0x21, boolean 0x22 and enum 0x23 are numbers; everything else is read as text. */
function readValue(tag: number, bytes: Buffer): string | number {
  if ((tag === 0x21 || tag === 0x23) && bytes.length === 4) return bytes.readInt32BE(0);
  if (tag === 0x22 && bytes.length === 1) return bytes.readUInt8(0);
  return bytes.toString("utf8");
}

/** Reads the attributes behind the head into groups; false when they break off. */
function readGroups(bytes: Buffer, groups: Group[]): boolean {
  let at = 8;
  let name = "";
  for (let count = 0; count < ATTRIBUTES_MAX && at < bytes.length; count += 1) {
    const tag = bytes.readUInt8(at);
    at += 1;
    if (tag === TAG.end) return true;
    if (tag <= DELIMITERS_END) {
      groups.push(new Map());
      continue;
    }
    if (at + 2 > bytes.length) return false;
    const nameEnd = at + 2 + bytes.readUInt16BE(at);
    if (nameEnd + 2 > bytes.length) return false;
    const valueEnd = nameEnd + 2 + bytes.readUInt16BE(nameEnd);
    if (valueEnd > bytes.length) return false;
    name = bytes.toString("utf8", at + 2, nameEnd) || name;
    const group = groups.at(-1);
    if (group === undefined) return false;
    const values = group.get(name) ?? [];
    values.push(readValue(tag, bytes.subarray(nameEnd + 2, valueEnd)));
    group.set(name, values);
    at = valueEnd;
  }
  return false;
}

/** An answer as read; null when it is none. */
export function readIppAnswer(bytes: Buffer): IppAnswer | null {
  if (bytes.length < 9) return null;
  const groups: Group[] = [];
  if (!readGroups(bytes, groups)) return null;
  return { status: bytes.readUInt16BE(2), groups };
}
