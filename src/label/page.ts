/** A display list into the dots of one page: the ground of PNG and of every printer language. */
import { snapBars, snapHeight } from "./barcode.ts";
import { createBitmap, fillBox, layBitmap } from "./bitmap.ts";
import type { Bitmap, DotBox } from "./bitmap.ts";
import type { Box, DisplayList, DrawOp, Ink, TextOp } from "./display-list.ts";
import type { Fonts } from "./font.ts";
import { snapModules } from "./qr.ts";
import { glyphDots, rasterise } from "./raster.ts";

/** Print heads in use. "203 dpi" is 8 dots a millimetre by construction. */
export const DOTS_PER_MM = { 203: 8, 300: 300 / 25.4 } as const;

export type Dpi = keyof typeof DOTS_PER_MM;

function dotsOf(box: Box, dotsPerMm: number): DotBox {
  const x = Math.round(box.x * dotsPerMm);
  const y = Math.round(box.y * dotsPerMm);
  return {
    x,
    y,
    w: Math.round((box.x + box.w) * dotsPerMm) - x,
    h: Math.round((box.y + box.h) * dotsPerMm) - y,
  };
}

function lineDots(lineMm: number, dotsPerMm: number): number {
  return Math.max(1, Math.round(lineMm * dotsPerMm));
}

function drawRect(page: Bitmap, op: DrawOp & { kind: "rect" }, dotsPerMm: number): void {
  const thick = lineDots(op.lineMm, dotsPerMm);
  const half = thick >> 1;
  const { x, y, w, h } = dotsOf(op.box, dotsPerMm);
  const across = { x: x - half, w: w + thick, h: thick };
  const down = { y: y - half, w: thick, h: h + thick };
  for (const top of [y - half, y + h - half]) fillBox(page, { ...across, y: top }, "black");
  for (const left of [x - half, x + w - half]) fillBox(page, { ...down, x: left }, "black");
}

function drawLine(page: Bitmap, op: DrawOp & { kind: "line" }, dotsPerMm: number): void {
  const thick = lineDots(op.lineMm, dotsPerMm);
  const isAcross = op.from.y === op.to.y;
  const [start, end] = isAcross ? [op.from.x, op.to.x] : [op.from.y, op.to.y];
  const fixed = Math.round((isAcross ? op.from.y : op.from.x) * dotsPerMm) - (thick >> 1);
  const last = Math.round(end * dotsPerMm);
  const dash = op.dashMm === 0 ? last : Math.round(op.dashMm * dotsPerMm);
  for (let at = Math.round(start * dotsPerMm); at < last; at += 2 * dash) {
    const length = Math.min(dash, last - at);
    const along = isAcross
      ? { x: at, y: fixed, w: length, h: thick }
      : { x: fixed, y: at, w: thick, h: length };
    fillBox(page, along, "black");
  }
}

function drawDisc(page: Bitmap, op: DrawOp & { kind: "disc" }, dotsPerMm: number): void {
  const radius = op.radiusMm * dotsPerMm;
  const [middleX, middleY] = [op.x * dotsPerMm, op.y * dotsPerMm];
  for (let row = Math.floor(middleY - radius); row <= middleY + radius; row += 1) {
    const half = Math.sqrt(Math.max(0, radius ** 2 - (row + 0.5 - middleY) ** 2));
    const x = Math.round(middleX - half);
    fillBox(page, { x, y: row, w: Math.round(middleX + half) - x, h: 1 }, "black");
  }
}

function drawBars(page: Bitmap, op: DrawOp & { kind: "code128" }, dotsPerMm: number): void {
  const across = snapHeight(op.box, dotsPerMm);
  for (const bar of snapBars(op, dotsPerMm)) fillBox(page, { ...bar, ...across }, "black");
}

function drawText(page: Bitmap, op: TextOp, drawing: { fonts: Fonts; dotsPerMm: number }): void {
  const { fonts, dotsPerMm } = drawing;
  const emDots = op.sizeMm * dotsPerMm;
  const turn = (op.angleDeg * Math.PI) / 180;
  let [penX, penY] = [op.x * dotsPerMm, op.y * dotsPerMm];
  for (const character of op.text) {
    const codePoint = character.codePointAt(0) ?? 0;
    const glyph =
      op.angleDeg === 0
        ? glyphDots(fonts, codePoint, { weight: op.weight, emDots })
        : rasterise(fonts.outline(codePoint, op.weight), { emDots, angleDeg: op.angleDeg });
    const place = {
      x: Math.round(penX) + glyph.left,
      y: Math.round(penY) + glyph.top,
      ink: op.ink,
    };
    if (glyph.dots !== null) layBitmap(page, glyph.dots, place);
    const advance = fonts.advanceEm(codePoint, op.weight) * emDots;
    penX += advance * Math.cos(turn);
    penY -= advance * Math.sin(turn);
  }
}

function drawFill(page: Bitmap, place: { box: Box; ink: Ink }, dotsPerMm: number): void {
  fillBox(page, dotsOf(place.box, dotsPerMm), place.ink);
}

function drawOp(page: Bitmap, op: DrawOp, drawing: { fonts: Fonts; dotsPerMm: number }): void {
  switch (op.kind) {
    case "fill":
      return drawFill(page, op, drawing.dotsPerMm);
    case "rect":
      return drawRect(page, op, drawing.dotsPerMm);
    case "line":
      return drawLine(page, op, drawing.dotsPerMm);
    case "disc":
      return drawDisc(page, op, drawing.dotsPerMm);
    case "code128":
      return drawBars(page, op, drawing.dotsPerMm);
    case "qr":
      for (const run of snapModules(op, drawing.dotsPerMm)) fillBox(page, run, "black");
      return;
    case "text":
      return drawText(page, op, drawing);
  }
}

/**
 * Burns `list` at the resolution of a print head. The glyphs must exist, as `layout` has made sure.
 */
export function burn(list: DisplayList, dpi: Dpi, fonts: Fonts): Bitmap {
  const dotsPerMm = DOTS_PER_MM[dpi];
  const page = createBitmap(
    Math.round(list.widthMm * dotsPerMm),
    Math.round(list.heightMm * dotsPerMm),
  );
  for (const op of list.ops) drawOp(page, op, { fonts, dotsPerMm });
  return page;
}
