/**
 * A label as SVG 1.1: glyphs as outlines, so that it looks the same where the font is missing, each
 * outline once. No text element: what is hidden is not there either.
 */
import { snapBars, snapHeight } from "./barcode.ts";
import type { DisplayList, DrawOp, Ink, TextOp, Weight } from "./display-list.ts";
import type { Fonts, OutlineStep } from "./font.ts";
import type { PrintableLabel } from "./gate.ts";
import { DOTS_PER_MM } from "./page.ts";
import type { Dpi } from "./page.ts";
import { printedList } from "./printed-list.ts";
import { snapModules } from "./qr.ts";

/** Units to the em in the outlines: those of the shipped faces, so nothing is rounded away. */
const EM = 1000;

const INKS: Readonly<Record<Ink, string>> = {
  black: "#000",
  white: "#fff",
  screen: "#808080",
};

const MARKS: Readonly<Record<Weight, string>> = { regular: "r", bold: "b", black: "k" };

/** Outlines by font, kept for as long as the font lives; some ten thousand are a few MB. */
const caches = new WeakMap<Fonts, Map<string, string>>();
const CACHE_OUTLINES_MAX = 20_000;

interface Page {
  readonly fonts: Fonts;
  readonly dotsPerMm: number;
  /** Outlines by id, in the order of their first use. */
  readonly outlines: Map<string, string>;
}

/** Millimetres to a hundredth of a dot at 600 dpi. */
function mm(value: number): string {
  return String(Math.round(value * 10_000) / 10_000);
}

function units(value: number): number {
  return Math.round(value * EM);
}

/** Contours begin at a place of their own and go on relative to the pen, y downward. */
function pathOf(outline: readonly OutlineStep[]): string {
  let [penX, penY] = [0, 0];
  let path = "";
  const from = (x: number, y: number): string => {
    const [dx, dy] = [units(x) - penX, units(-y) - penY];
    return dy < 0 ? `${dx}${dy}` : `${dx} ${dy}`;
  };
  for (const step of outline) {
    const [x, y] = [units(step.x), units(-step.y)];
    if (step.kind === "move") path += `M${x} ${y}`;
    else if (step.kind === "line") path += `l${from(step.x, step.y)}`;
    else path += `q${from(step.cx, step.cy)} ${from(step.x, step.y)}`;
    [penX, penY] = [x, y];
  }
  return path;
}

function outlineOf(fonts: Fonts, codePoint: number, weight: Weight): string {
  const cache = caches.get(fonts) ?? new Map<string, string>();
  caches.set(fonts, cache);
  const id = `${MARKS[weight]}${codePoint.toString(36)}`;
  const known = cache.get(id);
  if (known !== undefined) return known;
  const path = pathOf(fonts.outline(codePoint, weight));
  if (cache.size >= CACHE_OUTLINES_MAX) cache.clear();
  cache.set(id, path);
  return path;
}

function box(at: { x: number; y: number; w: number; h: number }): string {
  return `M${mm(at.x)} ${mm(at.y)}h${mm(at.w)}v${mm(at.h)}h${mm(-at.w)}z`;
}

function drawText(op: TextOp, { fonts, outlines }: Page): string {
  const scale = op.sizeMm / EM;
  const turn = op.angleDeg === 0 ? "" : ` rotate(${mm(-op.angleDeg)})`;
  let pen = 0;
  let uses = "";
  for (const character of op.text) {
    const codePoint = character.codePointAt(0) ?? 0;
    const id = `${MARKS[op.weight]}${codePoint.toString(36)}`;
    const path = outlines.get(id) ?? outlineOf(fonts, codePoint, op.weight);
    outlines.set(id, path);
    if (path !== "") uses += `<use href="#${id}" x="${units(pen)}"/>`;
    pen += fonts.advanceEm(codePoint, op.weight);
  }
  const place = `translate(${mm(op.x)} ${mm(op.y)})${turn} scale(${scale.toFixed(7)})`;
  return `<g transform="${place}" fill="${INKS[op.ink]}">${uses}</g>`;
}

/** Bars and modules on the dots of the printer, each symbol one path with crisp edges. */
function crisp(boxes: readonly { x: number; y: number; w: number; h: number }[]): string {
  return `<path shape-rendering="crispEdges" d="${boxes.map(box).join("")}"/>`;
}

function inMm<T extends { x: number; w: number }>(runs: readonly T[], dotsPerMm: number): T[] {
  return runs.map((run) => ({ ...run, x: run.x / dotsPerMm, w: run.w / dotsPerMm }));
}

function drawCode(op: DrawOp & { kind: "code128" | "qr" }, dotsPerMm: number): string {
  if (op.kind === "qr") {
    const runs = inMm(snapModules(op, dotsPerMm), dotsPerMm);
    return crisp(runs.map((run) => ({ ...run, y: run.y / dotsPerMm, h: run.h / dotsPerMm })));
  }
  const { y, h } = snapHeight(op.box, dotsPerMm);
  const bars = inMm(snapBars(op, dotsPerMm), dotsPerMm);
  return crisp(bars.map((bar) => ({ ...bar, y: y / dotsPerMm, h: h / dotsPerMm })));
}

function drawLine(op: DrawOp & { kind: "line" }): string {
  const dash = op.dashMm === 0 ? "" : ` stroke-dasharray="${mm(op.dashMm)}"`;
  const path = `M${mm(op.from.x)} ${mm(op.from.y)}L${mm(op.to.x)} ${mm(op.to.y)}`;
  return `<path d="${path}" stroke="#000" stroke-width="${mm(op.lineMm)}"${dash}/>`;
}

function drawOp(op: DrawOp, page: Page): string {
  switch (op.kind) {
    case "fill":
      return `<path d="${box(op.box)}" fill="${INKS[op.ink]}"/>`;
    case "rect":
      return `<path d="${box(op.box)}" fill="none" stroke="#000" stroke-width="${mm(op.lineMm)}"/>`;
    case "line":
      return drawLine(op);
    case "disc":
      return `<circle cx="${mm(op.x)}" cy="${mm(op.y)}" r="${mm(op.radiusMm)}"/>`;
    case "code128":
    case "qr":
      return drawCode(op, page.dotsPerMm);
    case "text":
      return drawText(op, page);
  }
}

function drawList(list: DisplayList, page: Page): string {
  const drawn = list.ops.map((op) => drawOp(op, page)).join("\n");
  const outlines = [...page.outlines].map(([id, path]) => `<path id="${id}" d="${path}"/>`);
  const [w, h] = [mm(list.widthMm), mm(list.heightMm)];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}mm" height="${h}mm" ` +
    `viewBox="0 0 ${w} ${h}">\n<defs>\n${outlines.join("\n")}\n</defs>\n` +
    `<path d="M0 0h${w}v${h}H0z" fill="#fff"/>\n${drawn}\n</svg>\n`
  );
}

/**
 * The label as an SVG file at true size, its bars on the dots of a printer of `dpi`. Fails as
 * `printedList` does.
 */
export function toSvg(label: PrintableLabel, dpi: Dpi, fonts: Fonts): Uint8Array {
  const page = { fonts, dotsPerMm: DOTS_PER_MM[dpi], outlines: new Map<string, string>() };
  return Buffer.from(drawList(printedList(label, fonts), page), "utf8");
}
