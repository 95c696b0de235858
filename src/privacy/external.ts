/**
 * A recipient whom a shop platform withholds (平台密文): what it hands out instead of the person. Its
 * token and ciphertexts are opaque here and go to nobody but the platform; what it left clear is
 * plaintext like any other, and what it shows is only ever a thing to be masked (P4).
 */
import type { Platform } from "../rules/platform.ts";
import type { Party, PartyField, PlainAddress, PlainName, PlainPhone } from "./plain.ts";

export interface ExternalParty {
  readonly platform: Platform;
  /** The platform's id of the whole recipient; null where fields bear ciphertexts of their own. */
  readonly token: string | null;
  /** The platform's ciphertexts of single fields. */
  readonly ciphers: Readonly<Record<PartyField, string | null>>;
  /** What the platform left in the clear; null where it did not. */
  readonly clear: {
    readonly name: PlainName | null;
    /** A virtual number stands as number, 转, extension. */
    readonly phone: PlainPhone | null;
    readonly address: PlainAddress | null;
  };
  /** The platform's own masks beside what is clear: what our masks are made from. */
  readonly shown: Readonly<Record<PartyField, string>>;
}

/** Whoever receives: a person who is sealed here, or one whom a platform withholds. */
export type Recipient = Party | ExternalParty;

export function isExternal(recipient: Recipient): recipient is ExternalParty {
  return "platform" in recipient;
}

/** What is masked for labels and screens. */
export function shownOf(recipient: Recipient): Readonly<Record<PartyField, string>> {
  return isExternal(recipient) ? recipient.shown : recipient;
}

/** What is held here in the clear; null for what only the platform holds. */
export function clearOf(recipient: Recipient): Readonly<Record<PartyField, string | null>> {
  return isExternal(recipient) ? recipient.clear : recipient;
}
