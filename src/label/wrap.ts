/**
 * Where a line of a label may end. Chinese breaks between any two characters; digits, Latin letters
 * and asterisks stay together where they can, a number keeps its measure word (12栋, 27号楼) and
 * its sign (×1), and closing marks never begin a line.
 */
import type { Weight } from "./display-list.ts";
import type { FontMeasure } from "./font.ts";

/** A run that is kept on one line if a line is long enough for it. */
interface Piece {
  readonly text: string;
  readonly em: number;
  readonly isSpace: boolean;
}

const PIECES =
  /\s+|[\p{Script=Latin}\p{M}\d*#.\-/+×]+(?:[号號][楼樓院]|[号號栋棟幢座楼樓层層室组弄期])?[*,。、;:!?)》】」』%]*|[^\s][,。、;:!?)》】」』%*]*/gu;

function widthEm(text: string, weight: Weight, fonts: FontMeasure): number {
  let em = 0;
  for (const character of text) em += fonts.advanceEm(character.codePointAt(0) ?? 0, weight);
  return em;
}

/**
 * A paragraph cut into pieces and measured once, so that trying another size costs only additions.
 */
export interface Paragraph {
  readonly pieces: readonly Piece[];
  readonly weight: Weight;
}

/** Cuts and measures `text`; every character must exist in the font (see `hasGlyph`). */
export function paragraph(text: string, weight: Weight, fonts: FontMeasure): Paragraph {
  const pieces = (text.match(PIECES) ?? []).map((piece) => ({
    text: piece,
    em: widthEm(piece, weight, fonts),
    isSpace: piece.trim() === "",
  }));
  return { pieces, weight };
}

function splitLong(
  piece: Piece,
  limitEm: number,
  breaker: { weight: Weight; fonts: FontMeasure },
): Piece[] {
  if (piece.em <= limitEm) return [piece];
  return Array.from(piece.text, (character) => ({
    text: character,
    em: widthEm(character, breaker.weight, breaker.fonts),
    isSpace: false,
  }));
}

/**
 * The lines of `source` when a line may hold `limitEm`; no line is empty or begins with a space.
 */
export function wrap(source: Paragraph, limitEm: number, fonts: FontMeasure): readonly string[] {
  const lines: string[] = [];
  let line = "";
  let em = 0;
  const breaker = { weight: source.weight, fonts };
  for (const piece of source.pieces.flatMap((whole) => splitLong(whole, limitEm, breaker))) {
    if (em + piece.em > limitEm && !piece.isSpace && line !== "") {
      lines.push(line.trimEnd());
      line = "";
      em = 0;
    }
    if (line === "" && piece.isSpace) continue;
    line += piece.text;
    em += piece.em;
  }
  if (line.trimEnd() !== "") lines.push(line.trimEnd());
  return lines;
}
