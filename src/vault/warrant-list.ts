/**
 * The list of a warrant (调取清单), masked, for the officer who confirms it: which waybills and
 * records it names, as far as a mask tells. Nothing is opened; the look is an entry.
 */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { writeEntry } from "../access/entry.ts";
import { requirePerson } from "../access/person.ts";
import { isTenantWide } from "../access/place.ts";
import { namedByWarrant } from "../access/warrant.ts";
import { Failure, isFailure, isOfStorage } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import { UUID } from "../rules/uuid.ts";
import { connected, transaction } from "../store/pool.ts";
import { findRealName } from "../store/real-name.ts";
import { recordWithin } from "./own-record.ts";
import { showMasked } from "./show.ts";
import type { MaskedWaybill } from "./show.ts";
import type { Vault } from "./vault.ts";

export interface NamedSubject {
  /** A token, or the id of a real-name record. */
  readonly about: string;
  /** The masked waybill; null for a record, and for what cannot be shown. */
  readonly waybill: MaskedWaybill | null;
  /** The kind of document of a record, and never its number; null for a waybill. */
  readonly document: string | null;
  /** Why it cannot be shown; null where it can. */
  readonly failure: FailureCode | null;
}

export interface WarrantList {
  readonly named: readonly NamedSubject[];
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

const NOTHING = { waybill: null, document: null, failure: null } as const;

async function recordOf(vault: Vault, about: string): Promise<NamedSubject> {
  const row = await connected(vault.database, async (connection) =>
    findRealName(connection, vault.tenant.id, about),
  );
  if (row === null) return { ...NOTHING, about, failure: "REAL_NAME_UNKNOWN" };
  return { ...NOTHING, about, document: row.kind };
}

async function subjectOf(vault: Vault, actor: Actor, about: string): Promise<NamedSubject> {
  // Records belong to the tenant as a whole; to somebody of a branch they are not there.
  if (UUID.test(about) && !isTenantWide(actor))
    return { ...NOTHING, about, failure: "REAL_NAME_UNKNOWN" };
  if (UUID.test(about)) return recordOf(vault, about);
  try {
    await recordWithin(vault, { actor, verb: "confirm-warrant" }, about);
    return { ...NOTHING, about, waybill: await showMasked(vault, { token: about, actor }) };
  } catch (error) {
    if (!isFailure(error) || isOfStorage(error)) throw error;
    return { ...NOTHING, about, failure: error.code };
  }
}

/**
 * What the warrant names, masked. The entry (`warrant`, mode `listed`) is durable before this
 * resolves. What another branch has is unknown to somebody of a branch. Fails with SIGN_IN_NEEDED,
 * PERSON_REQUIRED, ACCESS_DENIED, WARRANT_UNKNOWN, or WARRANT_LISTLESS for a warrant that was filed
 * before its list was kept: file it anew.
 */
export async function warrantList(
  vault: Vault,
  asked: { readonly id: string; readonly actor: Actor },
): Promise<WarrantList> {
  const { actor } = asked;
  requirePerson(actor);
  await authorise(vault, { actor, verb: "confirm-warrant" }, { place: "own" });
  const { warrant, about, digest } = await namedByWarrant(vault, asked.id);
  if (about === null) throw new Failure("WARRANT_LISTLESS");
  const named: NamedSubject[] = [];
  for (const one of about) named.push(await subjectOf(vault, actor, one));
  const entry = await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, {
      type: "warrant",
      actor,
      mode: "listed",
      request: warrant.id,
      count: named.length,
      digest,
    }),
  );
  return { named, entry };
}
