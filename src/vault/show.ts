/**
 * Show: the masked view, where the waybill stands, and who looked. Never opens the parties (P12).
 */
import type { Actor } from "../access/actor.ts";
import { authorise, judge } from "../access/authorise.ts";
import { openNote } from "../crypto/note.ts";
import { suiteOf } from "../crypto/suites.ts";
import { serialText } from "../keystore/compartment-record.ts";
import { maskText } from "../privacy/free-text.ts";
import { dayOf, minuteOf } from "../rules/calendar.ts";
import { isFailure } from "../rules/failure.ts";
import type { HoldReason } from "../rules/hold.ts";
import { lifeStateOn } from "../rules/retention.ts";
import { handlesParcels } from "../rules/role.ts";
import { leavesOfSubject } from "../store/audit-leaf.ts";
import type { LeafRow } from "../store/audit-leaf.ts";
import type { CompartmentRow, CompartmentState } from "../store/compartment.ts";
import type { HoldRow } from "../store/hold.ts";
import { connected } from "../store/pool.ts";
import type { FoundShell } from "../store/shell.ts";
import { readWaybill } from "./look.ts";
import type { ReadRecord } from "./look.ts";
import { openRecord, subjectOf } from "./record.ts";
import type { OpenedWaybill, WaybillKey } from "./record.ts";
import { holdsNow } from "./held.ts";
import { originOf } from "./origin.ts";
import type { ShownOrigin } from "./origin.ts";
import { refuseUnknown } from "./own-record.ts";
import { ownershipFor } from "./ownership.ts";
import type { Ownership } from "./ownership.ts";
import type { Vault } from "./vault.ts";
import type { View } from "./view.ts";

export type ShownView = Pick<
  View,
  "recipient" | "sender" | "goods" | "remark" | "profile" | "platform"
>;

export interface ShownLook {
  readonly at: string;
  readonly type: string;
  readonly actor: string;
  readonly purpose: string;
  readonly fields: readonly string[];
  readonly failure: string | null;
  /** The written reason, masked, as long as the waybill lives; "" where none was given. */
  readonly reason: string;
  readonly entry: string;
}

/** What a mask shows. */
export interface MaskedWaybill {
  readonly token: string;
  readonly waybillNumber: string;
  readonly carrier: string;
  readonly state: string;
  /** `held`: past its day, and alive by a hold. */
  readonly life: CompartmentState | "held";
  /** Why it may outlive its day, and until when. */
  readonly holds: readonly { readonly reason: HoldReason; readonly until: string }[];
  /** Where the parcel stands; null while it is on its way. */
  readonly parcelState: string | null;
  /** Whether access closed after sign-off and claim window: then the view is not shown either. */
  readonly accessClosed: boolean;
  /** Local minute of the tenant. */
  readonly sealedAt: string;
  readonly dayOfDeath: string;
  readonly compartment: string;
  readonly suite: string;
  /** Null once the waybill is dead: then its looks cannot be linked to it any more either. */
  readonly view: ShownView | null;
  /** The waybill that it was sealed out of, to whoever may see that too. */
  readonly origin: ShownOrigin | null;
}

/** And who looked. */
export interface ShownWaybill extends MaskedWaybill {
  readonly looks: readonly ShownLook[];
}

/** As somebody sees it. */
export interface SeenWaybill extends MaskedWaybill {
  /** Null to whoever may not ask who looked. */
  readonly looks: readonly ShownLook[] | null;
}

const LOOKS_MAX = 200;

/** Reasons are typed by hand and may name a person, and no purpose was asked for here. */
function reasonOf(vault: Vault, leaf: LeafRow, key: WaybillKey): string {
  if (leaf.note === null) return "";
  const { suite, leaf: secret, tenant, waybillId } = key;
  const where = { suite, leaf: secret, place: { tenant, waybillId }, entry: leaf.id };
  return maskText(openNote(where, leaf.note), vault.profile, vault.gazetteer).masked;
}

function lookOf(vault: Vault, leaf: LeafRow, key: WaybillKey): ShownLook {
  // Leaves are written by encodeLeaf only, as canonical JSON objects with these members.
  const body = JSON.parse(Buffer.from(leaf.body).toString("utf8")) as Record<string, unknown>;
  const text = (name: string): string => (typeof body[name] === "string" ? body[name] : "");
  const fields = Array.isArray(body["fields"]) ? body["fields"].map(String) : [];
  return {
    at: minuteOf(new Date(text("at")), vault.timeZone),
    type: leaf.type,
    actor: text("actor"),
    purpose: text("purpose"),
    fields,
    failure: typeof body["failure"] === "string" ? body["failure"] : null,
    reason: reasonOf(vault, leaf, key),
    entry: Buffer.from(leaf.id).toString("hex"),
  };
}

async function openIfAlive(vault: Vault, record: ReadRecord): Promise<OpenedWaybill | null> {
  try {
    return await openRecord(vault, record);
  } catch (error) {
    if (isFailure(error, "DATA_DEAD")) return null;
    throw error;
  }
}

async function looksOf(vault: Vault, opened: OpenedWaybill): Promise<ShownLook[]> {
  const subject = subjectOf(opened.key);
  const leaves = await connected(vault.database, async (connection) =>
    leavesOfSubject(connection, subject, LOOKS_MAX),
  );
  return leaves.map((leaf) => lookOf(vault, leaf, opened.key));
}

/**
 * Who looked at it is for whoever may ask the log of what stands with the own branch, and for the
 * merchant whose it is, but no supplier's.
 */
async function mayAskLooks(vault: Vault, actor: Actor, { place, isMerchant }: Ownership) {
  if (place !== "own") return false;
  if (isMerchant) return true;
  return (await judge(vault, { actor, verb: "ask-log" }, { place })).isAllowed;
}

/**
 * Everything about a waybill that may be read without a purpose. Throws ACCESS_DENIED, or as
 * `findRecord`; TOKEN_UNKNOWN to an office or a machine of a branch also for another branch's.
 */
export async function show(
  vault: Vault,
  asked: { readonly token: string; readonly actor: Actor },
): Promise<SeenWaybill> {
  const { actor, token } = asked;
  await authorise(vault, { actor, verb: "show" }, { place: "own" });
  const { told, opened, held } = await toldOf(vault, { token, actor });
  if (held === null || !(await mayAskLooks(vault, actor, held))) return { ...told, looks: null };
  return { ...told, looks: opened === null ? [] : await looksOf(vault, opened) };
}

/** As `show`, for a verb that has asked for itself. */
export async function shownWaybill(vault: Vault, token: string): Promise<ShownWaybill> {
  const { told, opened } = await toldOf(vault, { token, actor: null });
  return { ...told, looks: opened === null ? [] : await looksOf(vault, opened) };
}

/** As `show`, without who looked. */
export async function showMasked(
  vault: Vault,
  asked: { readonly token: string; readonly actor: Actor },
): Promise<MaskedWaybill> {
  await authorise(vault, { actor: asked.actor, verb: "show" }, { place: "own" });
  return (await toldOf(vault, asked)).told;
}

interface Told {
  readonly told: MaskedWaybill;
  readonly opened: OpenedWaybill | null;
  /** Whose it is to whoever looks; null where nobody does. */
  readonly held: Ownership | null;
}

/**
 * Whose it is to whoever looks. Who has parcels in hand sees the masks of any label, since a parcel
 * may arrive that nobody announced; to an office or a machine of a branch another branch's is none.
 */
async function heldToShow(vault: Vault, actor: Actor, shell: FoundShell): Promise<Ownership> {
  const asked = { actor, verb: "show" } as const;
  const held = (await ownershipFor(vault, actor, [shell]))(shell);
  const { place, isMerchant } = held;
  if (isMerchant) {
    if (place !== "own") await authorise(vault, asked, { place });
    return held;
  }
  const isInHand = actor.organisationId !== null && handlesParcels(actor.role);
  if (place === "own" || isInHand) return held;
  return refuseUnknown(vault, asked, "TOKEN_UNKNOWN");
}

/** Asks whose it is where somebody looks; a verb that has asked for itself is nobody here. */
async function toldOf(
  vault: Vault,
  { token, actor }: { readonly token: string; readonly actor: Actor | null },
): Promise<Told> {
  const { record, isClosed } = await readWaybill(vault, token);
  const { shell } = record;
  const held = actor === null ? null : await heldToShow(vault, actor, shell);
  const isSupplied = held?.place === "supplied";
  const opened = await openIfAlive(vault, record);
  const holds = record.isHeld
    ? await connected(vault.database, async (c) => holdsNow(vault, c, shell))
    : [];
  const accessClosed = isClosed(shell);
  const view = !accessClosed || holds.length > 0 ? (opened?.view() ?? null) : null;
  const origin = isSupplied ? null : await originOf(vault, { view, token: record.token }, actor);
  const told = maskedOf(vault, { record, opened, holds, accessClosed, view, origin });
  // Why somebody else's may outlive its day says more of it than a mask does.
  const isOwn = held === null || held.place === "own";
  return { told: isOwn ? told : { ...told, holds: [] }, opened, held };
}

interface Read {
  readonly record: ReadRecord;
  readonly opened: OpenedWaybill | null;
  readonly holds: readonly HoldRow[];
  readonly accessClosed: boolean;
  readonly view: View | null;
  readonly origin: ShownOrigin | null;
}

function maskedOf(vault: Vault, read: Read): MaskedWaybill {
  const { record, opened, holds, accessClosed, view, origin } = read;
  const { compartment, shell } = record;
  return {
    token: record.token,
    waybillNumber: shell.waybillNumber,
    carrier: shell.carrier,
    state: shell.state,
    life: opened === null ? "destroyed" : lifeOf(vault, compartment),
    holds: holds.map(({ reason, untilDay }) => ({ reason, until: untilDay })),
    parcelState: shell.parcelState,
    accessClosed,
    sealedAt: minuteOf(shell.sealedAt, vault.timeZone),
    dayOfDeath: shell.dayOfDeath,
    compartment: serialText(shell.compartment),
    suite: suiteOf(compartment.suite).name,
    view: view === null ? null : shownView(view),
    origin,
  };
}

/**
 * By the calendar: a compartment closes a day before its day of death, whoever marked it or not.
 */
function lifeOf(vault: Vault, compartment: CompartmentRow): CompartmentState | "held" {
  const today = dayOf(vault.now(), vault.timeZone);
  const life = lifeStateOn(today, compartment.dayOfDeath);
  // What opens past its day does so by a hold.
  if (life === "due") return "held";
  return life === "closing" ? "closing" : compartment.state;
}

function shownView(view: View): ShownView {
  const { recipient, sender, goods, remark, profile, platform } = view;
  return { recipient, sender, goods, remark, profile, platform };
}
