/**
 * Contact by virtual number (虚拟号联系): where the settings ask for one, whoever brings a parcel or
 * calls about it is given the recipient's virtual number and never the real one.
 */
import type { Policy } from "../access/policy.ts";
import { clearOf } from "../privacy/external.ts";
import type { Recipient } from "../privacy/external.ts";
import { PROFILES } from "../privacy/mask-profile.ts";
import { maskPhoneField } from "../privacy/phone.ts";
import { Failure } from "../rules/failure.ts";
import type { Field, Purpose } from "../rules/purposes.ts";

/** What a virtual number is enough for: calling the recipient on the way. */
const BY_VIRTUAL_NUMBER: readonly Purpose[] = ["contact", "deliver", "instant-delivery"];

/** Whether the settings that count there ask for a virtual number of the recipient. */
export function needsVirtual(policy: Policy): boolean {
  return policy.rulingOf("virtual-number").value === "required";
}

/** Whether a look of that purpose at those fields is one that a virtual number is enough for. */
export function isCall(purpose: string, fields: readonly string[]): boolean {
  return fields.includes("recipient.phone") && BY_VIRTUAL_NUMBER.some((one) => one === purpose);
}

/**
 * Whether nothing of the phone field is a real number, as far as its form tells: all its numbers
 * look virtual, and nothing readable stands beside them. A number that the platform withholds is
 * not sealed here at all, and the platform lends one.
 */
export function hasVirtual(recipient: Recipient): boolean {
  const { phone } = clearOf(recipient);
  if (phone === null) return true;
  return maskPhoneField(phone, PROFILES.full, { isExtensionVirtual: true }).source === "virtual";
}

/**
 * Throws VIRTUAL_NUMBER_NONE where a look would give the real number of a recipient although the
 * settings of the asker's branch ask for a virtual one. `recipientOf` is asked where it counts.
 */
export function requireVirtual(
  policy: Policy,
  asked: { readonly purpose: Purpose; readonly fields: readonly Field[] },
  recipientOf: () => Recipient,
): void {
  const { purpose, fields } = asked;
  if (!isCall(purpose, fields) || !needsVirtual(policy) || hasVirtual(recipientOf())) return;
  throw new Failure("VIRTUAL_NUMBER_NONE", { field: "recipient.phone", purpose });
}
