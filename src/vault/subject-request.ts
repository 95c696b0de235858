/**
 * Requests of the person concerned (个人信息主体请求, PIPL 44 to 50): taken in, verified by a one-time
 * code to the sealed phone, and refused with a reason; answering is subject-answer.ts. Nothing that
 * comes back before the code was right tells whether there is a waybill of that phone.
 */
import { authorise } from "../access/authorise.ts";
import { randomUUID } from "node:crypto";
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import { maskPhone } from "../privacy/phone.ts";
import { clearOf } from "../privacy/external.ts";
import { dayOf } from "../rules/calendar.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import { isRestDay } from "../rules/rest-day.ts";
import {
  answerDueOn,
  CODE_ATTEMPTS_MAX,
  CODE_MINUTES,
  CODES_MAX,
  PARTIES,
  REQUEST_KIND_NAMES,
  REQUEST_REFUSAL_NAMES,
} from "../rules/subject-request.ts";
import type { PartyRole, RequestKind } from "../rules/subject-request.ts";
import { UUID } from "../rules/uuid.ts";
import type { WaybillPlace } from "../store/hold.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import {
  addRequestPlaces,
  countAttempt,
  findSubjectRequest,
  insertSubjectRequest,
  keepCode,
  listSubjectRequests,
  lockSubjectRequest,
  moveSubjectRequest,
  placesOfRequest,
} from "../store/subject-request.ts";
import type { SubjectRequestRow } from "../store/subject-request.ts";
import type { CodeSender } from "./code-sender.ts";
import { codeHash, isCode, newCode } from "./one-time-code.ts";
import { recordWithin } from "./own-record.ts";
import { ownRequests, requireOwnRequest } from "./own-request.ts";
import { openRecord, recordAt } from "./record.ts";
import { findByPhone, requirePhone } from "./search.ts";
import type { Vault } from "./vault.ts";

export interface NewRequest {
  readonly kind: string;
  /** One of the two. */
  readonly token: string | null;
  readonly phone: string | null;
  readonly party: string;
  readonly actor: Actor;
}

export interface RequestTaken {
  readonly id: string;
  readonly dueOn: string;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

const LIST_MAX = 10_000;
const MINUTE_MS = 60_000;

function oneOf<W extends string>(option: string, words: readonly W[], given: string): W {
  const found = words.find((word) => word === given);
  if (found === undefined) throw new Failure("USAGE", { option });
  return found;
}

/** By what a request says which waybills it is about. */
type Asking =
  | { readonly by: "token"; readonly places: readonly WaybillPlace[] }
  | { readonly by: "phone"; readonly phone: string };

/** Finds the waybill of a token. Of a phone it is looked at only whether it is one. */
async function askingOf(vault: Vault, asked: NewRequest, party: PartyRole): Promise<Asking> {
  const { token, phone, actor } = asked;
  if (token !== null && phone === null) {
    const record = await recordWithin(vault, { actor, verb: "subject-request" }, token);
    await openRecord(vault, record);
    return { by: "token", places: [record.shell] };
  }
  if (phone === null || token !== null) throw new Failure("USAGE", { option: "--token" });
  // Only the recipient's phone is indexed.
  if (party !== "recipient") throw new Failure("USAGE", { option: "--party" });
  requirePhone(phone);
  return { by: "phone", phone };
}

/** What each entry about a request says. */
export function requestDraft({ id, kind, dueOn }: SubjectRequestRow) {
  return { request: id, value: kind, validUntil: dueOn } as const;
}

function newRow(
  vault: Vault,
  made: Pick<SubjectRequestRow, "kind" | "party" | "byPhone" | "actor">,
): SubjectRequestRow {
  const receivedAt = vault.now();
  return {
    ...made,
    id: randomUUID(),
    tenantId: vault.tenant.id,
    state: "received",
    receivedAt,
    verifiedAt: null,
    closedAt: null,
    dueOn: answerDueOn(dayOf(receivedAt, vault.timeZone), isRestDay),
    refusal: null,
    codeHash: null,
    codeExpiresAt: null,
    codesSent: 0,
    attempts: 0,
  };
}

/** Finds the waybills of a phone and says that the request is about them. */
async function findPlaces(
  vault: Vault,
  id: string,
  asked: { readonly phone: string; readonly actor: Actor },
): Promise<void> {
  const { places } = await findByPhone(vault, asked, () => false);
  await transaction(vault.database, async (connection) => addRequestPlaces(connection, id, places));
}

/**
 * Takes a request in and sends the first code. Of a phone nothing is looked up before this resolves
 * where the sender works aside. Throws USAGE, PHONE_INVALID, for a token DATA_DEAD or as
 * `findRecord`, and as `sendCode` (the request stands then; send another code).
 */
export async function openRequest(
  vault: Vault,
  asked: NewRequest,
  sender: CodeSender,
): Promise<RequestTaken> {
  const asking = { actor: asked.actor, verb: "subject-request" } as const;
  await authorise(vault, asking, { place: "own" });
  const kind = oneOf("--kind", REQUEST_KIND_NAMES, asked.kind);
  const party = oneOf("--party", PARTIES, asked.party);
  const asks = await askingOf(vault, asked, party);
  const { actor } = asked;
  const byPhone = asks.by === "phone";
  const row = newRow(vault, { kind, party, byPhone, actor: actor.pseudonym });
  const entry = await transaction(vault.database, async (connection) => {
    await insertSubjectRequest(connection, row);
    if (asks.by === "token") await addRequestPlaces(connection, row.id, asks.places);
    const type = "subject-request-received" as const;
    return writeEntry(vault, connection, { ...requestDraft(row), type, actor });
  });
  const made = await makeCode(vault, { id: row.id, actor });
  await handOver(made.row, sender, async () => {
    if (asks.by === "phone") await findPlaces(vault, row.id, { phone: asks.phone, actor });
    await sendMade(vault, made, sender);
  });
  return { id: row.id, dueOn: row.dueOn, entry };
}

/** The request of that id, held until the transaction ends. Throws SUBJECT_REQUEST_UNKNOWN. */
export async function requireRequest(
  vault: Vault,
  connection: Connection,
  id: string,
): Promise<SubjectRequestRow> {
  const known = UUID.test(id);
  const row = known ? await lockSubjectRequest(connection, vault.tenant.id, id) : null;
  if (row === null) throw new Failure("SUBJECT_REQUEST_UNKNOWN");
  if (row.closedAt !== null) throw new Failure("SUBJECT_REQUEST_CLOSED");
  return row;
}

/** The sealed phone of the first waybill that still opens; null when none does. */
async function sealedPhone(vault: Vault, { id, party }: SubjectRequestRow): Promise<string | null> {
  const places = await connected(vault.database, async (c) => placesOfRequest(c, id));
  for (const place of places) {
    const record = await recordAt(vault, place);
    if (record === null) continue;
    try {
      const opened = await openRecord(vault, record);
      const person = opened.parties()[party];
      const phone = person === null ? null : clearOf(person).phone;
      if (phone !== null) return phone;
    } catch (error) {
      if (!isFailure(error, "DATA_DEAD")) throw error;
    }
  }
  return null;
}

interface MadeCode {
  readonly row: SubjectRequestRow;
  readonly code: string;
  readonly hash: Uint8Array;
}

/** Makes a code that counts from now on, with its entry. Throws as `sendCode`. */
async function makeCode(
  vault: Vault,
  asked: { readonly id: string; readonly actor: Actor },
): Promise<MadeCode> {
  const actor = asked.actor;
  const code = newCode(vault.randomBytes);
  const hash = await codeHash(vault, asked.id, code);
  const expiresAt = new Date(vault.now().getTime() + CODE_MINUTES * MINUTE_MS);
  const row = await transaction(vault.database, async (connection) => {
    const found = await requireRequest(vault, connection, asked.id);
    if (found.codesSent >= CODES_MAX) throw new Failure("CODES_MAX");
    await keepCode(connection, found.id, { hash, expiresAt });
    const type = "subject-request-code" as const;
    await writeEntry(vault, connection, { ...requestDraft(found), type, actor });
    return found;
  });
  return { row, code, hash };
}

/**
 * Whether it is still the code of its request: it may have waited for its turn, and another been
 * made since. Throws CODE_UNSENT for one that ran out meanwhile.
 */
async function isStillIts(vault: Vault, { row, hash }: MadeCode): Promise<boolean> {
  const now = await connected(vault.database, async (c) =>
    findSubjectRequest(c, vault.tenant.id, row.id),
  );
  const { codeHash: kept = null, codeExpiresAt: until = null } = now ?? {};
  if (kept === null || Buffer.compare(kept, hash) !== 0) return false;
  if (until === null || vault.now() >= until) throw new Failure("CODE_UNSENT");
  return true;
}

/** Sends the code to the sealed phone, if there is one. Throws CODE_UNSENT. */
async function sendMade(vault: Vault, made: MadeCode, sender: CodeSender): Promise<void> {
  const { row, code } = made;
  const phone = await sealedPhone(vault, row);
  if (phone === null) return;
  if (!(await isStillIts(vault, made))) return;
  const maskedPhone = maskPhone(phone, vault.profile);
  await sender.send({ request: row.id, phone, maskedPhone, code, minutes: CODE_MINUTES });
}

/** Does `work` now; where it would tell whether a phone has a waybill, after the answer. */
async function handOver(
  { byPhone }: SubjectRequestRow,
  sender: CodeSender,
  work: () => Promise<void>,
): Promise<void> {
  if (byPhone && sender.aside !== undefined) sender.aside(work);
  else await work();
}

/**
 * Sends a code to the sealed phone; where there is none a code is kept that nobody knows, so that
 * all else is as if there were one. The entry is durable before the phone leaves. Throws
 * SUBJECT_REQUEST_UNKNOWN, SUBJECT_REQUEST_CLOSED, CODES_MAX or CODE_UNSENT; the last not for a
 * request that was made by a phone where the sender works aside.
 */
export async function sendCode(
  vault: Vault,
  asked: { readonly id: string; readonly actor: Actor },
  sender: CodeSender,
): Promise<void> {
  await requireOwnRequest(vault, asked);
  const made = await makeCode(vault, asked);
  await handOver(made.row, sender, async () => sendMade(vault, made, sender));
}

type Checked = "right" | "wrong" | "expired";

async function check(vault: Vault, row: SubjectRequestRow, code: string): Promise<Checked> {
  const { codeHash: hash, codeExpiresAt, attempts } = row;
  const isOver = codeExpiresAt === null || vault.now() >= codeExpiresAt;
  if (hash === null || isOver || attempts >= CODE_ATTEMPTS_MAX) return "expired";
  return (await isCode(vault, { request: row.id, hash }, code)) ? "right" : "wrong";
}

/**
 * Verifies the person by the code. Throws CODE_WRONG, CODE_EXPIRED (ten minutes or five attempts
 * are over; send another), SUBJECT_REQUEST_UNKNOWN or SUBJECT_REQUEST_CLOSED.
 */
export async function verifyRequest(
  vault: Vault,
  asked: { readonly id: string; readonly code: string; readonly actor: Actor },
): Promise<string> {
  await requireOwnRequest(vault, asked);
  const actor = asked.actor;
  const outcome = await transaction(vault.database, async (connection) => {
    const row = await requireRequest(vault, connection, asked.id);
    const checked = await check(vault, row, asked.code.trim());
    await countAttempt(connection, row.id);
    const draft = { ...requestDraft(row), actor } as const;
    if (checked !== "right") {
      const failure = checked === "wrong" ? "CODE_WRONG" : "CODE_EXPIRED";
      const type = "subject-request-denied" as const;
      await writeEntry(vault, connection, { ...draft, type, failure });
      return { failure } as const;
    }
    const move = { state: "verified", at: vault.now(), refusal: null } as const;
    await moveSubjectRequest(connection, row.id, move);
    const type = "subject-request-verified" as const;
    return { entry: await writeEntry(vault, connection, { ...draft, type }) };
  });
  // The attempt is counted and told before it fails.
  if ("failure" in outcome) throw new Failure(outcome.failure);
  return outcome.entry;
}

/** Refuses a request with a reason of the table. Throws as `verifyRequest`, or USAGE. */
export async function refuseRequest(
  vault: Vault,
  asked: { readonly id: string; readonly reason: string; readonly actor: Actor },
): Promise<string> {
  await requireOwnRequest(vault, asked);
  const refusal = oneOf("--reason", REQUEST_REFUSAL_NAMES, asked.reason);
  const actor = asked.actor;
  return transaction(vault.database, async (connection) => {
    const row = await requireRequest(vault, connection, asked.id);
    const move = { state: "refused", at: vault.now(), refusal } as const;
    await moveSubjectRequest(connection, row.id, move);
    const type = "subject-request-refused" as const;
    return writeEntry(vault, connection, { ...requestDraft(row), type, actor, answer: refusal });
  });
}

export interface ListedRequest {
  readonly id: string;
  readonly kind: RequestKind;
  readonly state: SubjectRequestRow["state"];
  readonly receivedOn: string;
  readonly dueOn: string;
  /** Whether the day by which it should be answered is over. */
  readonly overdue: boolean;
  readonly refusal: string | null;
}

/**
 * The actor's own requests by due day; with `closed` also those that are answered or refused.
 * Throws ACCESS_DENIED.
 */
export async function listRequests(
  vault: Vault,
  asked: { readonly closed: boolean; readonly actor: Actor },
): Promise<ListedRequest[]> {
  const { closed, actor } = asked;
  await authorise(vault, { actor, verb: "subject-request" }, { place: "own" });
  const today = dayOf(vault.now(), vault.timeZone);
  const rows = await connected(vault.database, async (connection) =>
    listSubjectRequests(connection, { tenantId: vault.tenant.id, closed }, LIST_MAX),
  );
  return (await ownRequests(vault, actor, rows)).map(
    ({ id, kind, state, receivedAt, dueOn, closedAt, refusal }) => ({
      id,
      kind,
      state,
      receivedOn: dayOf(receivedAt, vault.timeZone),
      dueOn,
      overdue: closedAt === null && today > dueOn,
      refusal,
    }),
  );
}
