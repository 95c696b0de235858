/** Scores of the outlets, a panel for each carrier: a line from before to after for each outlet. */
import { NARROW, chart, dot, line, scale, text } from "./chart.ts";
import type { Drawing } from "./chart.ts";
import type { ScoreFact } from "./facts.ts";
import { bothDrawn, html } from "./page-html.ts";
import type { Html } from "./page-html.ts";
import { numeral } from "./page-parts.ts";
import { STORY_TEXTS } from "./text.ts";

const TOP = 34;
const HEIGHT = 300;
const FULL = 100;
/** Lines of more outlets than this do not get thicker. */
const WEIGHT_MAX = 12;
const TICKS: readonly number[] = [0, 25, 50, 75, 100];

/** Outlets whose line would be the same one to the eye. */
function bundles(scores: readonly ScoreFact[]): readonly (readonly ScoreFact[])[] {
  const rounded = ({ before, after }: ScoreFact): string =>
    `${Math.round(before)} ${Math.round(after)}`;
  return [...Map.groupBy(scores, rounded).values()];
}

function slope(
  bundle: readonly ScoreFact[],
  { from, to, y }: { from: number; to: number; y: (at: number) => number },
): Html {
  const [{ before, after } = { before: 0, after: 0 }] = bundle;
  const said = bundle
    .map((one) => `${one.outlet}: ${numeral(one.before)} → ${numeral(one.after)}`)
    .join("\n");
  const [start, end] = [y(before), y(after)];
  const weight = 1 + Math.min(bundle.length, WEIGHT_MAX) * 0.6;
  return html`<g>
    <title>${said}</title>
    <line
      class="slope"
      stroke-width="${weight}"
      x1="${from}"
      y1="${start}"
      x2="${to}"
      y2="${end}"
    />
    ${dot(from, start, "before")}${dot(to, end, "after")}
  </g>`;
}

function panel(
  scores: readonly ScoreFact[],
  at: { left: number; right: number; y: (score: number) => number },
): readonly Html[] {
  const { left, right, y } = at;
  const middle = (left + right) / 2;
  const ends = [
    [left, STORY_TEXTS.colBefore],
    [right, STORY_TEXTS.colAfter],
  ] as const;
  return [
    text(scores[0]?.carrier ?? "", { x: middle, y: 16, kind: "name", anchor: "middle" }),
    ...ends.flatMap(([x, words]) => [
      line([x, TOP - 4], [x, HEIGHT - 26], "axis"),
      text(bothDrawn(words), { x, y: HEIGHT - 6, kind: "tick", anchor: "middle" }),
    ]),
    ...bundles(scores).map((bundle) => slope(bundle, { from: left, to: right, y })),
  ];
}

function draw(groups: readonly (readonly ScoreFact[])[], width: number): Drawing {
  const narrow = width <= NARROW;
  const gutter = 30;
  const across = (width - gutter) / Math.max(1, groups.length);
  const inset = narrow ? 26 : 46;
  const y = scale([0, FULL], [HEIGHT - 32, TOP]);
  const ticks = TICKS.flatMap((at) => [
    line([gutter, y(at)], [width, y(at)], "grid"),
    text(`${at}`, { x: 0, y: y(at) + 4, kind: "tick" }),
  ]);
  const panels = groups.flatMap((scores, at) => {
    const start = gutter + at * across;
    return panel(scores, { left: start + inset, right: start + across - inset, y });
  });
  return { height: HEIGHT, marks: [...ticks, ...panels] };
}

export function scoreChart(scores: readonly ScoreFact[]): Html {
  const groups = [...Map.groupBy(scores, ({ carrier }) => carrier).values()];
  return chart({
    name: "score",
    title: STORY_TEXTS.scoreChart,
    description: STORY_TEXTS.scoreChartSays,
    draw: (width) => draw(groups, width),
  });
}
