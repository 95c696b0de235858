/** Orders that come a second time: what stands in their place since the first. */
import type { Order } from "../orders/order.ts";
import { maskParty } from "../privacy/party.ts";
import type { Day } from "../rules/calendar.ts";
import type { FailureCode } from "../rules/failure.ts";
import { findCompartments } from "../store/compartment.ts";
import type { Connection } from "../store/query.ts";
import { findShells } from "../store/shell.ts";
import type { ShellRow } from "../store/shell.ts";
import type { BatchOutcome } from "./batch-outcome.ts";
import type { EarlierOrder, SealingKeys } from "./keyed-order.ts";
import type { Rejection } from "./order-batch.ts";
import type { OrderRules } from "./order-rule.ts";
import type { SealedRow } from "./sealed-row.ts";
import { tokenOfShell } from "./token-key.ts";
import type { Vault } from "./vault.ts";
import { placeKey } from "./waybill-place.ts";

/** The shells of orders that were sealed before, by place; what is dead is left out. */
async function earlierShells(
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

interface Repeating {
  readonly lost: readonly EarlierOrder[];
  readonly keys: SealingKeys;
  readonly today: Day;
  readonly rules: OrderRules;
}

function repeatedRow(
  vault: Vault,
  { keys, rules }: Repeating,
  { order, shell }: { readonly order: Order; readonly shell: ShellRow },
): SealedRow {
  return {
    line: order.line,
    token: tokenOfShell({ suite: keys.suite, keys: keys.token }, shell),
    orderNumber: order.orderNumber,
    waybillNumber: shell.waybillNumber,
    recipient: maskParty(order.recipient, rules.profileFor(order), vault.gazetteer),
    state: "repeated",
  };
}

/** The same order again keeps its token; a changed or dead one is refused. */
export async function repeatOrders(
  vault: Vault,
  connection: Connection,
  asked: Repeating,
): Promise<BatchOutcome> {
  const { lost, today } = asked;
  const rows: SealedRow[] = [];
  const rejected: Rejection[] = [];
  const refuse = ({ line }: Order, code: FailureCode): unknown =>
    rejected.push({ line, field: "order_number", code });
  const shells = await earlierShells(connection, lost);
  for (const { order, bodyKey, earlier } of lost) {
    const shell = shells.get(placeKey(earlier.compartment, earlier.slot));
    if (earlier.dayOfDeath <= today || shell === undefined) refuse(order, "ORDER_EXPIRED");
    else if (!Buffer.from(bodyKey).equals(earlier.bodyKey)) refuse(order, "ORDER_CHANGED");
    else rows.push(repeatedRow(vault, asked, { order, shell }));
  }
  return { rows, rejected };
}
