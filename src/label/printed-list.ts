/** The display list of a label that passed the gate, on the paper that it was made for. */
import type { DisplayList } from "./display-list.ts";
import type { Fonts } from "./font.ts";
import { printableData } from "./gate.ts";
import type { PrintableLabel } from "./gate.ts";
import { layout } from "./layout.ts";
import { templateOf } from "./shipped-template.ts";

/** A statement is made from the list and then the list is drawn: once laid out is enough. */
const laidOut = new WeakMap<PrintableLabel, { fonts: Fonts; list: DisplayList }>();

/**
 * What every output draws. Fails as `layout` does, and with LABEL_LINT_FAILED when the label did
 * not come from the gate (P1).
 */
export function printedList(label: PrintableLabel, fonts: Fonts): DisplayList {
  const data = printableData(label);
  const known = laidOut.get(label);
  if (known?.fonts === fonts) return known.list;
  const list = layout(data, templateOf(data.size), fonts);
  laidOut.set(label, { fonts, list });
  return list;
}
