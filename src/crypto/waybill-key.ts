/**
 * What comes out of a waybill's leaf: one key for each part and revision, and the salts of its log
 * entries. No key is ever used for two plaintexts: a correction raises the revision (ENV-5).
 */
import { prf, prfMessage } from "./prf.ts";
import type { Suite } from "./suites.ts";

/** The parts that are sealed under a waybill's key; the number stands in envelopes. */
export const PARTS = { parties: 1, view: 2, ticket: 3, note: 4, "real-name": 5 } as const;
export type PartName = keyof typeof PARTS;

const partInput = Buffer.alloc(3);

/** The AEAD key of one part in one revision, as long as the suite's cipher wants it. */
export function partKey(
  suite: Suite,
  leaf: Uint8Array,
  which: { readonly part: PartName; readonly revision: number },
): Uint8Array {
  partInput[0] = PARTS[which.part];
  partInput.writeUInt8(which.revision, 1);
  partInput[2] = suite.id;
  return prf(suite, leaf, { label: "midan.part", bytes: partInput }).slice(0, suite.keyBytes);
}

const printInput = Buffer.alloc(3);

/** Print numbers begin with 1 and have two bytes in a ticket; the statement's column ends here. */
export const PRINT_NUMBER_MAX = 32_767;

/**
 * The key of the ticket (面单密码) of one print, as long as the suite's cipher wants it. Each print
 * has its own, so that a device that was given one opens this label and no other of the waybill.
 */
export function ticketKey(suite: Suite, leaf: Uint8Array, printNumber: number): Uint8Array {
  if (!(printNumber >= 1 && printNumber <= PRINT_NUMBER_MAX)) throw new RangeError("no such print");
  printInput.writeUInt16BE(printNumber);
  printInput[2] = suite.id;
  return prf(suite, leaf, { label: "midan.label", bytes: printInput }).slice(0, suite.keyBytes);
}

/**
 * A commitment to `value` whose salt comes out of the waybill's key: 32 bytes that anyone who can
 * still derive the key can recompute, and that mean nothing to anybody once it is dead (LEAF-3).
 */
export function commitment(
  suite: Suite,
  leaf: Uint8Array,
  what: { readonly kind: "subject" | "reason" | "printed"; readonly value: string },
): Uint8Array {
  const salt = prf(suite, leaf, { label: "midan.salt", bytes: Buffer.from(what.kind, "latin1") });
  return prfMessage(suite, salt, { label: "midan.salt", message: what.value });
}
