/**
 * What the person who sealed gets back for each order, and how it is read out of a sealed batch.
 */
import { TOKEN_RANDOM_BYTES } from "../crypto/token.ts";
import type { Order } from "../orders/order.ts";
import type { MaskedParty } from "../privacy/plain.ts";
import type { SealedBatch } from "./batch-sealer.ts";
import type { Place } from "./placement.ts";
import type { Origin } from "./view.ts";

export interface SealedRow {
  readonly line: number;
  readonly token: string;
  readonly orderNumber: string;
  readonly waybillNumber: string;
  readonly recipient: MaskedParty;
  /** `sealed` now, or `repeated`: the same order had been sealed before and kept its token. */
  readonly state: "sealed" | "repeated";
}

/** An order that won its place. */
export interface Won extends Place {
  readonly order: Order;
  /** Name of the profile that it is sealed with. */
  readonly profile: string;
  /** The waybill that it is sealed out of, where there is one. */
  readonly origin: Origin | null;
}

/** The seven random bytes of one token of the batch. */
export function randomOf(sealed: SealedBatch, index: number): Uint8Array {
  return sealed.randoms.subarray(index * TOKEN_RANDOM_BYTES, (index + 1) * TOKEN_RANDOM_BYTES);
}

/** The rows of those that won, in their order. `numbers` are their waybill numbers. */
export function sealedRows(
  won: readonly Won[],
  sealed: SealedBatch,
  numbers: readonly string[],
): SealedRow[] {
  const rows: SealedRow[] = [];
  for (const [index, { order }] of won.entries()) {
    const token = sealed.tokens[index];
    const recipient = sealed.recipients[index];
    if (token === undefined || recipient === undefined)
      throw new RangeError("a sealed batch is whole");
    const waybillNumber = numbers[index] ?? "";
    rows.push({
      line: order.line,
      token,
      orderNumber: order.orderNumber,
      waybillNumber,
      recipient,
      state: "sealed",
    });
  }
  return rows;
}
