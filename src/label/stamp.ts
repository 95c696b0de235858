/** What makes a label useless as a label: stamps across it, and codes that say nothing. */
import { code128Widths } from "./barcode.ts";
import type { DisplayList, DrawOp, TextOp } from "./display-list.ts";
import { measure } from "./font.ts";
import type { Fonts } from "./font.ts";

/** Heights of the stamps' middles, as shares of the label. */
const STAMP_PLACES = [0.2, 0.5, 0.8] as const;
const STAMP_ANGLE_DEG = 28;
const STAMP_SHARE_OF_WIDTH = 1;

function stampAt(
  share: number,
  page: DisplayList,
  stamp: { readonly text: string; readonly fonts: Fonts },
): TextOp {
  const weight = "black";
  const { text, fonts } = stamp;
  const unit = measure(text, { weight, sizeMm: 1 }, fonts);
  const widthMm = page.widthMm * STAMP_SHARE_OF_WIDTH;
  const sizeMm = widthMm / unit;
  const turn = (STAMP_ANGLE_DEG * Math.PI) / 180;
  const x = page.widthMm / 2 - (Math.cos(turn) * widthMm) / 2;
  const y = page.heightMm * share + (Math.sin(turn) * widthMm) / 2 + sizeMm / 3;
  return {
    kind: "text",
    zone: "stamp",
    text,
    x,
    y,
    sizeMm,
    widthMm,
    weight,
    ink: "screen",
    angleDeg: STAMP_ANGLE_DEG,
  };
}

/** The same bars' place with `word` in it; a 2-D code goes. */
function disarm(op: DrawOp, word: string): readonly DrawOp[] {
  if (op.kind === "qr") return [];
  if (op.kind !== "code128") return [op];
  return [{ ...op, text: word, widths: code128Widths(word, op.zone) }];
}

/** The page with stamps across it, laid over everything else, and with `word` for its barcodes. */
export function stamped(
  page: DisplayList,
  marks: { readonly stamp: string; readonly word: string },
  fonts: Fonts,
): DisplayList {
  const stamps = STAMP_PLACES.map((share) => stampAt(share, page, { text: marks.stamp, fonts }));
  return { ...page, ops: [...page.ops.flatMap((op) => disarm(op, marks.word)), ...stamps] };
}
