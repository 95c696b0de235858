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

/** The size of the file, or null for a stream. Throws FILE_UNREADABLE when there is no such file. */
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
    const { value, done } = await pieces.next();
    if (done === true) break;
    held.push(value);
    length += value.length;
  }
  const head = Buffer.concat(held);
  try {
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
  readonly mark: RegExp;
  readonly format: Format | null;
}

/** Tried in order on the first bytes read as Latin-1; null is a kind that is refused. */
const MARKS: readonly FormatMark[] = [
  { mark: /^PK[\x03\x05]/u, format: "xlsx" },
  { mark: /^\u00d0\u00cf\u0011\u00e0/u, format: null },
  { mark: /^%PDF|^\u001f\u008b|^Rar!|^7z/u, format: null },
  { mark: /^(?:\u00ef\u00bb\u00bf)?\s*</u, format: null },
  { mark: /^(?:\u00ef\u00bb\u00bf)?\s*\[\s*[[{\]]/u, format: null },
  { mark: /^(?:\u00ef\u00bb\u00bf)?\s*\{/u, format: "ndjson" },
];

function formatOf(head: Buffer): Format {
  if (head.length === 0) throw new Failure("FILE_EMPTY");
  const start = head.subarray(0, PEEK_BYTES).toString("latin1");
  const known = MARKS.find(({ mark }) => mark.test(start));
  if (known === undefined) return "csv";
  if (known.format === null) throw new Failure("FORMAT_UNKNOWN");
  return known.format;
}
