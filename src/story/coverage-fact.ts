/** Coverage figures as the page shows them (P15): never without count, level and both intervals. */
import { CLAIMED_SHARE } from "../oversight/campaign-result.ts";
import { claimOver } from "../rules/coverage.ts";
import type { CoverageFigure } from "../rules/coverage.ts";
import type { Interval } from "../rules/interval.ts";
import type { CoverageFact, Interval as IntervalFact } from "./facts.ts";

function intervalFact({ lower, upper }: Interval): IntervalFact {
  return { low: lower, high: upper };
}

export function coverageFact(figure: CoverageFigure, ref: string): CoverageFact {
  const { x, n, level, wilson, clopperPearson } = figure;
  return {
    x,
    n,
    level,
    wilson: intervalFact(wilson),
    clopperPearson: intervalFact(clopperPearson),
    over90: claimOver(CLAIMED_SHARE, wilson) === "shown",
    ref,
  };
}
