/**
 * Spot-check campaigns (抽查) and their samples. A parcel is a keyed reference; what was printed on
 * it never comes here, only whether it held to the rules, and which rules it broke.
 */

import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, bytesOrNull, instant, instantOrNull, text, wholeNumber, word } from "./row.ts";
import type { Row } from "./row.ts";
import { Failure } from "../rules/failure.ts";
import { int4Array } from "./wire.ts";

/** What one outlet had to draw from, and what was drawn there. */
export interface OutletPlan {
  readonly outlet: string;
  readonly carrierTenant: string;
  /** Parcels of the outlet in the population. */
  readonly parcels: number;
  readonly isDrawn: boolean;
  /** Pseudonyms of those who were drawn to look there. */
  readonly inspectors: readonly string[];
}

export interface CampaignPlan {
  readonly outletsPerCarrier: number;
  readonly parcelsPerOutlet: number;
  /** Every outlet of the population, drawn or not: the weights of the estimate. */
  readonly outlets: readonly OutletPlan[];
}

export interface CampaignRow {
  readonly id: string;
  readonly authority: string;
  readonly name: string;
  /** The printed seed of the draw. */
  readonly seed: string;
  readonly level: string;
  readonly plan: CampaignPlan;
  readonly openedAt: Date;
  /** Id of the audit leaf that tells of the opening, 16 bytes. */
  readonly entry: Uint8Array;
}

export const RESULTS = ["compliant", "violation"] as const;
export type SampleResult = (typeof RESULTS)[number];

export const LABEL_RULES = ["W1", "W2", "W3", "W4"] as const;
export type LabelRule = (typeof LABEL_RULES)[number];

export interface NewSample {
  readonly ordinal: number;
  readonly carrierTenant: string;
  readonly outlet: string;
  /** Keyed reference to the waybill number, 32 hex characters. */
  readonly parcel: string;
}

export interface Look {
  readonly ordinal: number;
  readonly result: SampleResult;
  readonly rules: readonly LabelRule[];
}

/** Where a look is proved: the leaf with the root of its batch, and its place in the batch. */
export interface LookProof {
  readonly at: Date;
  readonly entry: Uint8Array;
}

export interface SampleRow extends NewSample {
  /** Null until somebody has looked. */
  readonly look: (Omit<Look, "ordinal"> & { readonly batchIndex: number } & LookProof) | null;
}

const CAMPAIGN_COLUMNS = "id, authority, opened_at, name, seed, level, plan, entry";
const SAMPLE_COLUMNS =
  "carrier_tenant, outlet, looked_at, ordinal, batch_index, parcel, result, rules, entry";

function unreadable(column: string): Failure {
  return new Failure("ROW_UNREADABLE", { column });
}

function record(value: unknown, column: string): Row {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unreadable(column);
  }
  return { ...value };
}

function outletPlanOf(value: unknown): OutletPlan {
  const row = record(value, "plan.outlets");
  const isDrawn = row["isDrawn"];
  if (typeof isDrawn !== "boolean") throw unreadable("plan.outlets.isDrawn");
  const inspectors = row["inspectors"];
  if (!Array.isArray(inspectors)) throw unreadable("plan.outlets.inspectors");
  return {
    outlet: text(row, "outlet"),
    carrierTenant: text(row, "carrierTenant"),
    parcels: wholeNumber(row, "parcels"),
    isDrawn,
    inspectors: inspectors.map((inspector: unknown) => text({ inspector }, "inspector")),
  };
}

function planOf(row: Row): CampaignPlan {
  const plan = record(row["plan"], "plan");
  const outlets = plan["outlets"];
  if (!Array.isArray(outlets)) throw unreadable("plan.outlets");
  return {
    outletsPerCarrier: wholeNumber(plan, "outletsPerCarrier"),
    parcelsPerOutlet: wholeNumber(plan, "parcelsPerOutlet"),
    outlets: outlets.map(outletPlanOf),
  };
}

function campaignOf(row: Row): CampaignRow {
  return {
    id: text(row, "id"),
    authority: text(row, "authority"),
    name: text(row, "name"),
    seed: text(row, "seed"),
    level: text(row, "level"),
    plan: planOf(row),
    openedAt: instant(row, "opened_at"),
    entry: bytes(row, "entry"),
  };
}

function rulesOf(row: Row): LabelRule[] {
  const given = row["rules"];
  if (!Array.isArray(given)) throw unreadable("rules");
  return given.map((rule: unknown) => word({ rule }, "rule", LABEL_RULES));
}

function lookOf(row: Row): SampleRow["look"] {
  const at = instantOrNull(row, "looked_at");
  const entry = bytesOrNull(row, "entry");
  if (at === null || entry === null) return null;
  return {
    at,
    entry,
    result: word(row, "result", RESULTS),
    rules: rulesOf(row),
    batchIndex: wholeNumber(row, "batch_index"),
  };
}

function sampleOf(row: Row): SampleRow {
  return {
    ordinal: wholeNumber(row, "ordinal"),
    carrierTenant: text(row, "carrier_tenant"),
    outlet: text(row, "outlet"),
    parcel: text(row, "parcel"),
    look: lookOf(row),
  };
}

/** Adds a campaign with everything that was drawn, in the caller's transaction. */
export async function insertCampaign(
  connection: Connection,
  campaign: CampaignRow,
  samples: readonly NewSample[],
): Promise<void> {
  const { id, authority, openedAt, name, seed, level, plan, entry } = campaign;
  await execute(connection, {
    text: `
      insert into campaign (id, authority, opened_at, name, seed, level, plan, entry)
      values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7::jsonb, $8::bytea)`,
    values: [id, authority, openedAt, name, seed, level, JSON.stringify(plan), Buffer.from(entry)],
  });
  await execute(connection, {
    text: `
      insert into sample (campaign_id, carrier_tenant, outlet, ordinal, parcel)
      select $1::uuid, carrier_tenant, outlet, ordinal, parcel
      from unnest($2::uuid[], $3::uuid[], $4::integer[], $5::text[])
        as given (carrier_tenant, outlet, ordinal, parcel)`,
    values: [
      id,
      samples.map((sample) => sample.carrierTenant),
      samples.map((sample) => sample.outlet),
      int4Array(samples.map((sample) => sample.ordinal)),
      samples.map((sample) => sample.parcel),
    ],
  });
}

/** The campaign of that id, or null. */
export async function findCampaign(
  connection: Connection,
  id: string,
): Promise<CampaignRow | null> {
  const rows = await query(connection, {
    text: `select ${CAMPAIGN_COLUMNS} from campaign where id = $1::uuid`,
    values: [id],
  });
  return rows[0] === undefined ? null : campaignOf(rows[0]);
}

/** All campaigns, oldest first, at most `limit`. */
export async function listCampaigns(connection: Connection, limit: number): Promise<CampaignRow[]> {
  const rows = await query(connection, {
    text: `select ${CAMPAIGN_COLUMNS} from campaign order by opened_at, id limit $1::integer`,
    values: [limit],
  });
  return rows.map(campaignOf);
}

/** Everything that was drawn in a campaign, in the order of the draw. */
export async function samplesOf(connection: Connection, campaign: string): Promise<SampleRow[]> {
  const rows = await query(connection, {
    text: `select ${SAMPLE_COLUMNS} from sample where campaign_id = $1::uuid order by ordinal`,
    values: [campaign],
  });
  return rows.map(sampleOf);
}

/**
 * Records `looks` in their order, each on a sample that nobody has looked at yet, and returns how
 * many there were: fewer than `looks` means that somebody was first, and the caller rolls back.
 */
export async function recordLooks(
  connection: Connection,
  batch: { readonly campaign: string; readonly proof: LookProof },
  looks: readonly Look[],
): Promise<number> {
  return execute(connection, {
    text: `
      update sample set
        looked_at = $2, entry = $3::bytea, batch_index = given.at - 1, result = given.result,
        rules = string_to_array(given.rules, ' ')
      from unnest($4::integer[], $5::text[], $6::text[]) with ordinality
        as given (ordinal, result, rules, at)
      where sample.campaign_id = $1::uuid and sample.ordinal = given.ordinal
        and sample.result is null`,
    values: [
      batch.campaign,
      batch.proof.at,
      Buffer.from(batch.proof.entry),
      int4Array(looks.map((look) => look.ordinal)),
      looks.map((look) => look.result),
      looks.map((look) => look.rules.join(" ")),
    ],
  });
}
