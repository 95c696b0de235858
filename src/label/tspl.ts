/** A label in TSPL (TSC, Gprinter and others, command BITMAP): the whole page as one picture. */
import type { Bitmap } from "./bitmap.ts";
import type { Fonts } from "./font.ts";
import type { PrintableLabel } from "./gate.ts";
import { DOTS_PER_MM } from "./page.ts";
import type { Dpi } from "./page.ts";
import { printedPage } from "./printed-page.ts";

/** Between two labels of die-cut paper, as it is sold. */
const GAP_MM = 2;

function millimetres(dots: number, dpi: Dpi): string {
  return String(Math.round((dots / DOTS_PER_MM[dpi]) * 10) / 10);
}

/** TSPL burns zeros: the bits turn over, and so the bits that only fill a row stay white. */
function turnedOver(bits: Uint8Array): Uint8Array {
  const turned = Uint8Array.from(bits);
  // Four bytes at a time: a page is some eighty thousand of them.
  const words = new Uint32Array(turned.buffer, 0, turned.length >> 2);
  for (let at = 0; at < words.length; at += 1) words[at] = ~(words[at] ?? 0);
  for (let at = words.length * 4; at < turned.length; at += 1) turned[at] = ~(turned[at] ?? 0);
  return turned;
}

/** The page as one TSPL job. Bytes, not text: whoever sends it must not recode it. */
export function encodeTspl(page: Bitmap, dpi: Dpi): Uint8Array {
  const { widthDots, heightDots, rowBytes, bits } = page;
  const head = [
    `SIZE ${millimetres(widthDots, dpi)} mm,${millimetres(heightDots, dpi)} mm`,
    `GAP ${GAP_MM} mm,0 mm`,
    "DIRECTION 0",
    "REFERENCE 0,0",
    "CLS",
    `BITMAP 0,0,${rowBytes},${heightDots},0,`,
  ].join("\r\n");
  const foot = "\r\nPRINT 1,1\r\n";
  return Buffer.concat([Buffer.from(head), turnedOver(bits), Buffer.from(foot)]);
}

/** The label for a TSPL printer of `dpi`. Fails as `printedList` does. */
export function toTspl(label: PrintableLabel, dpi: Dpi, fonts: Fonts): Uint8Array {
  return encodeTspl(printedPage(label, dpi, fonts), dpi);
}
