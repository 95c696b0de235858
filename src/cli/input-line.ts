/** Standard input by lines, in bounded memory. */
import type { Readable } from "node:stream";
import { Failure } from "../rules/failure.ts";

const LINE_FEED = 0x0a;
/** A reason may have 2000 characters, of up to four bytes each in UTF-8. */
const ANSWER_BYTES_MAX = 8_192;
const STANDARD_INPUT = "-";

/** Gathers the pieces of one line; holds no more than `bytesMax` of it. */
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
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r$/, "");
  } catch {
    return null;
  }
}

/**
 * The lines of `stream`, ended by a line feed and by nothing else: U+2028 may stand inside a JSON
 * string (RFC 8259, section 7). A line over `bytesMax` or that is not UTF-8 comes as null.
 */
export async function* linesOf(stream: Readable, bytesMax: number): AsyncGenerator<string | null> {
  const line = new LineBuffer(bytesMax);
  for await (const chunk of stream) {
    // Without an encoding set, a byte stream yields buffers.
    const bytes = chunk as Buffer;
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, from)) {
      line.add(bytes.subarray(from, end));
      yield line.take();
      from = end + 1;
    }
    line.add(bytes.subarray(from));
  }
  if (!line.empty) yield line.take();
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
