/**
 * Whose a waybill is (归属): to a merchant or its machine what they sealed, or what another account
 * of the same merchant sealed; to a branch what stands there (`own-record.ts`). A token alone is
 * nobody's right (P10). What is opened goes by routes and custody (`route.ts`).
 */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import type { Circumstances } from "../access/authorise.ts";
import { dayOf } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import { BEFORE_PICK_UP } from "../rules/question.ts";
import type { OrderState, Place } from "../rules/question.ts";
import type { Verb } from "../rules/verb.ts";
import { findAssignment } from "../store/assignment.ts";
import { findCustody } from "../store/custody.ts";
import { standingDropShips } from "../store/drop-ship.ts";
import type { StandingDropShip } from "../store/drop-ship.ts";
import { findOrganisation } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import type { FoundShell } from "../store/shell.ts";
import { ownOf } from "./own-record.ts";
import { circumstancesOf } from "./route.ts";
import { sealersOf } from "./sealer.ts";
import type { Sealer } from "./sealer.ts";
import type { Vault } from "./vault.ts";
import { placeKey } from "./waybill-place.ts";

/** The organisation of a merchant's account or machine when it is a merchant's own; else null. */
async function merchantOf(vault: Vault, { organisationId }: Actor): Promise<string | null> {
  if (organisationId === null) return null;
  const found = await connected(vault.database, async (connection) =>
    findOrganisation(connection, organisationId),
  );
  return found?.kind === "merchant" ? found.id : null;
}

function isTheirs(actor: Actor, merchant: string | null, sealer: Sealer | undefined): boolean {
  if (sealer === undefined) return false;
  if (sealer.pseudonym === actor.pseudonym) return true;
  return merchant !== null && sealer.organisationPath.at(-1) === merchant;
}

/** What a waybill is to a merchant; `supplied` says on what terms it was handed to it. */
export interface Ownership {
  readonly place: Place;
  readonly supplied: StandingDropShip | null;
  /** Whether a merchant, or a machine of one, asks. */
  readonly isMerchant: boolean;
}

const CARRIED: Ownership = { place: "own", supplied: null, isMerchant: false };
const ELSEWHERE: Ownership = { place: "other-branch", supplied: null, isMerchant: false };
const OWN: Ownership = { place: "own", supplied: null, isMerchant: true };

async function suppliedTo(
  vault: Vault,
  merchant: string,
  shells: readonly FoundShell[],
): Promise<ReadonlyMap<string, StandingDropShip>> {
  const today = dayOf(vault.now(), vault.timeZone);
  const supplied = new Map<string, StandingDropShip>();
  await connected(vault.database, async (connection) => {
    for (const [compartment, group] of Map.groupBy(shells, (shell) => shell.compartment)) {
      const slots = group.map(({ slot }) => slot);
      const standing = await standingDropShips(connection, { compartment, today }, slots);
      for (const [slot, one] of standing) {
        if (one.supplierId === merchant) supplied.set(placeKey(compartment, slot), one);
      }
    }
  });
  return supplied;
}

/** To the carrier's own people and machines theirs is what stands with their branch and below. */
async function carriedBy(
  vault: Vault,
  actor: Actor,
  shells: readonly FoundShell[],
): Promise<(shell: FoundShell) => Ownership> {
  const own = await ownOf(vault, actor, shells);
  const places = new Set(own.map(({ compartment, slot }) => placeKey(compartment, slot)));
  return ({ compartment, slot }) => (places.has(placeKey(compartment, slot)) ? CARRIED : ELSEWHERE);
}

/** What each of `shells` is to whoever prints, looks at it or records its state. */
export async function ownershipFor(
  vault: Vault,
  actor: Actor,
  shells: readonly FoundShell[],
): Promise<(shell: FoundShell) => Ownership> {
  const merchant = await merchantOf(vault, actor);
  // Whoever is placed with a merchant is the merchant's, whatever the role; a machine that is no
  // merchant's is the carrier's own.
  if (actor.role !== "merchant" && merchant === null) return carriedBy(vault, actor, shells);
  const sealers = await sealersOf(vault, shells);
  const supplied = merchant === null ? null : await suppliedTo(vault, merchant, shells);
  return ({ compartment, slot }) => {
    const key = placeKey(compartment, slot);
    if (isTheirs(actor, merchant, sealers.get(key))) return OWN;
    const terms = supplied?.get(key) ?? null;
    const place = terms === null ? "other-branch" : "supplied";
    return { place, supplied: terms, isMerchant: true };
  };
}

/**
 * As `authorise`, over one waybill: what is another merchant's or branch's is refused, save for
 * what a supplier may do with what was handed to it. Says which of the two it is.
 */
export async function authoriseOver(
  vault: Vault,
  asked: { readonly actor: Actor; readonly verb: Verb },
  shell: FoundShell,
): Promise<Ownership> {
  const owned = (await ownershipFor(vault, asked.actor, [shell]))(shell);
  if (owned.place !== "own") await authorise(vault, asked, { place: owned.place });
  return owned;
}

/** What lies at a branch is picked up, whether or not somebody said that it arrived. */
async function stateNow(
  vault: Vault,
  connection: Connection,
  shell: FoundShell,
): Promise<OrderState | null> {
  const { parcelState, state } = shell;
  const said = parcelState ?? (state === "erased" ? null : state);
  if (said === null || !BEFORE_PICK_UP.includes(said)) return said;
  const on = dayOf(vault.now(), vault.timeZone);
  const isTaken =
    (await findCustody(connection, shell)) !== null ||
    (await findAssignment(connection, { ...shell, on })) !== null;
  return isTaken ? "arrived" : said;
}

/** Whether it lies with whoever sends it; `shell` as it was found under the caller's lock. */
export async function isBeforePickUp(
  vault: Vault,
  connection: Connection,
  shell: FoundShell,
): Promise<boolean> {
  const state = await stateNow(vault, connection, shell);
  return state !== null && BEFORE_PICK_UP.includes(state);
}

/** An act that was allowed in `state`, and the waybill as it stands under the caller's lock. */
export interface Allowed {
  readonly actor: Actor;
  readonly state: OrderState | null | undefined;
}

/**
 * Whether what a merchant was allowed before pick-up meets the pick-up. Throws WAYBILL_MOVING then:
 * end the transaction and ask again, since a refusal is an entry that must outlive it.
 */
export async function requireNotPickedUp(
  vault: Vault,
  connection: Connection,
  { allowed: { actor, state }, shell }: { readonly allowed: Allowed; readonly shell: FoundShell },
): Promise<void> {
  if (actor.role !== "merchant" && actor.role !== "erp-machine") return;
  if (!state || !BEFORE_PICK_UP.includes(state)) return;
  if (!(await isBeforePickUp(vault, connection, shell))) throw new Failure("WAYBILL_MOVING");
}

/**
 * The circumstances of an act that changes where a parcel goes, or of what there are more: to
 * merchants and machines by whose it is, to everybody else by route and branch.
 */
export async function flowCircumstances(
  vault: Vault,
  actor: Actor,
  shell: FoundShell,
): Promise<Pick<Circumstances, "isAssigned" | "place" | "state">> {
  const { role } = actor;
  if (role !== "merchant" && role !== "erp-machine") return circumstancesOf(vault, actor, shell);
  const sealers = await sealersOf(vault, [shell]);
  const sealer = sealers.get(placeKey(shell.compartment, shell.slot));
  const isOwn = isTheirs(actor, await merchantOf(vault, actor), sealer);
  const state = await connected(vault.database, async (connection) =>
    stateNow(vault, connection, shell),
  );
  return { isAssigned: false, place: isOwn ? "own" : "other-branch", state };
}
