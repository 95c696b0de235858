/**
 * Whether a waybill that lives may be opened, and for what (P8): after sign-off and the claim
 * window access closes, save for what the law asks for. Reveal, search, print and show all ask
 * here.
 */
import { termsNow } from "../access/remembered-policy.ts";
import type { Terms } from "../access/retention.ts";
import {
  accessClosesOn,
  isAccessClosed,
  isOpenAfterClose,
  PARCEL_STATES,
} from "../rules/access-close.ts";
import { dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import type { Purpose } from "../rules/purposes.ts";
import { connected } from "../store/pool.ts";
import type { FoundShell } from "../store/shell.ts";
import { heldPurposes, holdsNow } from "./held.ts";
import { isPastDeath } from "./record.ts";
import type { Vault } from "./vault.ts";

/** Whether access to a shell's persons is closed today. */
export type IsClosed = (shell: FoundShell) => boolean;

/** The day by the term of today, whatever was fixed when the state was recorded. */
function closesByNow({ parcelState, stateOn }: FoundShell, terms: Terms): Day | null {
  const closes = parcelState === null ? null : PARCEL_STATES[parcelState].closes;
  return stateOn === null || closes === null ? null : accessClosesOn(stateOn, terms[closes]);
}

/** Reads the tenant's terms once; what is given back may be asked about any number of shells. */
export async function accessGate(vault: Vault): Promise<IsClosed> {
  return gateBy(vault, await termsNow(vault));
}

/** As `accessGate`, by terms that were read for this act. */
export function gateBy(vault: Pick<Vault, "now" | "timeZone">, terms: Terms): IsClosed {
  const today = dayOf(vault.now(), vault.timeZone);
  return (shell) => isAccessClosed(today, [shell.accessClosesOn, closesByNow(shell, terms)]);
}

/**
 * Whether any term could have closed access: while a parcel is under way none can, and the terms
 * need not be read.
 */
function couldBeClosed({ accessClosesOn: fixed, parcelState }: FoundShell): boolean {
  return fixed !== null || (parcelState !== null && PARCEL_STATES[parcelState].closes !== null);
}

/**
 * Throws ACCESS_CLOSED when access closed, or the waybill outlives its day by a hold, and `purpose`
 * is none that the law or a hold keeps open. Says nothing about what is dead.
 */
export async function requireAccess(
  vault: Vault,
  shell: FoundShell,
  purpose: Purpose,
): Promise<void> {
  if (isOpenAfterClose(purpose, [])) return;
  const isPast = isPastDeath(vault, shell.dayOfDeath);
  const isClosed = couldBeClosed(shell) && (await accessGate(vault))(shell);
  if (!isPast && !isClosed) return;
  const holds = await connected(vault.database, async (c) => holdsNow(vault, c, shell));
  if (isPast && holds.length === 0) return;
  if (isOpenAfterClose(purpose, heldPurposes(holds))) return;
  throw new Failure("ACCESS_CLOSED", { purpose });
}
