/** Invented orders, and sealing them as a caller does. */
import { Readable } from "node:stream";
import { readOrders } from "../../src/orders/read.ts";
import { seal } from "../../src/vault/seal.ts";
import type { SealProgress, SealSummary } from "../../src/vault/seal.ts";
import type { SealedRow } from "../../src/vault/sealed-row.ts";
import type { Rejection } from "../../src/vault/order-batch.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "./actor.ts";

export interface InventedOrder {
  readonly number: string;
  readonly name: string;
  readonly phone: string;
  readonly address: string;
  readonly remark: string;
}

/** The n-th invented order; the same every time. */
export function inventOrder(index: number): InventedOrder {
  const serial = String(index).padStart(8, "0");
  return {
    number: `VT${serial}`,
    name: "林桐禾",
    // No run of digits of the phone may stand in the order number by chance.
    phone: `154${String((index * 7919 + 31_415_926) % 100_000_000).padStart(8, "0")}`,
    address: `江苏省南京市玄武区栖霞支路${(index % 300) + 1}号${(index % 28) + 1}幢1203室`,
    remark: "",
  };
}

export function inventOrders(count: number, first = 0): InventedOrder[] {
  return Array.from({ length: count }, (_, index) => inventOrder(first + index));
}

const HEADINGS = "店铺,订单号,收件人,手机,地址,寄件人,寄件电话,寄件地址,商品,买家备注";
const SENDER = "青禾仓库,025-10001234,江苏省南京市玄武区青禾支路7号3库";

/** A CSV file of these orders, all from one shop. */
export function csvOf(orders: readonly InventedOrder[]): string {
  const lines = orders.map(
    ({ number, name, phone, address, remark }) =>
      `青禾布艺,${number},${name},${phone},${address},${SENDER},陶瓷杯,${remark}`,
  );
  return `${[HEADINGS, ...lines].join("\n")}\n`;
}

export interface SealedFile {
  readonly rows: readonly SealedRow[];
  readonly rejected: readonly Rejection[];
  readonly progress: readonly SealProgress[];
  readonly summary: SealSummary;
}

/** Seals a CSV file through the reader and the verb, as the command line does. */
export async function sealCsv(
  vault: Vault,
  csv: string,
  actor = signedIn("tester"),
): Promise<SealedFile> {
  const stream = Readable.from([Buffer.from(csv, "utf8")]);
  const rows: SealedRow[] = [];
  const rejected: Rejection[] = [];
  const progress: SealProgress[] = [];
  const summary = await seal(vault, readOrders({ kind: "stdin", stream }), {
    actor,
    sink: {
      committed: async (some, refused, after) => {
        rows.push(...some);
        rejected.push(...refused);
        progress.push(after);
      },
    },
  });
  return { rows, rejected, progress, summary };
}

export async function sealOrders(
  vault: Vault,
  orders: readonly InventedOrder[],
): Promise<SealedFile> {
  return sealCsv(vault, csvOf(orders));
}

/** Seals one invented order and gives its token. */
export async function sealOne(vault: Vault, index = 1): Promise<string> {
  const [row] = (await sealOrders(vault, [inventOrder(index)])).rows;
  if (row === undefined) throw new Error("the order was not sealed");
  return row.token;
}
