/** Coverage of each carrier, before and after, with Wilson's interval and the line at 90 %. */
import { NARROW, box, chart, dot, line, linked, scale, text } from "./chart.ts";
import type { Drawing } from "./chart.ts";
import type { CoverageFact, StoryFacts } from "./facts.ts";
import { bothDrawn, bothPlain, html } from "./page-html.ts";
import type { Both, Html } from "./page-html.ts";
import { numeral, percent } from "./page-parts.ts";
import { STORY_TEXTS } from "./text.ts";

const TRACK = 26;
const TICKS: readonly number[] = [0, 0.25, 0.5, 0.75, 1];
const THRESHOLD = 0.9;
const THRESHOLD_NAME = "90 %";

interface Group {
  readonly name: Both;
  readonly tracks: readonly (readonly [kind: "before" | "after", fact: CoverageFact])[];
}

/** Where things stand: names beside the tracks on a desk, above them on a phone. */
interface Frame {
  readonly x: (share: number) => number;
  readonly name: number;
  readonly figures: number;
  readonly head: number;
}

function frameOf(width: number): Frame {
  const narrow = width <= NARROW;
  const left = narrow ? 8 : 132;
  const figures = narrow ? 66 : 176;
  return {
    x: scale([0, 1], [left, width - figures - 14]),
    name: narrow ? 2 : 0,
    figures: width,
    head: narrow ? 24 : 4,
  };
}

function track(frame: Frame, group: Group["tracks"][number], y: number): Html {
  const [kind, fact] = group;
  const { x } = frame;
  const middle = y + TRACK / 2;
  const low = x(fact.wilson.low);
  const high = x(fact.wilson.high);
  const cap = (at: number): Html => line([at, middle - 5], [at, middle + 5], `whisker ${kind}`);
  const words = bothPlain(STORY_TEXTS[kind]);
  const label = `${words}: ${percent(fact.x / fact.n)} (${numeral(fact.x)} / ${numeral(fact.n)})`;
  const said =
    frame.head > 4
      ? percent(fact.x / fact.n)
      : `${percent(fact.x / fact.n)} · n ${numeral(fact.n)}`;
  return linked(fact.ref, label, [
    box({ x: x(0), y: middle - 3, width: x(fact.x / fact.n) - x(0), height: 6 }, `bar ${kind}`),
    line([low, middle], [high, middle], `whisker ${kind}`),
    cap(low),
    cap(high),
    dot(x(fact.x / fact.n), middle, kind),
    text(said, { x: frame.figures, y: middle + 5, kind: `value ${kind}`, anchor: "end" }),
  ]);
}

function grid(frame: Frame, height: number): readonly Html[] {
  const { x } = frame;
  const bottom = height - 22;
  const ticks = TICKS.flatMap((at) => [
    line([x(at), 14], [x(at), bottom], "grid"),
    text(`${at * 100}`, { x: x(at), y: height - 6, kind: "tick", anchor: "middle" }),
  ]);
  return [
    ...ticks,
    line([x(THRESHOLD), 14], [x(THRESHOLD), bottom], "threshold"),
    text(THRESHOLD_NAME, { x: x(THRESHOLD), y: 10, kind: "tick strong", anchor: "middle" }),
  ];
}

function draw(groups: readonly Group[], width: number): Drawing {
  const frame = frameOf(width);
  const groupHeight = frame.head + TRACK * 2 + 14;
  const height = groups.length * groupHeight + 42;
  const rows = groups.flatMap(({ name, tracks }, at) => {
    const top = 20 + at * groupHeight;
    const nameAt = frame.head > 4 ? top + 16 : top + frame.head + TRACK + 5;
    return [
      text(bothDrawn(name), { x: frame.name, y: nameAt, kind: "name" }),
      ...tracks.map((one, place) => track(frame, one, top + frame.head + place * TRACK)),
    ];
  });
  return { height, marks: [...grid(frame, height), ...rows] };
}

export function coverageChart({ carriers, before, after }: StoryFacts): Html {
  const groups: readonly Group[] = [
    ...carriers.map(({ name, ...facts }) => ({
      name: { zh: name, en: name },
      tracks: [["before", facts.before] as const, ["after", facts.after] as const],
    })),
    {
      name: STORY_TEXTS.allCarriers,
      tracks: [["before", before.total] as const, ["after", after.total] as const],
    },
  ];
  return chart({
    name: "coverage",
    title: STORY_TEXTS.coverageChart,
    description: STORY_TEXTS.coverageChartSays,
    draw: (width) => draw(groups, width),
  });
}

const METER = { width: 344, height: 40, middle: 12 } as const;

/** One coverage alone, for the head of the page: share, interval, and the line at 90 %. */
export function meter(fact: CoverageFact, kind: "before" | "after"): Html {
  const { width, height, middle } = METER;
  const x = scale([0, 1], [2, width - 8]);
  const at = x(fact.x / fact.n);
  const [low, high] = [x(fact.wilson.low), x(fact.wilson.high)];
  const id = `meter-${kind}`;
  const said = `${bothPlain(STORY_TEXTS.meter)}: ${percent(fact.x / fact.n)}`;
  return html`<svg
    class="chart meter"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-labelledby="${id}-title ${id}-desc"
  >
    <title id="${id}-title">${bothPlain(STORY_TEXTS[kind])}</title>
    <desc id="${id}-desc">${said}</desc>
    ${box({ x: x(0), y: middle - 5, width: x(1) - x(0), height: 10 }, "rail")}
    ${box({ x: x(0), y: middle - 5, width: at - x(0), height: 10 }, `bar solid ${kind}`)}
    ${line([low, middle], [high, middle], "whisker meterWhisker")}
    ${line([x(THRESHOLD), 1], [x(THRESHOLD), 23], "threshold")}
    ${text(THRESHOLD_NAME, { x: x(THRESHOLD), y: 37, kind: "tick strong", anchor: "middle" })}
  </svg>`;
}
