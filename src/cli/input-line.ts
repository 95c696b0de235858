/** Standard input by lines, in bounded memory. */
import type { Readable } from "node:stream";
import { Failure } from "../rules/failure.ts";

const LINE_FEED = 0x0a;
/** A reason may have 2000 characters, of up to four bytes each in UTF-8. */
const ANSWER_BYTES_MAX = 8_192;
const STANDARD_INPUT = "-";
/** A character takes at most this many bytes for each of its UTF-16 units. */
const UNIT_BYTES_MAX = 3;
const DECODER = new TextDecoder("utf-8", { fatal: true });

/** Gathers the pieces of a line over several chunks; holds no more than `bytesMax` of it. */
class LineBuffer {
  readonly #bytesMax: number;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get empty(): boolean {
    return this.#bytes === 0;
  }

  add(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > this.#bytesMax) this.#pieces = [];
    else this.#pieces.push(piece);
  }

  /** The line, or null for one that is too long or not UTF-8; the next one begins. */
  take(): string | null {
    const [bytes, pieces] = [this.#bytes, this.#pieces];
    this.#pieces = [];
    this.#bytes = 0;
    return bytes > this.#bytesMax ? null : textOf(Buffer.concat(pieces));
  }
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return withoutReturn(DECODER.decode(bytes));
  } catch {
    return null;
  }
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/**
 * Whole lines, each with its line feed, decoded at once. Null when they are not UTF-8 or
 * one of them may be too long.
 */
function wholeLines(bytes: Buffer, bytesMax: number): string[] | null {
  let text: string;
  try {
    text = DECODER.decode(bytes);
  } catch {
    return null;
  }
  const lines = text.split("\n");
  lines.pop();
  if (lines.some((line) => line.length * UNIT_BYTES_MAX > bytesMax)) return null;
  return lines.map(withoutReturn);
}

/**
 * The lines of `stream` in batches, ended by a line feed and by nothing else: U+2028 may stand
 * inside a JSON string (RFC 8259, section 7). A line over `bytesMax` or that is not UTF-8 comes as
 * null. Memory is bounded by one chunk of the stream and one line.
 */
export async function* lineBatchesOf(
  stream: Readable,
  bytesMax: number,
): AsyncGenerator<readonly (string | null)[]> {
  const line = new LineBuffer(bytesMax);
  for await (const chunk of stream) {
    // Without an encoding set, a byte stream yields buffers.
    const bytes = chunk as Buffer;
    const first = bytes.indexOf(LINE_FEED);
    const last = bytes.lastIndexOf(LINE_FEED);
    if (first === -1) {
      line.add(bytes);
      continue;
    }
    line.add(bytes.subarray(0, first));
    yield [line.take(), ...linesIn(bytes.subarray(first + 1, last + 1), line, bytesMax)];
    line.add(bytes.subarray(last + 1));
  }
  if (!line.empty) yield [line.take()];
}

function linesIn(bytes: Buffer, line: LineBuffer, bytesMax: number): readonly (string | null)[] {
  const whole = wholeLines(bytes, bytesMax);
  if (whole !== null) return whole;
  const lines: (string | null)[] = [];
  let from = 0;
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, from)) {
    line.add(bytes.subarray(from, end));
    lines.push(line.take());
    from = end + 1;
  }
  return lines;
}

/** The same one by one. */
export async function* linesOf(stream: Readable, bytesMax: number): AsyncGenerator<string | null> {
  for await (const batch of lineBatchesOf(stream, bytesMax)) yield* batch;
}

/**
 * The value of an option, or for `-` the first line of standard input, so that what is private need
 * not stand in the list of processes or the shell's history. Throws USAGE when there is no line.
 */
export async function valueOf(stdin: Readable, option: string, given: string): Promise<string> {
  if (given !== STANDARD_INPUT) return given;
  for await (const line of linesOf(stdin, ANSWER_BYTES_MAX)) {
    if (line === null || line.trim() === "") break;
    return line;
  }
  throw new Failure("USAGE", { option });
}
