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

const DIRECTORY_ENTRY = Buffer.from("PK\u0001\u0002", "latin1");
const UNPACKED_AT = 24;
const ENTRY_BYTES = 46;

/** The sum of the unpacked sizes that the archive's directory states (PKWARE APPNOTE 4.3.12). */
function unpackedBytes(bytes: Buffer): number {
  let sum = 0;
  let at = bytes.indexOf(DIRECTORY_ENTRY);
  while (at >= 0 && at + ENTRY_BYTES <= bytes.length) {
    sum += bytes.readUInt32LE(at + UNPACKED_AT);
    at = bytes.indexOf(DIRECTORY_ENTRY, at + ENTRY_BYTES);
  }
  return sum;
}
