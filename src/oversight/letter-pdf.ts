/** A letter of an authority as PDF: head, number, addressee, numbered parts, signature and seal. */
import type { Fonts } from "../label/font.ts";
import { formalDocument } from "./official-document.ts";
import type { OfficialDocument } from "./official-document.ts";
import {
  INK,
  keepTogether,
  millimetres,
  pdfOf,
  points,
  sealPlace,
  TYPE_POINTS,
  widthOf,
} from "./page.ts";
import type { PageDoc } from "./page.ts";

/** Twenty-two lines on 225 mm (GB/T 9704-2012 section 5.2.3) are 29 points a line. */
const LINE_POINTS = 29;
const SEAL_MM = 42;
const SIGNATURE_MM = 66;
/** A heading and two lines below it. */
const HEADING_MM = 32;
/** A longer last paragraph may run over the page: some of it then stands above the signature. */
const LAST_BLOCK_MM = 120;

function drawHead(doc: PageDoc, letter: OfficialDocument): void {
  const { language } = letter;
  doc.font("regular").fontSize(TYPE_POINTS.title);
  doc.text(letter.issuer, { align: "center" });
  doc.moveDown(0.2).font("bold");
  doc.text(letter.title, { align: "center", characterSpacing: language === "zh" ? 6 : 0 });
  doc.moveDown(0.8).font("regular").fontSize(TYPE_POINTS.body);
  doc.text(letter.number, { align: "right" });
  doc.moveDown(0.8);
  doc.text(letter.addressee);
  doc.moveDown(0.4);
}

interface Block {
  readonly weight: "regular" | "bold";
  readonly text: string;
  /** Headings and the last paragraph are not left alone at the foot of a page. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

function blocksOf(letter: OfficialDocument): Block[] {
  const lastPart = letter.parts.length - 1;
  return letter.parts.flatMap(({ heading, paragraphs }, part) => {
    const lines = [heading, ...paragraphs];
    // A heading must not part from the last paragraph, so the signature's page begins with it.
    const lastBlock =
      part === lastPart ? Math.max(0, lines.length === 2 ? 0 : lines.length - 1) : -1;
    return lines.map((text, at) => ({
      text,
      weight: at === 0 ? ("bold" as const) : ("regular" as const),
      isFirst: at === 0,
      isLast: at === lastBlock,
    }));
  });
}

function styleOf(doc: PageDoc, letter: OfficialDocument): { indent: number; lineGap: number } {
  const isChinese = letter.language === "zh";
  const sizePoints = isChinese ? TYPE_POINTS.body : TYPE_POINTS.english;
  doc.fontSize(sizePoints);
  const linePoints = LINE_POINTS * (sizePoints / TYPE_POINTS.body);
  // Two characters of indentation at the head of a Chinese paragraph, none in an English one.
  const indent = isChinese ? sizePoints * 2 : 0;
  return { indent, lineGap: Math.max(0, linePoints - doc.currentLineHeight(true)) };
}

function drawParts(doc: PageDoc, letter: OfficialDocument): void {
  const style = styleOf(doc, letter);
  for (const { weight, text, isFirst, isLast } of blocksOf(letter)) {
    doc.font(weight);
    const height = millimetres(doc.heightOfString(text, style));
    if (isLast && height < LAST_BLOCK_MM) keepTogether(doc, height + SIGNATURE_MM);
    else if (isFirst) keepTogether(doc, HEADING_MM);
    if (isFirst && doc.y > doc.page.margins.top) doc.moveDown(0.25);
    doc.text(text, style);
  }
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
  doc
    .moveTo(left, doc.y)
    .lineTo(left + widthOf(doc), doc.y)
    .lineWidth(0.5)
    .stroke(INK.line);
  doc.moveDown(0.3).font("regular").fontSize(TYPE_POINTS.note).fillColor(INK.grey);
  for (const note of notes) doc.text(note, { lineGap: 2 });
  doc.fillColor(INK.black);
}

/**
 * The letter as a PDF. The same letter, faces and instant give the same bytes. A RangeError means
 * that it is too large to be a letter.
 */
export async function letterPdf(
  document: OfficialDocument,
  options: { readonly fonts: Fonts; readonly createdAt: Date },
): Promise<Uint8Array> {
  const letter = formalDocument(document);
  const page = { ...options, title: `${letter.title} ${letter.number}`, language: letter.language };
  return pdfOf(page, (doc) => {
    drawHead(doc, letter);
    drawParts(doc, letter);
    drawSignature(doc, letter);
    drawNotes(doc, letter.notes);
  });
}
