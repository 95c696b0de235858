/** How a certificate looks: a title, and rows of a label in two languages and a value. */
import { formalChinese } from "./official-document.ts";
import { INK, points, TYPE_POINTS, widthOf } from "./page.ts";
import type { PageDoc } from "./page.ts";

export interface CertificateLine {
  readonly zh: string;
  readonly en: string;
  readonly value: string;
}

const TOP_MM = 16;
const BOTTOM_MM = 17;
const LABEL_WIDTH_MM = 54;
/** Smaller than a table of a letter: all rows and the signature have to stand on one page. */
const ROW_POINTS = 10;
const HAN = /\p{Script=Han}/u;
const ROW_GAP = 4;

/** Title of a page that is to be filed: the margins of letters would not hold it. */
export function beginCertificate(
  doc: PageDoc,
  title: { readonly zh: string; readonly en: string },
): void {
  doc.page.margins.bottom = points(BOTTOM_MM);
  doc.y = points(TOP_MM);
  doc.font("bold").fontSize(TYPE_POINTS.title);
  doc.text(title.zh, { align: "center" });
  doc.font("regular").fontSize(TYPE_POINTS.english).fillColor(INK.grey);
  doc.text(title.en, { align: "center" });
  doc.moveDown(0.6);
}

/** Chinese punctuation is for lines in Chinese: an English one keeps its own. */
function formal(value: string): string {
  const formalLine = (line: string): string => (HAN.test(line) ? formalChinese(line) : line);
  return value.split("\n").map(formalLine).join("\n");
}

/** One row, with a rule below it; in fewer than ten points its two labels share a line. */
export function drawLine(doc: PageDoc, line: CertificateLine, rowPoints = ROW_POINTS): void {
  const { left } = doc.page.margins;
  const top = doc.y;
  const labelWidth = points(LABEL_WIDTH_MM);
  const valueWidth = widthOf(doc) - labelWidth;
  const label = { width: labelWidth - 8 };
  const continued = rowPoints < ROW_POINTS;
  doc.font("bold").fontSize(rowPoints).fillColor(INK.black);
  doc.text(continued ? `${line.zh} ` : line.zh, left, top, { ...label, continued });
  doc
    .font("regular")
    .fontSize(rowPoints - 1)
    .fillColor(INK.grey);
  if (continued) doc.text(line.en, label);
  else doc.text(line.en, left, doc.y, label);
  const labelEnd = doc.y;
  doc.fontSize(rowPoints).fillColor(INK.black);
  doc.text(formal(line.value), left + labelWidth, top, { width: valueWidth, lineGap: 1 });
  const end = Math.max(labelEnd, doc.y) + ROW_GAP / 2;
  doc
    .moveTo(left, end)
    .lineTo(left + widthOf(doc), end)
    .lineWidth(0.5)
    .stroke(INK.line);
  doc.x = left;
  doc.y = end + ROW_GAP / 2;
}
