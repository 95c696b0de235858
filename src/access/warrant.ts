/**
 * Warrants (调取函): nothing opens for law enforcement without the number of an authority's document
 * and two of the carrier's officers: one files it, another confirms, and only these two open what
 * it names, until it runs out.
 */
import { randomUUID } from "node:crypto";
import { dayOf } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import {
  WARRANT_DAYS_MAX,
  WARRANT_PENDING_DAYS_MAX,
  WARRANT_SUBJECTS_MAX,
  WARRANT_TEXT_CHARACTERS_MAX,
} from "../rules/warrant.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import {
  clearLists,
  confirmWarrantRow,
  coveringWarrant,
  insertWarrant,
  lockWarrant,
  standingWarrants,
} from "../store/warrant.ts";
import type { NewWarrant, WarrantRow } from "../store/warrant.ts";
import { aboutOf } from "./about.ts";
import type { Actor } from "./actor.ts";
import { authorise } from "./authorise.ts";
import type { Desk } from "./desk.ts";
import { writeEntry } from "./entry.ts";
import { requireNamed } from "./named-row.ts";
import { requirePerson } from "./person.ts";
import { recordedText } from "./recorded-text.ts";
import { openValue, sealValue } from "./sealed-value.ts";
import type { ValuePlace } from "./sealed-value.ts";
import { digestOf } from "./setting.ts";

const DAY_MS = 86_400_000;
const LIST_MAX = 10_000;

export interface WarrantRequest {
  /** Tokens, or ids of real-name records. */
  readonly about: readonly string[];
  readonly authority: string;
  readonly document: string;
  readonly days: number;
  readonly actor: Actor;
}

export interface FiledWarrant {
  readonly id: string;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

/** The document and who sent it, as entries name them: a digest. */
function digestOfDocument({
  authority,
  document,
}: Pick<NewWarrant, "authority" | "document">): string {
  return digestOf(JSON.stringify([authority, document]));
}

function requireBounds({ about, days }: WarrantRequest): void {
  const isCount = about.length >= 1 && about.length <= WARRANT_SUBJECTS_MAX;
  if (!isCount) throw new Failure("WARRANT_BOUNDS", { field: "about" });
  const isTerm = Number.isInteger(days) && days >= 1 && days <= WARRANT_DAYS_MAX;
  if (!isTerm) throw new Failure("WARRANT_BOUNDS", { field: "days" });
}

function placeOfList(id: string): ValuePlace {
  return { label: "midan.list", belongsTo: id };
}

async function newWarrant(desk: Desk, request: WarrantRequest): Promise<NewWarrant> {
  const text = (field: string, value: string): string =>
    recordedText(value, { field, charactersMax: WARRANT_TEXT_CHARACTERS_MAX }, desk.gazetteer);
  const id = randomUUID();
  const named = Buffer.from(JSON.stringify(request.about.map((one) => one.trim())), "utf8");
  return {
    id,
    tenantId: desk.tenant.id,
    filedAt: desk.now(),
    list: await sealValue(desk, placeOfList(id), named),
    days: request.days,
    filedBy: request.actor.pseudonym,
    authority: text("authority", request.authority),
    document: text("document", request.document),
  };
}

/**
 * Files a warrant, which counts for nothing until another officer confirms it. Whether its tokens
 * exist is not looked at, so that filing tells nothing. Fails with SIGN_IN_NEEDED, PERSON_REQUIRED,
 * ACCESS_DENIED, WARRANT_BOUNDS, TEXT_LENGTH, FIELD_CONTROL, TEXT_PERSONAL or as `parseToken`.
 */
export async function fileWarrant(desk: Desk, request: WarrantRequest): Promise<FiledWarrant> {
  const { actor } = request;
  requirePerson(actor);
  // Whose the waybills are is asked when one is opened; filing looks at none.
  await authorise(desk, { actor, verb: "file-warrant" }, { place: "own" });
  requireBounds(request);
  const subjects = await Promise.all(request.about.map(async (text) => aboutOf(desk, text)));
  const warrant = await newWarrant(desk, request);
  const entry = await transaction(desk.database, async (connection) => {
    await insertWarrant(connection, warrant, subjects);
    return writeEntry(desk, connection, {
      type: "warrant",
      actor,
      mode: "filed",
      request: warrant.id,
      count: subjects.length,
      digest: digestOfDocument(warrant),
    });
  });
  return { id: warrant.id, entry };
}

/** Since when a warrant that nobody confirmed still waits. */
function waitingSince(desk: Desk): Date {
  return new Date(desk.now().getTime() - WARRANT_PENDING_DAYS_MAX * DAY_MS);
}

/** Whether it waits for its second officer, or counts now. */
function isStanding(desk: Desk, { confirmed, filedAt }: WarrantRow): boolean {
  return confirmed === null ? filedAt >= waitingSince(desk) : confirmed.until > desk.now();
}

async function lockedWarrant(desk: Desk, connection: Connection, id: string): Promise<WarrantRow> {
  return requireNamed(id, "WARRANT_UNKNOWN", async (named) =>
    lockWarrant(connection, desk.tenant.id, named),
  );
}

export interface NamedByWarrant {
  readonly warrant: WarrantRow;
  /** Tokens and ids of records as they were filed; null where they were not kept yet. */
  readonly about: readonly string[] | null;
  /** Of the document, as entries name it. */
  readonly digest: string;
}

/**
 * What a warrant of the tenant names that waits or counts. Asks nobody and writes no entry: who
 * tells it to somebody does. Fails with WARRANT_UNKNOWN, also for one that is over.
 */
export async function namedByWarrant(desk: Desk, id: string): Promise<NamedByWarrant> {
  const warrant = await transaction(desk.database, async (connection) =>
    lockedWarrant(desk, connection, id),
  );
  if (!isStanding(desk, warrant)) throw new Failure("WARRANT_UNKNOWN");
  const digest = digestOfDocument(warrant);
  if (warrant.list === null) return { warrant, about: null, digest };
  const opened = await openValue(desk, placeOfList(id), warrant.list);
  // It was sealed here, from such an array.
  const about = JSON.parse(Buffer.from(opened).toString("utf8")) as string[];
  return { warrant, about, digest };
}

export interface ConfirmedWarrant {
  readonly until: Date;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

/**
 * Confirms a warrant as its second officer, within seven days; it counts from now for its days.
 * Fails with
 * SIGN_IN_NEEDED, PERSON_REQUIRED, ACCESS_DENIED, WARRANT_UNKNOWN, WARRANT_SAME_OFFICER or
 * WARRANT_CONFIRMED.
 */
export async function confirmWarrant(
  desk: Desk,
  given: { readonly id: string; readonly actor: Actor },
): Promise<ConfirmedWarrant> {
  const { id, actor } = given;
  requirePerson(actor);
  await authorise(desk, { actor, verb: "confirm-warrant" }, { place: "own" });
  return transaction(desk.database, async (connection) => {
    const warrant = await lockedWarrant(desk, connection, id);
    const at = desk.now();
    if (warrant.confirmed === null && !isStanding(desk, warrant))
      throw new Failure("WARRANT_UNKNOWN");
    if (warrant.filedBy === actor.pseudonym) throw new Failure("WARRANT_SAME_OFFICER");
    if (warrant.confirmed !== null) throw new Failure("WARRANT_CONFIRMED");
    const until = new Date(at.getTime() + warrant.days * DAY_MS);
    await confirmWarrantRow(connection, id, { at, until, by: actor.pseudonym });
    const entry = await writeEntry(desk, connection, {
      type: "warrant",
      actor,
      mode: "confirmed",
      request: id,
      count: warrant.count,
      asked: warrant.filedBy,
      validUntil: dayOf(until, desk.timeZone),
      digest: digestOfDocument(warrant),
    });
    return { until, entry };
  });
}

/** Warrants that wait for their second officer or count now. Fails with ACCESS_DENIED. */
export async function listWarrants(desk: Desk, actor: Actor): Promise<WarrantRow[]> {
  await authorise(desk, { actor, verb: "list-warrants" });
  return connected(desk.database, async (c) => standingWarrants(c, standing(desk), LIST_MAX));
}

function standing(desk: Desk) {
  return { tenantId: desk.tenant.id, at: desk.now(), filedAfter: waitingSince(desk) };
}

/** Takes away what warrants named that are over: it is nobody's to read; of how many. */
export async function clearWarrantLists(desk: Desk): Promise<number> {
  return connected(desk.database, async (c) => clearLists(c, standing(desk)));
}

/** What the entry of an opening under a warrant carries. */
export interface WarrantMark {
  readonly request: string;
  /** The other of the two officers. */
  readonly approvedBy: readonly string[];
}

/** The mark of the warrant under which `actor` may open `about` now, or null when there is none. */
export async function warrantFor(
  desk: Desk,
  actor: Actor,
  about: string,
): Promise<WarrantMark | null> {
  const subject = await aboutOf(desk, about);
  const officer = actor.pseudonym;
  const asked = { tenantId: desk.tenant.id, subject, officer, at: desk.now() };
  const warrant = await connected(desk.database, async (c) => coveringWarrant(c, asked));
  if (warrant === null || warrant.confirmed === null) return null;
  const { id, filedBy, confirmed } = warrant;
  return { request: id, approvedBy: [filedBy === officer ? confirmed.by : filedBy] };
}
