/**
 * What of a recipient is indexed: the phone by which people search, and who it is, by which parcels
 * of one recipient are found. Of one whom a platform withholds it is the platform's own id (P18).
 */
import { clearOf, isExternal } from "../privacy/external.ts";
import type { ExternalParty, Recipient } from "../privacy/external.ts";
import { normalisePhone } from "../privacy/phone.ts";

export interface IndexedRecipient {
  /** Null where there is no number, or only the platform has it. */
  readonly phone: ReturnType<typeof normalisePhone>;
  readonly finger: { readonly name: string; readonly phone: string; readonly address: string };
}

function externalFinger({ platform, token, ciphers }: ExternalParty): IndexedRecipient["finger"] {
  // No name begins with a control character, so it meets nobody who is sealed here.
  const own = token ?? `${ciphers.name ?? ""} ${ciphers.phone ?? ""} ${ciphers.address ?? ""}`;
  return { name: `\u0001${platform}`, phone: "", address: own };
}

/** Pure; what comes out is for the blind indexes only. */
export function indexedRecipient(recipient: Recipient): IndexedRecipient {
  const clear = clearOf(recipient).phone;
  const phone = clear === null ? null : normalisePhone(clear);
  if (isExternal(recipient)) return { phone, finger: externalFinger(recipient) };
  return { phone, finger: { ...recipient, phone: phone?.digits ?? recipient.phone } };
}
