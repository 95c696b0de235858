/**
 * The label sizes as data: where each zone lies and how large its text would like to be. A new size
 * is a new row; the drawing steps do not change. Paper sizes are those in trade use, since GB/T
 * 41833-2022 publishes its zones but no millimetres that we could confirm.
 */
import type { Box, LabelZone } from "./display-list.ts";

type TextZone = Exclude<LabelZone, "stamp">;

export interface LabelSize {
  readonly widthMm: number;
  readonly heightMm: number;
  /** The frame and the cells within it; every cell is drawn with its border. */
  readonly cells: readonly Box[];
  /** Where text and bars may stand: inside the cells, clear of their borders. */
  readonly zones: Readonly<Record<TextZone, Box>>;
  /** Where the stub is torn off: a dashed line across the label at this height. */
  readonly tearY: number;
  readonly recipientDisc: { readonly x: number; readonly y: number; readonly radiusMm: number };
  readonly senderDisc: { readonly x: number; readonly y: number; readonly radiusMm: number };
}

/** 76 x 130 mm, one ply: what ZTO, YTO, STO, Yunda and J&T print on. */
export const ONE_PLY_76_130: LabelSize = {
  widthMm: 76,
  heightMm: 130,
  cells: [
    { x: 2, y: 2, w: 72, h: 10.5 },
    { x: 2, y: 12.5, w: 72, h: 13 },
    { x: 2, y: 25.5, w: 48, h: 8.5 },
    { x: 50, y: 25.5, w: 24, h: 8.5 },
    { x: 2, y: 34, w: 72, h: 21.5 },
    { x: 2, y: 55.5, w: 72, h: 12 },
    { x: 2, y: 67.5, w: 72, h: 20 },
    { x: 2, y: 87.5, w: 44, h: 21 },
    { x: 46, y: 87.5, w: 28, h: 21 },
  ],
  zones: {
    carrier: { x: 3.5, y: 2.7, w: 39, h: 9.1 },
    mark: { x: 45.5, y: 3, w: 27.5, h: 8.9 },
    "sort-code": { x: 3.8, y: 13.4, w: 68.4, h: 11.2 },
    destination: { x: 3.5, y: 26.1, w: 45.5, h: 7.3 },
    print: { x: 51, y: 26.1, w: 22, h: 7.3 },
    recipient: { x: 12.5, y: 34.7, w: 60.5, h: 20.1 },
    sender: { x: 12.5, y: 56.1, w: 60.5, h: 10.8 },
    barcode: { x: 2.5, y: 69, w: 71, h: 18 },
    goods: { x: 3.5, y: 88.5, w: 41.5, h: 19.4 },
    "sign-off": { x: 47, y: 88.1, w: 26, h: 19.8 },
    "stub-barcode": { x: 2, y: 112, w: 46, h: 13 },
    stub: { x: 50, y: 111.4, w: 23.5, h: 13.4 },
  },
  tearY: 110,
  recipientDisc: { x: 7.2, y: 44.75, radiusMm: 4 },
  senderDisc: { x: 7.2, y: 61.5, radiusMm: 3.2 },
};
