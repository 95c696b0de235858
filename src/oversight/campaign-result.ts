/**
 * What a campaign found: a coverage figure with its intervals for each carrier, for each outlet and
 * in all, and what may be said of it (P15). Read from the samples each time; nothing is stored.
 */
import { claimOver, coverageOf, sayClaim, stratifiedCoverage } from "../rules/coverage.ts";
import type {
  Claim,
  CoverageFigure,
  CoverageLevel,
  StratifiedEstimate,
  Wording,
} from "../rules/coverage.ts";
import { LABEL_RULES } from "../store/campaign.ts";
import type { CampaignRow, LabelRule, SampleRow } from "../store/campaign.ts";
import { campaignOf } from "./campaign.ts";
import { entryText } from "./office.ts";
import type { Office } from "./office.ts";

/** What the story and the law's own campaigns ask: more than nine in ten. */
export const CLAIMED_SHARE = 0.9;

export interface Found {
  /** Drawn, looked at or not. */
  readonly drawn: number;
  /** Null while nothing was looked at. */
  readonly figure: CoverageFigure | null;
  readonly claim: Claim | null;
  /** "over 90 %" in words, with its claim. */
  readonly says: Wording | null;
  /** How many labels broke each rule; a label may break several. */
  readonly broken: Readonly<Record<LabelRule, number>>;
}

export interface OutletFound extends Found {
  readonly outlet: string;
  readonly population: number;
}

export interface CarrierFound extends Found {
  readonly carrierTenant: string;
  /** Parcels of all its outlets, drawn or not. */
  readonly population: number;
  readonly outlets: readonly OutletFound[];
}

export interface CampaignResult {
  readonly id: string;
  readonly name: string;
  readonly authority: string;
  readonly seed: string;
  readonly level: CoverageLevel;
  readonly openedAt: string;
  /** Ids of the audit entries: the opening, then each batch of looks. */
  readonly entries: { readonly opened: string; readonly batches: readonly string[] };
  readonly population: number;
  readonly carriers: readonly CarrierFound[];
  readonly total: Found;
  /** The total with each carrier weighted by its parcels; null until every carrier has two looks. */
  readonly weighted: StratifiedEstimate | null;
}

function foundIn(samples: readonly SampleRow[], level: CoverageLevel): Found {
  const looks = samples.flatMap(({ look }) => (look === null ? [] : [look]));
  const x = looks.filter(({ result }) => result === "compliant").length;
  const figure = looks.length === 0 ? null : coverageOf({ x, n: looks.length }, level);
  const claim = figure === null ? null : claimOver(CLAIMED_SHARE, figure.wilson);
  const counts = LABEL_RULES.map(
    (rule) => [rule, looks.filter(({ rules }) => rules.includes(rule)).length] as const,
  );
  return {
    drawn: samples.length,
    figure,
    claim,
    says: claim === null ? null : sayClaim(claim, CLAIMED_SHARE),
    // The rows of LABEL_RULES are exactly the keys.
    broken: Object.fromEntries(counts) as Record<LabelRule, number>,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function carriersOf(
  campaign: CampaignRow,
  samples: readonly SampleRow[],
  level: CoverageLevel,
): CarrierFound[] {
  const planned = Map.groupBy(campaign.plan.outlets, ({ carrierTenant }) => carrierTenant);
  return [...planned].map(([carrierTenant, outlets]) => ({
    carrierTenant,
    population: sum(outlets.map(({ parcels }) => parcels)),
    ...foundIn(
      samples.filter((sample) => sample.carrierTenant === carrierTenant),
      level,
    ),
    outlets: outlets
      .filter(({ isDrawn }) => isDrawn)
      .map(({ outlet, parcels }) => ({
        outlet,
        population: parcels,
        ...foundIn(
          samples.filter((sample) => sample.outlet === outlet),
          level,
        ),
      })),
  }));
}

function weightedOf(carriers: readonly CarrierFound[]): StratifiedEstimate | null {
  const strata = carriers.map(({ population, figure }) => ({
    population,
    x: figure?.x ?? 0,
    n: figure?.n ?? 0,
  }));
  return strata.every(({ n }) => n >= 2) ? stratifiedCoverage(strata) : null;
}

/**
 * The result so far; what nobody has looked at counts as drawn and as nothing else. Throws
 * CAMPAIGN_UNKNOWN.
 */
export async function campaignResult(office: Office, id: string): Promise<CampaignResult> {
  const { campaign, level, samples } = await campaignOf(office, id);
  const carriers = carriersOf(campaign, samples, level);
  const batches = samples.flatMap(({ look }) => (look === null ? [] : [entryText(look.entry)]));
  return {
    id: campaign.id,
    name: campaign.name,
    authority: campaign.authority,
    seed: campaign.seed,
    level,
    openedAt: campaign.openedAt.toISOString(),
    entries: { opened: entryText(campaign.entry), batches: [...new Set(batches)] },
    population: sum(carriers.map(({ population }) => population)),
    carriers,
    total: foundIn(samples, level),
    weighted: weightedOf(carriers),
  };
}
