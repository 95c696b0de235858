/** Parts of a whole: the outlets drawn of all there are, the rows readable before and after. */
import { NARROW, box, chart, linked, scale, text } from "./chart.ts";
import type { Drawing } from "./chart.ts";
import type { CampaignFact, StoryFacts, SweepFact } from "./facts.ts";
import { bothDrawn } from "./page-html.ts";
import type { Html } from "./page-html.ts";
import { numeral } from "./page-parts.ts";
import { STORY_TEXTS } from "./text.ts";

const CELL = 18;

function cells(campaign: CampaignFact, of: { outlets: number; width: number }): Drawing {
  const across = Math.max(1, Math.floor(of.width / CELL));
  const marks = Array.from({ length: of.outlets }, (_none, at) =>
    box(
      {
        x: (at % across) * CELL,
        y: Math.floor(at / across) * CELL,
        width: CELL - 4,
        height: CELL - 4,
      },
      at < campaign.outletsDrawn ? "cell drawn" : "cell",
    ),
  );
  const label = `${numeral(campaign.outletsDrawn)} / ${numeral(of.outlets)} 网点 outlets`;
  const height = Math.ceil(of.outlets / across) * CELL;
  return { height, marks: [linked(campaign.total.ref, label, marks)] };
}

/** One square an outlet; which ones were drawn is in the record. */
export function drawChart(campaign: CampaignFact, outlets: number): Html {
  return chart({
    name: `draw-${campaign.ref.replaceAll(/\W/g, "")}`,
    title: STORY_TEXTS.drawChart,
    description: STORY_TEXTS.drawChartSays,
    draw: (width) => cells(campaign, { outlets, width: Math.min(width, CELL * 36) }),
  });
}

interface Bar {
  readonly key: "sweptBefore" | "sweptAfter";
  readonly readable: number;
}

function sweepBar(sweep: SweepFact, bar: Bar, at: { y: number; width: number }): Html {
  const narrow = at.width <= NARROW;
  const x = scale([0, Math.max(1, sweep.rows)], [narrow ? 0 : 96, at.width]);
  const top = narrow ? at.y + 22 : at.y;
  const { zh, en } = STORY_TEXTS[bar.key];
  const label = `${zh} / ${en}: ${numeral(bar.readable)} / ${numeral(sweep.rows)}`;
  const split = x(bar.readable);
  return linked(sweep.ref, label, [
    text(bothDrawn({ zh, en }), { x: 0, y: narrow ? at.y + 15 : at.y + 22, kind: "name small" }),
    box({ x: x(0), y: top, width: x(sweep.rows) - x(0), height: 32 }, "bar sealed"),
    box({ x: x(0), y: top, width: split - x(0), height: 32 }, "bar open"),
    text(numeral(bar.readable), {
      x: x(0) + 10,
      y: top + 22,
      kind: bar.readable / Math.max(1, sweep.rows) > 0.2 ? "value onBar" : "value onSealed",
    }),
  ]);
}

export function sweepChart(sweep: SweepFact): Html {
  return chart({
    name: "sweep",
    title: STORY_TEXTS.sweepChart,
    description: STORY_TEXTS.sweepChartSays,
    draw: (width) => {
      const row = width <= NARROW ? 62 : 44;
      const bars: readonly Bar[] = [
        { key: "sweptBefore", readable: sweep.readableBefore },
        { key: "sweptAfter", readable: sweep.readableAfter },
      ];
      const marks = bars.map((bar, at) => sweepBar(sweep, bar, { y: at * row, width }));
      return { height: row * bars.length, marks };
    },
  });
}

const RULES = ["W1", "W2", "W3", "W4"] as const;
const RULE_ROW = 44;

type Pair = Pick<StoryFacts, "before" | "after">;

function ruleBars({ before, after }: Pair, width: number): Drawing {
  const most = Math.max(1, ...RULES.flatMap((rule) => [before.rules[rule], after.rules[rule]]));
  const x = scale([0, most], [40, width - 60]);
  const one = (campaign: CampaignFact, kind: string, place: { rule: number; y: number }) => {
    const broken = campaign.rules[RULES[place.rule] ?? "W1"];
    const end = x(broken);
    return linked(campaign.total.ref, `${RULES[place.rule] ?? ""}: ${numeral(broken)}`, [
      box(
        { x: 40, y: place.y, width: broken === 0 ? 0 : Math.max(2, end - 40), height: 14 },
        `bar ${kind}`,
      ),
      text(numeral(broken), { x: end + 8, y: place.y + 12, kind: `value ${kind}` }),
    ]);
  };
  const marks = RULES.flatMap((name, rule) => [
    text(name, { x: 0, y: rule * RULE_ROW + 24, kind: "name" }),
    one(before, "before", { rule, y: rule * RULE_ROW + 4 }),
    one(after, "after", { rule, y: rule * RULE_ROW + 20 }),
  ]);
  return { height: RULES.length * RULE_ROW, marks };
}

/** How often each rule was broken, in both campaigns. */
export function rulesChart(pair: Pair): Html {
  return chart({
    name: "rules",
    title: STORY_TEXTS.rulesChart,
    description: STORY_TEXTS.rulesChartSays,
    draw: (width) => ruleBars(pair, width),
  });
}
