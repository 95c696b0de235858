import { open } from "node:fs/promises";
import type { MaskedParty } from "../privacy/plain.ts";
import { FAILURES } from "../rules/failure.ts";
import type { RowResult } from "./order.ts";

/** What became of one sealed order: no plaintext, so that the file may be passed on. */
export interface ResultRow {
  readonly token: string;
  readonly orderNumber: string;
  readonly waybillNumber: string;
  readonly recipient: MaskedParty;
  readonly state: string;
}

export type Rejection = Extract<RowResult, { ok: false }>;

/** Writes rows to one CSV file. `close` must be called, or the last rows may be missing. */
export interface CsvWriter<Row> {
  /** Appends rows; resolves once the system has them, so that awaiting it bounds memory. */
  write(rows: readonly Row[]): Promise<void>;
  /** Makes the file durable and closes it; gives the number of rows written. */
  close(): Promise<number>;
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
 * existing file is replaced. Rejects with the system's error when the path cannot be written.
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
  const file = await open(path, "w", 0o600);
  // The mode above holds for new files only; a file that was there keeps its own.
  await file.chmod(0o600);
  await file.appendFile(`\uFEFF${csvLine(headings)}`);
  let written = 0;
  return {
    async write(rows) {
      if (rows.length === 0) return;
      await file.appendFile(rows.map((row) => csvLine(cellsOf(row))).join(""));
      written += rows.length;
    },
    async close() {
      await file.sync();
      await file.close();
      return written;
    },
  };
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
