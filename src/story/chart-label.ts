/** A waybill label in outline, before and after: which lines of a person it gives away. */
import { box, line } from "./chart.ts";
import type { Drawing } from "./chart.ts";
import { bothDrawn, bothPlain, html } from "./page-html.ts";
import type { Html } from "./page-html.ts";
import { STORY_TEXTS } from "./text.ts";

const WIDTH = 320;
const LINE = 26;
const TOP = 66;
const BARS: readonly number[] = [3, 1, 2, 1, 3, 2, 1, 1, 3, 1, 2, 3, 1, 2, 1, 3, 1, 1, 2, 3, 1, 2];
const BAR_UNIT = 3.4;

interface Field {
  readonly key: "labelName" | "labelPhone" | "labelAddress";
  /** Length of the whole line, and of what the default profile leaves to be read. */
  readonly whole: number;
  readonly kept: readonly (readonly [from: number, to: number])[];
}

/** Shapes of the profile gb41833: surname; three and two digits; the address up to the building. */
const FIELDS: readonly Field[] = [
  { key: "labelName", whole: 60, kept: [[0, 20]] },
  {
    key: "labelPhone",
    whole: 132,
    kept: [
      [0, 36],
      [108, 132],
    ],
  },
  { key: "labelAddress", whole: 218, kept: [[0, 150]] },
];

const SIDES: readonly (readonly [words: "labelSender" | "labelRecipient", y: number])[] = [
  ["labelRecipient", TOP],
  ["labelSender", TOP + 22 + FIELDS.length * LINE + 14],
];

function barcode(): readonly Html[] {
  let x = 16;
  return BARS.map((wide) => {
    const bar = box({ x, y: 12, width: wide * BAR_UNIT, height: 30 }, "ink");
    x += (wide + 2) * BAR_UNIT;
    return bar;
  });
}

function fieldLine(field: Field, y: number, kind: "before" | "after"): readonly Html[] {
  const start = 86;
  const { kept, whole, key } = field;
  const words = html`<text class="tick" x="16" y="${y + 12}">${bothDrawn(STORY_TEXTS[key])}</text>`;
  const at = { y: y + 2, height: 11 };
  if (kind === "before") return [words, box({ x: start, width: whole, ...at }, "readable")];
  const shown = kept.map(([from, to]) => box({ x: start + from, width: to - from, ...at }, "kept"));
  return [words, box({ x: start, width: whole, ...at }, "hidden"), ...shown];
}

function drawing(kind: "before" | "after"): Drawing {
  const sides = SIDES.flatMap(([words, y]) => [
    html`<text class="name small" x="16" y="${y + 12}">${bothDrawn(STORY_TEXTS[words])}</text>`,
    ...FIELDS.flatMap((field, at) => fieldLine(field, y + 20 + at * LINE, kind)),
  ]);
  const [, [, second] = ["", 0]] = SIDES;
  const height = second + 22 + FIELDS.length * LINE + 6;
  const frame = [
    box({ x: 1, y: 1, width: WIDTH - 2, height: height - 2 }, "sheet"),
    line([1, 54], [WIDTH - 1, 54], "axis"),
    line([1, second - 8], [WIDTH - 1, second - 8], "axis"),
  ];
  return { height, marks: [...frame, ...barcode(), ...sides] };
}

/** No text of a person is in it: bars stand for what can be read, hatching for what is hidden. */
export function labelDrawing(kind: "before" | "after"): Html {
  const { height, marks } = drawing(kind);
  const id = `label-${kind}`;
  const key = kind === "before" ? "labelClear" : "labelMasked";
  const pattern = html`<pattern
    id="hatch-${kind}"
    width="7"
    height="7"
    patternUnits="userSpaceOnUse"
  >
    <path class="hatch" d="M0 7L7 0"
  /></pattern>`;
  return html`<svg
    class="chart label-drawing ${kind}"
    viewBox="0 0 ${WIDTH} ${height}"
    role="img"
    aria-labelledby="${id}-title ${id}-desc"
  >
    <title id="${id}-title">${bothPlain(STORY_TEXTS[kind])}</title>
    <desc id="${id}-desc">${bothPlain(STORY_TEXTS[key])}</desc>
    <defs>${pattern}</defs>
    ${marks}
  </svg>`;
}
