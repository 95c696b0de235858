/**
 * Text into a box: blocks stand on one another, shrink together until they fit, and fail by zone
 * when the smallest size that a thermal printer renders legibly is still too large.
 */
import { Failure } from "../rules/failure.ts";
import { ASCENT_EM, DESCENT_EM } from "./display-list.ts";
import type { Box, Ink, LabelZone, TextOp, Weight } from "./display-list.ts";
import { measure } from "./font.ts";
import type { FontMeasure } from "./font.ts";
import { paragraph, wrap } from "./wrap.ts";
import type { Paragraph } from "./wrap.ts";

/** Under these a 203 dpi head closes the counters of Chinese characters. */
export const SIZE_MIN_MM: Readonly<Record<Weight, number>> = {
  regular: 1.8,
  bold: 2.4,
  black: 2.4,
};

/**
 * More than any field of a label can hold at the smallest size; longer text is not even measured.
 */
export const BLOCK_CHARS_MAX = 400;

const LINE_PITCH_EM = 1.18;
const SHRINK_STEP = 0.96;

export interface Block {
  readonly text: string;
  readonly weight: Weight;
  /** The size wanted; the block shrinks from here. */
  readonly sizeMm: number;
  /** The smallest size that still serves its reader; SIZE_MIN_MM or more. */
  readonly minMm: number;
  readonly linesMax: number;
  /**
   * Whether text that does not fit is cut with an ellipsis instead of failing. Never for persons.
   */
  readonly isElided: boolean;
}

export interface Stack {
  readonly zone: LabelZone;
  readonly box: Box;
  readonly blocks: readonly Block[];
  readonly align: "left" | "center" | "right";
  readonly stand: "top" | "middle";
  readonly ink: Ink;
}

interface MeasuredBlock {
  readonly block: Block;
  readonly paragraph: Paragraph;
}

interface SetBlock {
  readonly block: Block;
  readonly sizeMm: number;
  readonly lines: readonly string[];
}

function measureBlock(block: Block, zone: LabelZone, fonts: FontMeasure): MeasuredBlock {
  const text = cutToBound(block, zone);
  for (const character of text) {
    if (!fonts.hasGlyph(character.codePointAt(0) ?? 0, block.weight)) {
      throw new Failure("LABEL_GLYPH_MISSING", { zone });
    }
  }
  return { block, paragraph: paragraph(text, block.weight, fonts) };
}

function cutToBound(block: Block, zone: LabelZone): string {
  if (block.text.length <= BLOCK_CHARS_MAX) return block.text;
  if (block.isElided)
    return Array.from(block.text.slice(0, 2 * BLOCK_CHARS_MAX))
      .slice(0, BLOCK_CHARS_MAX)
      .join("");
  throw new Failure("LABEL_OVERFLOW", { zone });
}

function setBlock(
  measured: MeasuredBlock,
  scale: number,
  setting: { widthMm: number; fonts: FontMeasure },
): SetBlock {
  const { block } = measured;
  const sizeMm = Math.max(block.sizeMm * scale, block.minMm);
  return {
    block,
    sizeMm,
    lines: wrap(measured.paragraph, setting.widthMm / sizeMm, setting.fonts),
  };
}

function heightMm(blocks: readonly SetBlock[]): number {
  const pitches = blocks.reduce(
    (sum, { lines, sizeMm }) => sum + lines.length * sizeMm * LINE_PITCH_EM,
    0,
  );
  const last = blocks.findLast(({ lines }) => lines.length > 0);
  // The pitch below the last line is air that nothing needs.
  return last === undefined ? 0 : pitches - last.sizeMm * (LINE_PITCH_EM - ASCENT_EM - DESCENT_EM);
}

function fits(blocks: readonly SetBlock[], box: Box): boolean {
  return (
    blocks.every(({ block, lines }) => lines.length <= block.linesMax) && heightMm(blocks) <= box.h
  );
}

function elide(
  set: SetBlock,
  linesMax: number,
  setting: { widthMm: number; fonts: FontMeasure },
): SetBlock {
  const { block, lines, sizeMm } = set;
  if (!block.isElided || lines.length <= linesMax) return set;
  const kept = lines.slice(0, linesMax);
  const last = Array.from(`${kept.pop() ?? ""}…`);
  const style = { weight: block.weight, sizeMm };
  while (last.length > 1 && measure(last.join(""), style, setting.fonts) > setting.widthMm)
    last.splice(-2, 1);
  return { block, sizeMm, lines: [...kept, last.join("")] };
}

function setStack(stack: Stack, fonts: FontMeasure): readonly SetBlock[] {
  const measured = stack.blocks
    .filter((block) => block.text !== "")
    .map((block) => measureBlock(block, stack.zone, fonts));
  const setting = { widthMm: stack.box.w, fonts };
  for (let scale = 1; ; scale *= SHRINK_STEP) {
    const blocks = measured.map((block) => setBlock(block, scale, setting));
    if (fits(blocks, stack.box)) return blocks;
    if (blocks.some(({ block, sizeMm }) => sizeMm > block.minMm)) continue;
    const elided = elideAll(blocks, stack.box, setting);
    if (elided === null) throw new Failure("LABEL_OVERFLOW", { zone: stack.zone });
    return elided;
  }
}

/** Takes a line from the longest of what may be cut until all fits; null when nothing is left. */
function elideAll(
  blocks: readonly SetBlock[],
  box: Box,
  setting: { widthMm: number; fonts: FontMeasure },
): readonly SetBlock[] | null {
  const most = Math.max(...blocks.map(({ block }) => block.linesMax));
  for (let linesMax = most; linesMax >= 1; linesMax -= 1) {
    const elided = blocks.map((set) => elide(set, Math.min(linesMax, set.block.linesMax), setting));
    if (fits(elided, box)) return elided;
  }
  return null;
}

const FREE_SHARE = { left: 0, center: 0.5, right: 1 } as const;

/**
 * The text of a stack as drawing steps. Fails with LABEL_OVERFLOW or LABEL_GLYPH_MISSING; both name
 * the zone only, since more would tell the value.
 */
export function drawStack(stack: Stack, fonts: FontMeasure): readonly TextOp[] {
  const blocks = setStack(stack, fonts);
  const ops: TextOp[] = [];
  let top = stack.box.y + (stack.stand === "top" ? 0 : (stack.box.h - heightMm(blocks)) / 2);
  for (const { block, sizeMm, lines } of blocks) {
    for (const text of lines) {
      const widthMm = measure(text, { weight: block.weight, sizeMm }, fonts);
      const x = stack.box.x + (stack.box.w - widthMm) * FREE_SHARE[stack.align];
      const y = top + ASCENT_EM * sizeMm;
      const { zone, ink } = stack;
      ops.push({
        kind: "text",
        zone,
        text,
        x,
        y,
        sizeMm,
        widthMm,
        weight: block.weight,
        ink,
        angleDeg: 0,
      });
      top += sizeMm * LINE_PITCH_EM;
    }
  }
  return ops;
}
