/**
 * What the demo's page shows of one order: pictures, the row in the database, entries of the log.
 */
import { playedActor } from "../src/access/actor.ts";
import type { Fonts } from "../src/label/font.ts";
import { toPng } from "../src/label/png.ts";
import { toSpecimenPng } from "../src/label/specimen.ts";
import type { Order } from "../src/orders/order.ts";
import { shownOf } from "../src/privacy/external.ts";
import { readOrders } from "../src/orders/read.ts";
import { findLeaf } from "../src/store/audit-leaf.ts";
import { findParty } from "../src/store/party.ts";
import { connected } from "../src/store/pool.ts";
import { printLabels } from "../src/vault/print.ts";
import { findRecord } from "../src/vault/record.ts";
import type { SealedRow } from "../src/vault/sealed-row.ts";
import type { Vault } from "../src/vault/vault.ts";
import type { DemoFacts } from "./demo-page.ts";

const DPI = 203;
export const PLAYED = { name: "demo", role: "privacy-officer" } as const;

/**
 * The orders of the sample, read once more: the page shows one of them in the clear, as a specimen.
 */
export async function readSample(file: string): Promise<Order[]> {
  const orders: Order[] = [];
  for await (const rows of readOrders({ kind: "file", path: file })) {
    for (const row of rows) if (row.ok) orders.push(row.order);
  }
  return orders;
}

export interface Example {
  readonly order: Order;
  readonly token: string;
}

/** An order that shows well: sealed, with a sender, a unit and a room. */
export function pickExample(
  orders: readonly Order[],
  sealed: { readonly rows: readonly SealedRow[] },
): Example {
  const tokens = new Map(sealed.rows.map((row) => [row.line, row.token]));
  const shows = ({ recipient, sender }: Order): boolean =>
    sender !== null &&
    /单元/u.test(shownOf(recipient).address) &&
    /^1\d{10}$/.test(shownOf(recipient).phone) &&
    /^\p{Script=Han}{3}$/u.test(shownOf(recipient).name);
  const order =
    orders.find((candidate) => tokens.has(candidate.line) && shows(candidate)) ?? orders[0];
  const token = order === undefined ? undefined : tokens.get(order.line);
  if (order === undefined || token === undefined)
    throw new Error("the sample has no order to show");
  return { order, token };
}

export async function picturesOf(
  vault: Vault,
  example: Example,
  fonts: Fonts,
): Promise<Pick<DemoFacts, "before" | "after">> {
  const actor = await playedActor(vault, PLAYED);
  const [printed] = await printLabels(vault, {
    tokens: [example.token],
    actor,
    fonts,
    reprintReason: "misprint",
  });
  if (printed === undefined) throw new Error("the example has no label");
  const { sender } = example.order;
  const recipient = shownOf(example.order.recipient);
  const clear = {
    ...printed.label.data,
    recipient,
    sender: sender ?? recipient,
    remark: example.order.remark,
  };
  return {
    before: { png: toSpecimenPng(clear, DPI, fonts) },
    after: { png: toPng(printed.label, DPI, fonts) },
  };
}

function shown(value: unknown): string {
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  return value instanceof Date ? value.toISOString() : String(value);
}

/**
 * The row of one waybill as the database holds it: the shell, and beside it nothing but ciphertext.
 */
export async function rowOf(vault: Vault, token: string): Promise<DemoFacts["row"]> {
  const { shell, compartment } = await findRecord(vault, token);
  const place = {
    deathWeek: compartment.deathWeek,
    compartment: shell.compartment,
    slot: shell.slot,
  };
  const party = await connected(vault.database, async (connection) => findParty(connection, place));
  const columns = (table: string, row: object): [string, string][] =>
    Object.entries(row).map(([column, value]) => [`${table}.${column}`, shown(value)]);
  return [...columns("shell", shell), ...(party === null ? [] : columns("party", party))];
}

export async function leafText(vault: Vault, id: string): Promise<string> {
  const leaf = await connected(vault.database, async (connection) =>
    findLeaf(connection, Buffer.from(id, "hex")),
  );
  if (leaf === null) throw new Error("the audit entry is not there");
  return JSON.stringify(JSON.parse(Buffer.from(leaf.body).toString("utf8")), null, 2);
}
