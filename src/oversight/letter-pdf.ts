/** A letter of an authority as PDF: head, number, addressee, numbered parts, signature and seal. */
import type { Fonts } from "../label/font.ts";
import { requireBounded } from "./official-document.ts";
import type { DocumentPart, OfficialDocument } from "./official-document.ts";
import { INK, keepTogether, pdfOf, points, sealPlace, TYPE_POINTS, widthOf } from "./page.ts";
import type { PageDoc } from "./page.ts";

/** Twenty-two lines on 225 mm (GB/T 9704-2012 section 5.2.3) are 29 points a line. */
const LINE_POINTS = 29;
const SEAL_MM = 42;
const SIGNATURE_MM = 62;

function drawHead(doc: PageDoc, letter: OfficialDocument): void {
  const { language } = letter;
  doc.font("regular").fontSize(TYPE_POINTS.title);
  doc.text(letter.issuer, { align: "center" });
  doc.moveDown(0.2).font("bold");
  doc.text(letter.title, { align: "center", characterSpacing: language === "zh" ? 6 : 0 });
  doc.moveDown(0.8).font("regular").fontSize(TYPE_POINTS.body);
  doc.text(letter.number, { align: "right" });
  doc.moveDown(0.8);
  doc.text(`${letter.addressee}${language === "zh" ? ":" : ":"}`);
  doc.moveDown(0.4);
}

/** Two characters of indentation at the head of a Chinese paragraph, none in an English one. */
function indentOf(letter: OfficialDocument): number {
  return letter.language === "zh" ? TYPE_POINTS.body * 2 : 0;
}

function drawPart(doc: PageDoc, part: DocumentPart, letter: OfficialDocument): void {
  const sizePoints = letter.language === "zh" ? TYPE_POINTS.body : TYPE_POINTS.body - 3;
  doc.fontSize(sizePoints);
  const natural = doc.currentLineHeight(true);
  const lineGap = Math.max(0, LINE_POINTS * (sizePoints / TYPE_POINTS.body) - natural);
  keepTogether(doc, 25);
  doc.font("bold").text(part.heading, { indent: indentOf(letter), lineGap });
  doc.font("regular");
  for (const paragraph of part.paragraphs) {
    doc.text(paragraph, { indent: indentOf(letter), lineGap });
  }
  doc.moveDown(0.25);
}

function drawSignature(doc: PageDoc, letter: OfficialDocument): void {
  keepTogether(doc, SIGNATURE_MM);
  doc.moveDown(1.2).font("regular").fontSize(TYPE_POINTS.body).fillColor(INK.black);
  const width = widthOf(doc) * 0.55;
  const x = doc.page.width - doc.page.margins.right - width;
  const top = doc.y;
  doc.text(letter.issuer, x, top, { width, align: "center" });
  doc.text(letter.signedOn, x, doc.y + 4, { width, align: "center" });
  // The seal lies over the signature, as GB/T 9704-2012 section 7.3.5 has it.
  const middle = (top + doc.y) / 2;
  sealPlace(doc, { x: x + width / 2, y: middle + points(4), diameterMm: SEAL_MM }, "");
  doc.fillColor(INK.seal).fontSize(TYPE_POINTS.note);
  doc.text(letter.seal, x, middle + points(SEAL_MM / 2 - 4), { width, align: "center" });
  doc.fillColor(INK.black);
  doc.x = doc.page.margins.left;
  doc.y = middle + points(SEAL_MM / 2 + 8);
}

function drawNotes(doc: PageDoc, notes: readonly string[]): void {
  if (notes.length === 0) return;
  keepTogether(doc, 6 * notes.length);
  const { left } = doc.page.margins;
  doc.moveTo(left, doc.y).lineTo(left + widthOf(doc), doc.y).lineWidth(0.5).stroke(INK.line);
  doc.moveDown(0.3).font("regular").fontSize(TYPE_POINTS.note).fillColor(INK.grey);
  for (const note of notes) doc.text(note, { lineGap: 2 });
  doc.fillColor(INK.black);
}

/**
 * The letter as a PDF. The same letter, faces and instant give the same bytes. A RangeError means
 * that it is too large to be a letter.
 */
export async function letterPdf(
  letter: OfficialDocument,
  options: { readonly fonts: Fonts; readonly createdAt: Date },
): Promise<Uint8Array> {
  requireBounded(letter);
  const page = { ...options, title: `${letter.title} ${letter.number}`, language: letter.language };
  return pdfOf(page, (doc) => {
    drawHead(doc, letter);
    for (const part of letter.parts) drawPart(doc, part, letter);
    drawSignature(doc, letter);
    drawNotes(doc, letter.notes);
  });
}
