import { Failure, type FailureCode } from "../rules/failure.ts";
import { mapColumns, type ColumnMapping, type ColumnOverrides } from "./columns.ts";
import type { Platform } from "../rules/platform.ts";
import { CsvSplitting, type CsvRow } from "./csv.ts";
import { TextDecoding } from "./encoding.ts";
import type { Field } from "./field.ts";
import { NdjsonReading, type NdjsonRow } from "./ndjson.ts";
import { orderParser, type OrderDefaults, type OrderParser, type RowResult } from "./order.ts";
import { columnPlaces, fieldsAt, shapeOf } from "./platform-place.ts";
import { openPieces, sourceBytes, type Format, type OrderSource } from "./source.ts";
import { XLSX_BYTES_MAX } from "./workbook-bounds.ts";
import { readWorkbook } from "./xlsx.ts";

export interface ReadOptions extends OrderDefaults {
  /** Found out from the first bytes when it is not said. */
  readonly format?: Format;
  readonly map?: ColumnOverrides;
  /** Rows handed out together; 500 when not said. */
  readonly chunkRows?: number;
}

/** Chunks of rows in file order, and how far reading has come, for a progress bar. */
export interface OrderReading extends AsyncIterable<RowResult[]> {
  readonly bytesRead: number;
  /** null for a stream, and until the first chunk was asked for. */
  readonly totalBytes: number | null;
}

const CHUNK_ROWS = 500;

/**
 * Reads the orders of a CSV, NDJSON or XLSX file. A row that is wrong comes out as a refusal and
 * the rest goes on (P16); reading the same bytes again gives the same results. CSV and NDJSON take
 * constant memory. Rejects with FILE_UNREADABLE, FILE_EMPTY, FORMAT_UNKNOWN, XLSX_BROKEN,
 * XLSX_TOO_LARGE, COLUMNS_UNKNOWN, COLUMNS_AMBIGUOUS or COLUMNS_TOO_MANY when the file as a whole
 * cannot be used; the caller shows it and goes on with the next file. Can be iterated once.
 */
export function readOrders(source: OrderSource, options: ReadOptions = {}): OrderReading {
  const progress = { bytesRead: 0, totalBytes: null as number | null };
  return {
    get bytesRead() {
      return progress.bytesRead;
    },
    get totalBytes() {
      return progress.totalBytes;
    },
    [Symbol.asyncIterator]: () => readChunks(source, options, progress),
  };
}

interface Progress {
  bytesRead: number;
  totalBytes: number | null;
}

async function* readChunks(
  source: OrderSource,
  options: ReadOptions,
  progress: Progress,
): AsyncGenerator<RowResult[]> {
  const size = Math.max(1, options.chunkRows ?? CHUNK_ROWS);
  progress.totalBytes = await sourceBytes(source);
  const opened = await openPieces(source, options.format);
  const pieces = counted(opened.pieces, progress);
  let ready: RowResult[] = [];
  for await (const rows of READERS[opened.format](pieces, options)) {
    ready = ready.length === 0 ? rows : ready.concat(rows);
    while (ready.length >= size) {
      yield ready.slice(0, size);
      ready = ready.slice(size);
    }
  }
  if (ready.length > 0) yield ready;
}

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  progress: Progress,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    progress.bytesRead += piece.length;
    yield piece;
  }
}

type Reader = (
  pieces: AsyncIterable<Uint8Array>,
  options: ReadOptions,
) => AsyncGenerator<RowResult[]>;

const READERS: Readonly<Record<Format, Reader>> = {
  csv: readCsv,
  ndjson: readNdjson,
  xlsx: readXlsx,
};

async function* readCsv(
  pieces: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<RowResult[]> {
  const splitting = new CsvSplitting();
  const table = new TableReading(options);
  for await (const text of decoded(pieces)) yield table.take(splitting.push(text));
  yield table.take(splitting.end());
  yield table.end();
}

async function* readNdjson(
  pieces: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<RowResult[]> {
  const reading = new NdjsonReading(options.map, options.platform ?? null);
  const parse = orderParser(options);
  for await (const text of decoded(pieces)) yield reading.push(text).map((r) => ofJson(r, parse));
  yield reading.end().map((row) => ofJson(row, parse));
}

/**
 * Orders or refusals of documents that were parsed already, numbered from 1. Each is in the shape
 * of a platform, or has keys as a line of NDJSON has them.
 */
export function readDocuments(documents: readonly object[], options: ReadOptions): RowResult[] {
  const reading = new NdjsonReading(options.map, options.platform ?? null);
  const parse = orderParser(options);
  return documents.map((document, at) => ofJson(reading.document(at + 1, document), parse));
}

function ofJson(row: NdjsonRow, parse: OrderParser): RowResult {
  if (row.problem !== null) return { ok: false, line: row.line, ...row.problem };
  return parse(row.line, (field) => row.found.get(field)?.text ?? "");
}

async function* readXlsx(
  pieces: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<RowResult[]> {
  const held: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > XLSX_BYTES_MAX) throw new Failure("XLSX_TOO_LARGE");
    held.push(piece);
  }
  const rows = await readWorkbook(Buffer.concat(held));
  const table = new TableReading(options);
  yield table.take(rows.map((cells, index) => ({ line: index + 1, cells, problem: null })));
  yield table.end();
}

async function* decoded(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoding = new TextDecoding();
  for await (const piece of pieces) yield decoding.push(piece);
  yield decoding.end();
}

/** Title lines that may stand above the headings in exports made for reading. */
const HEADING_ROWS_MAX = 5;

/** Rows of cells under headings: finds the headings, then turns each row into an order. */
class TableReading {
  readonly #options: ReadOptions;
  #parse: OrderParser;
  #mapping: ColumnMapping | null = null;
  #width = 0;
  #waiting: CsvRow[] = [];

  constructor(options: ReadOptions) {
    this.#options = options;
    this.#parse = orderParser(options);
  }

  take(rows: readonly CsvRow[]): RowResult[] {
    if (this.#mapping !== null) return this.#orders(rows, this.#mapping);
    this.#waiting.push(...rows.filter((row) => !isBlank(row)));
    return this.#waiting.length < HEADING_ROWS_MAX ? [] : this.#start();
  }

  /** The rows that were held back because the file is shorter than the search for headings. */
  end(): RowResult[] {
    return this.#mapping === null ? this.#start() : [];
  }

  #start(): RowResult[] {
    const { index, mapping, width, platform } = findHeadings(this.#waiting, this.#options);
    if (platform !== null) this.#parse = orderParser({ ...this.#options, platform });
    const rows = this.#waiting.slice(index + 1);
    this.#mapping = mapping;
    this.#width = width;
    this.#waiting = [];
    return this.#orders(rows, mapping);
  }

  #orders(rows: readonly CsvRow[], mapping: ColumnMapping): RowResult[] {
    const results: RowResult[] = [];
    let cells: readonly string[] = [];
    const cell = (field: Field): string => firstFilled(cells, mapping[field]);
    for (const row of rows) {
      if (isBlank(row)) continue;
      cells = row.cells;
      const code = row.problem ?? this.#extraColumns(cells);
      results.push(
        code === null
          ? this.#parse(row.line, cell)
          : { ok: false, line: row.line, field: "row", code },
      );
    }
    return results;
  }

  /** A value beyond the last heading means that an unquoted separator has shifted the row. */
  #extraColumns(cells: readonly string[]): FailureCode | null {
    if (cells.length <= this.#width) return null;
    return cells.slice(this.#width).every((cell) => cell.trim() === "")
      ? null
      : "ROW_COLUMNS_EXTRA";
  }
}

function firstFilled(cells: readonly string[], columns: readonly number[]): string {
  for (const column of columns) {
    const cell = cells[column];
    if (cell !== undefined && cell !== "" && cell.trim() !== "") return cell;
  }
  return "";
}

function isBlank(row: CsvRow): boolean {
  return row.problem === null && row.cells.every((cell) => cell.trim() === "");
}

interface Headings {
  readonly index: number;
  readonly mapping: ColumnMapping;
  readonly width: number;
  /** Whose shape the headings have, said or recognised. */
  readonly platform: Platform | null;
}

function findHeadings(rows: readonly CsvRow[], options: ReadOptions): Headings {
  let failure: Failure | undefined;
  for (const [index, row] of rows.slice(0, HEADING_ROWS_MAX).entries()) {
    try {
      const width = row.cells.findLastIndex((cell) => cell.trim() !== "") + 1;
      return { index, width, ...mappedFor(row.cells, options) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failure = better(failure, error);
    }
  }
  throw failure ?? new Failure("FILE_EMPTY");
}

function mappedFor(
  cells: readonly string[],
  options: ReadOptions,
): Pick<Headings, "mapping" | "platform"> {
  const places = columnPlaces(cells);
  const platform = options.platform ?? shapeOf(places);
  const columns = platform === null ? null : fieldsAt(places, platform);
  return { platform, mapping: mapColumns(cells, options.map, columns) };
}

/** The failure of the row that came nearest to being the headings. */
function better(known: Failure | undefined, next: Failure): Failure {
  const missing = (failure: Failure): number => String(failure.details["fields"] ?? "").length;
  return known === undefined || missing(next) < missing(known) ? next : known;
}
