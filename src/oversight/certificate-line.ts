/** How a certificate looks: a title, and rows of a label in two languages and a value. */
import { formalChinese } from "./official-document.ts";
import { INK, points, TYPE_POINTS, widthOf } from "./page.ts";
import type { PageDoc } from "./page.ts";

export interface CertificateLine {
  readonly zh: string;
  readonly en: string;
  readonly value: string;
}

const TOP_MM = 22;
const BOTTOM_MM = 20;
const LABEL_WIDTH_MM = 58;
const ROW_GAP = 7;

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
  doc.moveDown(1.2);
}

/** One row, with a rule below it. */
export function drawLine(doc: PageDoc, line: CertificateLine): void {
  const { left } = doc.page.margins;
  const top = doc.y;
  const labelWidth = points(LABEL_WIDTH_MM);
  const valueWidth = widthOf(doc) - labelWidth;
  doc.font("bold").fontSize(TYPE_POINTS.table).fillColor(INK.black);
  doc.text(line.zh, left, top, { width: labelWidth - 8 });
  doc.font("regular").fontSize(TYPE_POINTS.note).fillColor(INK.grey);
  doc.text(line.en, left, doc.y, { width: labelWidth - 8 });
  const labelEnd = doc.y;
  doc.fontSize(TYPE_POINTS.table).fillColor(INK.black);
  doc.text(formalChinese(line.value), left + labelWidth, top, { width: valueWidth, lineGap: 1 });
  const end = Math.max(labelEnd, doc.y) + ROW_GAP / 2;
  doc
    .moveTo(left, end)
    .lineTo(left + widthOf(doc), end)
    .lineWidth(0.5)
    .stroke(INK.line);
  doc.x = left;
  doc.y = end + ROW_GAP / 2;
}
