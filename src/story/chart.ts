/**
 * What the charts share: scales, and a drawing in two widths, so that its letters are as large on a
 * phone as on a desk. Colours are classes of the style sheet, which has both themes.
 */
import { anchorOf } from "./page-parts.ts";
import { bothPlain, html } from "./page-html.ts";
import type { Both, Html, Piece } from "./page-html.ts";

export const WIDE = 760;
export const NARROW = 344;

/** Maps a value of the domain onto pixels; a domain of one point lands on the first pixel. */
export function scale(
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
): (value: number) => number {
  const span = to - from;
  return (value) => {
    const at = span === 0 ? start : start + ((value - from) / span) * (end - start);
    return Math.round(at * 10) / 10;
  };
}

export interface Drawing {
  readonly height: number;
  readonly marks: readonly Html[];
}

export interface Chart {
  /** One word for ids; no two charts of a page share it. */
  readonly name: string;
  readonly title: Both;
  /** What it shows, in a sentence: for whoever cannot see it. */
  readonly description: Both;
  readonly draw: (width: number) => Drawing;
}

function svg(given: Chart, width: number, kind: "wide" | "narrow"): Html {
  const { height, marks } = given.draw(width);
  const id = `chart-${given.name}-${kind}`;
  return html`<svg
    class="chart ${kind}"
    viewBox="0 0 ${width} ${height}"
    role="group"
    aria-labelledby="${id}-title ${id}-desc"
  >
    <title id="${id}-title">${bothPlain(given.title)}</title>
    <desc id="${id}-desc">${bothPlain(given.description)}</desc>
    ${marks}
  </svg>`;
}

/** Both widths; the style sheet shows one, and the other is not there for anybody. */
export function chart(given: Chart): Html {
  return html`${svg(given, WIDE, "wide")}${svg(given, NARROW, "narrow")}`;
}

export interface At {
  readonly x: number;
  readonly y: number;
  readonly kind?: string;
  readonly anchor?: "start" | "middle" | "end";
}

export function text(words: Piece, { x, y, kind = "", anchor = "start" }: At): Html {
  return html`<text class="${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
}

/** From (x1, y1) to (x2, y2). */
export function line(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  kind: string,
): Html {
  return html`<line class="${kind}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" />`;
}

export function dot(x: number, y: number, kind: string): Html {
  return html`<circle class="dot ${kind}" cx="${x}" cy="${y}" r="5" />`;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function box({ x, y, width, height }: Box, kind: string): Html {
  const size = html`width="${Math.max(0, width)}" height="${height}"`;
  return html`<rect class="${kind}" x="${x}" y="${y}" ${size} rx="2" />`;
}

/** Marks that lead to their record and say what they are. */
export function linked(ref: string, label: string, marks: readonly Html[]): Html {
  return html`<a href="#${anchorOf(ref)}" aria-label="${label}"
    ><title>${label}</title>${marks}</a
  >`;
}
