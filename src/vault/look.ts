/**
 * One look (查看): its quota and its waybill in one statement (sql/000034_look.sql), by the policy
 * that counts at that moment. Also the read of a waybill where nothing is spent.
 */
import { timingSafeEqual } from "node:crypto";
import type { Policy } from "../access/policy.ts";
import { spendingOf, tellQuotaAlarms, unlessSpent } from "../access/quota.ts";
import type { AskedQuota } from "../access/quota.ts";
import { readPolicy, rememberedPolicy, termsUnder } from "../access/remembered-policy.ts";
import type { MarkedPolicy } from "../access/remembered-policy.ts";
import { isTrainingRequired, REVEAL_COURSE, trainingFault } from "../access/training.ts";
import { parseToken } from "../crypto/token.ts";
import type { Token, TokenParts } from "../crypto/token.ts";
import { dayOf } from "../rules/calendar.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import type { Course } from "../rules/training.ts";
import { spendLook } from "../store/look.ts";
import type { SpentLook } from "../store/look.ts";
import { readPlaces } from "../store/waybill-at.ts";
import type { AskedPlaces, AssignedTo, WaybillAt } from "../store/waybill-at.ts";
import type { HeldParty } from "../store/hold.ts";
import type { QuotaSpending } from "../store/quota.ts";
import type { WaybillRecord } from "./record.ts";
import { gateBy } from "./standing.ts";
import type { IsClosed } from "./standing.ts";
import { placesOfToken, tokenKeysOf } from "./token-key.ts";
import type { Vault } from "./vault.ts";

/** A record with all that was read beside it, as of one moment. */
export interface ReadRecord extends WaybillRecord {
  /** Who has the parcel today; null when nobody was given it. */
  readonly assigned: AssignedTo | null;
  /** Whether it lies with the actor's organisation or below; false where nobody asked for whom. */
  readonly isKeptWithin: boolean;
  readonly isHeld: boolean;
  /** Null once they were collected. */
  readonly envelopes: HeldParty | null;
}

/** Where a token can lie; nowhere for what is no token, which then is a failure to throw. */
interface Located {
  readonly token: Token | null;
  readonly failure: Failure | null;
  readonly places: readonly TokenParts[];
}

async function locate(vault: Vault, text: string): Promise<Located> {
  try {
    const token = parseToken(text);
    return { token, failure: null, places: placesOfToken(token, await tokenKeysOf(vault)) };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { token: null, failure: error, places: [] };
  }
}

function askedOf(vault: Vault, within: string | null, places: readonly TokenParts[]): AskedPlaces {
  return {
    places: places.map(({ serial, slot }) => ({ serial, slot })),
    on: dayOf(vault.now(), vault.timeZone),
    within,
  };
}

function isAt({ serial, slot, random }: TokenParts, { shell }: WaybillAt): boolean {
  const isPlace = shell.compartment === serial && shell.slot === slot;
  return isPlace && timingSafeEqual(shell.tokenRandom, random);
}

/** The record of the token among what was found. Throws as `findRecord`. */
function recordOf({ token, failure, places }: Located, found: readonly WaybillAt[]): ReadRecord {
  if (failure !== null) throw failure;
  const at = found.find((waybill) => places.some((parts) => isAt(parts, waybill)));
  if (token === null || at === undefined) throw new Failure("TOKEN_UNKNOWN");
  return { token, ...at };
}

/** As `findRecord`, with all that lies beside the record and what closes access now. */
export async function readWaybill(
  vault: Vault,
  text: string,
): Promise<{ readonly record: ReadRecord; readonly isClosed: IsClosed }> {
  const located = await locate(vault, text);
  if (located.failure !== null) throw located.failure;
  const asked = askedOf(vault, null, located.places);
  const { mark, found } = await readPlaces(vault.database, vault.tenant.id, asked);
  const record = recordOf(located, found);
  return { record, isClosed: gateBy(vault, await termsUnder(vault, mark)) };
}

export interface Look {
  /** What counts where the actor stands. */
  readonly policy: Policy;
  /** The waybill that was asked for. Throws as `findRecord`. */
  readonly record: () => ReadRecord;
  /** TRAINING_INVALID where the policy requires training and the actor has none; else null. */
  readonly trainingFault: Failure | null;
}

const NO_WAYBILL: Located = { token: null, failure: null, places: [] };

interface Spending extends AskedPlaces {
  readonly under: (policy: Policy) => QuotaSpending;
}

interface Taken {
  readonly policy: Policy;
  readonly spent: SpentLook;
}

/** One attempt by a policy. Null when that policy does not count any more: nothing was spent. */
async function attempt(
  { database, tenant }: Vault,
  { under, ...places }: Spending,
  { policy, mark }: MarkedPolicy,
): Promise<Taken | null> {
  const spending = under(policy);
  const course: Course | null = isTrainingRequired(policy) ? REVEAL_COURSE : null;
  const asked = { ...places, mark, spending, course };
  const spent = await unlessSpent(async () => spendLook(database, tenant.id, asked));
  if (spent instanceof Failure) throw spent;
  return spent === null ? null : { policy, spent };
}

async function taken(
  vault: Vault,
  spending: Spending,
  organisationId: string | null,
): Promise<Taken> {
  const remembered = await attempt(vault, spending, await rememberedPolicy(vault, organisationId));
  if (remembered !== null) return remembered;
  // It has changed since. What is read for this very look is not held against the mark again.
  const read = { ...(await readPolicy(vault, organisationId)), mark: null };
  const now = await attempt(vault, spending, read);
  if (now === null) throw new RangeError("a look was not spent");
  return now;
}

/**
 * Spends what a look costs and reads what it is about, whether the token is one or not: a guess
 * costs what a look costs. Throws QUOTA_SPENT, and nothing else of the look itself.
 */
export async function takeLook(
  vault: Vault,
  asked: AskedQuota & { readonly token: string | null },
): Promise<Look> {
  const { token, actor } = asked;
  const under = await spendingOf(vault, asked);
  const located = token === null ? NO_WAYBILL : await locate(vault, token);
  const places = askedOf(vault, actor.organisationId, located.places);
  const { policy, spent } = await taken(vault, { ...places, under }, actor.organisationId);
  if (spent.outcome === "alarm") await tellQuotaAlarms(vault);
  return {
    policy,
    record: () => recordOf(located, spent.found),
    trainingFault: isTrainingRequired(policy) ? trainingFault(vault, spent.training) : null,
  };
}
