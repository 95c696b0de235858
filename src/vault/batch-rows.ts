/** The rows of a sealed batch: a shell and a party for each order that won its place. */
import { merchantKeyOf } from "../crypto/blind-index.ts";
import { laneOf } from "../keystore/slot-allocator.ts";
import type { Lifetime } from "../rules/retention.ts";
import type { PartyRow } from "../store/party.ts";
import type { ShellRow } from "../store/shell.ts";
import type { SealedBatch } from "./batch-sealer.ts";
import { intakeIndex } from "./keyed-order.ts";
import type { SealingKeys } from "./keyed-order.ts";
import { randomOf } from "./sealed-row.ts";
import type { Won } from "./sealed-row.ts";

export interface BatchRows {
  readonly won: readonly Won[];
  readonly sealed: SealedBatch;
  readonly lifetime: Lifetime;
}

/** `numbers` are the waybill numbers of those that won, in their order. */
export function shellsOf(
  { won, sealed, lifetime }: BatchRows,
  keys: SealingKeys,
  when: { readonly numbers: readonly string[]; readonly tenantId: string; readonly sealedAt: Date },
): ShellRow[] {
  const { numbers, tenantId, sealedAt } = when;
  const { shellWeek, dayOfDeath } = lifetime;
  // Thousands of orders come from a few merchants, so each is hashed once.
  const merchants = new Set(won.map(({ order }) => order.merchant));
  const index = intakeIndex(keys);
  const merchantKeys = new Map(
    Array.from(merchants, (merchant) => [merchant, merchantKeyOf(index, merchant)]),
  );
  return won.map(({ order, serial, slot }, at) => ({
    shellWeek,
    compartment: serial,
    slot,
    bucket: laneOf(slot),
    dayOfDeath,
    tenantId,
    tokenRandom: randomOf(sealed, at),
    tokenKey: keys.token[0].number,
    merchantKey: merchantKeys.get(order.merchant) ?? null,
    carrier: order.carrier,
    waybillNumber: numbers[at] ?? "",
    divisionCode: sealed.numbers[at * 3 + 2] ?? 0,
    state: "sealed",
    sealedAt,
  }));
}

export function partiesOf({ won, sealed, lifetime }: BatchRows): PartyRow[] {
  let at = 0;
  const take = (length: number): Uint8Array => sealed.envelopes.subarray(at, (at += length));
  return won.map(({ serial, slot }, index) => ({
    deathWeek: lifetime.deathWeek,
    compartment: serial,
    slot,
    bucket: laneOf(slot),
    parties: take(sealed.lengths[index * 2] ?? 0),
    view: take(sealed.lengths[index * 2 + 1] ?? 0),
    phoneTag: sealed.hasPhone[index] === 1 ? (sealed.numbers[index * 3] ?? 0) : null,
    fingerprintTag: sealed.numbers[index * 3 + 1] ?? 0,
  }));
}
