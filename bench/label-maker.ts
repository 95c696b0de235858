/** Labels for the benchmarks: invented orders, masked and taken through the gate. */
import { openGazetteer } from "../src/main.ts";
import { gate } from "../src/label/gate.ts";
import type { PrintableLabel } from "../src/label/gate.ts";
import type { LabelSize } from "../src/label/label-size.ts";
import { profileOf } from "../src/privacy/mask-profile.ts";
import { maskParty } from "../src/privacy/party.ts";
import { parseParty } from "../src/privacy/plain.ts";
import type { OrderCells } from "./order-file.ts";

const TICKET_LETTERS = 180;

export type MakeLabel = (cells: OrderCells, ticket: string, size?: LabelSize) => PrintableLabel;

/** Masks one order and takes it through the gate, as printing does. */
export function labelMaker(): MakeLabel {
  const profile = profileOf("gb41833");
  const gazetteer = openGazetteer();
  return (cells, ticket, size = "76x130") => {
    const [, orderNumber = "", waybillNumber = "", carrier = "", name, phone] = cells;
    const address = cells.slice(6, 10).join("");
    const [senderName, senderPhone, senderAddress, goods = "", remark = "", sortCode = ""] =
      cells.slice(10);
    const recipient = parseParty({ name, phone, address });
    const sender = parseParty({ name: senderName, phone: senderPhone, address: senderAddress });
    if (!recipient.ok || !sender.ok) throw new RangeError("orders of the bench are whole");
    return gate(
      {
        carrier,
        waybillNumber,
        orderNumber,
        sortCode,
        goods,
        remark,
        ticket,
        size,
        printNumber: 1,
        token: "",
        destination: cells[7] ?? "",
        recipient: maskParty(recipient.party, profile, gazetteer),
        sender: maskParty(sender.party, profile, gazetteer),
        printedAt: "2026-01-01 08:00",
      },
      profile,
      gazetteer,
    );
  };
}

/** A ticket of its own for each label, as sealing gives: letters that nothing can be made of. */
export function ticketOf(index: number): string {
  const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  let state = index + 1;
  let text = "MDT1";
  while (text.length < TICKET_LETTERS) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += letters[Math.floor((state / 2_147_483_648) * letters.length)] ?? "0";
  }
  return text;
}
