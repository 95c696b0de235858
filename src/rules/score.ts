/**
 * The responsibility score of an organisation (安全管理责任考核), 0 to 100, from measured facts only.
 * The weights are ours: no rule prescribes any, so they stand in one table with their reasons.
 */
import { coverageOf } from "./coverage.ts";
import type { CoverageFigure, CoverageLevel } from "./coverage.ts";

/** So many of so many; `of` may be zero, which means that there was nothing to measure. */
export interface Tally {
  readonly count: number;
  readonly of: number;
}

/** What was measured of one outlet (or one headquarters) in a period. */
export interface ScoreFacts {
  /** Labels that met the level, of labels looked at. */
  readonly compliantLabels: Tally;
  /** Erasures past their day, of erasures that were due. */
  readonly overdueErasures: Tally;
  /** Requests addressed to this organisation and not answered in time, of all addressed to it. */
  readonly unansweredRequests: Tally;
  /** Reveals refused to its people, of all they asked for. */
  readonly deniedReveals: Tally;
  /** Emergencies found unjustified or left unjudged, of all that were judged or should be. */
  readonly badEmergencies: Tally;
  /** People with valid training, of people who may ask for reveals. */
  readonly trainedStaff: Tally;
}

interface ScoreRow {
  readonly zh: string;
  readonly en: string;
  readonly weight: number;
  readonly fact: keyof ScoreFacts;
  /** `good`: the share earns the points. Otherwise the share at which nothing is left, 0..1. */
  readonly counts: "good" | { readonly badAt: number };
  readonly whyZh: string;
  readonly whyEn: string;
}

export const SCORE_ITEMS = {
  coverage: {
    zh: "面单合规率",
    en: "labels that comply",
    weight: 40,
    fact: "compliantLabels",
    counts: "good",
    whyZh: "面单是信息暴露最多的地方",
    whyEn: "labels are where most is exposed",
  },
  erasure: {
    zh: "按期销毁",
    en: "erased on time",
    weight: 25,
    fact: "overdueErasures",
    counts: { badAt: 0.1 },
    whyZh: "逾期一成即不得分:到期不删除是持续的违法状态",
    whyEn: "a tenth overdue leaves nothing: data past its day is a lasting breach",
  },
  training: {
    zh: "培训有效率",
    en: "people with valid training",
    weight: 10,
    fact: "trainedStaff",
    counts: "good",
    whyZh: "能查看明文的人都应经过培训",
    whyEn: "whoever may open data should be trained",
  },
  requests: {
    zh: "授权申请按时答复",
    en: "requests answered in time",
    weight: 10,
    fact: "unansweredRequests",
    counts: { badAt: 0.5 },
    whyZh: "只计向本单位提出的申请:等待上级答复不扣下级的分",
    whyEn: "only requests addressed here: an outlet loses nothing by waiting for headquarters",
  },
  reveals: {
    zh: "查看被拒比例",
    en: "reveals refused",
    weight: 10,
    fact: "deniedReveals",
    counts: { badAt: 0.2 },
    whyZh: "偶有被拒属正常,两成被拒说明有人在试探",
    whyEn: "a few refusals are normal, a fifth means that somebody is trying doors",
  },
  emergencies: {
    zh: "应急查看核查",
    en: "emergencies judged",
    weight: 5,
    fact: "badEmergencies",
    counts: { badAt: 0.5 },
    whyZh: "应急查看绕过派单,无理由或一周内无人核查即扣分",
    whyEn: "break-glass goes round the routes: unjustified ones, or a week unjudged, cost points",
  },
} as const satisfies Record<string, ScoreRow>;

export type ScoreItem = keyof typeof SCORE_ITEMS;

export interface ItemScore {
  readonly item: ScoreItem;
  readonly tally: Tally;
  readonly weight: number;
  /** 0..1 of the weight; null when there was nothing to measure. */
  readonly earned: number | null;
}

export interface ResponsibilityScore {
  /** 0..100 with one decimal, over the measured items; null when nothing was measured. */
  readonly score: number | null;
  /** How much of the weights was measured, 0..100: a score over little says little. */
  readonly measuredWeight: number;
  /** The coverage behind the score with its intervals (P15); null when no label was looked at. */
  readonly coverage: CoverageFigure | null;
  /** Every item in the order of the table, measured or not. */
  readonly items: readonly ItemScore[];
}

function earnedOf(counts: ScoreRow["counts"], { count, of }: Tally): number | null {
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(of) || count < 0 || count > of) {
    throw new RangeError("a tally is a part of a whole, both counted");
  }
  if (of === 0) return null;
  const share = count / of;
  return counts === "good" ? share : Math.max(0, 1 - share / counts.badAt);
}

/**
 * The score and how it came about. An item with nothing to measure is left out and its weight falls
 * to the others, so that nobody gains or loses by what did not happen. Throws RangeError when a
 * tally counts more than there is.
 */
export function responsibilityScore(facts: ScoreFacts, level: CoverageLevel): ResponsibilityScore {
  // The keys of the table are the items, as its type says.
  const items = (Object.keys(SCORE_ITEMS) as ScoreItem[]).map((item): ItemScore => {
    const { fact, weight, counts } = SCORE_ITEMS[item];
    return { item, tally: facts[fact], weight, earned: earnedOf(counts, facts[fact]) };
  });
  const measured = items.filter(({ earned }) => earned !== null);
  const measuredWeight = measured.reduce((sum, { weight }) => sum + weight, 0);
  const points = measured.reduce((sum, { weight, earned }) => sum + weight * (earned ?? 0), 0);
  const { count: x, of: n } = facts.compliantLabels;
  return {
    score: measuredWeight === 0 ? null : Math.round((points / measuredWeight) * 1000) / 10,
    measuredWeight,
    coverage: n === 0 ? null : coverageOf({ x, n }, level),
    items,
  };
}
