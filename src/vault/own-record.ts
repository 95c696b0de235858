/**
 * Whose a waybill is to somebody who is not on its route but answers for it (P10): an officer of a
 * branch sees and does what stands with that branch and below. Of any other waybill he learns no
 * more than of one that was never sealed.
 */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { isTenantWide } from "../access/place.ts";
import { dayOf } from "../rules/calendar.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import { ON_THE_WAY } from "../rules/question.ts";
import type { Verb } from "../rules/verb.ts";
import { holdersOf } from "../store/custody.ts";
import type { WaybillPlace } from "../store/hold.ts";
import { withinOf } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import type { FoundShell, ShellRow } from "../store/shell.ts";
import { placeKey } from "./waybill-place.ts";
import { findRecord } from "./record.ts";
import type { WaybillRecord } from "./record.ts";
import { sealersOf } from "./sealer.ts";
import type { Vault } from "./vault.ts";

interface Asked {
  readonly actor: Actor;
  readonly verb: Verb;
}

/** Those of `ids` that are that organisation or stand below it. */
async function within(
  vault: Vault,
  organisationId: string,
  ids: readonly (string | null)[],
): Promise<ReadonlySet<string>> {
  const named = [...new Set(ids.filter((id) => id !== null))];
  return connected(vault.database, async (c) => withinOf(c, named, organisationId));
}

/** What no branch ever had stands with whoever sealed it. */
async function sealedBelow(
  vault: Vault,
  organisationId: string,
  places: readonly WaybillPlace[],
): Promise<ReadonlySet<string>> {
  const sealers = await sealersOf(vault, places);
  const own = [...sealers].filter(([, sealer]) => sealer.organisationPath.includes(organisationId));
  return new Set(own.map(([key]) => key));
}

/**
 * Those of `rows` that stand with the organisation of that id or below: by today's route, else by
 * custody, also the last there was, else by who sealed them. The same is asked for one of another
 * branch, and for none at all: how long it took must not tell somebody of a branch that there was
 * one (P18).
 */
export async function standingWith<Row extends WaybillPlace>(
  vault: Vault,
  organisationId: string,
  rows: readonly Row[],
): Promise<Row[]> {
  const on = dayOf(vault.now(), vault.timeZone);
  const holders = await connected(vault.database, async (c) => holdersOf(c, rows, on));
  const own = await within(vault, organisationId, holders);
  const nobodys = rows.filter((_row, at) => (holders[at] ?? null) === null);
  const sealed = await sealedBelow(vault, organisationId, nobodys);
  return rows.filter((row, at) => {
    const holder = holders[at] ?? null;
    return holder === null ? sealed.has(placeKey(row.compartment, row.slot)) : own.has(holder);
  });
}

/**
 * Those of `rows` that stand with the actor's branch or below, as `standingWith` says; all of them
 * to whoever is of the whole tenant.
 */
export async function ownOf<Row extends WaybillPlace>(
  vault: Vault,
  actor: Actor,
  rows: readonly Row[],
): Promise<Row[]> {
  if (isTenantWide(actor)) return [...rows];
  const { organisationId } = actor;
  return organisationId === null ? [] : standingWith(vault, organisationId, rows);
}

/**
 * Whether the actor's branch or one below sealed it: whose a parcel is that nobody has had yet. Who
 * works at another branch now takes along nothing of what was sealed at the earlier one.
 */
export async function isSealedBelow(vault: Vault, actor: Actor, shell: ShellRow): Promise<boolean> {
  const sealer = (await sealersOf(vault, [shell])).get(placeKey(shell.compartment, shell.slot));
  if (sealer === undefined) return false;
  const { organisationId } = actor;
  return organisationId !== null && sealer.organisationPath.includes(organisationId);
}

/** Whether it is still to be brought to somebody: what came to its end arrives nowhere. */
function isUnderWay({ state, parcelState }: FoundShell): boolean {
  return state !== "erased" && ON_THE_WAY.includes(parcelState ?? state);
}

/**
 * Whether somebody of a branch may take it in (到件): it is still under way, and the own branch or
 * one below had it last; or no branch has it or ever had it, and none but these sealed it. What
 * headquarters sealed is the branch's where it arrives. A courier takes in nothing that a branch
 * had.
 */
export async function mayTakeIn(vault: Vault, actor: Actor, shell: FoundShell): Promise<boolean> {
  const { organisationId } = actor;
  if (organisationId === null || !isUnderWay(shell)) return false;
  const on = dayOf(vault.now(), vault.timeZone);
  const [holder = null] = await connected(vault.database, async (c) => holdersOf(c, [shell], on));
  if (holder !== null) {
    const own = await within(vault, organisationId, [holder]);
    return actor.role !== "courier" && own.has(holder);
  }
  const sealer = (await sealersOf(vault, [shell])).get(placeKey(shell.compartment, shell.slot));
  if (sealer === undefined) return false;
  const { organisationPath: path } = sealer;
  return path.length <= 1 || path.includes(organisationId);
}

async function findOrNull(vault: Vault, token: string): Promise<WaybillRecord | null> {
  try {
    return await findRecord(vault, token);
  } catch (error) {
    if (isFailure(error, "TOKEN_UNKNOWN")) return null;
    throw error;
  }
}

/**
 * Writes the entry of a refusal over something of another branch, or over what is nothing; what it
 * was does not show.
 */
async function refuseElsewhere(vault: Vault, asked: Asked): Promise<void> {
  try {
    await authorise(vault, asked, { place: "other-branch" });
  } catch (error) {
    if (!isFailure(error, "ACCESS_DENIED")) throw error;
  }
}

/**
 * Ends an act on what is not the actor's own or is nothing: throws `unknown`, to somebody of a
 * branch with the entry of `refuseElsewhere`.
 */
export async function refuseUnknown(
  vault: Vault,
  asked: Asked,
  unknown: FailureCode,
): Promise<never> {
  if (!isTenantWide(asked.actor)) await refuseElsewhere(vault, asked);
  throw new Failure(unknown);
}

/**
 * As `authorise`, for an act on one waybill, and its record. Throws ACCESS_DENIED for whoever may
 * nowhere, and TOKEN_UNKNOWN, with an entry for somebody of a branch, for what is another branch's
 * as for what never was; else as `findRecord`.
 */
export async function ownRecord(vault: Vault, asked: Asked, token: string): Promise<WaybillRecord> {
  await authorise(vault, asked, { place: "own" });
  return recordWithin(vault, asked, token);
}

/** As `ownRecord`, where whether the actor may at all was asked before. */
export async function recordWithin(
  vault: Vault,
  asked: Asked,
  token: string,
): Promise<WaybillRecord> {
  if (isTenantWide(asked.actor)) return findRecord(vault, token);
  const record = await findOrNull(vault, token);
  const own = await ownOf(vault, asked.actor, record === null ? [] : [record.shell]);
  if (record === null || own.length === 0) return refuseUnknown(vault, asked, "TOKEN_UNKNOWN");
  return record;
}
