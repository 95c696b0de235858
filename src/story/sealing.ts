/** Sealing and labelling the parcels of a carrier through the vault's own verbs. */
import { playedActor } from "../access/actor.ts";
import type { RowResult } from "../orders/order.ts";
import type { LabelData } from "../label/label.ts";
import { printBatches } from "../vault/print.ts";
import { seal } from "../vault/seal.ts";
import { ACCOUNTS } from "./cast.ts";
import { clearPaper } from "./paper.ts";
import type { Paper } from "./paper.ts";
import type { CarrierStage, Parcel, Stage } from "./stage.ts";

const ROWS_PER_READ = 1_000;

async function* rowsOf(parcels: readonly Parcel[]): AsyncGenerator<readonly RowResult[]> {
  for (let from = 0; from < parcels.length; from += ROWS_PER_READ) {
    const read = parcels.slice(from, from + ROWS_PER_READ);
    yield await Promise.resolve(
      read.map(({ order }, at): RowResult => ({
        ok: true,
        order: { ...order, line: from + at + 1 },
      })),
    );
  }
}

/** Seals all of `parcels` and keeps their tokens; a refused order is the story's own mistake. */
export async function sealParcels(
  carrier: CarrierStage,
  parcels: readonly Parcel[],
): Promise<number> {
  const { tokens, vault } = carrier;
  const summary = await seal(vault, rowsOf(parcels), {
    actor: await playedActor(vault, ACCOUNTS.headquarters),
    sink: {
      committed: async (rows) => {
        for (const row of rows) tokens.set(row.waybillNumber, row.token);
        return Promise.resolve();
      },
    },
  });
  if (summary.sealed !== parcels.length) throw new RangeError("an invented order was not sealed");
  return summary.sealed;
}

function vaultPaper(data: LabelData, outlet: string): Paper {
  return {
    outlet,
    parcel: data.waybillNumber,
    recipient: data.recipient,
    sender: data.sender,
    others: [data.goods, data.remark, data.destination],
  };
}

export interface NewPrint {
  readonly papers: readonly Paper[];
  /** Ids of the audit entries, hex: one for each batch of statements. */
  readonly entries: readonly string[];
}

/**
 * Prints the next parcels of every outlet, each outlet a batch of its own, by what rules over it:
 * the carrier's own desk prints what headquarters sealed. The vault's label is the
 * paper, but for parcels of the merchant that still prints with its own software.
 */
export async function printNewLabels(stage: Stage, carrier: CarrierStage): Promise<NewPrint> {
  const papers: Paper[] = [];
  const entries: string[] = [];
  const parcelsAt = Map.groupBy(carrier.nextParcels, ({ outlet }) => outlet);
  for (const [at, outlet] of carrier.outlets.entries()) {
    const parcels = parcelsAt.get(at) ?? [];
    const byNumber = new Map(
      parcels.map((parcel) => [parcel.order.waybillNumber, parcel] as const),
    );
    const tokens = parcels.map(({ order }) => carrier.tokens.get(order.waybillNumber) ?? "");
    const common = {
      actor: await playedActor(carrier.vault, ACCOUNTS.printer),
      fonts: stage.fonts,
    };
    const request = { ...common, tokens, organisation: outlet.id };
    for await (const batch of printBatches(carrier.vault, request)) {
      for (const { label, entry } of batch) {
        const parcel = byNumber.get(label.data.waybillNumber);
        const isOwn = parcel?.ownPrinter === true;
        papers.push(isOwn ? clearPaper(parcel, outlet.id) : vaultPaper(label.data, outlet.id));
        if (entries.at(-1) !== entry) entries.push(entry);
      }
    }
  }
  return { papers, entries };
}
