/**
 * Settling a shift (交班对账): what a handheld did offline, held against what it was given. Every
 * parcel is delivered, returned or unaccounted for, and the balance is an entry.
 */
import { readJournal } from "../crypto/journal.ts";
import type { JournalLine } from "../crypto/journal.ts";
import { suiteOf } from "../crypto/suites.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { ownStaff } from "../access/own-staff.ts";
import { writeEntry } from "../access/entry.ts";
import { Failure } from "../rules/failure.ts";
import { UUID } from "../rules/uuid.ts";
import { findHandheld } from "../store/handheld.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { lockShift, openShifts, parcelsOfShift, settleShift } from "../store/shift.ts";
import type { Fate, ShiftParcelRow, ShiftRow } from "../store/shift.ts";
import type { Vault } from "./vault.ts";
import { tokensAt } from "./waybill-place.ts";

const HEAD = /^midan-journal ([0-9a-f]{32})$/;
export const JOURNAL_BYTES_MAX = 4 * 1024 * 1024;

export interface ShiftBalance {
  readonly shift: string;
  readonly given: number;
  /** Times that a ticket was opened, and parcels of which one was. */
  readonly openings: number;
  readonly opened: number;
  readonly delivered: number;
  readonly returned: number;
  readonly unaccounted: number;
  /** Tokens of those, for whoever asks after them. */
  readonly missing: readonly string[];
  readonly entry: string;
}

interface HandedIn {
  readonly shift: string;
  readonly lines: readonly string[];
}

function uuidText(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function handedIn(text: string): HandedIn {
  if (text.length > JOURNAL_BYTES_MAX) throw new Failure("JOURNAL_BROKEN");
  const [head = "", ...lines] = text.trimEnd().split("\n");
  const hex = HEAD.exec(head)?.[1];
  if (hex === undefined) throw new Failure("JOURNAL_BROKEN");
  return { shift: uuidText(hex), lines };
}

type Settled = ShiftParcelRow & { readonly fate: Fate; readonly token: string };

/** What the lines say of one parcel; the last word about its fate counts. */
function settledParcel(row: ShiftParcelRow, token: string, lines: readonly JournalLine[]): Settled {
  const own = lines.filter((line) => line.token === token);
  const openings = own.filter(({ event }) => event === "opened").length;
  const last = own.findLast(({ event }) => event === "delivered" || event === "returned");
  const fate = last?.event === "delivered" || last?.event === "returned" ? last.event : null;
  return { ...row, token, openings, fate: fate ?? "unaccounted" };
}

async function settledParcels(
  vault: Vault,
  rows: readonly ShiftParcelRow[],
  lines: readonly JournalLine[],
): Promise<Settled[]> {
  const tokens = await tokensAt(vault, rows);
  const settled = rows.map((row, at) => settledParcel(row, tokens[at] ?? "", lines));
  const known = new Set(settled.map(({ token }) => token));
  // A handheld that tells of other parcels than it was given has another journal than its own.
  if (lines.some(({ token }) => token !== null && !known.has(token)))
    throw new Failure("JOURNAL_BROKEN");
  return settled;
}

async function linesOf(
  connection: Connection,
  shift: ShiftRow,
  lines: readonly string[],
): Promise<readonly JournalLine[]> {
  const handheld = await findHandheld(connection, shift.tenantId, shift.handheldId);
  if (handheld === null) throw new Failure("HANDHELD_UNKNOWN");
  const read = readJournal({ suite: suiteOf(handheld.suite), secret: shift.secret }, lines);
  if (read === null) throw new Failure("JOURNAL_BROKEN");
  return read;
}

/** What became of the parcels, counted. */
function countsOf(parcels: readonly Settled[]) {
  const countOf = (fate: Fate): number => parcels.filter((parcel) => parcel.fate === fate).length;
  return {
    opened: parcels.filter(({ openings }) => openings > 0).length,
    delivered: countOf("delivered"),
    returned: countOf("returned"),
    unaccounted: countOf("unaccounted"),
  };
}

/** The shift of that id, to be settled. Throws SHIFT_UNKNOWN or SHIFT_SETTLED. */
async function requireOpenShift(
  vault: Vault,
  connection: Connection,
  { id, isOwn }: { readonly id: string; readonly isOwn: (actor: string) => boolean },
): Promise<ShiftRow> {
  const shift = await lockShift(connection, vault.tenant.id, id);
  // Another branch's is as unknown as none.
  if (shift === null || !isOwn(shift.actor)) throw new Failure("SHIFT_UNKNOWN");
  if (shift.settledAt !== null) throw new Failure("SHIFT_SETTLED");
  return shift;
}

async function settleWith(
  vault: Vault,
  actor: Actor,
  { shift: id, lines }: HandedIn,
): Promise<ShiftBalance> {
  // Not the courier's own business: whoever puts parcels on routes asks where they went.
  await authorise(vault, { actor, verb: "assign" }, { place: "own" });
  const isOwn = await ownStaff(vault, actor);
  return transaction(vault.database, async (connection) => {
    const shift = await requireOpenShift(vault, connection, { id, isOwn });
    const read = await linesOf(connection, shift, lines);
    const parcels = await settledParcels(vault, await parcelsOfShift(connection, id), read);
    await settleShift(connection, { id, at: vault.now() }, parcels);
    const { unaccounted, ...counts } = countsOf(parcels);
    const entry = await writeEntry(vault, connection, {
      type: "shift-settled",
      actor,
      device: shift.handheldId,
      account: shift.actor,
      shift: id,
      count: parcels.length,
      left: unaccounted,
      ...counts,
    });
    const missing = parcels.filter(({ fate }) => fate === "unaccounted");
    return {
      shift: id,
      given: parcels.length,
      openings: parcels.reduce((sum, { openings }) => sum + openings, 0),
      ...counts,
      unaccounted,
      missing: missing.map(({ token }) => token),
      entry,
    };
  });
}

/**
 * Settles a shift by the journal that its handheld handed in. Throws JOURNAL_BROKEN when a line was
 * added, changed or taken out of the middle, SHIFT_UNKNOWN, SHIFT_SETTLED, ACCESS_DENIED. Lines
 * missing at the end break nothing: their parcels come out as unaccounted for, and somebody has to
 * ask.
 */
export async function settleByJournal(
  vault: Vault,
  actor: Actor,
  text: string,
): Promise<ShiftBalance> {
  return settleWith(vault, actor, handedIn(text));
}

/** Settles the shift of a handheld that does not come back: every parcel is unaccounted for. */
export async function settleLost(vault: Vault, actor: Actor, shift: string): Promise<ShiftBalance> {
  if (!UUID.test(shift)) throw new Failure("SHIFT_UNKNOWN");
  return settleWith(vault, actor, { shift, lines: [] });
}

export interface OpenShift extends Omit<ShiftRow, "secret" | "settledAt" | "tenantId"> {
  readonly isOver: boolean;
}

/**
 * Shifts of the own staff that nobody settled yet, the oldest first; for those who assign. Throws
 * ACCESS_DENIED.
 */
export async function unsettledShifts(vault: Vault, actor: Actor): Promise<OpenShift[]> {
  await authorise(vault, { actor, verb: "assign" }, { place: "own" });
  const isOwn = await ownStaff(vault, actor);
  const rows = await connected(vault.database, async (c) => openShifts(c, vault.tenant.id));
  return rows
    .filter((row) => isOwn(row.actor))
    .map((row) => ({
      id: row.id,
      handheldId: row.handheldId,
      givenAt: row.givenAt,
      expiresAt: row.expiresAt,
      parcels: row.parcels,
      actor: row.actor,
      isOver: row.expiresAt <= vault.now(),
    }));
}
