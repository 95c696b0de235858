import type { MaskedParty } from "../privacy/plain.ts";
import { FAILURES } from "../rules/failure.ts";
import type { RowResult } from "./order.ts";
import { openOutputFile, unwritable } from "./output-file.ts";
import type { OutputFile } from "./output-file.ts";

/** What became of one sealed order: no plaintext, so that the file may be passed on. */
export interface ResultRow {
  readonly token: string;
  readonly orderNumber: string;
  readonly waybillNumber: string;
  readonly recipient: MaskedParty;
  readonly state: string;
}

export type Rejection = Extract<RowResult, { ok: false }>;

/** Writes rows to one CSV file, which has its name only from `close` on. */
export interface CsvWriter<Row> {
  /**
   * Appends rows; resolves once the system has them, so that awaiting it bounds memory. Throws
   * FILE_UNWRITABLE; the rows of earlier calls are still there, whole.
   */
  write(rows: readonly Row[]): Promise<void>;
  /**
   * Makes the file durable and puts it in the place of what was there; gives the number of rows.
   * Throws FILE_UNWRITABLE.
   */
  close(): Promise<number>;
  /** Instead of `close`: throws the rows away and leaves what was there; never fails. */
  drop(): Promise<void>;
}

const RESULT_HEADINGS = [
  "密单号 token",
  "订单号 order_number",
  "运单号 waybill_number",
  "收件人 name",
  "手机 phone",
  "地址 address",
  "状态 state",
];

const REJECTED_HEADINGS = ["行 line", "字段 field", "代码 code", "原因", "reason", "处理", "to do"];

/**
 * Opens the result file (UTF-8 with BOM so that Excel reads it rightly, CRLF, mode 0600). An
 * existing file is replaced at `close`, a link never followed. Throws FILE_UNWRITABLE.
 */
export function openResultFile(path: string): Promise<CsvWriter<ResultRow>> {
  return openCsv(path, RESULT_HEADINGS, (row) => [
    row.token,
    row.orderNumber,
    row.waybillNumber,
    row.recipient.name,
    row.recipient.phone,
    row.recipient.address,
    row.state,
  ]);
}

/** Opens `rejected.csv`, as openResultFile does: where, why and what to do, but no values. */
export function openRejectedFile(path: string): Promise<CsvWriter<Rejection>> {
  return openCsv(path, REJECTED_HEADINGS, (row) => {
    const text = FAILURES[row.code];
    return [String(row.line), row.field, row.code, text.zh, text.en, text.doZh, text.doEn];
  });
}

async function openCsv<Row>(
  path: string,
  headings: readonly string[],
  cellsOf: (row: Row) => readonly string[],
): Promise<CsvWriter<Row>> {
  const file = await openOutputFile(path);
  let wholeBytes = await append(file, 0, `\uFEFF${csvLine(headings)}`);
  let written = 0;
  return {
    async write(rows) {
      if (rows.length === 0) return;
      wholeBytes = await append(
        file,
        wholeBytes,
        rows.map((row) => csvLine(cellsOf(row))).join(""),
      );
      written += rows.length;
    },
    async close() {
      await file.keep();
      return written;
    },
    drop: async () => file.drop(),
  };
}

/** Appends all of `text` or nothing: half a row would read as a row. Gives the new length. */
async function append(file: OutputFile, wholeBytes: number, text: string): Promise<number> {
  const bytes = Buffer.from(text, "utf8");
  try {
    await file.handle.writeFile(bytes);
    return wholeBytes + bytes.length;
  } catch (error) {
    await file.handle.truncate(wholeBytes).catch(() => undefined);
    throw unwritable(error);
  }
}

/** One line of CSV (RFC 4180) with every cell made harmless for spreadsheets. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/**
 * A cell that a spreadsheet shows as text. One that begins with = + - @ (also full width), a tab or
 * a return gets an apostrophe in front, or Excel would run it as a formula (OWASP, CSV Injection).
 */
export function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/u.test(text) ? `'${text}` : text;
  return /[",\r\n\t;']/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
