/** A label in CPCL (mobile printers, command CG): the whole page as one picture. */
import type { Bitmap } from "./bitmap.ts";
import type { Fonts } from "./font.ts";
import type { PrintableLabel } from "./gate.ts";
import type { Dpi } from "./page.ts";
import { printedPage } from "./printed-page.ts";

/** What CPCL calls the two resolutions; 200 is its word for 203. */
const RESOLUTIONS: Readonly<Record<Dpi, number>> = { 203: 200, 300: 300 };

/** The page as one CPCL session. Bytes, not text: whoever sends it must not recode it. */
export function encodeCpcl(page: Bitmap, dpi: Dpi): Uint8Array {
  const { widthDots, heightDots, rowBytes, bits } = page;
  const resolution = RESOLUTIONS[dpi];
  const head =
    `! 0 ${resolution} ${resolution} ${heightDots} 1\r\n` +
    `PAGE-WIDTH ${widthDots}\r\nCG ${rowBytes} ${heightDots} 0 0 `;
  return Buffer.concat([Buffer.from(head), bits, Buffer.from("\r\nFORM\r\nPRINT\r\n")]);
}

/** The label for a CPCL printer of `dpi`. Fails as `printedList` does. */
export function toCpcl(label: PrintableLabel, dpi: Dpi, fonts: Fonts): Uint8Array {
  return encodeCpcl(printedPage(label, dpi, fonts), dpi);
}
