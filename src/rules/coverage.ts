/**
 * Coverage figures and what may be said of them (P15). Coverage is the share of labels that meet a
 * rule level; a figure is never a bare percentage.
 */
import { checkCount, clopperPearson, DEFAULT_CONFIDENCE, wilson, wilsonOf } from "./interval.ts";
import type { Confidence, Interval } from "./interval.ts";

interface LevelRow {
  /** Public figures mix partly and wholly hidden labels, so the grade is always said. */
  readonly grade: "L2" | "L3";
  readonly zh: string;
  readonly en: string;
}

/** What a label must meet to count. GB/T 41833-2022, personal-information chapter (W1 to W4). */
export const COVERAGE_LEVELS = {
  gb41833: {
    grade: "L2",
    zh: "GB/T 41833-2022:姓名隐藏1个汉字以上、电话隐藏6位以上、地址隐藏单元户室号,收寄件人同样",
    en:
      "GB/T 41833-2022: name hides at least 1 character, phone at least 6 digits, address its " +
      "unit, door and room, for sender and recipient alike",
  },
  full: {
    grade: "L3",
    zh: "全加密:面单上没有真实姓名和电话数字,地址只到大致区域",
    en: "full encryption: no real name, no real digit of a phone, a coarse address only",
  },
} as const satisfies Record<string, LevelRow>;

export type CoverageLevel = keyof typeof COVERAGE_LEVELS;

/** x of n labels met the level. Shares are 0..1, intervals two-sided. */
export interface CoverageFigure {
  readonly x: number;
  readonly n: number;
  readonly share: number;
  readonly level: CoverageLevel;
  readonly confidence: Confidence;
  readonly wilson: Interval;
  readonly clopperPearson: Interval;
}

/** The figure for x compliant labels of n looked at. Throws RangeError on impossible counts. */
export function coverageOf(
  counted: { readonly x: number; readonly n: number },
  level: CoverageLevel,
  confidence: Confidence = DEFAULT_CONFIDENCE,
): CoverageFigure {
  const { x, n } = counted;
  return {
    x,
    n,
    share: x / n,
    level,
    confidence,
    wilson: wilson(x, n, confidence),
    clopperPearson: clopperPearson(x, n, confidence),
  };
}

/** What a sample says about "coverage is over `share`". */
export type Claim = "shown" | "not-shown" | "refuted";

/**
 * Whether an interval supports "over `share`" (0..1): only when its lower bound is over it. An
 * interval wholly below refutes the claim; one that straddles leaves it open, which is
 * "not shown" and must not be worded as a failure. Callers pass the Wilson interval by default and
 * the Clopper-Pearson interval when the sentence is to be evidence (law dossier 6.3).
 */
export function claimOver(share: number, interval: Interval): Claim {
  if (interval.lower > share) return "shown";
  return interval.upper < share ? "refuted" : "not-shown";
}

const CLAIMS: Readonly<
  Record<Claim, { readonly zh: (percent: string) => string; readonly en: (p: string) => string }>
> = {
  shown: {
    zh: (percent) => `超过 ${percent}`,
    en: (percent) => `over ${percent}`,
  },
  "not-shown": {
    zh: (percent) => `未能证明超过 ${percent}`,
    en: (percent) => `over ${percent} not shown`,
  },
  refuted: {
    zh: (percent) => `低于 ${percent}`,
    en: (percent) => `under ${percent}`,
  },
};

/** A sentence in both languages. */
export interface Wording {
  readonly zh: string;
  readonly en: string;
}

/** The words for a claim about `share` (0..1), e.g. "over 90 % not shown". */
export function sayClaim(claim: Claim, share: number): Wording {
  const percent = `${Number((share * 100).toFixed(2))} %`;
  return { zh: CLAIMS[claim].zh(percent), en: CLAIMS[claim].en(percent) };
}

/** `0.91044` as `91.0 %`. Bounds are cut away from the claim, so that print never says more. */
export function percentOf(share: number, rounding: "near" | "down" | "up" = "near"): string {
  const scaled = share * 1000;
  // Ten digits are what the arithmetic is good for; beyond them lies rounding noise.
  const clean = Number(scaled.toFixed(7));
  const round = { near: Math.round, down: Math.floor, up: Math.ceil }[rounding];
  return `${(round(clean) / 10).toFixed(1)} %`;
}

/** The share that spot checks are held against. */
export const TARGET_SHARE = 0.9;
const PLACES_MAX = 4;

/**
 * A bound of an interval (0..1), cut away from the claim: the lower one down, the upper one up. One
 * that this would put onto the target gets the places that tell it apart: `90.03 %`.
 */
export function boundText(bound: number, side: "down" | "up"): string {
  const shown = percentOf(bound, side);
  if (bound === TARGET_SHARE || shown !== percentOf(TARGET_SHARE)) return shown;
  for (let places = 2; places <= PLACES_MAX; places += 1) {
    const scale = 10 ** places;
    const scaled = Number((bound * 100 * scale).toFixed(6));
    const cut = (side === "down" ? Math.floor(scaled) : Math.ceil(scaled)) / scale;
    if (cut !== TARGET_SHARE * 100) return `${cut.toFixed(places)} %`;
  }
  return shown;
}

/** An interval for people, widened to the printed digit: `88.0 %–91.8 %`. */
export function intervalText({ lower, upper }: Interval): string {
  return `${boundText(lower, "down")}–${boundText(upper, "up")}`;
}

/**
 * The whole figure in words: count, share, rule level, both intervals. Never one without another.
 */
export function sayCoverage(figure: CoverageFigure): Wording {
  const { x, n, level } = figure;
  const share = percentOf(figure.share);
  const grade = `${level} ${COVERAGE_LEVELS[level].grade}`;
  const confidence = `${Math.round(figure.confidence * 100)} %`;
  const score = intervalText(figure.wilson);
  const exact = intervalText(figure.clopperPearson);
  return {
    zh:
      `${n} 件中 ${x} 件合规,覆盖率 ${share}` +
      `(规则等级 ${grade};${confidence} 置信区间:Wilson ${score},Clopper-Pearson ${exact})`,
    en:
      `${x} of ${n} labels comply, coverage ${share} (rule level ${grade}; ` +
      `${confidence} interval: Wilson ${score}, Clopper-Pearson ${exact})`,
  };
}

/** One stratum (a carrier, an outlet): `population` parcels, of which n were looked at. */
export interface Stratum {
  readonly population: number;
  readonly x: number;
  readonly n: number;
}

export interface StratifiedEstimate {
  readonly share: number;
  /** Of the share. Zero when every stratum is all or nothing: read the interval instead. */
  readonly variance: number;
  /** The size of a simple random sample that would tell as much. */
  readonly effectiveSize: number;
  readonly interval: Interval;
}

interface Weighted extends Stratum {
  readonly weight: number;
  readonly share: number;
}

function checkStratum({ population, x, n }: Stratum): void {
  checkCount(x, n);
  if (!Number.isSafeInteger(population) || population < n) {
    throw new RangeError("a stratum holds at least the parcels looked at");
  }
  if (n < 2 && population > n) {
    throw new RangeError("one parcel of a stratum says nothing about how its parcels differ");
  }
}

/** (1−f)·p(1−p)/(n−1): what the stratum's share may vary by; nothing when all was looked at. */
function varianceWithin({ population, share, n }: Weighted): number {
  return n === population ? 0 : ((1 - n / population) * share * (1 - share)) / (n - 1);
}

/**
 * Coverage over strata of unlike sizes: p = ΣWₕpₕ, Var = ΣWₕ²(1−fₕ)pₕ(1−pₕ)/(nₕ−1) (Cochran,
 * Sampling Techniques, 5.4; law dossier 6.3). The interval is Wilson's at the effective size
 * p(1−p)/Var, but never at more than Kish's 1/Σ(Wₕ²/nₕ): an outlet of which all parcels passed
 * shows no variance, and that is not certainty. Throws RangeError when there is no stratum or one
 * that cannot be.
 */
export function stratifiedCoverage(
  strata: readonly Stratum[],
  confidence: Confidence = DEFAULT_CONFIDENCE,
): StratifiedEstimate {
  if (strata.length === 0) throw new RangeError("an estimate needs at least one stratum");
  strata.forEach(checkStratum);
  const total = strata.reduce((sum, { population }) => sum + population, 0);
  const weighted = strata.map((stratum) => ({
    ...stratum,
    weight: stratum.population / total,
    share: stratum.x / stratum.n,
  }));
  const share = weighted.reduce((sum, row) => sum + row.weight * row.share, 0);
  const variance = weighted.reduce((sum, row) => sum + row.weight ** 2 * varianceWithin(row), 0);
  const kish = 1 / weighted.reduce((sum, row) => sum + row.weight ** 2 / row.n, 0);
  const effectiveSize = variance > 0 ? Math.min(kish, (share * (1 - share)) / variance) : kish;
  return { share, variance, effectiveSize, interval: wilsonOf(share, effectiveSize, confidence) };
}

/**
 * How many times more parcels a draw needs because parcels drawn together are alike: 1 + (m−1)ρ for
 * m parcels per cluster (outlet, merchant) with likeness ρ (0..1) (Kish 1965).
 */
export function designEffect(perCluster: number, likeness: number): number {
  if (perCluster < 1 || likeness < 0 || likeness > 1) {
    throw new RangeError("a cluster has at least one parcel, and likeness lies in 0..1");
  }
  return 1 + (perCluster - 1) * likeness;
}
