/**
 * Many labels in one PDF (ISO 32000), a page each, at true size. The text layer holds exactly what
 * the display list prints; the fonts are embedded as subsets; bars lie on the dots of the printer,
 * so that a driver does not resample them.
 */
import { once } from "node:events";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import type { Font, Glyph, GlyphRun } from "fontkit";
import PDFDocument from "pdfkit";
import { Failure, isFailure } from "../rules/failure.ts";
import { snapBars, snapHeight } from "./barcode.ts";
import type { DisplayList, DrawOp, Ink, Weight } from "./display-list.ts";
import type { Fonts } from "./font.ts";
import type { PrintableLabel } from "./gate.ts";
import { inLargePieces, pageTree } from "./page-tree.ts";
import { DOTS_PER_MM } from "./page.ts";
import type { Dpi } from "./page.ts";
import { printedList } from "./printed-list.ts";
import { snapModules } from "./qr.ts";

const POINTS_PER_MM = 72 / 25.4;
const PRODUCER = "Midan";
const PAGES_PER_HANDOVER = 8;

export interface PdfOptions {
  readonly fonts: Fonts;
  /** Goes into the metadata in place of the clock, so that the same labels give the same bytes. */
  readonly createdAt: Date;
  /** The dot grid of the printer that the bars are snapped to. */
  readonly dpi?: Dpi;
  /**
   * Told about each label that cannot be drawn, which then has no page; without it, it is thrown.
   */
  readonly onRefused?: (index: number, failure: Failure) => void;
}

/** What may be written: a list, or a stream of labels that are made as they are drawn. */
export type Labels = Iterable<PrintableLabel> | AsyncIterable<PrintableLabel>;

type Doc = InstanceType<typeof PDFDocument>;

/**
 * The face as pdfkit should see it: one glyph for each character, at its plain advance. Shaping
 * would kern and join letters, and then the page would not match what was measured.
 */
function unshaped(face: Font): Font {
  const layOut = (text: string): Pick<GlyphRun, "glyphs" | "positions" | "advanceWidth"> => {
    const glyphs = Array.from(text, (character): Glyph =>
      face.glyphForCodePoint(character.codePointAt(0) ?? 0),
    );
    const positions = glyphs.map(({ advanceWidth }) => ({
      xAdvance: advanceWidth,
      yAdvance: 0,
      xOffset: 0,
      yOffset: 0,
    }));
    return {
      glyphs,
      positions,
      advanceWidth: glyphs.reduce((sum, glyph) => sum + glyph.advanceWidth, 0),
    };
  };
  // Object.create keeps every other property of the face, which its result type does not know.
  return Object.create(face, { layout: { value: layOut } }) as Font;
}

const INKS: Readonly<Record<Ink, string>> = {
  black: "#000000",
  white: "#ffffff",
  screen: "#808080",
};

function drawBars(doc: Doc, op: DrawOp & { kind: "code128" }, dotsPerMm: number): void {
  const { y, h } = snapHeight(op.box, dotsPerMm);
  for (const bar of snapBars(op, dotsPerMm))
    doc.rect(bar.x / dotsPerMm, y / dotsPerMm, bar.w / dotsPerMm, h / dotsPerMm);
  doc.fill(INKS.black);
}

function drawModules(doc: Doc, op: DrawOp & { kind: "qr" }, dotsPerMm: number): void {
  for (const { x, y, w, h } of snapModules(op, dotsPerMm))
    doc.rect(x / dotsPerMm, y / dotsPerMm, w / dotsPerMm, h / dotsPerMm);
  doc.fill(INKS.black);
}

function drawLine(doc: Doc, op: DrawOp & { kind: "line" }): void {
  doc.moveTo(op.from.x, op.from.y).lineTo(op.to.x, op.to.y).lineWidth(op.lineMm);
  if (op.dashMm > 0) doc.dash(op.dashMm, { space: op.dashMm });
  doc.stroke(INKS.black);
  if (op.dashMm > 0) doc.undash();
}

function drawText(doc: Doc, op: DrawOp & { kind: "text" }): void {
  doc.save();
  if (op.angleDeg !== 0) doc.rotate(-op.angleDeg, { origin: [op.x, op.y] });
  doc.font(op.weight).fontSize(op.sizeMm).fillColor(INKS[op.ink]);
  doc.text(op.text, op.x, op.y, { lineBreak: false, baseline: "alphabetic" });
  doc.restore();
}

function drawOp(doc: Doc, op: DrawOp, dotsPerMm: number): void {
  switch (op.kind) {
    case "fill":
      doc.rect(op.box.x, op.box.y, op.box.w, op.box.h).fill(INKS[op.ink]);
      return;
    case "rect":
      doc.rect(op.box.x, op.box.y, op.box.w, op.box.h).lineWidth(op.lineMm).stroke(INKS.black);
      return;
    case "line":
      return drawLine(doc, op);
    case "disc":
      doc.circle(op.x, op.y, op.radiusMm).fill(INKS.black);
      return;
    case "code128":
      return drawBars(doc, op, dotsPerMm);
    case "qr":
      return drawModules(doc, op, dotsPerMm);
    case "text":
      return drawText(doc, op);
  }
}

function drawPage(doc: Doc, list: DisplayList, dotsPerMm: number): void {
  doc.addPage({ size: [list.widthMm * POINTS_PER_MM, list.heightMm * POINTS_PER_MM], margin: 0 });
  doc.scale(POINTS_PER_MM);
  for (const op of list.ops) drawOp(doc, op, dotsPerMm);
}

/** ISO 32000-1, table 150: viewers offer no scaling to paper, which would blur every bar. */
function keepTrueSize(doc: Doc): void {
  // pdfkit has no option for it; the catalogue is a plain field that its published types leave out.
  const { _root: root } = doc as unknown as {
    _root: { data: { ViewerPreferences: { data: Record<string, unknown> } } };
  };
  root.data.ViewerPreferences.data["PrintScaling"] = "None";
}

function openDocument(options: PdfOptions): Doc {
  const doc = new PDFDocument({
    autoFirstPage: false,
    pdfVersion: "1.7",
    lang: "zh-CN",
    // Makes the viewer preferences that keepTrueSize adds to.
    displayTitle: true,
    // Text caches of pdfkit grow with every distinct string, and every label brings new ones.
    fontLayoutCache: false,
    info: {
      Title: "Waybill labels 面单",
      Producer: PRODUCER,
      Creator: PRODUCER,
      CreationDate: options.createdAt,
    },
  });
  keepTrueSize(doc);
  inLargePieces(doc);
  const weights: readonly Weight[] = ["regular", "bold", "black"];
  for (const weight of weights) {
    // pdfkit takes an opened face as well as bytes; its published types name the bytes only.
    doc.registerFont(weight, unshaped(options.fonts.faces[weight]) as unknown as Uint8Array);
  }
  return doc;
}

/** The label drawn up, or null when it was refused and somebody wanted to be told. */
function listOf(label: PrintableLabel, index: number, options: PdfOptions): DisplayList | null {
  try {
    return printedList(label, options.fonts);
  } catch (error) {
    if (options.onRefused === undefined || !isFailure(error)) throw error;
    options.onRefused(index, error);
    return null;
  }
}

interface Output {
  readonly out: Writable;
  /** Aborted when `out` has died, so that nobody waits for it. */
  readonly signal: AbortSignal;
}

/**
 * Lets the stream take what was drawn: without a turn of the event loop it would all pile up here.
 */
async function handOver({ out, signal }: Output): Promise<void> {
  await setImmediate(undefined, { signal });
  if (out.writableNeedDrain) await once(out, "drain", { signal });
}

async function drawAll(
  doc: Doc,
  labels: Labels,
  options: PdfOptions & { readonly output: Output },
): Promise<number> {
  const dotsPerMm = DOTS_PER_MM[options.dpi ?? 203];
  const tree = pageTree(doc);
  let pages = 0;
  let index = 0;
  for await (const label of labels) {
    const list = listOf(label, index, options);
    index += 1;
    if (list === null) continue;
    drawPage(doc, list, dotsPerMm);
    tree.adopt();
    pages += 1;
    if (pages % PAGES_PER_HANDOVER === 0) await handOver(options.output);
  }
  if (pages === 0) throw new Failure("LABEL_NONE");
  tree.close();
  return pages;
}

/**
 * Writes `labels` to `out` as one PDF and ends it. Pages leave as they are drawn; what stays in
 * memory is the place of three objects a page (ISO 32000-1, 7.5.4), 24 bytes while the file is
 * under a gibibyte, and as much again as text of 60 bytes when the file ends. A label that cannot
 * be drawn goes to `options.onRefused` and has no page. A failing `out` and an iterable that throws
 * reject; the file is then incomplete and must be thrown away. No label at all fails with
 * LABEL_NONE, since a PDF needs a page.
 */
export async function writePdf(
  labels: Labels,
  out: Writable,
  options: PdfOptions,
): Promise<{ pages: number }> {
  const doc = openDocument(options);
  const stop = new AbortController();
  const written = pipeline(doc, out).finally(() => stop.abort());
  try {
    const output = { out, signal: stop.signal };
    const [pages] = await Promise.all([
      drawAll(doc, labels, { ...options, output }).then((count) => {
        doc.end();
        return count;
      }),
      written,
    ]);
    return { pages };
  } catch (error) {
    doc.destroy(error instanceof Error ? error : new Error("drawing failed"));
    // Its failure is the one at hand, or the end of the stream that was just destroyed.
    await written.catch(() => undefined);
    throw error;
  }
}
