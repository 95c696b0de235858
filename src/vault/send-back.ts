/**
 * Return (退回重寄): the parcel goes back to whoever sent it under a waybill of its own, sender and
 * recipient swapped, with a new key and its own day of death. Nobody sees anything plain.
 */
import type { Actor } from "../access/actor.ts";
import { isExternal } from "../privacy/external.ts";
import { Failure } from "../rules/failure.ts";
import { reseal } from "./reseal.ts";
import type { Opened, OrderSaid, Resealed } from "./reseal.ts";
import type { Vault } from "./vault.ts";

/** Remark and sorting code were for the way out, and mean nothing on the way back. */
function swapped({ parties, view }: Opened): OrderSaid {
  const { recipient, sender } = parties;
  if (sender === null) throw new Failure("RETURN_SENDER_MISSING");
  const orderNumber = `${view.orderNumber}-R`;
  const { goods } = view;
  // Whom a platform withholds is named on the way back by nobody: its token is of the way out.
  const from = isExternal(recipient) ? null : recipient;
  return { orderNumber, recipient: sender, sender: from, goods, remark: "", sortCode: "" };
}

/**
 * Seals the waybill of the way back and records the old one as returned, at once or not at all.
 * Fails as `reseal`, and with RETURN_SENDER_MISSING where nobody is named to whom it could go.
 */
export async function sendBack(
  vault: Vault,
  { token, actor }: { readonly token: string; readonly actor: Actor },
): Promise<Resealed> {
  const ordersOf = (opened: Opened): readonly OrderSaid[] => [swapped(opened)];
  const [back] = await reseal(vault, { token, actor, verb: "return", how: "return", ordersOf });
  if (back === undefined) throw new RangeError("one order gives one parcel");
  return back;
}
