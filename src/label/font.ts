/**
 * The faces that labels are drawn with: what each character measures, whether it exists at all, and
 * its outline. The bytes come in as arguments; who reads the files is not this room's business.
 */
import { create } from "fontkit";
import type { Font } from "fontkit";
import type { Weight } from "./display-list.ts";

/**
 * One step of an outline in em, y upward: move, line, or quadratic curve with its control point.
 */
export type OutlineStep =
  | { readonly kind: "move"; readonly x: number; readonly y: number }
  | { readonly kind: "line"; readonly x: number; readonly y: number }
  | {
      readonly kind: "curve";
      readonly cx: number;
      readonly cy: number;
      readonly x: number;
      readonly y: number;
    };

/** All that layout needs to know of a font. */
export interface FontMeasure {
  /** Advance width in em. */
  advanceEm(codePoint: number, weight: Weight): number;
  hasGlyph(codePoint: number, weight: Weight): boolean;
}

export interface Fonts extends FontMeasure {
  outline(codePoint: number, weight: Weight): readonly OutlineStep[];
  readonly faces: Readonly<Record<Weight, Font>>;
}

/**
 * The files that hold the shipped faces (Noto Sans SC, OFL 1.1), as module paths that the
 * composition root resolves and reads. Only these three weights are drawn with.
 */
export const FONT_FILES: Readonly<Record<Weight, string>> = {
  regular: "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
  bold: "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
  black: "@expo-google-fonts/noto-sans-sc/900Black/NotoSansSC_900Black.ttf",
};

function openFace(bytes: Uint8Array): Font {
  const face = create(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (!("glyphForCodePoint" in face))
    throw new TypeError("a label needs single faces, not a collection");
  return face;
}

function stepsOf(face: Font, codePoint: number): readonly OutlineStep[] {
  const em = face.unitsPerEm;
  return face.glyphForCodePoint(codePoint).path.commands.flatMap((step): OutlineStep[] => {
    const [a = 0, b = 0, c = 0, d = 0] = step.args.map((value) => value / em);
    switch (step.command) {
      case "moveTo":
        return [{ kind: "move", x: a, y: b }];
      case "lineTo":
        return [{ kind: "line", x: a, y: b }];
      case "quadraticCurveTo":
        return [{ kind: "curve", cx: a, cy: b, x: c, y: d }];
      case "closePath":
        return [];
      case "bezierCurveTo":
        throw new TypeError("a label needs TrueType outlines, and this face has cubic ones");
    }
  });
}

/**
 * Opens the three faces from the bytes of TrueType files (glyf outlines). Bytes that are no such
 * font fail with a TypeError or fontkit's own error: that is a broken installation, not a broken
 * order.
 */
export function loadFonts(bytes: Readonly<Record<Weight, Uint8Array>>): Fonts {
  const faces = {
    regular: openFace(bytes.regular),
    bold: openFace(bytes.bold),
    black: openFace(bytes.black),
  };
  const advances: Readonly<Record<Weight, Map<number, number>>> = {
    regular: new Map(),
    bold: new Map(),
    black: new Map(),
  };
  return {
    faces,
    hasGlyph: (codePoint, weight) => faces[weight].hasGlyphForCodePoint(codePoint),
    outline: (codePoint, weight) => stepsOf(faces[weight], codePoint),
    advanceEm(codePoint, weight) {
      const known = advances[weight].get(codePoint);
      if (known !== undefined) return known;
      const face = faces[weight];
      const advance = face.glyphForCodePoint(codePoint).advanceWidth / face.unitsPerEm;
      // A font has some thirty thousand characters, so this memory is bounded by the font itself.
      advances[weight].set(codePoint, advance);
      return advance;
    },
  };
}

/** Width of `text` in millimetres when set at `sizeMm`. */
export function measure(
  text: string,
  style: { weight: Weight; sizeMm: number },
  fonts: FontMeasure,
): number {
  let em = 0;
  for (const character of text) em += fonts.advanceEm(character.codePointAt(0) ?? 0, style.weight);
  return em * style.sizeMm;
}
