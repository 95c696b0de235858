/**
 * Break-glass (应急查看): a person opens one waybill for some minutes though no rule gave it to them.
 * It stands in for what nobody permitted and lifts nothing that is forbidden: another branch's,
 * what a purpose does not open, night, missing training, a spent quota, and death all stay.
 */
import { createHash, randomUUID } from "node:crypto";
import type { Actor } from "../access/actor.ts";
import { aboutOf } from "../access/about.ts";
import { authorise } from "../access/authorise.ts";
import { writeEntry } from "../access/entry.ts";
import { isTenantWide } from "../access/place.ts";
import { requirePerson } from "../access/person.ts";
import { requireQuota } from "../access/quota.ts";
import { REASON_CHARACTERS_MAX, recordedText } from "../access/recorded-text.ts";
import { policyNow } from "../access/policy.ts";
import { requireTraining } from "../access/training.ts";
import { tellWebhooks } from "../access/webhook.ts";
import { openExhibit, sealExhibit } from "../crypto/note.ts";
import { NONCE_BYTES } from "../crypto/suites.ts";
import { BREAK_GLASS_MINUTES_MAX, FINDING_NAMES, isEvidence } from "../rules/break-glass.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import { UUID } from "../rules/uuid.ts";
import {
  acknowledgeBreakGlass,
  evidenceOf,
  insertBreakGlass,
  listBreakGlass,
  lockBreakGlass,
  useBreakGlass,
} from "../store/break-glass.ts";
import type { BreakGlassRow, NewBreakGlass } from "../store/break-glass.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { findShell } from "../store/shell.ts";
import { uuidBytes } from "../store/wire.ts";
import { ownOf, recordWithin, refuseUnknown } from "./own-record.ts";
import { openKey, requireAlive, subjectOf } from "./record.ts";
import type { WaybillKey, WaybillRecord } from "./record.ts";
import { reasonNote } from "./reason-note.ts";
import { requireAccess } from "./standing.ts";
import type { Vault } from "./vault.ts";
import { tokensAt } from "./waybill-place.ts";

const MINUTE_MS = 60_000;
const LIST_MAX = 1_000;

export interface BreakGlassRequest {
  readonly token: string;
  readonly reason: string;
  /** A photo or document. */
  readonly evidence: Uint8Array;
  readonly minutes: number;
  readonly actor: Actor;
}

export interface BrokenGlass {
  readonly id: string;
  readonly until: Date;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

/** What may be said before any waybill is looked at; the reason as it is kept. */
function readRequest(vault: Vault, { reason, evidence, minutes }: BreakGlassRequest): string {
  const isTerm = Number.isInteger(minutes) && minutes >= 1 && minutes <= BREAK_GLASS_MINUTES_MAX;
  if (!isTerm) throw new Failure("BREAK_GLASS_BOUNDS", { minutesMax: BREAK_GLASS_MINUTES_MAX });
  if (!isEvidence(evidence)) throw new Failure("EVIDENCE_WRONG");
  const bounds = { field: "reason", charactersMax: REASON_CHARACTERS_MAX };
  return recordedText(reason, bounds, vault.gazetteer);
}

function exhibitPlace({ suite, leaf, tenant, waybillId }: WaybillKey, id: string) {
  return { suite, leaf, place: { tenant, waybillId }, entry: uuidBytes(id) };
}

async function newRow(
  vault: Vault,
  given: { record: WaybillRecord; key: WaybillKey; reason: string; request: BreakGlassRequest },
): Promise<NewBreakGlass> {
  const { record, key, reason, request } = given;
  const { compartment, shellWeek, slot, dayOfDeath } = record.shell;
  const [id, openedAt] = [randomUUID(), vault.now()];
  const nonce = vault.randomBytes(NONCE_BYTES);
  return {
    id,
    tenantId: vault.tenant.id,
    openedAt,
    untilAt: new Date(openedAt.getTime() + request.minutes * MINUTE_MS),
    compartment,
    shellWeek,
    slot,
    dayOfDeath,
    actor: request.actor.pseudonym,
    reason,
    subject: await aboutOf(vault, record.token),
    evidenceSha256: createHash("sha256").update(request.evidence).digest(),
    evidence: sealExhibit(exhibitPlace(key, id), nonce, request.evidence),
  };
}

/** At once, so that whoever has to judge it need not come and look. */
async function tellOpened(
  vault: Vault,
  connection: Connection,
  told: { readonly row: NewBreakGlass; readonly token: string; readonly entry: string },
): Promise<void> {
  const { id: request, actor: account, untilAt } = told.row;
  const { token, entry } = told;
  const data = { request, token, account, until: untilAt.toISOString(), entry };
  await tellWebhooks(vault, connection, { event: "break-glass.opened", data });
}

async function openedGlass(
  vault: Vault,
  request: BreakGlassRequest,
  reason: string,
): Promise<BrokenGlass> {
  const { actor, token } = request;
  const policy = await policyNow(vault, actor.organisationId);
  await requireTraining(vault, policy, actor.pseudonym);
  // Each one anew, also for the same waybill: every one of them keeps a file and asks to be judged.
  const subject = { asked: `glass ${randomUUID()}` };
  await requireQuota(vault, { actor, use: "break-glass", subject });
  const record = await recordWithin(vault, { actor, verb: "break-glass" }, token);
  await requireAlive(vault, record.shell);
  await requireAccess(vault, record.shell, "deliver");
  const key = await openKey(vault, record.shell);
  const row = await newRow(vault, { record, key, reason, request });
  const entry = await transaction(vault.database, async (connection) => {
    await insertBreakGlass(connection, row);
    const written = await writeEntry(vault, connection, {
      ...reasonNote(vault, key, reason),
      type: "break-glass",
      actor,
      mode: "opened",
      request: row.id,
      about: subjectOf(key),
      orderState: record.shell.state,
      digest: Buffer.from(row.evidenceSha256).toString("hex"),
    });
    await tellOpened(vault, connection, { row, token, entry: written });
    return written;
  });
  return { id: row.id, until: row.untilAt, entry };
}

/** Failures that are told elsewhere: an entry of their own, or what stops every entry. */
const TOLD_ELSEWHERE = /^(?:ACCESS_DENIED$|DATABASE_|KEYSTORE_|LOG_)/;

/** Whether it has an entry: `recordWithin` tells of what does not stand with the own branch. */
function isTold(actor: Actor, { code }: Failure): boolean {
  const isElsewhere = code === "TOKEN_UNKNOWN" && !isTenantWide(actor);
  return isElsewhere || TOLD_ELSEWHERE.test(code);
}

/** Writes that a break-glass was refused, which names no waybill. */
async function tellRefused(vault: Vault, actor: Actor, failure: Failure): Promise<void> {
  const draft = { type: "break-glass", actor, mode: "refused", failure: failure.code } as const;
  await transaction(vault.database, async (connection) => writeEntry(vault, connection, draft));
}

/**
 * Opens one waybill to the asker for some minutes: `reveal` then finds it. The entry is durable
 * before this resolves. Weighs four looks, spent before it is known whether the token exists. Fails
 * with SIGN_IN_NEEDED, PERSON_REQUIRED, ACCESS_DENIED, BREAK_GLASS_BOUNDS, EVIDENCE_WRONG,
 * TEXT_LENGTH, FIELD_CONTROL, TEXT_PERSONAL; and, each with an entry, TRAINING_INVALID,
 * QUOTA_SPENT, TOKEN_UNKNOWN and what else is wrong with a token, ACCESS_CLOSED or DATA_DEAD.
 */
export async function breakGlass(vault: Vault, request: BreakGlassRequest): Promise<BrokenGlass> {
  const { actor } = request;
  requirePerson(actor);
  await authorise(vault, { actor, verb: "break-glass" }, { place: "own" });
  const reason = readRequest(vault, request);
  try {
    return await openedGlass(vault, request, reason);
  } catch (error) {
    if (isFailure(error) && !isTold(actor, error)) await tellRefused(vault, actor, error);
    throw error;
  }
}

/**
 * The id of the break-glass under which `actor` may open the waybill of `token` now, which counts
 * as a look by it; or null.
 */
export async function emergencyOf(
  vault: Vault,
  actor: Actor,
  token: string,
): Promise<string | null> {
  const subject = await aboutOf(vault, token);
  const asked = { tenantId: vault.tenant.id, actor: actor.pseudonym, subject, at: vault.now() };
  return connected(vault.database, async (c) => useBreakGlass(c, asked));
}

export interface ListedBreakGlass extends BreakGlassRow {
  /** Null once the shell is gone. */
  readonly token: string | null;
}

/**
 * Of the actor's own waybills, what waits to be acknowledged, or all, newest first. Fails with
 * ACCESS_DENIED.
 */
export async function breakGlasses(
  vault: Vault,
  asked: { readonly actor: Actor; readonly all: boolean },
): Promise<ListedBreakGlass[]> {
  const { actor } = asked;
  await authorise(vault, { actor, verb: "list-break-glass" }, { place: "own" });
  const within = { tenantId: vault.tenant.id, all: asked.all };
  const rows = await connected(vault.database, async (c) => listBreakGlass(c, within, LIST_MAX));
  const own = await ownOf(vault, actor, rows);
  const tokens = await tokensAt(vault, own);
  return own.map((row, at) => ({ ...row, token: tokens[at] ?? null }));
}

/** Another branch's is as unknown as none, to somebody of a branch with an entry. */
async function requireOwnRow(
  vault: Vault,
  { id, actor }: { readonly id: string; readonly actor: Actor },
): Promise<void> {
  const asked = { actor, verb: "acknowledge-break-glass" } as const;
  await authorise(vault, asked, { place: "own" });
  if (isTenantWide(actor)) return;
  const row = UUID.test(id)
    ? await transaction(vault.database, async (c) => lockBreakGlass(c, vault.tenant.id, id))
    : null;
  const own = row === null ? [] : await ownOf(vault, actor, [row]);
  if (own.length !== 1) await refuseUnknown(vault, asked, "BREAK_GLASS_UNKNOWN");
}

async function requireRow(
  vault: Vault,
  connection: Connection,
  id: string,
): Promise<BreakGlassRow> {
  const row = UUID.test(id) ? await lockBreakGlass(connection, vault.tenant.id, id) : null;
  if (row === null) throw new Failure("BREAK_GLASS_UNKNOWN");
  return row;
}

/**
 * Says what the privacy officer thinks of one; an unjustified one ends at once. Fails with
 * SIGN_IN_NEEDED, PERSON_REQUIRED, ACCESS_DENIED, USAGE, BREAK_GLASS_UNKNOWN, BREAK_GLASS_SELF or
 * BREAK_GLASS_ACKNOWLEDGED.
 */
export async function acknowledge(
  vault: Vault,
  given: { readonly id: string; readonly finding: string; readonly actor: Actor },
): Promise<{ readonly entry: string }> {
  const { id, actor } = given;
  requirePerson(actor);
  await requireOwnRow(vault, given);
  const finding = FINDING_NAMES.find((name) => name === given.finding);
  if (finding === undefined) throw new Failure("USAGE", { option: "--finding" });
  return transaction(vault.database, async (connection) => {
    const row = await requireRow(vault, connection, id);
    if (row.actor === actor.pseudonym) throw new Failure("BREAK_GLASS_SELF");
    if (row.finding !== null) throw new Failure("BREAK_GLASS_ACKNOWLEDGED");
    const said = { at: vault.now(), by: actor.pseudonym, finding };
    await acknowledgeBreakGlass(connection, id, said);
    const told = { request: id, account: row.actor, answer: finding } as const;
    const draft = { ...told, type: "break-glass", actor, mode: "acknowledged" } as const;
    return { entry: await writeEntry(vault, connection, draft) };
  });
}

/**
 * Opens the copy of the evidence; the entry is durable before this resolves. Fails with
 * SIGN_IN_NEEDED, PERSON_REQUIRED, ACCESS_DENIED, BREAK_GLASS_UNKNOWN, DATA_DEAD or
 * ENVELOPE_BROKEN.
 */
export async function openEvidence(
  vault: Vault,
  given: { readonly id: string; readonly actor: Actor },
): Promise<{ readonly file: Uint8Array; readonly entry: string }> {
  const { id, actor } = given;
  requirePerson(actor);
  await requireOwnRow(vault, given);
  const { row, sealed, shell } = await transaction(vault.database, async (connection) => {
    const found = await requireRow(vault, connection, id);
    const evidence = await evidenceOf(connection, id);
    return { row: found, sealed: evidence, shell: await findShell(connection, found) };
  });
  if (sealed === null || shell === null) throw new Failure("DATA_DEAD");
  await requireAlive(vault, shell);
  const key = await openKey(vault, shell);
  const file = openExhibit(exhibitPlace(key, id), sealed);
  const told = { request: id, account: row.actor, about: subjectOf(key) };
  const draft = { ...told, type: "break-glass", actor, mode: "evidence-opened" } as const;
  const entry = await transaction(vault.database, async (c) => writeEntry(vault, c, draft));
  return { file, entry };
}
