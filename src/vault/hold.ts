/**
 * Hold (留存冻结): a reason not to let the persons of a waybill die yet. It is written down as pending
 * with a copy of the envelopes, then the key store keeps the key, then it is active and told; a
 * crash between any two steps is finished by whoever opens the vault next (settle-holds.ts).
 * Whether a hold or a shred came first is decided by the key store alone.
 */
import { tellWebhooks } from "../access/webhook.ts";
import { authorise } from "../access/authorise.ts";
import { randomUUID } from "node:crypto";
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import { recordedText } from "../access/recorded-text.ts";
import { dayOf, parseDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import { HOLD_REASON_NAMES, holdRefusal } from "../rules/hold.ts";
import type { HoldReason } from "../rules/hold.ts";
import { UUID } from "../rules/uuid.ts";
import { withWaybill } from "../store/exclusive.ts";
import type { Within } from "../store/exclusive.ts";
import {
  dropHeldParty,
  findHold,
  insertHold,
  keepParty,
  listHolds,
  setHoldState,
  standingHolds,
} from "../store/hold.ts";
import type { HoldRow } from "../store/hold.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { endHold } from "./hold-end.ts";
import type { HoldEnded } from "./hold-end.ts";
import { holdDraft, subjectIfAlive } from "./hold-entry.ts";
import { ownOf, ownRecord, refuseUnknown } from "./own-record.ts";
import { openKey } from "./record.ts";
import type { WaybillRecord } from "./record.ts";
import { PASS } from "./step.ts";
import type { Reached } from "./step.ts";
import type { Vault } from "./vault.ts";
import { tokenAt, tokensAt } from "./waybill-place.ts";

export interface HoldRequest {
  readonly token: string;
  readonly reason: string;
  /** Who asks for it: an authority, or a desk of the carrier. */
  readonly authority: string;
  /** Number of the document; null where the reason needs none. */
  readonly document: string | null;
  /** The last day on which it counts, YYYY-MM-DD. */
  readonly until: string;
  readonly actor: Actor;
  readonly reached?: Reached;
}

export interface HoldPlaced {
  readonly hold: HoldRow;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

const TEXT_CHARACTERS_MAX = 100;
const LIST_MAX = 10_000;

interface Asked {
  readonly reason: HoldReason;
  readonly authority: string;
  readonly document: string | null;
  readonly untilDay: Day;
}

function readRequest(vault: Vault, request: HoldRequest): Asked {
  const reason = HOLD_REASON_NAMES.find((name) => name === request.reason);
  if (reason === undefined || reason === "recovered") throw new Failure("HOLD_REASON_UNKNOWN");
  const untilDay = parseDay(request.until);
  if (untilDay === null) throw new Failure("HOLD_UNTIL");
  const text = (field: string, value: string): string =>
    recordedText(value, { field, charactersMax: TEXT_CHARACTERS_MAX }, vault.gazetteer);
  const authority = text("authority", request.authority);
  const document = request.document === null ? null : text("document", request.document);
  const today = dayOf(vault.now(), vault.timeZone);
  const refusal = holdRefusal(today, { reason, until: untilDay, document });
  if (refusal !== null) throw new Failure(refusal, { reason });
  return { reason, authority, document, untilDay };
}

async function refuse(vault: Vault, within: Within, hold: HoldRow): Promise<never> {
  await within(async (connection) => {
    await setHoldState(connection, hold.id, { state: "refused", endedAt: vault.now() });
    const others = await standingHolds(connection, hold);
    if (others.length === 0) await dropHeldParty(connection, hold);
    const draft = { ...holdDraft(hold), type: "hold-refused", actor: hold.actor } as const;
    await writeEntry(vault, connection, draft);
  });
  throw new Failure("DATA_DEAD");
}

/**
 * Takes a pending hold to the key store and tells of it; also again after a crash. Throws DATA_DEAD
 * when the key was dead already, and ends the hold as refused.
 */
export async function finishHold(
  vault: Vault,
  { within, hold }: { readonly within: Within; readonly hold: HoldRow },
  reached: Reached = PASS,
): Promise<string> {
  try {
    await vault.keys.hold(hold.compartment, [hold.slot]);
  } catch (error) {
    if (isFailure(error, "KEY_DESTROYED")) return refuse(vault, within, hold);
    throw error;
  }
  await reached("hold-kept");
  const told = await within(async (connection) => {
    await setHoldState(connection, hold.id, { state: "active", endedAt: null });
    const about = await subjectIfAlive(vault, connection, hold);
    const draft = { ...holdDraft(hold), ...about, type: "hold-placed", actor: hold.actor } as const;
    const entry = await writeEntry(vault, connection, draft);
    const { id, reason, untilDay: until } = hold;
    const token = await tokenAt(vault, connection, hold);
    const data = { hold: id, token, reason, until, entry };
    await tellWebhooks(vault, connection, { event: "hold.placed", data });
    return entry;
  });
  await reached("hold-told");
  return told;
}

async function writePending(
  vault: Vault,
  within: Within,
  made: { readonly record: WaybillRecord; readonly asked: Asked; readonly actor: string },
): Promise<HoldRow> {
  const { shell, compartment } = made.record;
  const hold: HoldRow = {
    ...made.asked,
    id: randomUUID(),
    tenantId: vault.tenant.id,
    compartment: shell.compartment,
    slot: shell.slot,
    shellWeek: shell.shellWeek,
    actor: made.actor,
    state: "pending",
    placedAt: vault.now(),
    endedAt: null,
  };
  await within(async (connection) => {
    const { deathWeek } = compartment;
    if (!(await keepParty(connection, { ...hold, deathWeek }))) throw new Failure("DATA_DEAD");
    await insertHold(connection, hold);
  });
  return hold;
}

/**
 * Places a hold on one waybill; accepted until its key is destroyed, also when access closed or its
 * day has come. Throws HOLD_REASON_UNKNOWN, HOLD_UNTIL, HOLD_DOCUMENT, TEXT_LENGTH, TEXT_PERSONAL,
 * DATA_DEAD, or as `findRecord`.
 */
export async function placeHold(vault: Vault, request: HoldRequest): Promise<HoldPlaced> {
  const { reached = PASS } = request;
  const asking = { actor: request.actor, verb: "hold" } as const;
  const record = await ownRecord(vault, asking, request.token);
  const asked = readRequest(vault, request);
  const actor = request.actor.pseudonym;
  // A dead key is found out before anything is written.
  await openKey(vault, record.shell);
  return withWaybill(vault.database, record.shell, async (within) => {
    const hold = await writePending(vault, within, { record, asked, actor });
    await reached("hold-pending");
    const entry = await finishHold(vault, { within, hold }, reached);
    return { hold: { ...hold, state: "active" as const }, entry };
  });
}

async function requireHold(vault: Vault, connection: Connection, id: string): Promise<HoldRow> {
  const hold = UUID.test(id) ? await findHold(connection, vault.tenant.id, id) : null;
  if (hold === null) throw new Failure("HOLD_UNKNOWN");
  return hold;
}

/**
 * Releases a hold. When it was the last and the waybill's day is over, the waybill dies now. Throws
 * HOLD_UNKNOWN, or HOLD_ENDED when it is over already.
 */
export async function releaseHold(
  vault: Vault,
  request: { readonly id: string; readonly actor: Actor; readonly reached?: Reached },
): Promise<HoldEnded> {
  const { id, reached = PASS } = request;
  const found = await ownHold(vault, { actor: request.actor, verb: "release-hold" }, id);
  const actor = request.actor;
  return withWaybill(vault.database, found, async (within) => {
    const hold = await within(async (connection) => requireHold(vault, connection, id));
    if (hold.endedAt !== null) throw new Failure("HOLD_ENDED");
    return endHold(vault, { within, hold, ending: "released", actor }, reached);
  });
}

/** As `ownRecord`: another branch's hold is told from none by nothing. */
async function ownHold(
  vault: Vault,
  asked: { readonly actor: Actor; readonly verb: "release-hold" },
  id: string,
): Promise<HoldRow> {
  await authorise(vault, asked, { place: "own" });
  const { id: tenantId } = vault.tenant;
  const hold = UUID.test(id)
    ? await connected(vault.database, async (c) => findHold(c, tenantId, id))
    : null;
  const [own] = hold === null ? [] : await ownOf(vault, asked.actor, [hold]);
  return own ?? refuseUnknown(vault, asked, "HOLD_UNKNOWN");
}

export interface ListedHold extends HoldRow {
  /** "" once the shell is gone too. */
  readonly token: string;
}

/**
 * The holds of the actor's own waybills, by last day; with `ended` also those that are over. Throws
 * ACCESS_DENIED.
 */
export async function holds(
  vault: Vault,
  asked: { readonly ended: boolean; readonly actor: Actor },
): Promise<HoldRow[]> {
  const { ended, actor } = asked;
  await authorise(vault, { actor, verb: "hold" }, { place: "own" });
  const which = { tenantId: vault.tenant.id, ended };
  const rows = await connected(vault.database, async (c) => listHolds(c, which, LIST_MAX));
  return ownOf(vault, actor, rows);
}

/** `rows`, as few as are told at once, with the tokens of what they hold. */
export async function withTokens(vault: Vault, rows: readonly HoldRow[]): Promise<ListedHold[]> {
  const tokens = await tokensAt(vault, rows);
  return rows.map((hold, at) => ({ ...hold, token: tokens[at] ?? "" }));
}
