/**
 * Giving a handheld the keys of a shift (当班发钥). Handing the keys over *is* the reveal (P11): each
 * parcel goes through the verb of revealing, with all that it asks for, and its entry is durable
 * before any key leaves; what the handheld opens later is held against what it was given.
 */
import { randomUUID } from "node:crypto";
import {
  BUNDLE_PARCELS_MAX,
  BUNDLE_PRINTS_MAX,
  BUNDLE_SECRET_BYTES,
  sealBundle,
} from "../crypto/device-bundle.ts";
import type { BundleParcel } from "../crypto/device-bundle.ts";
import { suiteOf } from "../crypto/suites.ts";
import { parseToken } from "../crypto/token.ts";
import { ticketKey } from "../crypto/waybill-key.ts";
import type { Actor } from "../access/actor.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import { connected, transaction } from "../store/pool.ts";
import type { HandheldRow } from "../store/handheld.ts";
import { insertShift } from "../store/shift.ts";
import { lastPrintNumbers } from "../store/statement.ts";
import { uuidBytes } from "../store/wire.ts";
import { findOwnHandheld } from "./handheld.ts";
import { findRecord } from "./record.ts";
import type { OpenedWaybill, WaybillRecord } from "./record.ts";
import { reveal } from "./reveal.ts";
import { TICKET_REVEAL_FIELDS } from "./ticket.ts";
import type { Vault } from "./vault.ts";

/** A shift is a working day at most. */
export const SHIFT_HOURS_MAX = 24;
const HOUR_MS = 3_600_000;
/** Entries of one shift that are written side by side; they share their commits. */
const ABREAST = 8;

export interface ShiftRequest {
  readonly handheld: string;
  readonly tokens: readonly string[];
  readonly hours: number;
  /** The courier. */
  readonly actor: Actor;
}

export interface NotGiven {
  readonly token: string;
  readonly code: FailureCode;
}

export interface GivenShift {
  readonly shift: string;
  readonly expiresAt: Date;
  /** Sealed to the handheld. */
  readonly bundle: Buffer;
  /** Parcels whose keys are in it, with the ids of their entries. */
  readonly given: readonly { readonly token: string; readonly entry: string }[];
  readonly notGiven: readonly NotGiven[];
}

interface Given {
  readonly token: string;
  readonly entry: string;
  readonly place: { readonly compartment: number; readonly slot: number };
  readonly parcel: BundleParcel;
}

/** The keys of the last good prints of a waybill; a parcel may carry any of these labels. */
function parcelOf(token: string, { key, view }: OpenedWaybill, lastPrint: number): BundleParcel {
  const { firstPrint = 1 } = view();
  // Every label was void since the address changed, and none was printed anew.
  if (lastPrint < firstPrint) throw new Failure("LABEL_NOT_PRINTED");
  const first = Math.max(firstPrint, lastPrint - BUNDLE_PRINTS_MAX + 1);
  const numbers = Array.from({ length: lastPrint - first + 1 }, (_, at) => first + at);
  const { suite, leaf, waybillId } = key;
  const prints = numbers.map((printNumber) => ({
    printNumber,
    key: ticketKey(suite, leaf, printNumber),
  }));
  return { token: parseToken(token), waybillId, suite, prints };
}

async function lastPrintOf(vault: Vault, { shell }: WaybillRecord): Promise<number> {
  const { shellWeek, compartment, slot } = shell;
  const numbers = await connected(vault.database, async (connection) =>
    lastPrintNumbers(connection, { shellWeek, compartment }, [slot]),
  );
  const last = numbers.get(slot);
  if (last === undefined) throw new Failure("LABEL_NOT_PRINTED");
  return last;
}

/** One parcel through the verb; what is shown of it is nothing. */
async function giveOne(vault: Vault, actor: Actor, token: string): Promise<Given> {
  const record = await findRecord(vault, token);
  const lastPrint = await lastPrintOf(vault, record);
  let parcel: BundleParcel | null = null;
  const { entry } = await reveal(vault, {
    token,
    fields: TICKET_REVEAL_FIELDS,
    purpose: "deliver",
    actor,
    reason: null,
    mode: "offline",
    partiesOf: (opened) => {
      parcel = parcelOf(record.token, opened, lastPrint);
      return null;
    },
  });
  if (parcel === null) throw new Failure("DATA_DEAD");
  const { compartment, slot } = record.shell;
  return { token: record.token, entry, place: { compartment, slot }, parcel };
}

async function giveAll(
  vault: Vault,
  request: ShiftRequest,
): Promise<{ given: Given[]; notGiven: NotGiven[] }> {
  const given: Given[] = [];
  const notGiven: NotGiven[] = [];
  const tokens = [...new Set(request.tokens.map(parseToken))];
  for (let at = 0; at < tokens.length; at += ABREAST) {
    const some = tokens.slice(at, at + ABREAST);
    const results = await Promise.allSettled(
      some.map(async (token) => giveOne(vault, request.actor, token)),
    );
    for (const [index, result] of results.entries()) {
      if (result.status === "fulfilled") given.push(result.value);
      else notGiven.push(refusalOf(some[index] ?? "", result.reason));
    }
  }
  return { given, notGiven };
}

/** What concerns one parcel is told of it; what concerns all is thrown. */
function refusalOf(token: string, error: unknown): NotGiven {
  if (!isFailure(error) || error.row.status >= 500) throw error;
  return { token, code: error.code };
}

function requireRequest(request: ShiftRequest): void {
  const { hours, tokens } = request;
  if (!(hours >= 1 && hours <= SHIFT_HOURS_MAX)) throw new Failure("USAGE", { option: "--hours" });
  if (tokens.length < 1 || tokens.length > BUNDLE_PARCELS_MAX)
    throw new Failure("SHIFT_TOO_MANY", { parcels: tokens.length });
}

async function runningHandheld(vault: Vault, id: string): Promise<HandheldRow> {
  const handheld = await findOwnHandheld(vault, id);
  if (handheld.endedAt !== null) throw new Failure("HANDHELD_ENDED");
  return handheld;
}

/**
 * Gives the keys of up to 500 parcels for up to 24 hours. Every entry, and the shift with its
 * parcels, are durable when this resolves; only then is there a bundle. What keeps one parcel's key
 * back is told of that parcel: all that `reveal` refuses, which is an entry, and LABEL_NOT_PRINTED.
 * Throws HANDHELD_UNKNOWN, HANDHELD_ENDED, SHIFT_TOO_MANY, SHIFT_EMPTY when none was left.
 */
export async function giveShift(vault: Vault, request: ShiftRequest): Promise<GivenShift> {
  requireRequest(request);
  const handheld = await runningHandheld(vault, request.handheld);
  const actor = { ...request.actor, device: handheld.id };
  const { given, notGiven } = await giveAll(vault, { ...request, actor });
  if (given.length === 0) throw new Failure("SHIFT_EMPTY");
  const [shift, givenAt] = [randomUUID(), vault.now()];
  const expiresAt = new Date(givenAt.getTime() + request.hours * HOUR_MS);
  const secret = vault.randomBytes(BUNDLE_SECRET_BYTES);
  const row = { id: shift, tenantId: vault.tenant.id, handheldId: handheld.id, givenAt, expiresAt };
  await transaction(vault.database, async (connection) =>
    insertShift(
      connection,
      { ...row, actor: actor.pseudonym, secret },
      given.map(({ place }) => place),
    ),
  );
  const bundle = sealBundle(
    {
      suite: suiteOf(handheld.suite),
      tenant: uuidBytes(vault.tenant.id),
      handheld: uuidBytes(handheld.id),
      shift: uuidBytes(shift),
    },
    { publicKey: handheld.publicKey, randomBytes: vault.randomBytes },
    { givenAt, expiresAt, secret, parcels: given.map(({ parcel }) => parcel) },
  );
  for (const { parcel } of given) for (const { key } of parcel.prints) key.fill(0);
  const told = given.map(({ token, entry }) => ({ token, entry }));
  return { shift, expiresAt, bundle, given: told, notGiven };
}
