/** The spot check (抽查), before and after: a draw from a printed seed, and a look at the paper. */
import { playedActor } from "../access/actor.ts";
import { campaignResult } from "../oversight/campaign-result.ts";
import type { CampaignResult, Found } from "../oversight/campaign-result.ts";
import { openCampaign, recordPrinted } from "../oversight/campaign.ts";
import { DRAW_ALGORITHM } from "../rules/draw.ts";
import type { CoverageFigure } from "../rules/coverage.ts";
import { coverageFact } from "./coverage-fact.ts";
import type { CampaignFact, CoverageFact } from "./facts.ts";
import { INSPECTORS, LEADING_INSPECTOR } from "./cast.ts";
import type { Paper } from "./paper.ts";
import type { Stage } from "./stage.ts";

export interface SpotCheck {
  readonly result: CampaignResult;
  readonly fact: CampaignFact;
  /** By tenant id of the carrier. */
  readonly carriers: ReadonlyMap<string, CoverageFact>;
}

export interface SpotCheckPlan {
  readonly key: "before" | "after";
  readonly name: string;
  readonly seed: string;
  /** For each outlet (id) of each carrier, the paper of the parcels that hang there. */
  readonly papers: readonly Paper[];
}

function populationOf(stage: Stage, papers: readonly Paper[]) {
  const parcelsAt = Map.groupBy(papers, ({ outlet }) => outlet);
  return stage.carriers.flatMap(({ vault, outlets }) =>
    outlets.map(({ id }) => ({
      outlet: id,
      carrierTenant: vault.tenant.id,
      parcels: (parcelsAt.get(id) ?? []).map(({ parcel }) => parcel),
    })),
  );
}

function figureOf(found: Found): CoverageFigure {
  if (found.figure === null) throw new RangeError("every drawn parcel was just looked at");
  return found.figure;
}

/** Draws, looks at every drawn parcel, and reads the result back. */
export async function spotCheck(stage: Stage, plan: SpotCheckPlan): Promise<SpotCheck> {
  const { postal, sizes } = stage;
  const actor = await playedActor(postal.vault, LEADING_INSPECTOR);
  const opened = await openCampaign(postal.vault, {
    authority: postal.organisation.id,
    name: plan.name,
    seed: plan.seed,
    outletsPerCarrier: sizes.outletsPerCarrier,
    parcelsPerOutlet: sizes.parcelsPerOutlet,
    inspectors: INSPECTORS,
    population: populationOf(stage, plan.papers),
    actor,
  });
  const paperOf = new Map(plan.papers.map((paper) => [paper.parcel, paper] as const));
  const seen = opened.drawn.flatMap(({ parcel }) => paperOf.get(parcel) ?? []);
  const request = { campaign: opened.id, actor };
  const report = await recordPrinted(postal.vault, request, seen);
  const result = await campaignResult(postal.vault, opened.id);
  await stage.records.leaf(opened.entry);
  await stage.records.leaf(report.entry);
  return tellOf(stage, plan, result);
}

function carrierFigures(
  stage: Stage,
  plan: SpotCheckPlan,
  result: CampaignResult,
): Map<string, CoverageFact> {
  const carriers = new Map<string, CoverageFact>();
  for (const carrier of result.carriers) {
    const { carrierTenant, figure, broken, drawn, population, outlets } = carrier;
    const name = stage.carriers.find(({ vault }) => vault.tenant.id === carrierTenant)?.cast.name;
    const title = {
      zh: `抽查样本表:${name ?? ""}(${plan.name})`,
      en: `Rows of sample: ${name ?? ""} (spot check ${plan.key})`,
    };
    const ref = stage.records.row(`samples-${plan.key}-${carrierTenant}`, title, {
      campaign: result.id,
      carrierTenant,
      population,
      drawn,
      figure,
      broken,
      outlets: outlets.map((outlet) => ({
        outlet: outlet.outlet,
        population: outlet.population,
        compliant: outlet.figure?.x ?? 0,
        looked: outlet.figure?.n ?? 0,
      })),
      entries: result.entries,
    });
    carriers.set(carrierTenant, coverageFact(figureOf(carrier), ref));
  }
  return carriers;
}

function tellOf(stage: Stage, plan: SpotCheckPlan, result: CampaignResult): SpotCheck {
  const carriers = carrierFigures(stage, plan, result);
  const total = figureOf(result.total);
  const title = { zh: `抽查合计(${plan.name})`, en: `Totals of the spot check (${plan.key})` };
  const { drawn, broken } = result.total;
  const { weighted, entries, population } = result;
  const outletsDrawn = result.carriers.reduce((sum, { outlets }) => sum + outlets.length, 0);
  const totals = {
    campaign: result.id,
    outletsDrawn,
    outlets: stage.carriers.reduce((sum, { outlets }) => sum + outlets.length, 0),
    draw: DRAW_ALGORITHM,
    population,
    drawn,
    figure: total,
    broken,
    weighted,
    entries,
  };
  const totalRef = stage.records.row(`samples-${plan.key}-total`, title, totals);
  return {
    result,
    carriers,
    fact: {
      id: result.id,
      seed: result.seed,
      outletsDrawn,
      parcelsDrawn: result.total.drawn,
      total: coverageFact(total, totalRef),
      rules: result.total.broken,
      ref: result.entries.opened,
    },
  };
}
