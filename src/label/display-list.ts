/**
 * What a label looks like, as a list of drawing steps in millimetres. Every output (PDF, PNG,
 * SVG, the printer languages) draws this list and nothing else, so what one shows, all show.
 */

/** A rectangle in millimetres; the origin is the top left corner of the label, y grows downward. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export type Weight = "regular" | "bold" | "black";

/** `screen` is a thin grey: it marks, and leaves readable what lies beneath. */
export type Ink = "black" | "white" | "screen";

/** The parts of a label. A failure names one of them and never what stood in it. */
export type LabelZone =
  | "carrier"
  | "mark"
  | "sort-code"
  | "destination"
  | "print"
  | "recipient"
  | "sender"
  | "barcode"
  | "goods"
  | "sign-off"
  | "merchant"
  | "ticket"
  | "stub-carrier"
  | "stub-barcode"
  | "stub-recipient"
  | "stub-sender"
  | "stub-goods"
  | "stub"
  | "stamp";

export interface TextOp {
  readonly kind: "text";
  readonly zone: LabelZone;
  readonly text: string;
  /** Left end of the baseline. */
  readonly x: number;
  readonly y: number;
  /** The em in millimetres, which is the height of a Chinese character. */
  readonly sizeMm: number;
  /** Sum of the advance widths, in millimetres. */
  readonly widthMm: number;
  readonly weight: Weight;
  readonly ink: Ink;
  /** Counter-clockwise, about the left end of the baseline. */
  readonly angleDeg: number;
}

export interface BarcodeOp {
  readonly kind: "code128";
  readonly zone: LabelZone;
  /**
   * Holds the bars and the quiet zones on both sides; a backend snaps the bars to whole dots in it.
   */
  readonly box: Box;
  readonly text: string;
  /** Widths in modules, bar and space in turn, a bar first and a bar last. */
  readonly widths: readonly number[];
}

export interface QrOp {
  readonly kind: "qr";
  readonly zone: LabelZone;
  /** Holds the symbol and its quiet zone; a backend snaps the modules to whole dots in it. */
  readonly box: Box;
  readonly text: string;
  /** Rows from the top, without the quiet zone; true is black. */
  readonly modules: readonly (readonly boolean[])[];
}

export type DrawOp =
  | { readonly kind: "fill"; readonly box: Box; readonly ink: Ink }
  | { readonly kind: "rect"; readonly box: Box; readonly lineMm: number }
  | {
      readonly kind: "line";
      readonly from: { readonly x: number; readonly y: number };
      /** Shares x or y with `from`: lines of a label run straight across or down. */
      readonly to: { readonly x: number; readonly y: number };
      readonly lineMm: number;
      /** Length of dash and of gap; 0 for an unbroken line. */
      readonly dashMm: number;
    }
  | { readonly kind: "disc"; readonly x: number; readonly y: number; readonly radiusMm: number }
  | TextOp
  | BarcodeOp
  | QrOp;

export interface DisplayList {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly ops: readonly DrawOp[];
}

/**
 * How far ink may reach above and below the baseline, in em, for the faces this room draws with.
 */
export const ASCENT_EM = 0.88;
export const DESCENT_EM = 0.14;

/** Every text that the list prints, in drawing order: what a PDF's text layer holds. */
export function printedText(list: DisplayList): readonly string[] {
  return list.ops.flatMap((op) => (op.kind === "text" ? [op.text] : []));
}

/**
 * Every string that a reader or a scanner gets from the list, in drawing order: its texts and the
 * contents of its barcodes, without that of the 2-D code. What a statement commits to (P14).
 */
export function printedStrings(list: DisplayList): readonly string[] {
  return list.ops.flatMap((op) => (op.kind === "text" || op.kind === "code128" ? [op.text] : []));
}
