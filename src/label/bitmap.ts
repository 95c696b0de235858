/** One page of black and white dots, as a thermal head burns them. */
import type { Ink } from "./display-list.ts";

export interface Bitmap {
  readonly widthDots: number;
  readonly heightDots: number;
  readonly rowBytes: number;
  /** Rows from the top, each padded to whole bytes, leftmost dot in the highest bit; 1 is black. */
  readonly bits: Uint8Array;
}

export interface DotBox {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Larger than any label at 600 dpi; a page beyond it is a mistake of the caller. */
const PAGE_DOTS_MAX = 64_000_000;

/**
 * A quarter of the dots, row by row: dark enough to be seen, thin enough to read what lies beneath.
 */
const SCREEN_ROWS = [0x55, 0x00, 0xaa, 0x00] as const;

/** An all white page. */
export function createBitmap(widthDots: number, heightDots: number): Bitmap {
  if (!(widthDots > 0 && heightDots > 0 && widthDots * heightDots <= PAGE_DOTS_MAX)) {
    throw new RangeError("a page has between 1 and 64 million dots");
  }
  const rowBytes = Math.ceil(widthDots / 8);
  return { widthDots, heightDots, rowBytes, bits: new Uint8Array(rowBytes * heightDots) };
}

/**
 * Lays the bits of `mask` over byte `at` in the given ink. `row` decides the phase of the screen.
 */
function ink(bits: Uint8Array, at: number, stroke: { mask: number; ink: Ink; row: number }): void {
  const before = bits[at] ?? 0;
  switch (stroke.ink) {
    case "black":
      bits[at] = before | stroke.mask;
      return;
    case "white":
      bits[at] = before & ~stroke.mask;
      return;
    case "screen":
      bits[at] = before | (stroke.mask & (SCREEN_ROWS[stroke.row % SCREEN_ROWS.length] ?? 0));
  }
}

/** Fills a box, clipped to the page. */
export function fillBox(page: Bitmap, box: DotBox, color: Ink): void {
  const left = Math.max(0, box.x);
  const right = Math.min(page.widthDots, box.x + box.w);
  const bottom = Math.min(page.heightDots, box.y + box.h);
  if (left >= right) return;
  const first = left >> 3;
  const last = (right - 1) >> 3;
  const firstMask = 0xff >> (left & 7);
  const lastMask = (0xff << (7 - ((right - 1) & 7))) & 0xff;
  for (let row = Math.max(0, box.y); row < bottom; row += 1) {
    const start = row * page.rowBytes;
    for (let byte = first; byte <= last; byte += 1) {
      const mask = (byte === first ? firstMask : 0xff) & (byte === last ? lastMask : 0xff);
      ink(page.bits, start + byte, { mask, ink: color, row });
    }
  }
}

/**
 * Lays `stamp` on the page with its top left dot at (x, y), clipped; white dots of it leave the
 * page alone.
 */
export function layBitmap(
  page: Bitmap,
  stamp: Bitmap,
  place: { x: number; y: number; ink: Ink },
): void {
  const shift = place.x & 7;
  const firstByte = place.x >> 3;
  for (let line = 0; line < stamp.heightDots; line += 1) {
    const row = place.y + line;
    if (row < 0 || row >= page.heightDots) continue;
    const start = row * page.rowBytes;
    for (let byte = 0; byte < stamp.rowBytes; byte += 1) {
      const value = stamp.bits[line * stamp.rowBytes + byte] ?? 0;
      if (value === 0) continue;
      const at = firstByte + byte;
      const spill = (value << (8 - shift)) & 0xff;
      if (at >= 0 && at < page.rowBytes)
        ink(page.bits, start + at, { mask: value >> shift, ink: place.ink, row });
      if (at + 1 >= 0 && at + 1 < page.rowBytes)
        ink(page.bits, start + at + 1, { mask: spill, ink: place.ink, row });
    }
  }
}
