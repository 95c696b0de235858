/**
 * QR codes (ISO/IEC 18004, GB/T 18284): from text to modules, and from modules to whole printer
 * dots.
 */
import { encode } from "uqr";
import { Failure } from "../rules/failure.ts";
import type { LabelZone, QrOp } from "./display-list.ts";
import { bestMasked } from "./qr-mask.ts";

/** ISO/IEC 18004, 9.1: four modules free of ink all around. */
export const QUIET_MODULES = 4;

/** Level M at version 12 holds 419 letters of the alphanumeric kind in 65 modules a side. */
const VERSION_MAX = 12;
const LEVEL = "M";
export const QR_CHARS_MAX = 419;

/** What a phone at 30 cm tells apart with something to spare: three dots at 203 dpi. */
const MODULE_MIN_MM = 0.375;
/** Coarser modules gain nothing. */
const MODULE_MAX_MM = 0.75;

/** A run of black modules in dots, from the top left corner of the label. */
export interface Run {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Left to itself the encoder raises the level where there is room, and leaves a border. */
const PLAIN = { ecc: LEVEL, boostEcc: false, border: 0 } as const;

function specimen(version: number, maskPattern: number): readonly (readonly boolean[])[] {
  return encode("", { ...PLAIN, minVersion: version, maxVersion: version, maskPattern }).data;
}

/**
 * The modules of `text`, row by row, at level M, in the smallest version that holds it and under
 * the mask that ISO/IEC 18004, 7.8.3, chooses. More than version 12 holds fails with LABEL_OVERFLOW
 * naming the zone.
 */
export function qrModules(text: string, zone: LabelZone): readonly (readonly boolean[])[] {
  if (text.length > QR_CHARS_MAX) throw new Failure("LABEL_OVERFLOW", { zone });
  try {
    const found = encode(text, { ...PLAIN, maxVersion: VERSION_MAX, maskPattern: 0 });
    return bestMasked(found.data, found.version, specimen);
  } catch (error) {
    // Its only failure: letters of another kind than alphanumeric need more room.
    if (error instanceof RangeError) throw new Failure("LABEL_OVERFLOW", { zone });
    throw error;
  }
}

function dotsPerModule({ box, modules }: QrOp, dotsPerMm: number): number {
  const fitting = (Math.min(box.w, box.h) * dotsPerMm) / (modules.length + 2 * QUIET_MODULES);
  // Boxes are given in hundredths of a millimetre: a whole number of dots may miss by a hair.
  return Math.floor(Math.min(fitting, MODULE_MAX_MM * dotsPerMm) + 0.001);
}

/** Whether the symbol fits its box at `dotsPerMm` with modules that a phone tells apart. */
export function qrFits(op: QrOp, dotsPerMm: number): boolean {
  return dotsPerModule(op, dotsPerMm) >= Math.floor(MODULE_MIN_MM * dotsPerMm);
}

function rowRuns(row: readonly boolean[]): { from: number; length: number }[] {
  const runs: { from: number; length: number }[] = [];
  row.forEach((isBlack, at) => {
    const last = runs.at(-1);
    if (!isBlack) return;
    if (last !== undefined && last.from + last.length === at) last.length += 1;
    else runs.push({ from: at, length: 1 });
  });
  return runs;
}

/** The black runs in whole dots, the symbol centred in its box. Call only for what `qrFits`. */
export function snapModules(op: QrOp, dotsPerMm: number): readonly Run[] {
  const module = dotsPerModule(op, dotsPerMm);
  const half = (op.modules.length * module) / 2;
  const left = Math.round((op.box.x + op.box.w / 2) * dotsPerMm - half);
  const top = Math.round((op.box.y + op.box.h / 2) * dotsPerMm - half);
  return op.modules.flatMap((row, index) =>
    rowRuns(row).map(({ from, length }) => ({
      x: left + from * module,
      y: top + index * module,
      w: length * module,
      h: module,
    })),
  );
}
