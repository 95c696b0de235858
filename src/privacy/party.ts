/**
 * Masks the three fields of a party; what leaves here is what a label and a business screen show.
 */

import { maskAddress } from "./address.ts";
import type { Gazetteer } from "./gazetteer.ts";
import type { MaskProfile } from "./mask-profile.ts";
import { maskName } from "./name.ts";
import { maskPhone } from "./phone.ts";
import type { MaskedParty, MaskedText, Party } from "./plain.ts";

/**
 * Each field keeps its length in UTF-16 units, with `*` for what the profile hides. Never throws.
 */
export function maskParty(party: Party, profile: MaskProfile, gazetteer: Gazetteer): MaskedParty {
  // The maskers are the only makers of masked text, so the brand is given here and nowhere else.
  return {
    name: maskName(party.name, profile).masked as MaskedText,
    phone: maskPhone(party.phone, profile) as MaskedText,
    address: maskAddress(party.address, profile, gazetteer).masked as MaskedText,
  };
}
