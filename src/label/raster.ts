/**
 * Glyph outlines into dots. Each dot is sampled on a 4 x 4 grid and burnt when enough of it is
 * covered; on a one-bit head that reads better than any smoothing that is thresholded afterwards.
 */
import { createBitmap } from "./bitmap.ts";
import type { Bitmap } from "./bitmap.ts";
import type { Weight } from "./display-list.ts";
import type { Fonts, OutlineStep } from "./font.ts";

const SAMPLES = 4;
/** Half of the sixteen samples. */
const COVERED_MIN = 8;
/** Chinese outlines turn in many short curves; six chords to each err by less than a sample. */
const CURVE_CHORDS = 6;
/** Bitmaps kept; a label uses about 150, and 20,000 of them are some 5 MB. */
const CACHE_GLYPHS_MAX = 20_000;

/** A glyph as dots, with the place of its top left corner relative to the pen on the baseline. */
export interface GlyphDots {
  readonly dots: Bitmap | null;
  readonly left: number;
  readonly top: number;
}

interface Edge {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export interface Placement {
  /** Dots to the em. */
  readonly emDots: number;
  /** Counter-clockwise turn about the pen. */
  readonly angleDeg: number;
}

/** Chords of an outline in samples, y downward. */
function edgesOf(outline: readonly OutlineStep[], placement: Placement): readonly Edge[] {
  const turn = (placement.angleDeg * Math.PI) / 180;
  const cos = Math.cos(turn) * placement.emDots * SAMPLES;
  const sin = Math.sin(turn) * placement.emDots * SAMPLES;
  const edges: Edge[] = [];
  let start = { x: 0, y: 0 };
  let pen = start;
  const lineTo = (x: number, y: number): void => {
    const to = { x: x * cos - y * sin, y: -(x * sin + y * cos) };
    if (to.y !== pen.y) edges.push({ x0: pen.x, y0: pen.y, x1: to.x, y1: to.y });
    pen = to;
  };
  const close = (): void => {
    if (start.y !== pen.y) edges.push({ x0: pen.x, y0: pen.y, x1: start.x, y1: start.y });
  };
  let last = { x: 0, y: 0 };
  for (const step of outline) {
    if (step.kind === "move") {
      close();
      start = { x: step.x * cos - step.y * sin, y: -(step.x * sin + step.y * cos) };
      pen = start;
    } else if (step.kind === "line") {
      lineTo(step.x, step.y);
    } else {
      for (let chord = 1; chord <= CURVE_CHORDS; chord += 1) {
        const t = chord / CURVE_CHORDS;
        const u = 1 - t;
        const x = u * u * last.x + 2 * u * t * step.cx + t * t * step.x;
        lineTo(x, u * u * last.y + 2 * u * t * step.cy + t * t * step.y);
      }
    }
    last = { x: step.x, y: step.y };
  }
  close();
  return edges;
}

interface Crossing {
  readonly x: number;
  readonly turn: 1 | -1;
}

/** Where the outline crosses the middle of each sample row from `topSample` on, left to right. */
function crossingRows(
  edges: readonly Edge[],
  topSample: number,
  count: number,
): readonly (readonly Crossing[])[] {
  const rows = Array.from({ length: count }, (): Crossing[] => []);
  for (const edge of edges) {
    const turn = edge.y0 < edge.y1 ? 1 : -1;
    const slope = (edge.x1 - edge.x0) / (edge.y1 - edge.y0);
    const end = Math.ceil(Math.max(edge.y0, edge.y1) - 0.5);
    for (let sample = Math.ceil(Math.min(edge.y0, edge.y1) - 0.5); sample < end; sample += 1) {
      rows[sample - topSample]?.push({ x: edge.x0 + (sample + 0.5 - edge.y0) * slope, turn });
    }
  }
  for (const row of rows) row.sort((left, right) => left.x - right.x);
  return rows;
}

/** Counts, per dot, the samples of one sample row that lie inside (TrueType: nonzero winding). */
function coverRow(counts: Uint8Array, crossings: readonly Crossing[], leftSample: number): void {
  let winding = 0;
  let from = 0;
  for (const crossing of crossings) {
    if (winding === 0) from = crossing.x;
    winding += crossing.turn;
    if (winding !== 0) continue;
    const end = Math.ceil(crossing.x - 0.5) - leftSample;
    for (let sample = Math.ceil(from - 0.5) - leftSample; sample < end; sample += 1) {
      const dot = Math.floor(sample / SAMPLES);
      counts[dot] = (counts[dot] ?? 0) + 1;
    }
  }
}

function boundsOf(edges: readonly Edge[]): {
  left: number;
  top: number;
  right: number;
  bottom: number;
} {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x0, y0, x1, y1 } of edges) {
    left = Math.min(left, x0, x1);
    right = Math.max(right, x0, x1);
    top = Math.min(top, y0, y1);
    bottom = Math.max(bottom, y0, y1);
  }
  const dots = (samples: number): number => samples / SAMPLES;
  return {
    left: Math.floor(dots(left)),
    top: Math.floor(dots(top)),
    right: Math.ceil(dots(right)) + 1,
    bottom: Math.ceil(dots(bottom)) + 1,
  };
}

/** Burns an outline at `placement`; an outline without ink (a space) has no dots. */
export function rasterise(outline: readonly OutlineStep[], placement: Placement): GlyphDots {
  const edges = edgesOf(outline, placement);
  if (edges.length === 0) return { dots: null, left: 0, top: 0 };
  const { left, top, right, bottom } = boundsOf(edges);
  const dots = createBitmap(right - left, bottom - top);
  const counts = new Uint8Array(dots.widthDots);
  const rows = crossingRows(edges, top * SAMPLES, dots.heightDots * SAMPLES);
  for (let row = 0; row < dots.heightDots; row += 1) {
    counts.fill(0);
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      coverRow(counts, rows[row * SAMPLES + sample] ?? [], left * SAMPLES);
    }
    counts.forEach((count, dot) => {
      if (count < COVERED_MIN) return;
      const at = row * dots.rowBytes + (dot >> 3);
      dots.bits[at] = (dots.bits[at] ?? 0) | (0x80 >> (dot & 7));
    });
  }
  return { dots, left, top };
}

/** Glyph bitmaps by font, kept for as long as the font lives. */
const caches = new WeakMap<Fonts, Map<string, GlyphDots>>();

/**
 * Sizes are told apart to a tenth of a dot: finer steps would not change a bitmap, only fill the
 * cache.
 */
function roundedEm(emDots: number): number {
  return Math.round(emDots * 10) / 10;
}

/** The dots of one upright character, from the cache when it was drawn before. */
export function glyphDots(
  fonts: Fonts,
  codePoint: number,
  style: { weight: Weight; emDots: number },
): GlyphDots {
  const cache = caches.get(fonts) ?? new Map<string, GlyphDots>();
  caches.set(fonts, cache);
  const emDots = roundedEm(style.emDots);
  const key = `${style.weight}:${emDots}:${codePoint}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const drawn = rasterise(fonts.outline(codePoint, style.weight), { emDots, angleDeg: 0 });
  if (cache.size >= CACHE_GLYPHS_MAX) cache.clear();
  cache.set(key, drawn);
  return drawn;
}
