/**
 * What the log says of a campaign, recomputed from its rows: the root over what could be drawn, and
 * the root over the results of each batch of looks.
 */
import { canonicalJson } from "../audit/canonical-json.ts";
import type { CanonicalValue } from "../audit/canonical-json.ts";
import { merkleRoot } from "../audit/merkle.ts";
import { findLeaf } from "../store/audit-leaf.ts";
import { samplesOf } from "../store/campaign.ts";
import type { Look, NewSample, SampleRow } from "../store/campaign.ts";
import { connected } from "../store/pool.ts";
import type { OutletPopulation } from "./campaign-draw.ts";
import { requireCampaign } from "./case-owner.ts";
import { entryText } from "./office.ts";
import type { Office } from "./office.ts";
import type { Actor } from "../access/actor.ts";

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/**
 * The Merkle root (hex) over the outlets, sorted by id; each is {carrier, count, outlet, root} with
 * the root over its parcels' references, sorted. Who has the list and the office's key can compute
 * it again.
 */
export function populationRoot(
  population: readonly OutletPopulation[],
  referenceOf: (waybill: string) => string,
): string {
  const outlets = population.toSorted((one, other) => (one.outlet < other.outlet ? -1 : 1));
  const leaves = outlets.map(({ outlet, carrierTenant, parcels }) => {
    const references = parcels.map(referenceOf).toSorted();
    const root = hex(merkleRoot(references.map((reference) => Buffer.from(reference, "hex"))));
    return canonicalJson({ carrier: carrierTenant, count: parcels.length, outlet, root });
  });
  return hex(merkleRoot(leaves));
}

/** What one leaf of a batch's tree holds. */
export function lookLeaf(campaign: string, looked: NewSample & Look): CanonicalValue {
  const { ordinal, carrierTenant, outlet, parcel, result, rules } = looked;
  return { campaign, carrier: carrierTenant, ordinal, outlet, parcel, result, rules };
}

/** One batch of looks: its entry, and whether the rows still add up to the root in it. */
export interface BatchProof {
  readonly entry: string;
  readonly looked: number;
  readonly root: string;
  readonly isProved: boolean;
}

type Looked = SampleRow & { readonly look: NonNullable<SampleRow["look"]> };

function batchRoot(campaign: string, samples: readonly Looked[]): string {
  const ordered = samples.toSorted((one, other) => one.look.batchIndex - other.look.batchIndex);
  const leaves = ordered.map(({ look, ...sample }) => lookLeaf(campaign, { ...sample, ...look }));
  return hex(merkleRoot(leaves.map(canonicalJson)));
}

function rootIn(body: Uint8Array): string | null {
  const leaf: unknown = JSON.parse(new TextDecoder().decode(body));
  const root = typeof leaf === "object" && leaf !== null && "root" in leaf ? leaf.root : null;
  return typeof root === "string" ? root : null;
}

/** Recomputes the root of every batch of looks and compares it with its leaf. Changes nothing. */
export async function proveCampaign(
  office: Office,
  campaign: string,
  actor: Actor | null = null,
): Promise<BatchProof[]> {
  await requireCampaign(office, campaign, { act: "read", actor });
  return connected(office.database, async (connection) => {
    const samples = await samplesOf(connection, campaign);
    const looked = samples.flatMap(({ look, ...sample }) =>
      look === null ? [] : [{ ...sample, look }],
    );
    const proofs: BatchProof[] = [];
    for (const [entry, batch] of Map.groupBy(looked, ({ look }) => entryText(look.entry))) {
      const leaf = await findLeaf(connection, Buffer.from(entry, "hex"));
      const root = batchRoot(campaign, batch);
      const isProved = leaf !== null && rootIn(leaf.body) === root;
      proofs.push({ entry, looked: batch.length, root, isProved });
    }
    return proofs;
  });
}
