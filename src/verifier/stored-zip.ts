/**
 * A ZIP archive in the one form that a bundle has (APPNOTE.TXT 6.3.3): files stored as they are,
 * one behind the other from the first byte on, then the directory that repeats their headers, then
 * its end, and nothing else. Every byte is accounted for, so two programs cannot read two things.
 */
import type { BundleSource } from "./bundle-file.ts";
import { sameBytes, textOf } from "./bytes.ts";
import { Refused } from "./reason.ts";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const VERSION_NEEDED = 20;
const STORED = 0;
const DOS_DATE = 0x0021;
const FILES_MAX = 100;

interface Stored {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly offset: number;
  /** The fields that header and directory share, and the name. */
  readonly shared: Uint8Array;
}

class Reader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Throws BUNDLE_ARCHIVE unless `isFit` holds. */
  need(isFit: boolean, byte: number): void {
    if (!isFit) throw new Refused("BUNDLE_ARCHIVE", { byte });
  }

  number(at: number, size: 2 | 4): number {
    this.need(at + size <= this.bytes.length, Math.min(at, this.bytes.length));
    return size === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true);
  }
}

function readLocal(reader: Reader, at: number): Stored {
  reader.need(reader.number(at, 4) === LOCAL, at);
  const sizes = [reader.number(at + 18, 4), reader.number(at + 22, 4)] as const;
  const nameBytes = reader.number(at + 26, 2);
  const isPlain =
    reader.number(at + 4, 2) === VERSION_NEEDED &&
    reader.number(at + 6, 2) === 0 &&
    reader.number(at + 8, 2) === STORED &&
    reader.number(at + 10, 2) === 0 &&
    reader.number(at + 12, 2) === DOS_DATE;
  reader.need(isPlain && sizes[0] === sizes[1] && reader.number(at + 28, 2) === 0, at);
  const start = at + LOCAL_BYTES + nameBytes;
  const end = start + sizes[0];
  reader.need(end <= reader.bytes.length, at);
  const name = textOf(reader.bytes.subarray(at + LOCAL_BYTES, start)) ?? "";
  const bytes = reader.bytes.subarray(start, end);
  return { name, bytes, offset: at, shared: reader.bytes.subarray(at + 4, start) };
}

/** Holds one line of the directory against the file's own header; returns where the next begins. */
function checkCentral(reader: Reader, at: number, file: Stored): number {
  const nameBytes = file.shared.length - (LOCAL_BYTES - 4);
  const end = at + CENTRAL_BYTES + nameBytes;
  reader.need(reader.number(at, 4) === CENTRAL && end <= reader.bytes.length, at);
  const fields = reader.bytes.subarray(at + 6, at + 32);
  const name = reader.bytes.subarray(at + CENTRAL_BYTES, end);
  const isSame =
    sameBytes(fields, file.shared.subarray(0, 26)) && sameBytes(name, file.shared.subarray(26));
  const isPlain =
    reader.number(at + 4, 2) === VERSION_NEEDED &&
    [32, 34, 36].every((field) => reader.number(at + field, 2) === 0) &&
    reader.number(at + 38, 4) === 0 &&
    reader.number(at + 42, 4) === file.offset;
  reader.need(isSame && isPlain, at);
  return end;
}

function checkEnd(reader: Reader, at: number, found: { count: number; start: number }): void {
  const isFit =
    at + END_BYTES === reader.bytes.length &&
    reader.number(at, 4) === END &&
    reader.number(at + 4, 4) === 0 &&
    reader.number(at + 8, 2) === found.count &&
    reader.number(at + 10, 2) === found.count &&
    reader.number(at + 12, 4) === at - found.start &&
    reader.number(at + 16, 4) === found.start &&
    reader.number(at + 20, 2) === 0;
  reader.need(isFit, at);
}

/** The files of the archive in `bytes`. Throws BUNDLE_ARCHIVE with the first bad byte. */
export function storedZip(bytes: Uint8Array): BundleSource {
  const reader = new Reader(bytes);
  const files: Stored[] = [];
  let at = 0;
  while (reader.number(at, 4) !== CENTRAL) {
    const file = readLocal(reader, at);
    files.push(file);
    reader.need(files.length <= FILES_MAX, at);
    at = file.offset + LOCAL_BYTES + (file.shared.length - 26) + file.bytes.length;
  }
  const start = at;
  for (const file of files) at = checkCentral(reader, at, file);
  checkEnd(reader, at, { count: files.length, start });
  return {
    names: async () => Promise.resolve(files.map(({ name }) => name)),
    read: async (name) => Promise.resolve(files.find((file) => file.name === name)?.bytes ?? null),
  };
}
