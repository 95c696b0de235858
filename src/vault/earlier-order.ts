/** Orders that come a second time: what stands in their place since the first. */
import type { Order } from "../orders/order.ts";
import { findCompartments } from "../store/compartment.ts";
import type { EarlierClaim } from "../store/intake.ts";
import type { Connection } from "../store/query.ts";
import { findShells } from "../store/shell.ts";
import type { ShellRow } from "../store/shell.ts";

/** An order whose number was claimed before. */
export interface EarlierOrder {
  readonly order: Order;
  readonly bodyKey: Uint8Array;
  readonly earlier: EarlierClaim;
}

export function placeKey(serial: number, slot: number): string {
  return `${serial}/${slot}`;
}

/** The shells of orders that were sealed before, by place; what is dead is left out. */
export async function earlierShells(
  connection: Connection,
  lost: readonly EarlierOrder[],
): Promise<Map<string, ShellRow>> {
  const found = new Map<string, ShellRow>();
  const groups = Map.groupBy(lost, ({ earlier }) => earlier.compartment);
  const compartments = await findCompartments(connection, [...groups.keys()]);
  for (const { serial, shellWeek, state } of compartments) {
    if (state === "destroyed") continue;
    const slots = (groups.get(serial) ?? []).map(({ earlier }) => earlier.slot);
    for (const shell of await findShells(connection, { shellWeek, compartment: serial }, slots)) {
      if (shell.state !== "erased") found.set(placeKey(serial, shell.slot), shell);
    }
  }
  return found;
}
