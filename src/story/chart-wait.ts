/** How long outlets waited for headquarters to answer. */
import { NARROW, box, chart, linked, scale, text } from "./chart.ts";
import type { Drawing } from "./chart.ts";
import type { RequestFact } from "./facts.ts";
import type { Html } from "./page-html.ts";
import { numeral } from "./page-parts.ts";
import { STORY_TEXTS } from "./text.ts";

/** More bars than this are no picture; the table has them all. */
export const WAITS_MAX = 12;

const ROW = 40;
const NARROW_ROW = 54;

function bar(
  request: RequestFact,
  at: { y: number; x: number; end: number; narrow: boolean },
): Html {
  const who = `${request.carrier} ${request.outlet}`;
  const label = `${who}: ${numeral(request.waitDays)} 天 days`;
  const top = at.narrow ? at.y + 24 : at.y + 9;
  const nameY = at.narrow ? at.y + 16 : at.y + 25;
  return linked(request.ref, label, [
    text(who, { x: 0, y: nameY, kind: "name small" }),
    box({ x: at.x, y: top, width: at.end - at.x, height: 22 }, "bar wait"),
    text(numeral(request.waitDays), { x: at.end + 8, y: top + 17, kind: "value before" }),
  ]);
}

function draw(requests: readonly RequestFact[], width: number): Drawing {
  const narrow = width <= NARROW;
  const row = narrow ? NARROW_ROW : ROW;
  const left = narrow ? 0 : 190;
  const longest = Math.max(1, ...requests.map(({ waitDays }) => waitDays));
  const x = scale([0, longest], [left, width - 56]);
  const marks = requests.map((request, at) =>
    bar(request, { y: at * row, x: left, end: x(request.waitDays), narrow }),
  );
  return { height: requests.length * row + 4, marks };
}

/** The longest waits, longest first. */
export function waitChart(requests: readonly RequestFact[]): Html {
  const longest = requests.toSorted((a, b) => b.waitDays - a.waitDays).slice(0, WAITS_MAX);
  return chart({
    name: "wait",
    title: STORY_TEXTS.waitChart,
    description: STORY_TEXTS.waitChartSays,
    draw: (width) => draw(longest, width),
  });
}
