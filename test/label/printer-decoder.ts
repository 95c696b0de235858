/**
 * Reads printer languages back into dots, from their manuals and not from our encoders. Only what a
 * page of one picture needs; anything else is a fault of the test.
 */
import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";

export interface Dots {
  readonly widthDots: number;
  readonly heightDots: number;
  readonly rowBytes: number;
  /** 1 is black. */
  readonly bits: Uint8Array;
}

/** TSPL: BITMAP x,y,width in bytes,height,mode,data; 0 burns. */
export function dotsOfTspl(job: Buffer): Dots & { readonly sizeMm: readonly number[] } {
  const text = job.toString("latin1");
  const size = /^SIZE ([\d.]+) mm,([\d.]+) mm\r\n/.exec(text);
  const head = /\r\nCLS\r\nBITMAP 0,0,(\d+),(\d+),0,/.exec(text);
  assert.ok(size !== null && head !== null);
  const [rowBytes, heightDots] = [Number(head[1]), Number(head[2])];
  const from = head.index + head[0].length;
  const data = job.subarray(from, from + rowBytes * heightDots);
  assert.equal(data.length, rowBytes * heightDots);
  assert.equal(text.slice(from + data.length), "\r\nPRINT 1,1\r\n");
  const bits = Uint8Array.from(data, (byte) => 255 - byte);
  const sizeMm = [Number(size[1]), Number(size[2])];
  return { widthDots: rowBytes * 8, heightDots, rowBytes, bits, sizeMm };
}

/** CPCL: ! offset dpi dpi height copies; CG width in bytes, height, x, y, data; 1 burns. */
export function dotsOfCpcl(session: Buffer): Dots & { readonly dpi: number } {
  const text = session.toString("latin1");
  const head = /^! 0 (\d+) \1 (\d+) 1\r\nPAGE-WIDTH (\d+)\r\nCG (\d+) (\d+) 0 0 /.exec(text);
  assert.ok(head !== null);
  const [dpi = 0, pageHeight, widthDots = 0, rowBytes = 0, heightDots = 0] = head
    .slice(1)
    .map(Number);
  assert.equal(pageHeight, heightDots);
  const data = session.subarray(head[0].length, head[0].length + rowBytes * heightDots);
  assert.equal(text.slice(head[0].length + data.length), "\r\nFORM\r\nPRINT\r\n");
  return { widthDots, heightDots, rowBytes, bits: data, dpi };
}

/** CRC-16/XMODEM, bit by bit. */
function crc16(text: string): number {
  let crc = 0;
  for (const letter of text) {
    crc ^= (letter.codePointAt(0) ?? 0) << 8;
    for (let bit = 0; bit < 8; bit += 1)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

/** ZPL II programming guide, "Alternative Data Compression Scheme for ~DG and ^GF". */
function expand(data: string, rowBytes: number): Buffer {
  const width = rowBytes * 2;
  const rows: string[] = [];
  let row = "";
  let count = 0;
  for (const letter of data) {
    const code = letter.codePointAt(0) ?? 0;
    if (letter === ":") rows.push(rows.at(-1) ?? "");
    else if (letter === ",") row = row.padEnd(width, "0");
    else if (letter === "!") row = row.padEnd(width, "F");
    else if (letter >= "G" && letter <= "Y") count += code - 70;
    else if (letter >= "g" && letter <= "z") count += (code - 102) * 20;
    else {
      row += letter.repeat(count === 0 ? 1 : count);
      count = 0;
    }
    assert.ok(row.length <= width, "a row is full");
    if (row.length < width) continue;
    rows.push(row);
    row = "";
  }
  return Buffer.from(rows.join(""), "hex");
}

/** ZPL: ^GFA,bytes,bytes,bytes a row,data; 1 burns. */
export function dotsOfZpl(label: Buffer): Dots {
  const form = /^\^XA\^PW(\d+)\^LL(\d+)\^LH0,0\^FO0,0\^GFA,(\d+),(\d+),(\d+),([^^]*)\^FS\^XZ\n$/;
  const head = form.exec(label.toString("latin1"));
  assert.ok(head !== null);
  const [widthDots = 0, heightDots = 0, total, again, rowBytes = 0] = head.slice(1, 6).map(Number);
  const data = head[6] ?? "";
  const packed = /^:Z64:([A-Za-z0-9+/=]+):([0-9A-F]{4})$/.exec(data);
  if (packed !== null) assert.equal(crc16(packed[1] ?? ""), Number.parseInt(packed[2] ?? "", 16));
  const bits =
    packed === null ? expand(data, rowBytes) : inflateSync(Buffer.from(packed[1] ?? "", "base64"));
  assert.deepEqual([total, again, bits.length], Array(3).fill(rowBytes * heightDots));
  return { widthDots, heightDots, rowBytes, bits };
}
