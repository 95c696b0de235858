/**
 * Answering a request of the person concerned: their own data in the clear (PIPL 45), what it is
 * used for and who looked (48), correction (46) or erasure (47). Each opening is a reveal of its
 * own, with its entry; the other party stays masked.
 */
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import { termsFor } from "../access/retention.ts";
import { dayOf } from "../rules/calendar.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import type { Field } from "../rules/purposes.ts";
import type { AnsweredWaybill, SubjectAnswer } from "../rules/subject-answer.ts";
import type { PartyRole, RequestOutcome } from "../rules/subject-request.ts";
import type { WaybillPlace } from "../store/hold.ts";
import { transaction } from "../store/pool.ts";
import { moveSubjectRequest, placesOfRequest } from "../store/subject-request.ts";
import type { SubjectRequestRow } from "../store/subject-request.ts";
import { correct } from "./correct.ts";
import type { Correction } from "./correct.ts";
import { erase } from "./erase.ts";
import { ownOf } from "./own-record.ts";
import { requireOwnRequest } from "./own-request.ts";
import { recordAt, tokenOf } from "./record.ts";
import type { WaybillRecord } from "./record.ts";
import { reveal } from "./reveal.ts";
import { shownWaybill } from "./show.ts";
import type { ShownWaybill } from "./show.ts";
import { requestDraft, requireRequest } from "./subject-request.ts";
import type { Vault } from "./vault.ts";

export interface AnswerRequest {
  readonly id: string;
  readonly actor: Actor;
  /** For a correction: what is said anew. */
  readonly change: Correction | null;
}

const FIELDS: Readonly<Record<PartyRole, readonly Field[]>> = {
  recipient: ["recipient.name", "recipient.phone", "recipient.address", "remark"],
  sender: ["sender.name", "sender.phone", "sender.address"],
};

interface Work {
  readonly row: SubjectRequestRow;
  readonly asked: AnswerRequest;
}

/** What was done with one waybill, and what is given of it. */
interface Done {
  readonly outcome: RequestOutcome;
  readonly fields: AnsweredWaybill["fields"];
  readonly certificate: string | null;
  readonly receipt: string | null;
}

function done(outcome: RequestOutcome): Done {
  return { outcome, fields: [], certificate: null, receipt: null };
}

/** The other party as the masked view shows it. */
function maskedOther(shown: ShownWaybill, role: PartyRole): AnsweredWaybill["fields"] {
  const other = role === "recipient" ? "sender" : "recipient";
  const party = shown.view?.[other] ?? null;
  if (party === null) return [];
  return [
    [`${other}.name`, party.name],
    [`${other}.phone`, party.phone],
    [`${other}.address`, party.address],
  ];
}

async function give(vault: Vault, { row, asked }: Work, shown: ShownWaybill): Promise<Done> {
  const revealed = await reveal(vault, {
    token: shown.token,
    fields: FIELDS[row.party].join(","),
    purpose: "subject-request",
    actor: asked.actor,
    reason: `subject request ${row.id}`,
  });
  const fields = [...revealed.values, ...maskedOther(shown, row.party)];
  const { receipt } = revealed;
  return { outcome: "given", fields, certificate: null, receipt };
}

async function amend(vault: Vault, { row, asked }: Work, shown: ShownWaybill): Promise<Done> {
  const { change, actor } = asked;
  if (change === null) throw new Failure("USAGE", { option: "--change" });
  await correct(vault, { token: shown.token, role: row.party, change, actor });
  return done("corrected");
}

/** As long as the parcel is under way the contract needs the data (PIPL 13(1)(2)). */
function isUnderWay({ parcelState }: ShownWaybill): boolean {
  return parcelState === null || parcelState === "arrived" || parcelState === "undelivered";
}

async function remove(vault: Vault, { row, asked }: Work, shown: ShownWaybill): Promise<Done> {
  if (isUnderWay(shown)) return done("under-way");
  try {
    const reason = `PIPL 47, subject request ${row.id}`;
    const { entry } = await erase(vault, { token: shown.token, reason, actor: asked.actor });
    return { ...done("erased"), certificate: entry };
  } catch (error) {
    if (isFailure(error, "KEY_HELD")) return done("held");
    throw error;
  }
}

async function handle(vault: Vault, work: Work, shown: ShownWaybill): Promise<Done> {
  if (shown.life === "destroyed") return done("dead");
  switch (work.row.kind) {
    case "access":
    case "copy":
      return give(vault, work, shown);
    case "correction":
      return amend(vault, work, shown);
    case "erasure":
      return remove(vault, work, shown);
    case "explanation":
      return done("given");
  }
}

async function answerOne(
  vault: Vault,
  work: Work,
  record: WaybillRecord,
): Promise<AnsweredWaybill> {
  const shown = await shownWaybill(vault, await tokenOf(vault, record.shell));
  const what = await handle(vault, work, shown);
  const { token, waybillNumber, carrier, sealedAt, dayOfDeath } = shown;
  const looks = shown.looks.map(({ at, type, purpose, actor, fields }) => ({
    at,
    what: type,
    purpose,
    actor,
    fields,
  }));
  return { token, waybillNumber, carrier, sealedAt, dayOfDeath, looks, ...what };
}

async function startOf(
  vault: Vault,
  asked: AnswerRequest,
): Promise<{ row: SubjectRequestRow; places: WaybillPlace[] }> {
  return transaction(vault.database, async (connection) => {
    const row = await requireRequest(vault, connection, asked.id);
    if (row.state !== "verified") throw new Failure("SUBJECT_REQUEST_UNVERIFIED");
    return { row, places: await placesOfRequest(connection, row.id) };
  });
}

async function close(vault: Vault, work: Work, count: number): Promise<string> {
  const actor = work.asked.actor;
  return transaction(vault.database, async (connection) => {
    const row = await requireRequest(vault, connection, work.row.id);
    const move = { state: "answered", at: vault.now(), refusal: null } as const;
    await moveSubjectRequest(connection, row.id, move);
    const type = "subject-request-answered" as const;
    return writeEntry(vault, connection, { ...requestDraft(row), type, actor, count });
  });
}

/**
 * Does what a verified request asks and gives the answer. The request is closed, and its last entry
 * durable, before this resolves. Throws SUBJECT_REQUEST_UNKNOWN, SUBJECT_REQUEST_CLOSED,
 * SUBJECT_REQUEST_UNVERIFIED, TRAINING_INVALID, the failures of `correct`, or USAGE; what was done
 * by then stays done, and asking again goes on.
 */
export async function answerRequest(vault: Vault, asked: AnswerRequest): Promise<SubjectAnswer> {
  await requireOwnRequest(vault, asked);
  const { row, places } = await startOf(vault, asked);
  const work = { row, asked };
  const waybills: AnsweredWaybill[] = [];
  // What left the branch since the request was taken is the next one's to answer for.
  for (const place of await ownOf(vault, asked.actor, places)) {
    const record = await recordAt(vault, place);
    if (record !== null) waybills.push(await answerOne(vault, work, record));
  }
  const at = vault.now();
  const terms = await transaction(vault.database, async (connection) =>
    termsFor(vault, connection, { organisationId: null, at }),
  );
  return {
    request: row.id,
    kind: row.kind,
    tenant: vault.tenant.name,
    receivedOn: dayOf(row.receivedAt, vault.timeZone),
    dueOn: row.dueOn,
    answeredOn: dayOf(at, vault.timeZone),
    waybills,
    terms,
    entry: await close(vault, work, waybills.length),
  };
}
