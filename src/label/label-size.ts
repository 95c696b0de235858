/**
 * The papers that labels are printed on, by name. Each has a template of the same name in
 * assets/templates; a new size is a new file there and a new name here.
 */

/** Width and height in millimetres. The sizes of the trade: docs/formats/label-template.md. */
export const LABEL_SIZES = [
  "76x130",
  "100x110",
  "100x150",
  "100x177",
  "100x180",
  "100x203",
] as const;

export type LabelSize = (typeof LABEL_SIZES)[number];

/** What is printed on where nothing else is asked for: the paper of most carriers. */
export const USUAL_SIZE: LabelSize = "76x130";
