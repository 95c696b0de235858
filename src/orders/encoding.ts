/** The encodings that order files come in. */
export type Encoding = "utf-8" | "gb18030" | "utf-16le" | "utf-16be";

/** How much text behind the first byte that is not ASCII decides between UTF-8 and GB18030. */
const WINDOW_BYTES = 65_536;
const BOM_BYTES_MAX = 3;
const REPLACEMENT = /\uFFFD/gu;
const NOT_ASCII = /[^\0-\u007f]/gu;

/**
 * Turns the bytes of a file into text with `\n` line ends, in constant memory.
 *
 * A byte order mark decides. Without one, text is ASCII until a byte says otherwise; then up to
 * 64 KiB are read as UTF-8, and where that fails for more than one sign in ten, as GB18030 (which
 * holds GBK and GB2312). Bytes that fit neither become U+FFFD, which the rows that hold them are
 * refused for, so that one broken sign costs one row and not the file.
 */
export class TextDecoding {
  #decoder: TextDecoder | null = null;
  #held: Uint8Array = new Uint8Array(0);
  #started = false;
  #returnPending = false;

  /** Takes the next bytes and gives the text that is certain by now, maybe none. */
  push(bytes: Uint8Array): string {
    if (this.#decoder !== null) return this.#lines(this.#decoder.decode(bytes, { stream: true }));
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    return this.#lines(this.#decide(false));
  }

  /** Gives the rest of the text once all bytes were pushed. */
  end(): string {
    const text = this.#decide(true) + (this.#decoder?.decode() ?? "");
    return this.#lines(text) + (this.#returnPending ? "\n" : "");
  }

  #decide(final: boolean): string {
    if (this.#decoder !== null) return "";
    if (!this.#started) {
      if (this.#held.length < BOM_BYTES_MAX && !final) return "";
      this.#started = true;
      const marked = encodingOfMark(this.#held);
      if (marked !== undefined) return this.#begin(marked);
    }
    if (isAscii(this.#held)) return this.#release();
    if (this.#held.length < WINDOW_BYTES && !final) return "";
    return this.#begin(guessEncoding(this.#held.subarray(0, WINDOW_BYTES)));
  }

  /** ASCII reads the same in every encoding that is still possible. */
  #release(): string {
    const text = Buffer.from(this.#held).toString("latin1");
    this.#held = new Uint8Array(0);
    return text;
  }

  #begin(encoding: Encoding): string {
    this.#decoder = new TextDecoder(encoding);
    const text = this.#decoder.decode(this.#held, { stream: true });
    this.#held = new Uint8Array(0);
    return text;
  }

  /** Makes \r\n and a lone \r into \n; a \r that ends the piece waits for what follows it. */
  #lines(text: string): string {
    if (text === "") return "";
    const whole = this.#returnPending ? `\r${text}` : text;
    this.#returnPending = whole.endsWith("\r");
    const ready = this.#returnPending ? whole.slice(0, -1) : whole;
    return ready.includes("\r") ? ready.replace(/\r\n?/gu, "\n") : ready;
  }
}

function encodingOfMark(bytes: Uint8Array): Encoding | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : undefined;
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}

/** A sign cut at the end of the window is not counted, because `stream` holds it back. */
function guessEncoding(window: Uint8Array): Encoding {
  const text = new TextDecoder("utf-8").decode(window, { stream: true });
  const broken = count(text, REPLACEMENT);
  if (broken === 0) return "utf-8";
  return broken * 10 <= count(text, NOT_ASCII) ? "utf-8" : "gb18030";
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
