/** What is asked of the policy: who wants what, in which circumstances. Nothing else counts. */
import type { ParcelState } from "./access-close.ts";
import type { Field, Purpose } from "./purposes.ts";
import type { Role } from "./role.ts";
import type { Scope } from "./scope.ts";
import type { Verb } from "./verb.ts";

/**
 * Whose it is, seen from whoever asks. Another tenant's is no place: it is answered as what never
 * was, before anybody is asked. `supplied` is another merchant's, handed to the asker's
 * organisation to be packed and sent (一件代发).
 */
export const PLACES = ["own", "supplied", "other-branch"] as const;
export type Place = (typeof PLACES)[number];

/** Where a parcel stands: what its shell says until a state is recorded, then that. */
export const ORDER_STATES = [
  "sealed",
  "printed",
  "held",
  "packed",
  "handed-in",
  "arrived",
  "delivered",
  "returned",
  "closed",
  "void",
  "undelivered",
] as const satisfies readonly (ParcelState | "sealed" | "printed" | "held")[];
export type OrderState = (typeof ORDER_STATES)[number];

/** States of a parcel that is still to be brought to somebody. */
export const ON_THE_WAY: readonly OrderState[] = [
  "sealed",
  "printed",
  "held",
  "packed",
  "handed-in",
  "arrived",
  "undelivered",
];

/** States of a parcel that still lies with whoever sends it. */
export const BEFORE_PICK_UP: readonly OrderState[] = ["sealed", "printed", "held", "packed"];

export interface Question {
  readonly role: Role;
  readonly verb: Verb;
  readonly kind: "person" | "machine" | "operator";
  readonly place: Place;
  /** Null where the verb has none. */
  readonly purpose: Purpose | null;
  readonly fields: readonly Field[];
  /** Null where the verb has no parcel. */
  readonly state: OrderState | null;
  readonly scopes: readonly Scope[];
  /** Whether the parcel is on this person's route today. */
  readonly isAssigned: boolean;
  readonly hasDevice: boolean;
  /** Trained, or no training is required. */
  readonly isTrained: boolean;
  readonly hasReason: boolean;
  /** A warrant that two officers vouch for covers it, and the asker is one of the two. */
  readonly hasWarrant: boolean;
  /** The asker broke the glass over this parcel, minutes ago. */
  readonly isEmergency: boolean;
  /** The role of the account that is managed; null where the verb manages none. */
  readonly managed: Role | null;
  /** Local hour, 0 to 23. */
  readonly hour: number;
}
