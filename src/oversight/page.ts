/**
 * An A4 page as Chinese authorities lay it out (GB/T 9704-2012: margins of 37, 26, 35 and 28 mm,
 * type of 16 points, the page number between dashes below). The faces are ours, not the standard's.
 */
import { buffer } from "node:stream/consumers";
import PDFDocument from "pdfkit";
import type { Fonts } from "../label/font.ts";

export type PageDoc = InstanceType<typeof PDFDocument>;

const POINTS_PER_MM = 72 / 25.4;

export const TYPE_POINTS = {
  title: 22,
  body: 16,
  english: 13,
  table: 11,
  note: 9,
} as const;

export const INK = { black: "#000000", grey: "#666666", line: "#b0b0b0", seal: "#c00000" } as const;

/** GB/T 9704-2012 section 5.2.1: the head of the page and the side of the binding. */
export const MARGIN_MM = { top: 37, bottom: 35, left: 28, right: 26 } as const;
/** Section 7.5: the page number stands 7 mm below the type area. */
const NUMBER_BELOW_MM = 7;

export function points(mm: number): number {
  return mm * POINTS_PER_MM;
}

export function millimetres(pointCount: number): number {
  return pointCount / POINTS_PER_MM;
}

export interface PageOptions {
  readonly fonts: Fonts;
  readonly title: string;
  readonly language: "zh" | "en";
  /** Goes into the metadata in place of the clock: the same document gives the same bytes. */
  readonly createdAt: Date;
}

function openPage(options: PageOptions): PageDoc {
  const { top, bottom, left, right } = MARGIN_MM;
  const doc = new PDFDocument({
    size: "A4",
    margins: {
      top: points(top),
      bottom: points(bottom),
      left: points(left),
      right: points(right),
    },
    pdfVersion: "1.7",
    lang: options.language === "zh" ? "zh-CN" : "en",
    displayTitle: true,
    bufferPages: true,
    info: {
      Title: options.title,
      Producer: "Midan",
      Creator: "Midan",
      CreationDate: options.createdAt,
    },
  });
  for (const weight of ["regular", "bold"] as const) {
    // pdfkit takes an opened face as well as bytes; its published types name the bytes only.
    doc.registerFont(weight, options.fonts.faces[weight] as unknown as Uint8Array);
  }
  return doc.font("regular").fontSize(TYPE_POINTS.body).fillColor(INK.black);
}

function numberPages(doc: PageDoc): void {
  const { count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    doc.switchToPage(page);
    const { width, height, margins } = doc.page;
    const y = height - margins.bottom + points(NUMBER_BELOW_MM);
    // Below the type area, where pdfkit would otherwise begin a new page.
    margins.bottom = 0;
    doc.font("regular").fontSize(TYPE_POINTS.table).fillColor(INK.black);
    doc.text(`— ${page + 1} —`, 0, y, { width, align: "center", lineBreak: false });
    margins.bottom = points(MARGIN_MM.bottom);
  }
}

/** Draws with `draw` on A4 pages, numbers them, and gives the bytes of the PDF. */
export async function pdfOf(
  options: PageOptions,
  draw: (doc: PageDoc) => void,
): Promise<Uint8Array> {
  const doc = openPage(options);
  draw(doc);
  numberPages(doc);
  doc.end();
  return new Uint8Array(await buffer(doc));
}

export function widthOf(doc: PageDoc): number {
  return doc.page.width - doc.page.margins.left - doc.page.margins.right;
}

/** Begins a new page when less than `mm` is left on this one, so that a block stays whole. */
export function keepTogether(doc: PageDoc, mm: number): void {
  if (doc.y + points(mm) > doc.page.height - doc.page.margins.bottom) doc.addPage();
}

/** A round place for a seal of `diameterMm`, dashed, with `text` in it. */
export function sealPlace(
  doc: PageDoc,
  place: { readonly x: number; readonly y: number; readonly diameterMm: number },
  text: string,
): void {
  const radius = points(place.diameterMm) / 2;
  doc.save();
  doc.circle(place.x, place.y, radius).lineWidth(0.8).dash(3, { space: 3 }).stroke(INK.seal);
  doc.undash();
  doc.font("regular").fontSize(TYPE_POINTS.table).fillColor(INK.seal);
  doc.text(text, place.x - radius, place.y - TYPE_POINTS.table, {
    width: radius * 2,
    align: "center",
    lineBreak: false,
  });
  doc.restore();
  doc.fillColor(INK.black);
}
