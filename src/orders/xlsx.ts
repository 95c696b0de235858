import { readSheet } from "read-excel-file/node";
import { Failure } from "../rules/failure.ts";

export const XLSX_ROWS_MAX = 100_000;
/** A sheet of 100,000 orders takes about 15 MB; the whole file is read into memory. */
export const XLSX_BYTES_MAX = 67_108_864;
/** What the archive may unpack to, by its own directory. */
const UNPACKED_BYTES_MAX = 536_870_912;
/** Excel keeps 15 digits of a number and writes zeros for the rest. */
const EXACT_DIGITS = 15;

/**
 * Reads the first sheet as rows of text, headings included; the index of a row is its line minus 1.
 * Throws XLSX_TOO_LARGE past 100,000 rows, 64 MiB packed or 512 MiB unpacked (the way out is CSV)
 * and XLSX_BROKEN when it is no readable workbook.
 */
export async function readWorkbook(bytes: Buffer): Promise<string[][]> {
  if (bytes.length > XLSX_BYTES_MAX || unpackedBytes(bytes) > UNPACKED_BYTES_MAX) {
    throw new Failure("XLSX_TOO_LARGE", { rowsMax: XLSX_ROWS_MAX });
  }
  const rows = await readRows(bytes);
  if (rows.length > XLSX_ROWS_MAX + 1) {
    throw new Failure("XLSX_TOO_LARGE", { rowsMax: XLSX_ROWS_MAX });
  }
  return rows.map((row) => row.map(cellText));
}

async function readRows(bytes: Buffer): Promise<readonly (readonly unknown[])[]> {
  try {
    return await readSheet(bytes, 1, { parseNumber: exactNumber });
  } catch {
    // The library's message may quote cells, so only the fact is passed on.
    throw new Failure("XLSX_BROKEN");
  }
}

/**
 * A numeric cell as the digits a person typed: 13900001234, also when the file says
 * 1.3900001234E10. A number with more digits than Excel keeps comes in scientific notation, which
 * the row is refused for: its last digits are lost.
 */
export function exactNumber(text: string): string {
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  if (Math.abs(value) >= 10 ** EXACT_DIGITS) return value.toExponential().toUpperCase();
  return Number.isInteger(value) ? value.toFixed(0) : String(value);
}

function cellText(cell: unknown): string {
  if (typeof cell === "string") return cell;
  if (typeof cell === "boolean") return String(cell);
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : "";
}

const END_OF_DIRECTORY = Buffer.of(0x50, 0x4b, 0x05, 0x06);
const DIRECTORY_ENTRY = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;

/**
 * The sum of the unpacked sizes that the archive's directory states (PKWARE APPNOTE 4.3.12 and
 * 4.3.16). Throws XLSX_BROKEN when there is no directory.
 */
function unpackedBytes(bytes: Buffer): number {
  const end = bytes.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0 || end + END_BYTES > bytes.length) throw new Failure("XLSX_BROKEN");
  let at = bytes.readUInt32LE(end + 16);
  let sum = 0;
  while (at + ENTRY_BYTES <= bytes.length && bytes.readUInt32LE(at) === DIRECTORY_ENTRY) {
    sum += bytes.readUInt32LE(at + 24);
    const tailBytes = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    at += tailBytes.reduce((total, length) => total + length, ENTRY_BYTES);
  }
  return sum;
}
