import { readSheet } from "read-excel-file/node";
import { Failure } from "../rules/failure.ts";
import { checkWorkbook } from "./workbook-bounds.ts";

/** Excel keeps 15 digits of a number and writes zeros for the rest. */
const EXACT_DIGITS = 15;

/**
 * Reads the first sheet as rows of text, headings included; the index of a row is its line minus 1.
 * Throws XLSX_TOO_LARGE or COLUMNS_TOO_MANY past the bounds of workbook-bounds.ts and XLSX_BROKEN
 * when it is no readable workbook.
 */
export async function readWorkbook(bytes: Buffer): Promise<string[][]> {
  checkWorkbook(bytes);
  const rows = await readRows(bytes);
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
