/**
 * Drop shipping (一件代发): a merchant hands waybills to a supplier, who packs and sends. The
 * supplier prints their labels, so often, on that paper and until that day, sees the masks and
 * says when they are packed and handed in; it opens nobody, and the merchant takes them back at any
 * time.
 */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { writeEntry } from "../access/entry.ts";
import { findOwn } from "../access/organisation.ts";
import { requireQuota } from "../access/quota.ts";
import { parseToken } from "../crypto/token.ts";
import type { LabelSize } from "../label/label-size.ts";
import { addDays, dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import {
  DROP_SHIP_DAYS_MAX,
  DROP_SHIP_PRINTS_MAX,
  DROP_SHIP_TOKENS_MAX,
  dropShipLooks,
} from "../rules/drop-ship.ts";
import { Failure, isLasting } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import { BEFORE_PICK_UP } from "../rules/question.ts";
import { endDropShip, putDropShip } from "../store/drop-ship.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { lockParcelState } from "../store/parcel-state.ts";
import { connected, transaction } from "../store/pool.ts";
import { flowCircumstances, isBeforePickUp } from "./ownership.ts";
import { findRecord, isPastDeath, openKey, subjectOf } from "./record.ts";
import type { Vault } from "./vault.ts";

export interface DropShipRequest {
  /** 1 to 1,000; one that comes twice counts once. */
  readonly tokens: readonly string[];
  /** Id or name of the supplier, a merchant of the tenant and not the asker's own. */
  readonly supplier: string;
  readonly size: LabelSize;
  /** How many labels of each waybill may be printed, 1 to 10. */
  readonly prints: number;
  /** The last day on which they may, at most 30 days from today. */
  readonly until: Day;
  readonly actor: Actor;
}

export interface DropShipped {
  readonly token: string;
  /** Id of the supplier. */
  readonly supplier: string;
  readonly until: Day;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

/** What became of one waybill. */
export type DropShipResult = DropShipped | { readonly token: string; readonly code: FailureCode };

function requireBounds(vault: Vault, { tokens, prints, until }: DropShipRequest): void {
  const countMax = DROP_SHIP_TOKENS_MAX;
  if (tokens.length === 0 || tokens.length > countMax) {
    throw new Failure("DROP_SHIP_BOUNDS", { field: "tokens", countMax });
  }
  if (!Number.isSafeInteger(prints) || prints < 1 || prints > DROP_SHIP_PRINTS_MAX) {
    throw new Failure("DROP_SHIP_BOUNDS", { field: "prints", countMax: DROP_SHIP_PRINTS_MAX });
  }
  const today = dayOf(vault.now(), vault.timeZone);
  if (until < today || until > addDays(today, DROP_SHIP_DAYS_MAX)) {
    throw new Failure("DROP_SHIP_BOUNDS", { field: "until", countMax: DROP_SHIP_DAYS_MAX });
  }
}

async function supplierOf(
  vault: Vault,
  { supplier, actor }: DropShipRequest,
): Promise<OrganisationRow> {
  const found = await connected(vault.database, async (connection) =>
    findOwn(vault, connection, supplier),
  );
  if (found.closedOn !== null) throw new Failure("ORGANISATION_CLOSED");
  const isSupplier = found.kind === "merchant" && found.id !== actor.organisationId;
  if (!isSupplier) throw new Failure("SUPPLIER_UNFIT");
  return found;
}

async function handOne(
  vault: Vault,
  { supplier, request }: { readonly supplier: OrganisationRow; readonly request: DropShipRequest },
  text: string,
): Promise<DropShipped> {
  const { actor, size, prints, until } = request;
  const { shell, token } = await findRecord(vault, text);
  const circumstances = await flowCircumstances(vault, actor, shell);
  await authorise(vault, { actor, verb: "drop-ship" }, circumstances);
  if (isPastDeath(vault, shell.dayOfDeath)) throw new Failure("DATA_DEAD");
  const { state } = circumstances;
  if (!state || !BEFORE_PICK_UP.includes(state)) throw new Failure("DROP_SHIP_LATE");
  const about = subjectOf(await openKey(vault, shell));
  return transaction(vault.database, async (connection) => {
    const now = { ...shell, parcelState: await lockParcelState(connection, shell) };
    if (!(await isBeforePickUp(vault, connection, now))) throw new Failure("DROP_SHIP_LATE");
    const { shellWeek, compartment, slot } = shell;
    const given = { givenBy: actor.pseudonym, givenAt: vault.now(), untilDay: until };
    const place = { tenantId: vault.tenant.id, shellWeek, compartment, slot };
    const terms = { supplierId: supplier.id, size, printsMax: prints };
    await putDropShip(connection, { ...place, ...given, ...terms });
    const told = { organisation: supplier.id, value: size, count: prints, validUntil: until };
    const draft = { type: "drop-shipped", mode: "given", actor, about, ...told } as const;
    const entry = await writeEntry(vault, connection, draft);
    return { token, supplier: supplier.id, until, entry };
  });
}

/**
 * Hands waybills to a supplier in place of one that had them; an entry and a result for each.
 * Throws DROP_SHIP_BOUNDS, ACCESS_DENIED, ORGANISATION_UNKNOWN, ORGANISATION_CLOSED,
 * SUPPLIER_UNFIT, as `parseToken`, or QUOTA_SPENT (a hundred weigh one, of a counter of their
 * own), and then hands over nothing. A waybill that is another's, dead, or picked up
 * (DROP_SHIP_LATE) has a code of its own and stops no other.
 */
export async function dropShip(
  vault: Vault,
  request: DropShipRequest,
): Promise<readonly DropShipResult[]> {
  const { actor } = request;
  requireBounds(vault, request);
  await authorise(vault, { actor, verb: "drop-ship" }, { place: "own" });
  const tokens = [...new Set(request.tokens.map((token) => parseToken(token.trim())))];
  const supplier = await supplierOf(vault, request);
  const subject = { asked: `drop-ship ${supplier.id} ${tokens.toSorted().join(" ")}` };
  const looks = dropShipLooks(tokens.length);
  await requireQuota(vault, { actor, use: "drop-ship", subject, looks });
  const results: DropShipResult[] = [];
  for (const token of tokens) {
    try {
      results.push(await handOne(vault, { supplier, request }, token));
    } catch (error) {
      if (!isLasting(error)) throw error;
      results.push({ token, code: error.code });
    }
  }
  return results;
}

export interface DropShipWithdrawn {
  readonly token: string;
  /** Id of the supplier that had it. */
  readonly supplier: string;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

/**
 * Takes a waybill back from its supplier, who prints and sees nothing of it from then on; a label
 * that was printed stays good. Throws ACCESS_DENIED, DROP_SHIP_NONE, DATA_DEAD, or as `findRecord`.
 */
export async function withdrawDropShip(
  vault: Vault,
  { token: text, actor }: { readonly token: string; readonly actor: Actor },
): Promise<DropShipWithdrawn> {
  const { shell, token } = await findRecord(vault, text);
  const circumstances = await flowCircumstances(vault, actor, shell);
  await authorise(vault, { actor, verb: "drop-ship" }, circumstances);
  const about = subjectOf(await openKey(vault, shell));
  return transaction(vault.database, async (connection) => {
    const now = vault.now();
    const today = dayOf(now, vault.timeZone);
    const supplier = await endDropShip(connection, shell, { now, today });
    if (supplier === null) throw new Failure("DROP_SHIP_NONE");
    const told = { mode: "withdrawn", organisation: supplier } as const;
    const draft = { type: "drop-shipped", actor, about, ...told } as const;
    return { token, supplier, entry: await writeEntry(vault, connection, draft) };
  });
}
