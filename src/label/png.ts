/**
 * One-bit PNG (W3C PNG, third edition): the picture of a label for screens, tests and spot checks.
 */
import { crc32, deflateSync } from "node:zlib";
import type { Bitmap } from "./bitmap.ts";
import type { Fonts } from "./font.ts";
import type { PrintableLabel } from "./gate.ts";
import { DOTS_PER_MM } from "./page.ts";
import type { Dpi } from "./page.ts";
import { printedPage } from "./printed-page.ts";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const COLOR_TYPE_GREY = 0;
const UNIT_METRE = 1;
/** Labels are mostly white: level 3 loses a tenth in size against 6 and takes half the time. */
const DEFLATE_LEVEL = 3;

function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)), data.length + 8);
  return bytes;
}

function header(page: Bitmap): Buffer {
  const bytes = Buffer.alloc(13);
  bytes.writeUInt32BE(page.widthDots, 0);
  bytes.writeUInt32BE(page.heightDots, 4);
  bytes[8] = 1;
  bytes[9] = COLOR_TYPE_GREY;
  return bytes;
}

function density(dotsPerMm: number): Buffer {
  const bytes = Buffer.alloc(9);
  const perMetre = Math.round(dotsPerMm * 1000);
  bytes.writeUInt32BE(perMetre, 0);
  bytes.writeUInt32BE(perMetre, 4);
  bytes[8] = UNIT_METRE;
  return bytes;
}

/** Rows with filter 0 in front; PNG counts white as 1, so the dots turn over. */
function scanlines(page: Bitmap): Buffer {
  const bytes = Buffer.alloc((page.rowBytes + 1) * page.heightDots);
  for (let row = 0; row < page.heightDots; row += 1) {
    const from = row * page.rowBytes;
    const to = row * (page.rowBytes + 1) + 1;
    for (let byte = 0; byte < page.rowBytes; byte += 1) {
      bytes[to + byte] = ~(page.bits[from + byte] ?? 0);
    }
  }
  return bytes;
}

/** The page as a PNG file with its resolution written in (pHYs), so that it prints at true size. */
export function encodePng(page: Bitmap, dpi: Dpi): Uint8Array {
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header(page)),
    chunk("pHYs", density(DOTS_PER_MM[dpi])),
    chunk("IDAT", deflateSync(scanlines(page), { level: DEFLATE_LEVEL })),
    chunk("IEND", new Uint8Array()),
  ]);
}

/**
 * The label as the file of a one-bit PNG at `dpi`. Fails as `printedList` does.
 */
export function toPng(label: PrintableLabel, dpi: Dpi, fonts: Fonts): Uint8Array {
  return encodePng(printedPage(label, dpi, fonts), dpi);
}
