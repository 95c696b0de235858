/**
 * Reveal (查看明文): chosen fields, for a purpose, by a person. The order of the steps is the promise:
 * check, open in memory, commit the entry, and only then let plaintext leave (P10, P11).
 */
import { Failure, isFailure } from "../rules/failure.ts";
import { parseFields, purposeOf } from "../rules/purposes.ts";
import type { Field, Purpose, PurposeRow } from "../rules/purposes.ts";
import { transaction } from "../store/pool.ts";
import type { Actor } from "../access/actor.ts";
import { newEntry, writeEntry } from "../access/entry.ts";
import type { EntryDraft } from "../access/entry.ts";
import { requirePerson } from "../access/person.ts";
import { judge, ruleOf } from "../access/authorise.ts";
import { requirePurpose } from "../access/purpose.ts";
import { warrantFor } from "../access/warrant.ts";
import type { WarrantMark } from "../access/warrant.ts";
import { emergencyOf } from "./break-glass.ts";
import { takeLook } from "./look.ts";
import type { ReadRecord } from "./look.ts";
import { openKey, openRecord, subjectOf } from "./record.ts";
import type { OpenedWaybill, WaybillKey, WaybillRecord } from "./record.ts";
import { REASON_NOTE_CHARACTERS_MAX, reasonNote } from "./reason-note.ts";
import { circumstancesBy } from "./route.ts";
import { requireAccess } from "./standing.ts";
import type { Vault } from "./vault.ts";
import { clearOf } from "../privacy/external.ts";
import { requireVirtual } from "./virtual-contact.ts";
import type { Parties } from "./view.ts";

export interface RevealRequest {
  readonly token: string;
  /** Names with commas between, as people type them. */
  readonly fields: string;
  readonly purpose: string;
  readonly actor: Actor;
  readonly reason: string | null;
  /**
   * Where the parties come from, if not from their envelope: a ticket that was scanned. Null where
   * keys leave instead of values, which is a reveal all the same.
   */
  readonly partiesOf?: (opened: OpenedWaybill) => Parties | null;
  /** `offline` where keys are handed to a device, to be opened without network. */
  readonly mode?: "offline";
}

export interface Revealed {
  /** Id of the audit entry, hex. */
  readonly entry: string;
  /** The log's signed word that the entry gets its place in time (docs/formats/audit-log.md). */
  readonly receipt: string;
  /** Fields that the waybill does not have (no sender) or a platform withholds are left out. */
  readonly values: readonly (readonly [field: Field, value: string])[];
}

interface Asked {
  readonly purpose: Purpose;
  readonly row: PurposeRow;
  readonly fields: readonly Field[];
  readonly reason: string | null;
}

/** What is wrong with the request itself, before any waybill is looked at. */
function readRequest(request: RevealRequest): Asked {
  const found = purposeOf(request.purpose);
  if (found === null) throw new Failure("PURPOSE_UNKNOWN");
  const fields = parseFields(request.fields);
  if (fields === null) throw new Failure("FIELDS_UNKNOWN");
  const reason = request.reason?.trim().slice(0, REASON_NOTE_CHARACTERS_MAX) ?? "";
  return { ...found, fields, reason: reason === "" ? null : reason };
}

function requireAllowed(asked: Asked): void {
  const forbidden = asked.fields.find((field) => !asked.row.fields.includes(field));
  if (forbidden !== undefined)
    throw new Failure("FIELD_NOT_ALLOWED", { field: forbidden, purpose: asked.purpose });
  if (asked.row.needsReason && asked.reason === null)
    throw new Failure("REASON_MISSING", { purpose: asked.purpose });
}

/** Throws PLATFORM_HOLDS where a platform withholds everything that was asked of the recipient. */
function requireHeldHere({ recipient }: Parties, fields: readonly Field[]): void {
  const clear = clearOf(recipient);
  const asked = PARTY_FIELDS.filter((field) => fields.includes(`recipient.${field}`));
  if (asked.length > 0 && asked.every((field) => clear[field] === null))
    throw new Failure("PLATFORM_HOLDS", {
      field: asked.map((one) => `recipient.${one}`).join(","),
    });
}

const PARTY_FIELDS = ["name", "phone", "address"] as const;

function valueOf(parties: Parties, field: Field): string | null {
  switch (field) {
    case "recipient.name":
      return clearOf(parties.recipient).name;
    case "recipient.phone":
      return clearOf(parties.recipient).phone;
    case "recipient.address":
      return clearOf(parties.recipient).address;
    case "sender.name":
      return parties.sender?.name ?? null;
    case "sender.phone":
      return parties.sender?.phone ?? null;
    case "sender.address":
      return parties.sender?.address ?? null;
    case "remark":
      return parties.remark;
  }
}

function valuesOf(parties: Parties, fields: readonly Field[]): [Field, string][] {
  requireHeldHere(parties, fields);
  const values: [Field, string][] = [];
  for (const field of fields) {
    const value = valueOf(parties, field);
    if (value !== null) values.push([field, value]);
  }
  return values;
}

interface Draft extends EntryDraft {
  readonly type: "reveal" | "reveal-denied";
}

function draftOf(asked: Asked, actor: Actor, type: Draft["type"]): Draft {
  return { type, actor, purpose: asked.purpose, basis: asked.row.basis, fields: [...asked.fields] };
}

function reasonOf(vault: Vault, asked: Asked, key: WaybillKey): Partial<EntryDraft> {
  return asked.reason === null ? {} : reasonNote(vault, key, asked.reason);
}

/** What a denied reveal was about and why it was asked, as long as the waybill's key lives. */
async function contextIfAlive(
  vault: Vault,
  asked: Asked,
  record: WaybillRecord | null,
): Promise<Partial<EntryDraft>> {
  if (record === null) return {};
  try {
    const key = await openKey(vault, record.shell);
    return { ...reasonOf(vault, asked, key), about: subjectOf(key) };
  } catch (error) {
    if (isFailure(error)) return {};
    throw error;
  }
}

interface Asking {
  readonly actor: Actor;
  readonly record: ReadRecord;
  readonly warrant: WarrantMark | null;
  readonly isTrained: boolean;
}

/** The warrant that the purpose takes, or null where it takes none. Throws WARRANT_NEEDED. */
async function requireWarrant(
  vault: Vault,
  asked: Asked,
  { actor, token }: { readonly actor: Actor; readonly token: string },
): Promise<WarrantMark | null> {
  if (asked.row.needsWarrant !== true) return null;
  const warrant = await warrantFor(vault, actor, token);
  if (warrant === null) throw new Failure("WARRANT_NEEDED");
  return warrant;
}

/** What the policies say: the rule that refuses, or what the entry of an emergency carries. */
interface Judged {
  readonly rule: string | null;
  readonly emergency: { readonly mode: "break-glass"; readonly request: string } | null;
}

const ALLOWED: Judged = { rule: null, emergency: null };

async function judged(
  vault: Vault,
  asked: Asked,
  { actor, record, warrant, isTrained }: Asking,
): Promise<Judged> {
  // Nothing of it is left to open, and that is what whoever asks is told.
  if (record.shell.state === "erased") return ALLOWED;
  const { purpose, fields } = asked;
  const parcel = circumstancesBy(actor, record);
  const written = { hasReason: asked.reason !== null, hasWarrant: warrant !== null };
  const circumstances = { ...parcel, ...written, purpose, fields, isTrained };
  const decision = await judge(vault, { actor, verb: "reveal" }, circumstances);
  if (decision.isAllowed) return ALLOWED;
  // A broken glass stands in for a permit that is missing; whether it does, the policies say again.
  const request = decision.rules.length > 0 ? null : await emergencyOf(vault, actor, record.token);
  if (request === null) return { rule: ruleOf(decision), emergency: null };
  const again = { ...circumstances, isEmergency: true };
  const second = await judge(vault, { actor, verb: "reveal" }, again);
  if (!second.isAllowed) return { rule: ruleOf(second), emergency: null };
  return { rule: null, emergency: { mode: "break-glass", request } };
}

/**
 * Opens `fields` of one waybill. The entry is durable before this resolves; when it cannot be
 * written nothing is revealed and the database's failure is thrown. A refusal for any reason that
 * concerns the waybill is an entry too, and is then thrown with the entry's id: FIELD_NOT_ALLOWED,
 * REASON_MISSING, WARRANT_NEEDED, SIGN_IN_NEEDED, PERSON_REQUIRED, QUOTA_SPENT,
 * PURPOSE_NOT_ALLOWED, TRAINING_INVALID, ACCESS_CLOSED, ACCESS_DENIED (the entry names the rule),
 * DATA_DEAD, TOKEN_UNKNOWN, ENVELOPE_BROKEN, PLATFORM_HOLDS, VIRTUAL_NUMBER_NONE. Requests that
 * make no sense are thrown without an entry.
 */
export async function reveal(vault: Vault, request: RevealRequest): Promise<Revealed> {
  const asked = readRequest(request);
  const { actor } = request;
  let record: ReadRecord | null = null;
  let rule: string | null = null;
  try {
    const { token } = request;
    // First of all, so that a guess costs what a look costs (P10).
    const look = await takeLook(vault, { actor, use: asked.purpose, subject: { token }, token });
    record = look.record();
    requirePerson(actor);
    requireAllowed(asked);
    requirePurpose(look.policy, actor, asked.purpose);
    const isTrained = look.trainingFault === null;
    const warrant = await requireWarrant(vault, asked, { actor, token: record.token });
    const verdict = await judged(vault, asked, { actor, record, warrant, isTrained });
    ({ rule } = verdict);
    // Keys that leave for a whole shift are no matter of minutes.
    if (verdict.emergency !== null && request.mode === "offline") rule = "no-permit";
    if (rule !== null)
      throw look.trainingFault ?? new Failure("ACCESS_DENIED", { purpose: asked.purpose });
    await requireAccess(vault, record.shell, asked.purpose);
    const opened = await openRecord(vault, record);
    const parties = request.partiesOf === undefined ? opened.parties() : request.partiesOf(opened);
    requireVirtual(look.policy, asked, () => (parties ?? opened.parties()).recipient);
    const values = parties === null ? [] : valuesOf(parties, asked.fields);
    const leaf = newEntry(vault, {
      ...draftOf(asked, actor, "reveal"),
      ...(request.mode === undefined ? {} : { mode: request.mode }),
      ...reasonOf(vault, asked, opened.key),
      ...warrant,
      ...verdict.emergency,
      about: subjectOf(opened.key),
      orderState: record.shell.state,
    });
    const receipt = await vault.log.groups.append(leaf);
    return { entry: Buffer.from(leaf.id).toString("hex"), receipt, values };
  } catch (error) {
    if (isFailure(error) && !/^(?:DATABASE|LOG)_/.test(error.code)) {
      const about = await contextIfAlive(vault, asked, record);
      const draft = draftOf(asked, actor, "reveal-denied");
      const state = record === null ? {} : { orderState: record.shell.state };
      const named = rule === null ? {} : { rule };
      const denial = { ...draft, ...about, ...state, ...named, failure: error.code };
      const entry = await recordDenial(vault, denial);
      throw new Failure(error.code, { ...error.details, entry }, { cause: error });
    }
    throw error;
  }
}

async function recordDenial(vault: Vault, draft: EntryDraft): Promise<string> {
  return transaction(vault.database, async (connection) => writeEntry(vault, connection, draft));
}
