/**
 * Opening a ticket (面单密码) online is a reveal like any other: purpose, training, entry, receipt.
 * What comes out is what was sealed when the label was printed, also where it was corrected since.
 */
import { openTicket, parseTicket } from "../crypto/ticket.ts";
import type { ScannedTicket } from "../crypto/ticket.ts";
import type { ReadTicket, TicketField } from "../crypto/ticket-content.ts";
import { parseToken } from "../crypto/token.ts";
import type { Token } from "../crypto/token.ts";
import { ticketKey } from "../crypto/waybill-key.ts";
import type { PlainAddress, PlainName, PlainPhone } from "../privacy/plain.ts";
import { Failure } from "../rules/failure.ts";
import type { WaybillKey } from "./record.ts";
import { reveal } from "./reveal.ts";
import type { Revealed, RevealRequest } from "./reveal.ts";
import type { Vault } from "./vault.ts";
import type { Parties } from "./view.ts";

export interface TicketRequest extends Omit<RevealRequest, "token" | "fields" | "partiesOf"> {
  /** What the scanner read. */
  readonly text: string;
  /** Of the three that a ticket may hold; all of them in most cases. */
  readonly fields: string;
  /** Token of the parcel that it should be on; null when nothing else is known of it. */
  readonly expected: string | null;
}

export interface OpenedTicket extends Revealed {
  readonly token: Token;
  readonly printNumber: number;
  /** Fields that the recipient has and the ticket had no room for. */
  readonly leftOut: readonly TicketField[];
}

/** Everything that a ticket may hold, as `reveal` names it. */
export const TICKET_REVEAL_FIELDS = "name,phone,address";

function readWith(ticket: ScannedTicket, key: WaybillKey): ReadTicket {
  const { suite, leaf, tenant, waybillId } = key;
  // Of another suite than the waybill's it is none of ours, whatever else it says.
  if (suite.id !== ticket.suite.id) throw new Failure("TICKET_BROKEN");
  const printKey = ticketKey(suite, leaf, ticket.printNumber);
  const read = openTicket(ticket, { key: printKey, place: { tenant, waybillId } });
  printKey.fill(0);
  return read;
}

/* The texts were plaintext of these kinds when they were sealed, and the tag has shown that nothing
 * changed since, so the brands are given back. */
function partiesOf({ name, contact, room }: ReadTicket): Parties {
  const recipient = {
    name: name as PlainName,
    phone: contact as PlainPhone,
    address: room as PlainAddress,
  };
  return { recipient, sender: null, remark: "" };
}

/**
 * Opens a ticket that was scanned. Throws, before anything is looked up, what `parseTicket` throws,
 * and TICKET_OTHER_WAYBILL when it is not of the parcel expected; then all that `reveal` throws,
 * and TICKET_BROKEN or TICKET_VOID (the address was changed after that print), which are entries
 * like every denial that concerns a waybill.
 */
export async function openScannedTicket(
  vault: Vault,
  request: TicketRequest,
): Promise<OpenedTicket> {
  const { text, expected, ...asked } = request;
  const ticket = parseTicket(text);
  if (expected !== null && parseToken(expected) !== ticket.token)
    throw new Failure("TICKET_OTHER_WAYBILL");
  let leftOut: readonly TicketField[] = [];
  const revealed = await reveal(vault, {
    ...asked,
    token: ticket.token,
    partiesOf: ({ key, view }) => {
      const read = readWith(ticket, key);
      if (ticket.printNumber < (view().firstPrint ?? 1)) throw new Failure("TICKET_VOID");
      leftOut = read.leftOut;
      return partiesOf(read);
    },
  });
  const values = revealed.values.filter(([, value]) => value !== "");
  const { token, printNumber } = ticket;
  return { ...revealed, values, token, printNumber, leftOut };
}
