import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Failure } from "../rules/failure.ts";

/** Where an order file comes from. */
export type OrderSource =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stdin"; readonly stream: AsyncIterable<Uint8Array> };

export type Format = "csv" | "ndjson" | "xlsx";

const PIECE_BYTES = 131_072;
const PEEK_BYTES = 1_024;

/** The size of a file, null for a stream. Throws FILE_UNREADABLE when there is no such file. */
export async function sourceBytes(source: OrderSource): Promise<number | null> {
  if (source.kind === "stdin") return null;
  try {
    const facts = await stat(source.path);
    if (facts.isDirectory()) throw new Failure("FILE_UNREADABLE", { reason: "EISDIR" });
    return facts.isFile() ? facts.size : null;
  } catch (error) {
    throw unreadable(error);
  }
}

/** The bytes in pieces. Throws FILE_UNREADABLE when reading fails midway. */
export async function* readBytes(source: OrderSource): AsyncGenerator<Uint8Array> {
  const stream =
    source.kind === "stdin"
      ? source.stream
      : createReadStream(source.path, { highWaterMark: PIECE_BYTES });
  try {
    for await (const piece of stream) yield Buffer.isBuffer(piece) ? piece : Buffer.from(piece);
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return new Failure("FILE_UNREADABLE", { reason });
}

export interface Opened {
  readonly format: Format;
  readonly pieces: AsyncGenerator<Uint8Array>;
}

/**
 * Finds out the format from the first bytes. Throws FILE_EMPTY when there are none and
 * FORMAT_UNKNOWN for what is none of ours (an old .xls, HTML, a JSON array, a PDF).
 */
export async function openPieces(source: OrderSource, wanted?: Format): Promise<Opened> {
  const pieces = readBytes(source);
  const held: Uint8Array[] = [];
  let length = 0;
  while (length < PEEK_BYTES) {
    const step = await pieces.next();
    if (step.done === true) break;
    held.push(step.value);
    length += step.value.length;
  }
  const head = Buffer.concat(held);
  try {
    if (head.length === 0) throw new Failure("FILE_EMPTY");
    return { format: wanted ?? formatOf(head), pieces: chain(head, pieces) };
  } catch (error) {
    await pieces.return(undefined);
    throw error;
  }
}

async function* chain(
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield head;
  yield* rest;
}

interface FormatMark {
  readonly starts: readonly string[];
  readonly format: Format | null;
}

/** First bytes as Latin-1; null is a kind that is refused (old .xls, PDF, gzip, RAR, 7z). */
const BINARY_MARKS: readonly FormatMark[] = [
  { starts: ["PK\u0003\u0004", "PK\u0005\u0006"], format: "xlsx" },
  { starts: ["\u00d0\u00cf\u0011\u00e0"], format: null },
  { starts: ["%PDF", "\u001f\u008b", "Rar!", "7z\u00bc\u00af"], format: null },
];

/** First signs of a text behind byte order mark and blanks; HTML often bears the ending .xls. */
const TEXT_MARKS: readonly FormatMark[] = [
  { starts: ["<"], format: null },
  { starts: ["[{", "[\n", "[ ", "[]"], format: null },
  { starts: ["{"], format: "ndjson" },
];

const UTF8_MARK = "\u00ef\u00bb\u00bf";

function formatOf(head: Buffer): Format {
  const bytes = head.subarray(0, PEEK_BYTES).toString("latin1");
  const text = (bytes.startsWith(UTF8_MARK) ? bytes.slice(UTF8_MARK.length) : bytes).trimStart();
  const known = markOf(bytes, BINARY_MARKS) ?? markOf(text, TEXT_MARKS);
  if (known === undefined) return "csv";
  if (known.format === null) throw new Failure("FORMAT_UNKNOWN");
  return known.format;
}

function markOf(text: string, marks: readonly FormatMark[]): FormatMark | undefined {
  return marks.find(({ starts }) => starts.some((start) => text.startsWith(start)));
}
