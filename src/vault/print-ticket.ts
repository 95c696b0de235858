/**
 * The ticket of a label that is being printed. Sealing it is the one moment of printing that opens
 * the parties; they go from one envelope into the other within this function and nowhere else, so
 * it is no reveal: nobody has seen anything (P12).
 */
import { sealTicket, TICKET_SALT_BYTES } from "../crypto/ticket.ts";
import { parseToken } from "../crypto/token.ts";
import { ticketKey } from "../crypto/waybill-key.ts";
import { maskAddress } from "../privacy/address.ts";
import type { MaskProfile } from "../privacy/mask-profile.ts";
import { isExternal } from "../privacy/external.ts";
import type { PlainAddress } from "../privacy/plain.ts";
import type { OpenedView } from "./open-views.ts";
import type { Vault } from "./vault.ts";

/** What of an address a label of `profile` hides: from its first hidden letter to its last. */
function hiddenPart(
  vault: Pick<Vault, "gazetteer">,
  address: PlainAddress,
  profile: MaskProfile,
): string {
  const { hidden } = maskAddress(address, profile, vault.gazetteer);
  const [first, last] = [hidden[0], hidden.at(-1)];
  return first === undefined || last === undefined ? "" : address.slice(first[0], last[1]);
}

/**
 * The text of the ticket of that print, "" where a platform withholds the recipient: there is
 * nothing to seal into it. Throws ENVELOPE_BROKEN when the parties do not open.
 */
export function ticketOf(
  vault: Pick<Vault, "gazetteer" | "randomBytes">,
  printing: OpenedView,
  print: { readonly number: number; readonly profile: MaskProfile },
): string {
  const { suite, leaf, tenant, waybillId } = printing.key;
  const { recipient } = printing.parties();
  if (isExternal(recipient)) return "";
  const key = ticketKey(suite, leaf, print.number);
  const input = {
    suite,
    token: parseToken(printing.token),
    printNumber: print.number,
    key,
    salt: vault.randomBytes(TICKET_SALT_BYTES),
    place: { tenant, waybillId },
  };
  const text = sealTicket(input, {
    contact: recipient.phone,
    room: hiddenPart(vault, recipient.address, print.profile),
    name: recipient.name,
  });
  key.fill(0);
  return text;
}
