/**
 * The same labels as anybody would draw them with the tools at hand: pdfkit's text with the fonts
 * registered by their files, and a canvas that is encoded as PNG. They get finished display lists,
 * so fitting text into boxes costs them nothing.
 */
import { createRequire } from "node:module";
import PDFDocument from "pdfkit";
import { snapBars, snapHeight } from "../src/label/barcode.ts";
import type { DisplayList, DrawOp, Ink } from "../src/label/display-list.ts";
import { FONT_FILES } from "../src/label/font.ts";
import { byteSink } from "./byte-sink.ts";

const { resolve } = createRequire(import.meta.url);
const POINTS_PER_MM = 72 / 25.4;
const DOTS_PER_MM = 8;
const INKS: Readonly<Record<Ink, string>> = { black: "black", white: "white", screen: "gray" };
const WEIGHTS = ["regular", "bold", "black"] as const;

export interface Plain {
  readonly by: string;
  readonly bytes: number;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The few strokes that both rivals know. */
interface Pen {
  readonly fill: (box: Box, ink: Ink) => void;
  readonly frame: (box: Box, lineMm: number) => void;
  readonly line: (op: DrawOp & { kind: "line" }) => void;
  readonly disc: (op: DrawOp & { kind: "disc" }) => void;
  readonly text: (op: DrawOp & { kind: "text" }) => void;
}

function draw(list: DisplayList, pen: Pen): void {
  for (const op of list.ops) {
    if (op.kind === "fill") pen.fill(op.box, op.ink);
    else if (op.kind === "rect") pen.frame(op.box, op.lineMm);
    else if (op.kind === "line") pen.line(op);
    else if (op.kind === "disc") pen.disc(op);
    else if (op.kind === "text") pen.text(op);
    else if (op.kind === "code128") {
      const { y, h } = snapHeight(op.box, DOTS_PER_MM);
      for (const bar of snapBars(op, DOTS_PER_MM))
        pen.fill(
          {
            x: bar.x / DOTS_PER_MM,
            y: y / DOTS_PER_MM,
            w: bar.w / DOTS_PER_MM,
            h: h / DOTS_PER_MM,
          },
          "black",
        );
    }
  }
}

function pdfPen(doc: InstanceType<typeof PDFDocument>): Pen {
  return {
    fill: ({ x, y, w, h }, ink) => doc.rect(x, y, w, h).fill(INKS[ink]),
    frame: ({ x, y, w, h }, lineMm) => doc.rect(x, y, w, h).lineWidth(lineMm).stroke("black"),
    line: ({ from, to, lineMm }) =>
      doc.moveTo(from.x, from.y).lineTo(to.x, to.y).lineWidth(lineMm).stroke("black"),
    disc: ({ x, y, radiusMm }) => doc.circle(x, y, radiusMm).fill("black"),
    text: (op) =>
      doc
        .font(op.weight)
        .fontSize(op.sizeMm)
        .fillColor(INKS[op.ink])
        .text(op.text, op.x, op.y, { lineBreak: false, baseline: "alphabetic" }),
  };
}

/** All labels in one PDF, as pdfkit's own guide shows it. */
export async function plainPdf(lists: readonly DisplayList[]): Promise<Plain> {
  const sink = byteSink();
  const doc = new PDFDocument({ autoFirstPage: false });
  const ended = new Promise((done) => sink.out.once("finish", done));
  doc.pipe(sink.out);
  for (const weight of WEIGHTS) doc.registerFont(weight, resolve(FONT_FILES[weight]));
  for (const list of lists) {
    doc.addPage({ size: [list.widthMm * POINTS_PER_MM, list.heightMm * POINTS_PER_MM], margin: 0 });
    doc.scale(POINTS_PER_MM);
    draw(list, pdfPen(doc));
  }
  doc.end();
  await ended;
  return { by: "pdfkit", bytes: sink.bytes() };
}

/** As much of the canvas as is drawn with. */
interface Context {
  fillStyle: string;
  lineWidth: number;
  font: string;
  fillRect(x: number, y: number, w: number, h: number): void;
  strokeRect(x: number, y: number, w: number, h: number): void;
  fillText(text: string, x: number, y: number): void;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  stroke(): void;
  fill(): void;
  scale(x: number, y: number): void;
}

interface CanvasModule {
  readonly GlobalFonts: { registerFromPath(path: string, family: string): unknown };
  createCanvas(
    width: number,
    height: number,
  ): { getContext(kind: "2d"): Context; toBuffer(type: "image/png"): Uint8Array };
}

function canvasPen(context: Context): Pen {
  return {
    fill: ({ x, y, w, h }, ink) => {
      context.fillStyle = INKS[ink];
      context.fillRect(x, y, w, h);
    },
    frame: ({ x, y, w, h }, lineMm) => {
      context.lineWidth = lineMm;
      context.strokeRect(x, y, w, h);
    },
    line: ({ from, to, lineMm }) => {
      context.lineWidth = lineMm;
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      context.stroke();
    },
    disc: ({ x, y, radiusMm }) => {
      context.fillStyle = INKS.black;
      context.beginPath();
      context.arc(x, y, radiusMm, 0, Math.PI * 2);
      context.fill();
    },
    text: (op) => {
      context.fillStyle = INKS[op.ink];
      context.font = `${op.sizeMm}px ${op.weight}`;
      context.fillText(op.text, op.x, op.y);
    },
  };
}

function canvasModule(): CanvasModule | null {
  try {
    const load = createRequire(new URL("rival/package.json", import.meta.url));
    // Installed apart and only for this, so its types are not there to be checked.
    return load("@napi-rs/canvas") as CanvasModule;
  } catch {
    return null;
  }
}

/** Each label on a canvas of its own and encoded as PNG; null where no canvas is installed. */
export async function plainCanvas(lists: readonly DisplayList[]): Promise<Plain | null> {
  const canvas = canvasModule();
  if (canvas === null) return null;
  for (const weight of WEIGHTS)
    canvas.GlobalFonts.registerFromPath(resolve(FONT_FILES[weight]), weight);
  let bytes = 0;
  for (const [index, list] of lists.entries()) {
    const page = canvas.createCanvas(list.widthMm * DOTS_PER_MM, list.heightMm * DOTS_PER_MM);
    const context = page.getContext("2d");
    context.fillStyle = INKS.white;
    context.fillRect(0, 0, list.widthMm * DOTS_PER_MM, list.heightMm * DOTS_PER_MM);
    context.scale(DOTS_PER_MM, DOTS_PER_MM);
    draw(list, canvasPen(context));
    bytes += page.toBuffer("image/png").length;
    // Without a turn of the loop its pages are never let go.
    if (index % 25 === 0) await new Promise((done) => void setImmediate(done));
  }
  return { by: "canvas", bytes };
}
