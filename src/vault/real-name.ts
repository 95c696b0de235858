/**
 * Real-name records (实名收寄): the document that a sender showed, checked for its form, kept only
 * sealed, under a clock of its own. Nothing reads it but an opening for law enforcement under a
 * warrant of two officers; it dies on its day with its compartment, which holds nothing else.
 */
import { randomUUID } from "node:crypto";
import { aboutOf, keyedDigest } from "../access/about.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { writeEntry } from "../access/entry.ts";
import type { EntryDraft } from "../access/entry.ts";
import { placeOfStaff } from "../access/own-staff.ts";
import { requirePerson } from "../access/person.ts";
import { policyNow } from "../access/policy.ts";
import { requireQuota } from "../access/quota.ts";
import { termsFor } from "../access/retention.ts";
import { requireTraining } from "../access/training.ts";
import { warrantFor } from "../access/warrant.ts";
import { sealPart, waybillIdOf } from "../crypto/envelope.ts";
import { leafKey } from "../crypto/key-tree.ts";
import { NONCE_BYTES, suiteOf } from "../crypto/suites.ts";
import { TOKEN_RANDOM_BYTES } from "../crypto/token.ts";
import type { Lease } from "../keystore/key-store.ts";
import { LANES } from "../keystore/compartment-record.ts";
import { SlotAllocator } from "../keystore/slot-allocator.ts";
import { checkDocument, DOCUMENT_KINDS } from "../privacy/document.ts";
import type { DocumentKind, DocumentNumber } from "../privacy/document.ts";
import { addDays, dayOf, mondayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure, isFailure, isTellable } from "../rules/failure.ts";
import { UUID } from "../rules/uuid.ts";
import { connected, transaction } from "../store/pool.ts";
import {
  countRealNames,
  findRealName,
  insertRealName,
  realNamesAbout,
} from "../store/real-name.ts";
import type { NewRealName, RealNameCounts, RealNameRow } from "../store/real-name.ts";
import { uuidBytes } from "../store/wire.ts";
import { leaseFitting } from "./lease.ts";
import { openEnvelope, subjectOf } from "./record.ts";
import type { WaybillKey } from "./record.ts";
import { REASON_NOTE_CHARACTERS_MAX, reasonNote } from "./reason-note.ts";
import type { Vault } from "./vault.ts";

const SCHEMA = 1;

export interface RealNameRequest {
  readonly kind: string;
  readonly number: string;
  /** The waybill that was sent with it; null where none is known yet. */
  readonly token: string | null;
  readonly actor: Actor;
}

export interface RecordedRealName {
  readonly id: string;
  readonly dayOfDeath: Day;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

interface Document {
  readonly kind: DocumentKind;
  readonly number: DocumentNumber;
}

/** Fails with DOCUMENT_KIND_UNKNOWN or DOCUMENT_FAULT, which says what is wrong, not with what. */
function readDocument(vault: Vault, request: RealNameRequest): Document {
  const kind = DOCUMENT_KINDS.find((one) => one === request.kind);
  if (kind === undefined) throw new Failure("DOCUMENT_KIND_UNKNOWN");
  const isDivision = (code: string): boolean => vault.gazetteer.byCode.has(code);
  const tables = { isDivision, today: dayOf(vault.now(), vault.timeZone) };
  const { number, fault } = checkDocument(kind, request.number, tables);
  if (number === null) throw new Failure("DOCUMENT_FAULT", { kind, fault });
  return { kind, number };
}

async function dayOfDeathNow(vault: Vault): Promise<Day> {
  const at = vault.now();
  const terms = await connected(vault.database, async (connection) =>
    termsFor(vault, connection, { organisationId: null, at }),
  );
  return addDays(dayOf(at, vault.timeZone), terms["real-name"]);
}

/**
 * Compartments of real-name records hold no waybill: their week of shells is the week in which they
 * die, and the shells of waybills go long after.
 */
async function leaseFor(vault: Vault, dayOfDeath: Day): Promise<Lease> {
  const week = mondayOf(dayOfDeath);
  const weeks = { deathWeek: week, shellWeek: week };
  return leaseFitting(vault, { dayOfDeath, ...weeks, intakeExpiresOn: dayOfDeath });
}

/** A slot that nothing was sealed under; the lanes are taken at random, as orders take them. */
function takeSlot(vault: Vault, slots: SlotAllocator): number {
  const [first = 0] = vault.randomBytes(1);
  for (let step = 0; step < LANES; step += 1) {
    const slot = slots.take((first + step) % LANES);
    if (slot !== null) return slot;
  }
  throw new Failure("KEY_CLOSING");
}

type PlacedRow = Pick<RealNameRow, "slot" | "random">;

function keyIn(vault: Vault, { record, cover }: Pick<Lease, "record" | "cover">, row: PlacedRow) {
  const { serial } = record;
  const suite = suiteOf(record.suite);
  const { slot, random } = row;
  return {
    suite,
    leaf: leafKey({ suite, serial }, cover, slot),
    serial,
    slot,
    tenant: uuidBytes(vault.tenant.id),
    waybillId: waybillIdOf(serial, slot, random),
  } satisfies WaybillKey;
}

/** Takes a place, promises it durably, and gives it to `work`; the lease ends either way. */
async function withPlace<T>(
  vault: Vault,
  dayOfDeath: Day,
  work: (lease: Lease, slot: number) => Promise<T>,
): Promise<T> {
  const lease = await leaseFor(vault, dayOfDeath);
  const slots = new SlotAllocator(lease.firstPosition);
  try {
    const slot = takeSlot(vault, slots);
    await vault.keys.reserve(lease.record.serial, slots.highest);
    return await work(lease, slot);
  } finally {
    await vault.keys.release(lease.record.serial, slots.highest);
  }
}

async function sealedIn(
  vault: Vault,
  place: { readonly lease: Lease; readonly slot: number; readonly dayOfDeath: Day },
  asked: { readonly document: Document; readonly request: RealNameRequest },
): Promise<{ readonly row: NewRealName; readonly key: WaybillKey }> {
  const { lease, slot, dayOfDeath } = place;
  const { kind, number } = asked.document;
  const { token, actor } = asked.request;
  const random = vault.randomBytes(TOKEN_RANDOM_BYTES);
  const key = keyIn(vault, lease, { slot, random });
  const { serial, generation } = lease.record;
  const { suite, leaf, tenant, waybillId } = key;
  const part = { suite, serial, slot, generation, part: "real-name", revision: 0 } as const;
  const header = { ...part, schema: SCHEMA };
  const input = {
    header,
    place: { tenant, waybillId },
    leaf,
    nonce: vault.randomBytes(NONCE_BYTES),
  };
  const row = {
    id: randomUUID(),
    tenantId: vault.tenant.id,
    recordedAt: vault.now(),
    compartment: serial,
    slot,
    dayOfDeath,
    kind,
    actor: actor.pseudonym,
    random,
    document: await keyedDigest(vault, "midan.person", `${kind} ${number}`),
    about: token === null ? null : await aboutOf(vault, token),
    envelope: sealPart(input, Buffer.from(number, "latin1")),
  };
  return { row, key };
}

/**
 * Keeps the document that a sender showed, sealed; the number leaves by `openRealName` alone. Fails
 * with SIGN_IN_NEEDED, PERSON_REQUIRED, ACCESS_DENIED, DOCUMENT_KIND_UNKNOWN, DOCUMENT_FAULT or as
 * `parseToken`.
 */
export async function recordRealName(
  vault: Vault,
  request: RealNameRequest,
): Promise<RecordedRealName> {
  const { actor } = request;
  requirePerson(actor);
  await authorise(vault, { actor, verb: "record-real-name" }, { place: "own" });
  const document = readDocument(vault, request);
  const dayOfDeath = await dayOfDeathNow(vault);
  return withPlace(vault, dayOfDeath, async (lease, slot) => {
    const place = { lease, slot, dayOfDeath };
    const { row, key } = await sealedIn(vault, place, { document, request });
    const entry = await transaction(vault.database, async (connection) => {
      await insertRealName(connection, row);
      return writeEntry(vault, connection, {
        type: "real-name-sealed",
        actor,
        request: row.id,
        about: subjectOf(key),
        value: document.kind,
        validUntil: dayOfDeath,
      });
    });
    return { id: row.id, dayOfDeath, entry };
  });
}

export interface OpenedRealName {
  readonly kind: string;
  readonly number: string;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

/**
 * Throws REAL_NAME_UNKNOWN, to somebody of a branch also for what none of the own staff took;
 * DATA_DEAD from its day of death on, whoever shredded it or not.
 */
async function requireOwnRow(vault: Vault, { id, actor }: OpenRequest): Promise<RealNameRow> {
  const row = UUID.test(id)
    ? await connected(vault.database, async (c) => findRealName(c, vault.tenant.id, id))
    : null;
  const isOwn = row !== null && (await placeOfStaff(vault, actor, row.actor)) === "own";
  if (!isOwn) throw new Failure("REAL_NAME_UNKNOWN");
  if (row.dayOfDeath <= dayOf(vault.now(), vault.timeZone)) throw new Failure("DATA_DEAD");
  return row;
}

async function keyOf(vault: Vault, row: RealNameRow): Promise<WaybillKey> {
  try {
    return keyIn(vault, await vault.keys.openCompartment(row.compartment), row);
  } catch (error) {
    if (isFailure(error, "KEY_DESTROYED")) throw new Failure("DATA_DEAD");
    throw error;
  }
}

const PURPOSE = {
  purpose: "law-enforcement",
  basis: "PIPL-13-1-3",
  fields: ["real-name.number"],
} as const satisfies Partial<EntryDraft>;

interface OpenRequest {
  readonly id: string;
  readonly reason: string;
  readonly actor: Actor;
}

async function openAllowed(vault: Vault, request: OpenRequest): Promise<OpenedRealName> {
  const { id, actor } = request;
  const reason = request.reason.trim().slice(0, REASON_NOTE_CHARACTERS_MAX);
  if (reason === "") throw new Failure("REASON_MISSING", { purpose: "law-enforcement" });
  const row = await requireOwnRow(vault, request);
  const warrant = await warrantFor(vault, actor, id);
  if (warrant === null) throw new Failure("WARRANT_NEEDED");
  const key = await keyOf(vault, row);
  const number = openEnvelope(key, "real-name", row.envelope).toString("latin1");
  const told = { ...reasonNote(vault, key, reason), ...warrant, about: subjectOf(key) };
  const draft = { ...told, type: "real-name-opened", actor, ...PURPOSE, value: row.kind } as const;
  const entry = await transaction(vault.database, async (c) => writeEntry(vault, c, draft));
  return { kind: row.kind, number, entry };
}

/**
 * Opens one record for law enforcement, for one of the two officers of a warrant that names it. The
 * entry is durable before this resolves, and a refusal is one too: REAL_NAME_UNKNOWN,
 * REASON_MISSING, WARRANT_NEEDED, DATA_DEAD or ENVELOPE_BROKEN. Throws SIGN_IN_NEEDED,
 * PERSON_REQUIRED, ACCESS_DENIED and QUOTA_SPENT before anything is looked at.
 */
export async function openRealName(vault: Vault, request: OpenRequest): Promise<OpenedRealName> {
  const { id, actor } = request;
  requirePerson(actor);
  await authorise(vault, { actor, verb: "open-real-name" }, { place: "own" });
  try {
    const subject = { asked: `record ${id}` };
    await requireQuota(vault, { actor, use: "law-enforcement", subject });
    await requireTraining(vault, await policyNow(vault, actor.organisationId), actor.pseudonym);
    return await openAllowed(vault, request);
  } catch (error) {
    if (isTellable(error)) {
      const refused = { type: "real-name-opened", actor, ...PURPOSE, failure: error.code } as const;
      await transaction(vault.database, async (c) => writeEntry(vault, c, refused));
    }
    throw error;
  }
}

export interface RealNameStatus extends RealNameCounts {
  /** Ids of the records that were made with the waybill that was asked about. */
  readonly ids: readonly string[];
}

/**
 * How much is kept, and the ids of the records that were made with a waybill; never a number. Fails
 * with ACCESS_DENIED or as `parseToken`.
 */
export async function realNameStatus(
  vault: Vault,
  asked: { readonly token: string | null; readonly actor: Actor },
): Promise<RealNameStatus> {
  await authorise(vault, { actor: asked.actor, verb: "real-name-status" });
  const today = dayOf(vault.now(), vault.timeZone);
  const tenantId = vault.tenant.id;
  const about = asked.token === null ? null : await aboutOf(vault, asked.token);
  return connected(vault.database, async (connection) => {
    const counts = await countRealNames(connection, tenantId, today);
    const found = about === null ? null : { tenantId, about, today };
    return { ...counts, ids: found === null ? [] : await realNamesAbout(connection, found) };
  });
}
