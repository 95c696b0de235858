import { inflateRawSync } from "node:zlib";
import { Failure } from "../rules/failure.ts";
import { COLUMNS_MAX } from "./columns.ts";

export const XLSX_ROWS_MAX = 100_000;
/** A workbook of 100,000 orders takes about 15 MB; the whole file is read into memory. */
export const XLSX_BYTES_MAX = 67_108_864;
/** What all parts of the archive may unpack to, by its own directory. */
const UNPACKED_BYTES_MAX = 536_870_912;
/** What one sheet may really unpack to. */
const SHEET_BYTES_MAX = 268_435_456;

/**
 * Refuses workbooks that would fill the memory when unpacked: the reader allocates every row and
 * column up to the last one named, however few cells there are. Throws XLSX_TOO_LARGE (the way out
 * is CSV), COLUMNS_TOO_MANY, or XLSX_BROKEN when the archive has no directory or does not unpack.
 */
export function checkWorkbook(bytes: Buffer): void {
  const entries = listEntries(bytes);
  const unpacked = entries.reduce((sum, entry) => sum + entry.unpackedBytes, 0);
  if (bytes.length > XLSX_BYTES_MAX || unpacked > UNPACKED_BYTES_MAX) throw tooLarge();
  const sheets = entries.filter((entry) => /^xl\/worksheets\/[^/]+\.xml$/u.test(entry.name));
  for (const sheet of sheets) checkSheet(unpack(bytes, sheet));
}

function tooLarge(): Failure {
  return new Failure("XLSX_TOO_LARGE", { rowsMax: XLSX_ROWS_MAX });
}

const ROW = /<(?:\w+:)?row\s[^>]*?\br="(\d+)"/gu;
/** A cell behind column 200, which is GR. */
const FAR_CELL = /<(?:\w+:)?c\s[^>]{0,80}?\br="(?:[A-Z]{3,}|[H-Z][A-Z]|G[S-Z])\d/u;

function checkSheet(xml: string): void {
  for (const [, row] of xml.matchAll(ROW)) {
    if (Number(row) > XLSX_ROWS_MAX + 1) throw tooLarge();
  }
  if (FAR_CELL.test(xml)) throw new Failure("COLUMNS_TOO_MANY", { max: COLUMNS_MAX });
}

interface Entry {
  readonly name: string;
  readonly stored: boolean;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly localAt: number;
}

const END_OF_DIRECTORY = Buffer.of(0x50, 0x4b, 0x05, 0x06);
const DIRECTORY_ENTRY = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;

/** The archive's directory (PKWARE APPNOTE 4.3.12 and 4.3.16). */
function listEntries(bytes: Buffer): readonly Entry[] {
  const end = bytes.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0 || end + END_BYTES > bytes.length) throw new Failure("XLSX_BROKEN");
  const entries: Entry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  while (at + ENTRY_BYTES <= bytes.length && bytes.readUInt32LE(at) === DIRECTORY_ENTRY) {
    const nameBytes = bytes.readUInt16LE(at + 28);
    entries.push({
      name: bytes.toString("latin1", at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes),
      stored: bytes.readUInt16LE(at + 10) === 0,
      packedBytes: bytes.readUInt32LE(at + 20),
      unpackedBytes: bytes.readUInt32LE(at + 24),
      localAt: bytes.readUInt32LE(at + 42),
    });
    const extraBytes = bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    at += ENTRY_BYTES + nameBytes + extraBytes;
  }
  return entries;
}

/** The text of a part. Tags and numbers are ASCII, so Latin-1 reads them as well as UTF-8 does. */
function unpack(bytes: Buffer, entry: Entry): string {
  if (entry.localAt + LOCAL_BYTES > bytes.length) throw new Failure("XLSX_BROKEN");
  const nameBytes = bytes.readUInt16LE(entry.localAt + 26);
  const extraBytes = bytes.readUInt16LE(entry.localAt + 28);
  const start = entry.localAt + LOCAL_BYTES + nameBytes + extraBytes;
  const packed = bytes.subarray(start, start + entry.packedBytes);
  if (entry.stored) return packed.toString("latin1");
  try {
    return inflateRawSync(packed, { maxOutputLength: SHEET_BYTES_MAX }).toString("latin1");
  } catch (error) {
    throw error instanceof RangeError ? tooLarge() : new Failure("XLSX_BROKEN");
  }
}
