/** A label as the dots of one page: what PNG and the printer languages carry. */
import type { Bitmap } from "./bitmap.ts";
import type { Fonts } from "./font.ts";
import type { PrintableLabel } from "./gate.ts";
import { burn } from "./page.ts";
import type { Dpi } from "./page.ts";
import { printedList } from "./printed-list.ts";

/** Fails as `printedList` does. */
export function printedPage(label: PrintableLabel, dpi: Dpi, fonts: Fonts): Bitmap {
  return burn(printedList(label, fonts), dpi, fonts);
}
