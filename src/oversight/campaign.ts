/**
 * Spot-check campaigns (抽查): open one by drawing from a printed seed, and record what inspectors
 * read on the drawn labels. What they read is judged by the lint of the rule level and thrown away:
 * only the result and the broken rules are kept, and the log proves them batch by batch (P15).
 */
import { authorise } from "../access/authorise.ts";
import { randomUUID } from "node:crypto";
import { staffPseudonyms } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import { requireNamed } from "../access/named-row.ts";
import { requireOffice } from "../access/office-guard.ts";
import { canonicalJson } from "../audit/canonical-json.ts";
import { merkleRoot } from "../audit/merkle.ts";
import { lintPrintable } from "../privacy/lint.ts";
import type { LintField } from "../privacy/lint.ts";
import { PROFILES } from "../privacy/mask-profile.ts";
import type { CoverageLevel } from "../rules/coverage.ts";
import { INSPECTORS_MIN, parseSeed } from "../rules/draw.ts";
import { Failure } from "../rules/failure.ts";
import {
  findCampaign,
  insertCampaign,
  LABEL_RULES,
  recordLooks,
  samplesOf,
} from "../store/campaign.ts";
import type { CampaignPlan, CampaignRow, LabelRule, Look, SampleRow } from "../store/campaign.ts";
import { connected, transaction } from "../store/pool.ts";
import { drawCampaign } from "./campaign-draw.ts";
import type { DrawnOutlet, DrawPlan, OutletPopulation } from "./campaign-draw.ts";
import { lookLeaf, populationRoot } from "./campaign-proof.ts";
import { requireCampaign } from "./case-owner.ts";
import { authorityOf, entryText, parcelReferences, writeAct } from "./office.ts";
import type { Office } from "./office.ts";
import { recordedText } from "../access/recorded-text.ts";

export interface CampaignRequest {
  /** Name or id of the authority that checks. */
  readonly authority: string;
  readonly name: string;
  readonly seed: string;
  readonly outletsPerCarrier: number;
  readonly parcelsPerOutlet: number;
  /** Accounts of inspectors to draw two from for each outlet; none leaves that out. */
  readonly inspectors?: readonly string[];
  readonly level?: CoverageLevel;
  readonly population: readonly OutletPopulation[];
  readonly actor: Actor;
}

/** One parcel to look at. The waybill number is for the inspector and is not kept. */
export interface DrawnParcel {
  readonly ordinal: number;
  readonly carrierTenant: string;
  readonly outlet: string;
  readonly parcel: string;
  /** Pseudonyms. */
  readonly inspectors: readonly string[];
}

export interface OpenedCampaign {
  readonly id: string;
  /** Id of the audit entry, hex. */
  readonly entry: string;
  readonly seed: string;
  readonly level: CoverageLevel;
  readonly population: number;
  readonly drawn: readonly DrawnParcel[];
}

/** What one label shows of a person, as printed; empty where nothing is printed. */
export interface PrintedParty {
  readonly name: string;
  readonly phone: string;
  readonly address: string;
}

export interface PrintedStrings {
  /** Waybill number. */
  readonly parcel: string;
  readonly recipient: PrintedParty;
  /** Null when the label has no sender. */
  readonly sender: PrintedParty | null;
  /** Any other text on the label. */
  readonly others?: readonly string[];
}

export interface LookReport {
  readonly entry: string;
  readonly root: string;
  readonly looked: number;
  readonly violations: number;
}

const NAME_CHARACTERS_MAX = 100;
const COUNT_MAX = 10_000;
const POPULATION_PARCELS_MAX = 1_000_000;
const LOOKS_MAX = 100_000;

/** What each rule level is judged with. */
const LEVEL_PROFILES = { gb41833: PROFILES.gb41833, full: PROFILES.full } as const;

function requireCount(value: number, field: string): number {
  if (!Number.isInteger(value) || value < 1 || value > COUNT_MAX) {
    throw new Failure("CAMPAIGN_PLAN_INVALID", { field });
  }
  return value;
}

function requirePopulation(population: readonly OutletPopulation[]): number {
  const parcels = population.flatMap((outlet) => outlet.parcels);
  const outlets = new Set(population.map(({ outlet }) => outlet));
  const isDistinct = outlets.size === population.length && new Set(parcels).size === parcels.length;
  if (!isDistinct || parcels.length === 0 || parcels.length > POPULATION_PARCELS_MAX) {
    throw new Failure("POPULATION_INVALID", { parcels: parcels.length });
  }
  return parcels.length;
}

function planOf(request: CampaignRequest): DrawPlan {
  const seed = parseSeed(request.seed);
  if (seed === null) throw new Failure("CAMPAIGN_PLAN_INVALID", { field: "seed" });
  const inspectors = request.inspectors ?? [];
  if (inspectors.length > 0 && new Set(inspectors).size < INSPECTORS_MIN) {
    throw new Failure("CAMPAIGN_PLAN_INVALID", { field: "inspectors" });
  }
  return {
    seed,
    inspectors: [...new Set(inspectors)],
    outletsPerCarrier: requireCount(request.outletsPerCarrier, "outletsPerCarrier"),
    parcelsPerOutlet: requireCount(request.parcelsPerOutlet, "parcelsPerOutlet"),
  };
}

function keptPlan(
  plan: DrawPlan,
  population: readonly OutletPopulation[],
  drawn: readonly DrawnOutlet[],
): CampaignPlan {
  const drawnAt = new Map(drawn.map((outlet) => [outlet.outlet, outlet] as const));
  return {
    outletsPerCarrier: plan.outletsPerCarrier,
    parcelsPerOutlet: plan.parcelsPerOutlet,
    outlets: population.map(({ outlet, carrierTenant, parcels }) => ({
      outlet,
      carrierTenant,
      parcels: parcels.length,
      isDrawn: drawnAt.has(outlet),
      inspectors: drawnAt.get(outlet)?.inspectors ?? [],
    })),
  };
}

function parcelsOf(drawn: readonly DrawnOutlet[]): DrawnParcel[] {
  return drawn
    .flatMap(({ parcels, ...place }) => parcels.map((parcel) => ({ ...place, parcel })))
    .map((parcel, index) => ({ ...parcel, ordinal: index + 1 }));
}

/** The same plan with the pseudonyms of inspectors: what is drawn from is what is kept. */
async function withPseudonyms(office: Office, plan: DrawPlan): Promise<DrawPlan> {
  return { ...plan, inspectors: plan.inspectors.map(await staffPseudonyms(office)) };
}

interface NewCampaign extends Omit<CampaignRow, "entry" | "level" | "plan"> {
  readonly level: CoverageLevel;
  readonly plan: DrawPlan;
  readonly actor: Actor;
  readonly population: readonly OutletPopulation[];
  /** How many parcels the population has. */
  readonly total: number;
  readonly outlets: readonly DrawnOutlet[];
  readonly drawn: readonly DrawnParcel[];
  readonly referenceOf: Awaited<ReturnType<typeof parcelReferences>>;
}

/** Keeps the campaign with its entry and its samples; the entry's id. */
async function keepCampaign(office: Office, made: NewCampaign): Promise<CampaignRow["entry"]> {
  const { actor, population, total, outlets, drawn, referenceOf, ...campaign } = made;
  const { id, level, seed, plan } = campaign;
  const root = populationRoot(population, referenceOf);
  return transaction(office.database, async (connection) => {
    const entry = await writeAct(office, connection, {
      type: "campaign-opened",
      actor,
      campaign: id,
      seed,
      rule: LEVEL_PROFILES[level].ruleVersion,
      profile: level,
      count: total,
      outlets: outlets.length,
      drawn: drawn.length,
      root,
    });
    const row = { ...campaign, plan: keptPlan(plan, population, outlets), entry };
    const samples = drawn.map(({ parcel, ordinal, carrierTenant, outlet }) => ({
      ordinal,
      carrierTenant,
      outlet,
      parcel: referenceOf(parcel),
    }));
    await insertCampaign(connection, row, samples);
    return entry;
  });
}

/**
 * Draws and opens a campaign; the entry and everything drawn commit together. Throws
 * CAMPAIGN_PLAN_INVALID, POPULATION_INVALID, POPULATION_SMALL, ORGANISATION_UNKNOWN, TEXT_LENGTH or
 * TEXT_PERSONAL before anything is written, and OFFICE_FOREIGN for another's authority. The drawn
 * waybill numbers are handed out once and are not kept.
 */
export async function openCampaign(
  office: Office,
  request: CampaignRequest,
): Promise<OpenedCampaign> {
  await authorise(office, { actor: request.actor, verb: "campaign" });
  const { population, level = "gb41833" } = request;
  const bounds = { field: "name", charactersMax: NAME_CHARACTERS_MAX };
  const name = recordedText(request.name, bounds, office.gazetteer);
  const plan = await withPseudonyms(office, planOf(request));
  const total = requirePopulation(population);
  const outlets = drawCampaign(population, plan);
  const drawn = parcelsOf(outlets);
  const referenceOf = await parcelReferences(office);
  const { id: authority } = await connected(office.database, async (connection) =>
    authorityOf(office, connection, request.authority),
  );
  await requireOffice(office, { owners: [authority], actor: request.actor });
  const [id, { seed }] = [randomUUID(), plan];
  const campaign = { id, authority, name, seed, level, plan, openedAt: office.now() };
  const found = { population, total, outlets, drawn, referenceOf };
  const entry = await keepCampaign(office, { ...campaign, ...found, actor: request.actor });
  return { id, entry: entryText(entry), seed, level, population: total, drawn };
}

function partyFields(zone: "recipient" | "sender", party: PrintedParty): LintField[] {
  return (["name", "phone", "address"] as const).map((kind) => ({ zone, kind, text: party[kind] }));
}

function fieldsOf(printed: PrintedStrings): LintField[] {
  return [
    ...partyFields("recipient", printed.recipient),
    ...(printed.sender === null ? [] : partyFields("sender", printed.sender)),
    ...(printed.others ?? []).map((text) => ({ zone: "other", kind: "text", text }) as const),
  ];
}

function judge(
  office: Office,
  level: CoverageLevel,
  printed: PrintedStrings,
): Omit<Look, "ordinal"> {
  const findings = lintPrintable(fieldsOf(printed), LEVEL_PROFILES[level], office.gazetteer);
  const rules = [...new Set(findings.map(({ rule }) => rule))].toSorted();
  return { result: rules.length === 0 ? "compliant" : "violation", rules };
}

/** The campaign of that id with its rule level. Throws CAMPAIGN_UNKNOWN. */
export async function campaignOf(
  office: Office,
  id: string,
): Promise<{ campaign: CampaignRow; level: CoverageLevel; samples: SampleRow[] }> {
  return connected(office.database, async (connection) => {
    const campaign = await requireNamed(id, "CAMPAIGN_UNKNOWN", async (named) =>
      findCampaign(connection, named),
    );
    const level = campaign.level === "full" ? "full" : "gb41833";
    return { campaign, level, samples: await samplesOf(connection, id) };
  });
}

/** How many of `looks` broke each rule. */
export function brokenIn(
  looks: readonly Pick<Look, "rules">[],
): Readonly<Record<LabelRule, number>> {
  const counts = LABEL_RULES.map(
    (rule) => [rule, looks.filter(({ rules }) => rules.includes(rule)).length] as const,
  );
  // The rows of LABEL_RULES are exactly the keys.
  return Object.fromEntries(counts) as Record<LabelRule, number>;
}

function lookAt(
  sample: SampleRow | undefined,
  verdict: Omit<Look, "ordinal">,
  at: number,
): { look: Look; sample: SampleRow } {
  if (sample === undefined) throw new Failure("SAMPLE_UNKNOWN", { row: at + 1 });
  if (sample.look !== null) throw new Failure("SAMPLE_LOOKED", { ordinal: sample.ordinal });
  return { sample, look: { ordinal: sample.ordinal, ...verdict } };
}

/**
 * Judges the printed strings of drawn parcels and records the results, all or none; the strings end
 * here. Throws OFFICE_FOREIGN, CAMPAIGN_UNKNOWN, SAMPLE_UNKNOWN (a parcel that was not drawn) or
 * SAMPLE_LOOKED (one that has its result, or that stands twice in `printed`), and LOOK_INVALID for
 * no look at all.
 */
export async function recordPrinted(
  office: Office,
  request: { readonly campaign: string; readonly actor: Actor },
  printed: readonly PrintedStrings[],
): Promise<LookReport> {
  await authorise(office, { actor: request.actor, verb: "campaign" });
  if (printed.length === 0 || printed.length > LOOKS_MAX) throw new Failure("LOOK_INVALID");
  await requireCampaign(office, request.campaign, { act: "look", actor: request.actor });
  const { campaign, level, samples } = await campaignOf(office, request.campaign);
  const referenceOf = await parcelReferences(office);
  const byParcel = new Map(samples.map((sample) => [sample.parcel, sample] as const));
  const looked = printed.map((strings, at) =>
    lookAt(byParcel.get(referenceOf(strings.parcel)), judge(office, level, strings), at),
  );
  const leaves = looked.map(({ sample, look }) => lookLeaf(campaign.id, { ...sample, ...look }));
  const root = Buffer.from(merkleRoot(leaves.map(canonicalJson))).toString("hex");
  const looks = looked.map(({ look }) => look);
  const violations = looks.filter(({ result }) => result === "violation").length;
  const entry = await transaction(office.database, async (connection) => {
    const leaf = await writeAct(office, connection, {
      type: "sample-taken",
      actor: request.actor,
      campaign: campaign.id,
      count: looks.length,
      violations,
      broken: brokenIn(looks),
      root,
    });
    const proof = { at: office.now(), entry: leaf };
    const recorded = await recordLooks(connection, { campaign: campaign.id, proof }, looks);
    if (recorded !== looks.length) throw new Failure("SAMPLE_LOOKED");
    return leaf;
  });
  return { entry: entryText(entry), root, looked: looks.length, violations };
}
