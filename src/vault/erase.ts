/**
 * Erase (删除): one waybill dies before its day (P7). An intent entry commits, the key store writes
 * its tombstone and takes the leaf out of the tree, and the rows go with the entry about it.
 * A crash between any two steps is finished by whoever opens the vault next (settle.ts).
 */
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import { requirePerson } from "../access/person.ts";
import { erasureBrake } from "../rules/brake.ts";
import { Failure } from "../rules/failure.ts";
import { withWaybill } from "../store/exclusive.ts";
import { destroyedLeafId } from "../keystore/tombstone.ts";
import { settleErased } from "./erased.ts";
import { causeOf } from "./erasure-cause.ts";
import { ownRecord } from "./own-record.ts";
import { openKey, subjectOf } from "./record.ts";
import { reasonNote } from "./reason-note.ts";
import { PASS } from "./step.ts";
import type { Reached } from "./step.ts";
import type { Vault } from "./vault.ts";

export interface EraseRequest {
  readonly token: string;
  /** Written, 1 to 2000 characters; it is sealed under the waybill's key and dies with it. */
  readonly reason: string;
  readonly actor: Actor;
  /** A person answers, with this reason, for more than the brake lets through; it is told. */
  readonly overLimit?: boolean;
  readonly reached?: Reached;
}

export interface Erased {
  readonly token: string;
  /** Ids of the two entries, hex; the second is also the id of the certificate. */
  readonly intent: string;
  readonly entry: string;
  readonly erasedAt: Date;
}

/**
 * Erases one waybill: parties, view and index entry. Throws REASON_MISSING, KEY_HELD while a hold
 * stands, DATA_DEAD when it is dead already, ERASE_BRAKE when the tenant's limit of the hour or the
 * day is reached, or as `findRecord`; nothing is destroyed then.
 */
export async function erase(vault: Vault, request: EraseRequest): Promise<Erased> {
  const { reached = PASS } = request;
  const asking = { actor: request.actor, verb: "erase" } as const;
  const { token, shell } = await ownRecord(vault, asking, request.token);
  const reason = request.reason.trim();
  if (reason === "") throw new Failure("REASON_MISSING");
  const { compartment: serial, slot } = shell;
  const actor = request.actor;
  return withWaybill(vault.database, shell, async (within) => {
    const key = await openKey(vault, shell);
    await requireUnheld(vault, serial, slot);
    const isOver = await isOverLimit(vault, request);
    const intent = await within(async (connection) =>
      writeEntry(vault, connection, {
        type: "erase-intent",
        actor,
        about: subjectOf(key),
        ...(isOver ? { mode: "over-limit" } : {}),
        ...reasonNote(vault, key, reason),
      }),
    );
    await reached("erase-intent");
    const [tombstone] = await vault.keys.puncture(serial, [slot], vault.now());
    if (tombstone === undefined) throw new RangeError("a puncture gives its tombstone");
    await reached("erase-punctured");
    const cause = await causeOf(vault, tombstone);
    await within(async (connection) => settleErased(vault, connection, { tombstone, cause }));
    await reached("erase-told");
    const entry = Buffer.from(destroyedLeafId(tombstone)).toString("hex");
    return { token, intent, entry, erasedAt: tombstone.destroyedAt };
  });
}

/** When the tenant's waybills were erased early, as the key store has it. */
async function erasedEarly({ keys, tenant }: Vault): Promise<Date[]> {
  const whole = new Set((await keys.tombstones()).map(({ serial }) => serial));
  // What outlived its compartment died because its hold ended, and by nobody's hand.
  const early = (await keys.leafTombstones()).filter(
    (leaf) => leaf.tenant === tenant.id && !whole.has(leaf.serial),
  );
  return early.map(({ destroyedAt }) => destroyedAt);
}

/** Whether this one is more than the brake lets through, and a person answers for it. */
async function isOverLimit(vault: Vault, { actor, overLimit }: EraseRequest): Promise<boolean> {
  const span = erasureBrake(await erasedEarly(vault), vault.now(), vault.brakes);
  if (span === null) return false;
  if (overLimit !== true) throw new Failure("ERASE_BRAKE", { span });
  requirePerson(actor);
  return true;
}

/** Before anything is written; the key store refuses on its own too. */
async function requireUnheld(vault: Vault, serial: number, slot: number): Promise<void> {
  const held = await vault.keys.held();
  if (held.some((one) => one.record.serial === serial && one.slots.includes(slot))) {
    throw new Failure("KEY_HELD");
  }
}
