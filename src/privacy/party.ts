/**
 * Masks the three fields of a party; what leaves here is what a label and a business screen show.
 */

import { maskAddress } from "./address.ts";
import type { AddressLabel, AddressSpan } from "./address-span.ts";
import type { Gazetteer } from "./gazetteer.ts";
import type { MaskProfile } from "./mask-profile.ts";
import { maskName } from "./name.ts";
import { maskPhone } from "./phone.ts";
import type { MaskedParty, MaskedText } from "./plain.ts";
import { shownOf } from "./external.ts";
import type { Recipient } from "./external.ts";

const DIVISIONS: ReadonlySet<AddressLabel> = new Set(["prov", "city", "district", "town"]);

export interface ReadParty {
  readonly masked: MaskedParty;
  /**
   * Where the divisions at the head of the address end, 0 when it does not begin with any.
   * Thousands of addresses share a head, so what is known of it need be found out once only.
   */
  readonly divisionsEnd: number;
}

function divisionsEndOf(spans: readonly AddressSpan[]): number {
  let end = 0;
  for (const [label, start, next] of spans) {
    if (!DIVISIONS.has(label) || (end === 0 && start > 0)) break;
    end = next;
  }
  return end;
}

/** As `maskParty`, and how far the divisions of the address reach. */
export function readParty(
  recipient: Recipient,
  profile: MaskProfile,
  gazetteer: Gazetteer,
): ReadParty {
  const party = shownOf(recipient);
  const address = maskAddress(party.address, profile, gazetteer);
  // The maskers are the only makers of masked text, so the brand is given here and nowhere else.
  const masked = {
    name: maskName(party.name, profile).masked as MaskedText,
    phone: maskPhone(party.phone, profile) as MaskedText,
    address: address.masked as MaskedText,
  };
  return { masked, divisionsEnd: divisionsEndOf(address.spans) };
}

/**
 * Each field keeps its length in UTF-16 units, with `*` for what the profile hides. Never throws.
 */
export function maskParty(
  recipient: Recipient,
  profile: MaskProfile,
  gazetteer: Gazetteer,
): MaskedParty {
  return readParty(recipient, profile, gazetteer).masked;
}
