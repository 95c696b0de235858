/**
 * A sealed batch on its way into the database: shells, parties, the entry with the root of its
 * tokens, and what webhooks are told, all in the caller's transaction.
 */
import type { Actor } from "../access/actor.ts";
import { newEntry } from "../access/entry.ts";
import { tellWebhooks } from "../access/webhook.ts";
import { merkleRoot } from "../audit/merkle.ts";
import { ownNumber } from "../label/own-number.ts";
import { insertLeaves } from "../store/audit-leaf.ts";
import { copyParties } from "../store/party.ts";
import type { Connection } from "../store/query.ts";
import { insertSealBatch } from "../store/seal-batch.ts";
import { copyShells } from "../store/shell.ts";
import { partiesOf, shellsOf } from "./batch-rows.ts";
import type { BatchRows } from "./batch-rows.ts";
import type { SealingKeys } from "./keyed-order.ts";
import { sealedRows } from "./sealed-row.ts";
import type { SealedRow } from "./sealed-row.ts";
import { batchEvent } from "./told-event.ts";
import type { Vault } from "./vault.ts";

export interface NewBatch extends BatchRows {
  readonly keys: SealingKeys;
  readonly actor: Actor;
}

/** Carriers' own numbers where they gave one, else ours. */
function numbersOf({ won, sealed }: BatchRows): string[] {
  return won.map(({ order }, index) =>
    order.waybillNumber === "" ? ownNumber(sealed.tokens[index] ?? "") : order.waybillNumber,
  );
}

function entryOf(vault: Vault, { sealed, actor, lifetime }: NewBatch) {
  const tokens = sealed.tokens.map((token) => Buffer.from(token, "latin1"));
  return newEntry(vault, {
    type: "seal-batch",
    actor,
    count: tokens.length,
    root: Buffer.from(merkleRoot(tokens)).toString("hex"),
    dayOfDeath: lifetime.dayOfDeath,
  });
}

/**
 * Stores the orders that won their places, and returns what is told of them, in their order. Throws
 * LOG_LATE, or DATABASE_*; nothing counts before the caller commits.
 */
export async function storeBatch(
  vault: Vault,
  connection: Connection,
  batch: NewBatch,
): Promise<SealedRow[]> {
  const { won, sealed, lifetime, keys } = batch;
  const numbers = numbersOf(batch);
  const sealedAt = vault.now();
  const when = { numbers, tenantId: vault.tenant.id, sealedAt };
  await copyShells(connection, shellsOf(batch, keys, when));
  await copyParties(connection, partiesOf(batch));
  const leaf = entryOf(vault, batch);
  await insertLeaves(connection, [leaf]);
  const places = won.map(({ serial, slot }) => ({ compartment: serial, slot }));
  const { shellWeek } = lifetime;
  await insertSealBatch(connection, { batchLeaf: leaf.id, shellWeek, sealedAt, places });
  const data = batchEvent(sealed.tokens, leaf.id);
  await tellWebhooks(vault, connection, { event: "waybill.sealed", data });
  return sealedRows(won, sealed, numbers);
}
