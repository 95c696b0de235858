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
import { listCampaigns } from "../store/campaign.ts";
import type { CampaignRow, LabelRule, SampleRow } from "../store/campaign.ts";
import { findHeadquarters } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import { findTenant } from "../store/tenant.ts";
import { brokenIn, campaignOf } from "./campaign.ts";
import { concerning, requireCampaign } from "./case-owner.ts";
import { entryText } from "./office.ts";
import type { Office } from "./office.ts";
import type { Actor } from "../access/actor.ts";

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
  /** What its headquarters is called, or its tenant where there is none. */
  readonly name: string;
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
  /** The total with carriers weighted by their parcels; null until each has two looks. */
  readonly weighted: StratifiedEstimate | null;
}

function foundIn(samples: readonly SampleRow[], level: CoverageLevel): Found {
  const looks = samples.flatMap(({ look }) => (look === null ? [] : [look]));
  const x = looks.filter(({ result }) => result === "compliant").length;
  const figure = looks.length === 0 ? null : coverageOf({ x, n: looks.length }, level);
  const claim = figure === null ? null : claimOver(CLAIMED_SHARE, figure.wilson);
  return {
    drawn: samples.length,
    figure,
    claim,
    says: claim === null ? null : sayClaim(claim, CLAIMED_SHARE),
    broken: brokenIn(looks),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A carrier by its headquarters' name, or its tenant's where there is none. */
async function carrierNames(
  office: Office,
  campaign: CampaignRow,
): Promise<ReadonlyMap<string, string>> {
  const tenants = new Set(campaign.plan.outlets.map(({ carrierTenant }) => carrierTenant));
  return connected(office.database, async (connection) => {
    const names = new Map<string, string>();
    for (const tenant of tenants) {
      const headquarters = await findHeadquarters(connection, tenant);
      const name = headquarters?.name ?? (await findTenant(connection, tenant))?.name;
      if (name !== undefined) names.set(tenant, name);
    }
    return names;
  });
}

interface Judged {
  readonly samples: readonly SampleRow[];
  readonly level: CoverageLevel;
  readonly names: ReadonlyMap<string, string>;
}

function carriersOf(campaign: CampaignRow, judged: Judged): CarrierFound[] {
  const { samples, level, names } = judged;
  const planned = Map.groupBy(campaign.plan.outlets, ({ carrierTenant }) => carrierTenant);
  return [...planned].map(([carrierTenant, outlets]) => ({
    carrierTenant,
    name: names.get(carrierTenant) ?? carrierTenant,
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
 * CAMPAIGN_UNKNOWN, or OFFICE_FOREIGN to who neither opened it nor has a case that rests on it.
 */
export async function campaignResult(
  office: Office,
  id: string,
  actor: Actor | null = null,
): Promise<CampaignResult> {
  await requireCampaign(office, id, { act: "read", actor });
  const { campaign, level, samples } = await campaignOf(office, id);
  const names = await carrierNames(office, campaign);
  const carriers = carriersOf(campaign, { samples, level, names });
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

const LIST_MAX = 1000;

/** Campaigns of the office's own authorities, oldest first, of the first thousand. */
export async function campaignsOf(
  office: Office,
): Promise<readonly Pick<CampaignResult, "id" | "name" | "seed" | "openedAt">[]> {
  const rows = await connected(office.database, async (connection) =>
    listCampaigns(connection, LIST_MAX),
  );
  const own = await concerning(office, rows, ({ authority }) => [authority]);
  return own.map(({ id, name, seed, openedAt }) => ({
    id,
    name,
    seed,
    openedAt: openedAt.toISOString(),
  }));
}
