/** The number in a label's barcode where the carrier gave none. */
import { hash } from "node:crypto";

/** `MD` and 13 digits, which no carrier's pattern uses. */
const DIGITS = 13;

/**
 * Derived from the token, so that a scanner finds the parcel by it and the gate can tell it from a
 * number that only looks so; two parcels share one with a chance of one in ten million million.
 */
export function ownNumber(token: string): string {
  const digest = hash("sha256", `midan.number\0${token}`, "buffer");
  const number = digest.readBigUInt64BE(0) % 10n ** BigInt(DIGITS);
  return `MD${number.toString().padStart(DIGITS, "0")}`;
}
