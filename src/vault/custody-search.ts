/**
 * Search in custody (在管查找, P18): the last four digits of a phone, or the recipient of one
 * parcel, among the parcels that one branch has on one day. There is no index of four digits
 * anywhere: the set is opened inside and compared, it is bounded, and tokens and masked views are
 * all that leaves.
 */
import type { Actor } from "../access/actor.ts";
import { isTenantWide } from "../access/place.ts";
import { newEntry } from "../access/entry.ts";
import type { EntryDraft } from "../access/entry.ts";
import { findOwn } from "../access/organisation.ts";
import { requirePerson } from "../access/person.ts";
import { requireQuota } from "../access/quota.ts";
import { policyNow } from "../access/policy.ts";
import { authoriseTrained, trainingFaultOf } from "../access/training.ts";
import { isExternal } from "../privacy/external.ts";
import type { ExternalParty } from "../privacy/external.ts";
import { normalisePhone } from "../privacy/phone.ts";
import { dayOf, parseDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import {
  CUSTODY_HITS_MAX,
  CUSTODY_OPENED_MAX,
  isCustodyDay,
  parsePhoneTail,
} from "../rules/custody.ts";
import { Failure, isTellable } from "../rules/failure.ts";
import { custodyOn } from "../store/custody.ts";
import type { InCustody } from "../store/custody.ts";
import { isWithin } from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { findParties } from "../store/party.ts";
import type { PartyRow } from "../store/party.ts";
import { connected } from "../store/pool.ts";
import { findRecord, openRecord } from "./record.ts";
import { hitsAmong } from "./search.ts";
import { indexedRecipient } from "./recipient-index.ts";
import type { Found, Matches } from "./search.ts";
import { requireAccess } from "./standing.ts";
import type { Vault } from "./vault.ts";
import type { Parties } from "./view.ts";

export interface CustodySearch {
  /** Name or id of the branch. */
  readonly branch: string;
  /** YYYY-MM-DD, today or up to a month before. */
  readonly day: string;
  /** Exactly one of both. */
  readonly wanted: { readonly phoneTail: string } | { readonly sameRecipient: string };
  readonly actor: Actor;
}

interface Asked {
  readonly branch: OrganisationRow;
  readonly on: Day;
  readonly kind: "phone-tail" | "same-recipient";
  /** What the quota tells one question from another by. */
  readonly value: string;
}

/** Whoever belongs to an organisation searches there and below it, and nowhere else. */
async function branchFor(vault: Vault, reference: string, actor: Actor): Promise<OrganisationRow> {
  const policy = await policyNow(vault, actor.organisationId);
  const fault = await trainingFaultOf(vault, policy, actor.pseudonym);
  const [branch, isOwn] = await connected(vault.database, async (connection) => {
    const found = await findOwn(vault, connection, reference);
    const isBelow = await isWithin(connection, found.id, actor.organisationId);
    return [found, isTenantWide(actor) || isBelow] as const;
  });
  const place = isOwn ? "own" : "other-branch";
  await authoriseTrained(vault, { actor, verb: "custody-search" }, { fault, place });
  return branch;
}

async function readAsked(vault: Vault, request: CustodySearch): Promise<Asked> {
  const on = parseDay(request.day);
  if (on === null || !isCustodyDay(on, dayOf(vault.now(), vault.timeZone))) {
    throw new Failure("CUSTODY_DAY");
  }
  const { wanted } = request;
  if ("sameRecipient" in wanted) {
    const branch = await branchFor(vault, request.branch, request.actor);
    return { branch, on, kind: "same-recipient", value: wanted.sameRecipient.trim() };
  }
  const tail = parsePhoneTail(wanted.phoneTail);
  if (tail === null) throw new Failure("PHONE_INVALID", { option: "--phone-tail" });
  const branch = await branchFor(vault, request.branch, request.actor);
  return { branch, on, kind: "phone-tail", value: tail };
}

/** Phones that are set to be answered by a platform end in what everybody may see: the number. */
function endsWith(tail: string): Matches {
  return ({ recipient }) => indexedRecipient(recipient).phone?.digits.endsWith(tail) ?? false;
}

/** The platform alone knows who it is; where its id is the same, it says that the person is. */
function sameWithheld(one: ExternalParty): Matches {
  return ({ recipient }) =>
    isExternal(recipient) &&
    one.token !== null &&
    recipient.platform === one.platform &&
    recipient.token === one.token;
}

function sameRecipient(one: Parties["recipient"]): Matches {
  if (isExternal(one)) return sameWithheld(one);
  const wanted = normalisePhone(one.phone);
  return ({ recipient }) => {
    if (isExternal(recipient)) return false;
    const phone = normalisePhone(recipient.phone);
    const isSamePhone =
      phone !== null && phone.digits === wanted?.digits && phone.extension === wanted.extension;
    return isSamePhone && recipient.name.trim() === one.name.trim();
  };
}

/** The recipient of a parcel that the branch has; of any other parcel as if there were none. */
async function recipientOf(
  vault: Vault,
  token: string,
  places: readonly InCustody[],
): Promise<Parties["recipient"]> {
  const record = await findRecord(vault, token);
  const { compartment, slot } = record.shell;
  const isHere = places.some((place) => place.compartment === compartment && place.slot === slot);
  if (!isHere) throw new Failure("TOKEN_UNKNOWN");
  await requireAccess(vault, record.shell, "deliver");
  return (await openRecord(vault, record)).parties().recipient;
}

async function partiesAt(vault: Vault, places: readonly InCustody[]): Promise<PartyRow[]> {
  const rows: PartyRow[] = [];
  for (const [compartment, group] of Map.groupBy(places, (place) => place.compartment)) {
    const [first] = group;
    if (first === undefined) continue;
    const within = { deathWeek: first.deathWeek, compartment };
    const slots = group.map(({ slot }) => slot);
    rows.push(...(await connected(vault.database, async (c) => findParties(c, within, slots))));
  }
  return rows;
}

async function foundIn(vault: Vault, asked: Asked): Promise<Pick<Found, "hits" | "truncated">> {
  const within = { tenantId: vault.tenant.id, organisationId: asked.branch.id, on: asked.on };
  const places = await connected(vault.database, async (connection) =>
    custodyOn(connection, within, CUSTODY_OPENED_MAX + 1),
  );
  const opened = places.slice(0, CUSTODY_OPENED_MAX);
  const matches =
    asked.kind === "phone-tail"
      ? endsWith(asked.value)
      : sameRecipient(await recipientOf(vault, asked.value, opened));
  const hits = await hitsAmong(vault, await partiesAt(vault, opened), matches);
  return {
    hits: hits.slice(0, CUSTODY_HITS_MAX),
    truncated: places.length > CUSTODY_OPENED_MAX || hits.length > CUSTODY_HITS_MAX,
  };
}

function draftOf(asked: Asked, actor: Actor): EntryDraft {
  const { branch, on, kind } = asked;
  return { type: "search", actor, organisation: branch.id, on, mode: kind };
}

/**
 * The parcels of the branch whose recipient's phone ends so, or who have the same recipient. Each
 * other question spends (a search in custody weighs four looks; again within an hour, nothing).
 * Fails with SIGN_IN_NEEDED, PERSON_REQUIRED, PHONE_INVALID, CUSTODY_DAY, ORGANISATION_UNKNOWN,
 * TRAINING_INVALID or ACCESS_DENIED, which cost nothing, and with QUOTA_SPENT, TOKEN_UNKNOWN (also
 * for a parcel that is elsewhere), ACCESS_CLOSED or DATA_DEAD, which are entries. The entry (actor,
 * branch, day, number of hits; never what was asked) is durable before this resolves.
 */
export async function searchCustody(vault: Vault, request: CustodySearch): Promise<Found> {
  const { actor } = request;
  requirePerson(actor);
  const asked = await readAsked(vault, request);
  const draft = draftOf(asked, actor);
  try {
    const subject = { asked: `${asked.kind} ${asked.branch.id} ${asked.on} ${asked.value}` };
    await requireQuota(vault, { actor, use: "custody-search", subject });
    const { hits, truncated } = await foundIn(vault, asked);
    const leaf = newEntry(vault, { ...draft, count: hits.length });
    const receipt = await vault.log.groups.append(leaf);
    return { entry: Buffer.from(leaf.id).toString("hex"), receipt, hits, truncated };
  } catch (error) {
    if (isTellable(error)) {
      await vault.log.groups.append(newEntry(vault, { ...draft, count: 0, failure: error.code }));
    }
    throw error;
  }
}
