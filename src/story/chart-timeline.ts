/**
 * The case on a line of days: its steps, and each term with the day it ended and the day it was
 * met.
 */
import { NARROW, box, chart, dot, line, linked, scale, text } from "./chart.ts";
import type { Drawing } from "./chart.ts";
import type { CaseFact } from "./facts.ts";
import { bothDrawn, bothPlain, html } from "./page-html.ts";
import type { Both, Html } from "./page-html.ts";
import { STORY_TEXTS } from "./text.ts";

const DAY_MS = 86_400_000;
const LANE = 64;
/** Between the steps and the first term. */
const GAP = 12;
const ROW = 40;
const STEP_GAP = 22;
const LEVELS = 3;
/** A case longer than ten years has no picture of ours. */
const MONTHS_MAX = 120;

interface Term {
  readonly name: Both;
  readonly dueOn: string;
  readonly metOn: string | null;
}

function dayNumber(on: string): number {
  return Date.parse(on) / DAY_MS;
}

/** First days of months between two days, as day and label. */
function months(from: number, to: number): readonly (readonly [number, string])[] {
  const first = new Date(from * DAY_MS);
  const starts: (readonly [number, string])[] = [];
  for (let at = 1; at <= MONTHS_MAX; at++) {
    const start = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + at, 1);
    if (start / DAY_MS > to) break;
    starts.push([start / DAY_MS, new Date(start).toISOString().slice(0, 7)]);
  }
  return starts;
}

function termsOf({ deadlines, orders, suggestion }: CaseFact): readonly Term[] {
  const said = STORY_TEXTS.suggestionTerm;
  return [
    ...deadlines.map(({ name, dueOn, metOn }) => ({ name, dueOn, metOn })),
    ...orders.map(({ addressee, dueOn, provedOn }) => ({
      name: {
        zh: `${STORY_TEXTS.orderTerm.zh}${addressee}`,
        en: `${STORY_TEXTS.orderTerm.en} ${addressee}`,
      },
      dueOn,
      metOn: provedOn,
    })),
    { name: said, dueOn: suggestion.dueOn, metOn: suggestion.answeredOn },
  ];
}

/** Numbers of the list beside the picture, lifted where they would cover one another. */
function steps(matter: CaseFact, x: (day: number) => number): readonly Html[] {
  const last: number[] = Array.from({ length: LEVELS }, () => -Infinity);
  return matter.steps.map((step, at) => {
    const place = x(dayNumber(step.on));
    const free = last.findIndex((end) => place - end >= STEP_GAP);
    const level = free === -1 ? at % LEVELS : free;
    last[level] = place;
    const y = LANE - 12 - level * 18;
    return linked(step.ref, `${at + 1}. ${step.on} ${bothPlain(step.note)}`, [
      line([place, y], [place, LANE], "stem"),
      html`<circle class="dot step" cx="${place}" cy="${y}" r="9" />`,
      text(`${at + 1}`, { x: place, y: y + 4, kind: "stepNumber", anchor: "middle" }),
    ]);
  });
}

function met(term: Term, x: (day: number) => number, y: number): readonly Html[] {
  if (term.metOn === null) return [];
  const late = term.metOn > term.dueOn;
  const at = x(dayNumber(term.metOn));
  const due = x(dayNumber(term.dueOn));
  const span = { x: Math.min(at, due), y: y - 2, width: Math.abs(due - at), height: 4 };
  return [box(span, late ? "span late" : "span early"), dot(at, y, late ? "late" : "met")];
}

function row(term: Term, at: { y: number; width: number; x: (day: number) => number }): Html {
  const { x } = at;
  const open = term.metOn === null;
  const y = at.y + 28;
  const due = x(dayNumber(term.dueOn));
  const metOn = term.metOn ?? bothPlain(STORY_TEXTS.open);
  const words = `${bothPlain(term.name)}: ${term.dueOn} → ${metOn}`;
  return html`<g>
    <title>${words}</title>
    ${text(bothDrawn(term.name), { x: 0, y: at.y + 14, kind: "name small" })}
    ${line([0, y], [at.width, y], "grid")}
    ${line([due, y - 8], [due, y + 8], open ? "due open" : "due")} ${met(term, x, y)}</g
  >`;
}

function draw(matter: CaseFact, width: number): Drawing {
  const terms = termsOf(matter);
  const days = [
    ...matter.steps.map(({ on }) => dayNumber(on)),
    ...terms.flatMap(({ dueOn, metOn }) => [dueOn, metOn ?? dueOn].map(dayNumber)),
  ].filter(Number.isFinite);
  const [from, to] = [Math.min(...days), Math.max(...days)];
  const x = scale([from, to], [14, width - 14]);
  const height = LANE + GAP + terms.length * ROW + 30;
  const every = width <= NARROW ? 2 : 1;
  const grid = months(from, to).flatMap(([start, label], at) => [
    line([x(start), 8], [x(start), height - 22], "grid"),
    ...(at % every === 0
      ? [text(label, { x: x(start), y: height - 6, kind: "tick", anchor: "middle" })]
      : []),
  ]);
  const rows = terms.map((term, at) => row(term, { y: LANE + GAP + at * ROW, width, x }));
  const base = line([0, LANE], [width, LANE], "axis");
  return { height, marks: [...grid, base, ...steps(matter, x), ...rows] };
}

export function timelineChart(matter: CaseFact): Html {
  return chart({
    name: "timeline",
    title: STORY_TEXTS.timelineChart,
    description: STORY_TEXTS.timelineChartSays,
    draw: (width) => draw(matter, width),
  });
}
