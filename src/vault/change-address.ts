/**
 * Address change (改址) on the way: the parcel goes elsewhere, so every label that it has is void.
 * The next print has a number of its own, and tickets of the earlier ones open no more. What is
 * typed is sealed and never told again: the answer has the mask alone.
 */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { writeEntry } from "../access/entry.ts";
import { effectiveProfile } from "../access/print-profile.ts";
import { PARCEL_STATES } from "../rules/access-close.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import { withWaybill } from "../store/exclusive.ts";
import { lockParcelState } from "../store/parcel-state.ts";
import type { Connection } from "../store/query.ts";
import type { FoundShell } from "../store/shell.ts";
import { lastPrintNumbers } from "../store/statement.ts";
import { replaceParty } from "./correct.ts";
import { findRecord, isPastDeath, openKey, subjectOf } from "./record.ts";
import { flowCircumstances, requireNotPickedUp } from "./ownership.ts";
import type { Allowed } from "./ownership.ts";
import { requireAccess } from "./standing.ts";
import type { Vault } from "./vault.ts";

export interface AddressRequest {
  readonly token: string;
  /** The new address of the recipient, in full. */
  readonly address: string;
  readonly actor: Actor;
}

export interface AddressChanged {
  readonly token: string;
  /** The new address as it is masked. */
  readonly address: string;
  /** How many prints are void now; 0 before the first. */
  readonly voidPrints: number;
  /** Id of the audit entry, hex; there is one also where it had that address already. */
  readonly entry: string;
}

async function requireUnderWay(
  vault: Vault,
  connection: Connection,
  { allowed, shell }: { readonly allowed: Allowed; readonly shell: FoundShell },
): Promise<void> {
  const state = await lockParcelState(connection, shell);
  if (state !== null && PARCEL_STATES[state].custody === "ends") {
    throw new Failure("ADDRESS_ENDED");
  }
  const found = { ...shell, parcelState: state };
  await requireNotPickedUp(vault, connection, { allowed, shell: found });
}

async function printsOf(connection: Connection, shell: FoundShell): Promise<number> {
  const { shellWeek, compartment, slot } = shell;
  const last = await lastPrintNumbers(connection, { shellWeek, compartment }, [slot]);
  return last.get(slot) ?? 0;
}

/**
 * Seals the recipient's new address under the next revision. Throws ACCESS_DENIED, ACCESS_CLOSED,
 * ADDRESS_ENDED (delivered, returned, closed or void), DATA_DEAD (also while a hold keeps it past
 * its day), TEXT_LENGTH, FIELD_CONTROL, MASKED_VALUE, CORRECTIONS_MAX, or as `findRecord`; nothing
 * is changed then. A label that is being drawn meanwhile is either printed before, and void, or
 * drawn again with the new address.
 */
export async function changeAddress(
  vault: Vault,
  request: AddressRequest,
): Promise<AddressChanged> {
  try {
    return await changeOnce(vault, request);
  } catch (error) {
    if (!isFailure(error, "WAYBILL_MOVING")) throw error;
    // Picked up since it was allowed: asked again it is refused, and the refusal is an entry.
    return changeOnce(vault, request);
  }
}

async function changeOnce(
  opened: Vault,
  { token: text, address, actor }: AddressRequest,
): Promise<AddressChanged> {
  const vault = { ...opened, profile: await effectiveProfile(opened, null) };
  const record = await findRecord(vault, text);
  const { shell, token } = record;
  const parcel = await flowCircumstances(vault, actor, shell);
  await authorise(vault, { actor, verb: "change-address" }, parcel);
  const allowed = { actor, state: parcel.state };
  if (isPastDeath(vault, shell.dayOfDeath)) throw new Failure("DATA_DEAD");
  if (/[*＊]/u.test(address)) throw new Failure("MASKED_VALUE", { field: "address" });
  return withWaybill(vault.database, shell, async (within) => {
    await requireAccess(vault, shell, "address-change");
    const key = await openKey(vault, shell);
    return within(async (connection) => {
      await requireUnderWay(vault, connection, { allowed, shell });
      const voidPrints = await printsOf(connection, shell);
      const work = { record, key, role: "recipient", change: { address } } as const;
      const replaced = await replaceParty(vault, connection, { ...work, voidPrints });
      const told = { token, address: replaced.masked.address, voidPrints: replaced.voidPrints };
      // An entry also where nothing changed, since that answer says what the address is (P11).
      const about = subjectOf(key);
      const fields = ["recipient.address"];
      const count = replaced.voidPrints;
      const draft = { type: "corrected", actor, about, fields, count } as const;
      return { ...told, entry: await writeEntry(vault, connection, draft) };
    });
  });
}
