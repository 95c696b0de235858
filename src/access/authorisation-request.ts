/**
 * Authorisation requests (授权申请): an outlet that may not change a setting asks its headquarters,
 * and the days that it waits are there to see, for the authorities too.
 */
import { authoriseWithin } from "./authorise-within.ts";
import { randomUUID } from "node:crypto";
import { addDays, dayOf, daysBetween } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import {
  answerRequest,
  ANSWERS,
  findRequest,
  insertRequest,
  listRequests,
} from "../store/authorisation-request.ts";
import type {
  Answer,
  AuthorisationRequestRow,
  NamedRequestRow,
  NewAuthorisationRequest,
  RequestedMode,
} from "../store/authorisation-request.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { connected, transaction } from "../store/pool.ts";
import { carriersOfCases } from "../store/public-interest-case.ts";
import type { AuthorityScopeRow } from "../store/authority-scope.ts";
import type { Connection } from "../store/query.ts";
import type { Actor } from "./actor.ts";
import type { Desk } from "./desk.ts";
import { writeEntry } from "./entry.ts";
import { requireNamed } from "./named-row.ts";
import { requireOffice } from "./office-guard.ts";
import { findOwn, findVisible, ownHeadquarters } from "./organisation.ts";
import { recordedReason } from "./recorded-text.ts";
import { scopesInForce, tellRead } from "./scope-use.ts";
import { digestOf, parseSettingName, parseSettingValue } from "./setting.ts";

const LIST_MAX = 100_000;

/** What entries about a request say of it; the mode where it is not the usual one. */
function entryMembersOf({
  id,
  setting,
  wanted,
  mode,
}: Pick<NewAuthorisationRequest, "id" | "mode" | "setting" | "wanted">) {
  return { request: id, setting, value: wanted, ...(mode === "set" ? {} : { mode }) };
}

export interface FiledRequest {
  readonly request: NewAuthorisationRequest;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

export interface AuthorisationWish {
  /** Id or name of the outlet that asks. */
  readonly from: string;
  readonly setting: string;
  readonly wanted: string;
  /** `delegated` to be left the decision as far as `wanted`; else to set it. */
  readonly mode?: RequestedMode;
  readonly reason: string;
  readonly actor: Actor;
}

/** What is asked for, before it is known who asks whom. */
function readWish(desk: Desk, asked: AuthorisationWish) {
  const setting = parseSettingName(asked.setting);
  const wanted = parseSettingValue(setting, asked.wanted);
  return {
    setting,
    wanted,
    mode: asked.mode ?? "set",
    reason: recordedReason(asked.reason, desk.gazetteer),
  };
}

/**
 * Files a request of the outlet `from` (id or name) with the tenant's headquarters. Fails with
 * ORGANISATION_UNKNOWN, REQUEST_ADDRESSEE (headquarters need not ask), SETTING_UNKNOWN,
 * SETTING_VALUE_UNKNOWN, TEXT_LENGTH or TEXT_PERSONAL.
 */
export async function fileRequest(desk: Desk, asked: AuthorisationWish): Promise<FiledRequest> {
  const { actor } = asked;
  await authoriseWithin(desk, { actor, verb: "file-authorisation" }, [asked.from]);
  const wish = readWish(desk, asked);
  return transaction(desk.database, async (connection) => {
    const from = await findOwn(desk, connection, asked.from);
    const to = await ownHeadquarters(desk, connection);
    if (from.id === to.id) throw new Failure("REQUEST_ADDRESSEE");
    const between = { fromOrganisation: from.id, toOrganisation: to.id };
    const request = { ...wish, ...between, id: randomUUID(), filedAt: desk.now() };
    await insertRequest(connection, request);
    const entry = await writeEntry(desk, connection, {
      type: "request-filed",
      actor,
      organisation: to.id,
      by: from.id,
      ...entryMembersOf(request),
      digest: digestOf(request.reason),
    });
    return { request, entry };
  });
}

function parseAnswer(answer: string): Answer {
  const found = ANSWERS.find((candidate) => candidate === answer);
  if (found === undefined) throw new Failure("USAGE", { option: "--answer" });
  return found;
}

async function findAsked(
  desk: Desk,
  connection: Connection,
  asked: { readonly id: string; readonly by: string },
): Promise<AuthorisationRequestRow> {
  const by = await findOwn(desk, connection, asked.by);
  const request = await requireNamed(asked.id, "REQUEST_UNKNOWN", async (named) =>
    findRequest(connection, named),
  );
  if (request.toOrganisation !== by.id) throw new Failure("REQUEST_ADDRESSEE");
  return request;
}

export interface AnsweredRequest {
  readonly request: AuthorisationRequestRow;
  readonly answer: Answer;
  /** Whole days between filing and answer. */
  readonly waitedDays: number;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

interface Given {
  readonly id: string;
  readonly by: string;
  readonly answer: string;
  readonly reason: string;
  readonly actor: Actor;
}

/**
 * Answers a request in the name of the headquarters `by` that was asked. A grant lets the outlet
 * set exactly the wanted value itself, until headquarters decides anew; it lifts neither a lock nor
 * a floor. A granted delegation lets it set any value as far as the wanted one instead, and hands
 * nothing on to those below it. Fails with REQUEST_UNKNOWN, REQUEST_ADDRESSEE, REQUEST_ANSWERED,
 * ORGANISATION_UNKNOWN, TEXT_LENGTH, TEXT_PERSONAL or USAGE.
 */
export async function answerAuthorisation(desk: Desk, given: Given): Promise<AnsweredRequest> {
  await authoriseWithin(desk, { actor: given.actor, verb: "answer-authorisation" }, [given.by]);
  const answer = parseAnswer(given.answer);
  const reason = recordedReason(given.reason, desk.gazetteer);
  const actor = given.actor;
  return transaction(desk.database, async (connection) => {
    const request = await findAsked(desk, connection, given);
    const answered = { answer, reason, at: desk.now() };
    if (!(await answerRequest(connection, request.id, answered))) {
      throw new Failure("REQUEST_ANSWERED");
    }
    const entry = await writeEntry(desk, connection, {
      type: "request-answered",
      actor,
      organisation: request.fromOrganisation,
      by: request.toOrganisation,
      ...entryMembersOf(request),
      answer,
      digest: digestOf(reason),
    });
    const filed = dayOf(request.filedAt, desk.timeZone);
    const waitedDays = daysBetween(filed, dayOf(answered.at, desk.timeZone));
    return { request: { ...request, answered }, answer, waitedDays, entry };
  });
}

export interface ListedRequest extends NamedRequestRow {
  readonly filedOn: Day;
  /** Null when it was still waiting at the end of the day that was asked about. */
  readonly answeredOn: Day | null;
  /** Whole days until the answer, or until the day that was asked about. */
  readonly waitingDays: number;
}

/** A request as it stood at the end of that day. */
export function listedOn(day: Day, timeZone: string, row: NamedRequestRow): ListedRequest {
  const filedOn = dayOf(row.filedAt, timeZone);
  const answered = row.answered !== null && dayOf(row.answered.at, timeZone) <= day;
  const answeredOn = answered && row.answered !== null ? dayOf(row.answered.at, timeZone) : null;
  return {
    ...row,
    answered: answeredOn === null ? null : row.answered,
    filedOn,
    answeredOn,
    waitingDays: daysBetween(filedOn, answeredOn ?? day),
  };
}

/** What a viewer may see: whose carriers' requests, and of these only those of one outlet. */
interface Sight {
  readonly sees: (row: NamedRequestRow) => boolean;
  /** Null for all carriers. */
  readonly tenantId: string | null;
  /** Under which scope an authority is shown each carrier; none for a carrier's own. */
  readonly shownBy: ReadonlyMap<string, AuthorityScopeRow>;
}

/**
 * An authority is shown the carriers that granted it the scope `requests`, and a procuratorate of
 * these only those that the spot checks of its own cases drew from.
 */
async function sightOfAuthority(
  desk: Desk,
  connection: Connection,
  viewer: OrganisationRow,
): Promise<Sight> {
  const asked = { authorities: [viewer.id], scope: "requests" } as const;
  const granted = await scopesInForce(desk, connection, asked);
  const carriers =
    viewer.kind === "postal-authority" ? null : await carriersOfCases(connection, viewer.id);
  const isShown = ([tenantId]: readonly [string, AuthorityScopeRow]): boolean =>
    carriers === null || carriers.includes(tenantId);
  const shownBy = new Map([...granted].filter(isShown));
  return { tenantId: null, sees: ({ tenantId }) => shownBy.has(tenantId), shownBy };
}

async function sightOf(
  desk: Desk,
  asked: { readonly viewer: string | null; readonly actor?: Actor | null },
): Promise<Sight> {
  const { viewer: reference, actor = null } = asked;
  const own: Sight = { tenantId: desk.tenant.id, sees: () => true, shownBy: new Map() };
  if (reference === null) return own;
  const viewer = await connected(desk.database, async (connection) =>
    findVisible(desk, connection, reference),
  );
  if (viewer.tenantId === null) {
    await requireOffice(desk, { owners: [viewer.id], actor });
    return connected(desk.database, async (connection) =>
      sightOfAuthority(desk, connection, viewer),
    );
  }
  if (viewer.kind === "headquarters") return own;
  return { ...own, sees: ({ fromOrganisation }) => fromOrganisation === viewer.id };
}

/** Each carrier that is shown has an entry of it, also where it has no request. */
async function tellShown(
  desk: Desk,
  shown: { readonly sight: Sight; readonly actor: Actor | null },
  rows: readonly ListedRequest[],
): Promise<void> {
  const { sight, actor } = shown;
  if (sight.shownBy.size === 0) return;
  await transaction(desk.database, async (connection) => {
    for (const [tenantId, granted] of sight.shownBy) {
      const count = rows.filter((row) => row.tenantId === tenantId).length;
      await tellRead(desk, connection, { scope: granted, actor, count });
    }
  });
}

/**
 * The requests that were filed up to the end of `on`, oldest first, as they stood that day. Without
 * a viewer (id or name), or for the tenant's headquarters, they are those of the desk's tenant; an
 * outlet sees its own. As an authority only its own office sees anything: the requests of carriers
 * that granted it the scope `requests`, a procuratorate of these only its cases' carriers; each of
 * these carriers has an entry of it before this resolves. Fails with ORGANISATION_UNKNOWN, or
 * OFFICE_FOREIGN and an entry.
 */
export async function listAuthorisations(
  desk: Desk,
  asked: { readonly viewer: string | null; readonly on: Day; readonly actor?: Actor | null },
): Promise<ListedRequest[]> {
  const sight = await sightOf(desk, asked);
  const { tenantId, sees } = sight;
  // Days are compared in the desk's time zone below; a day more is read so that none is missed.
  const before = new Date(`${addDays(asked.on, 2)}T00:00:00Z`);
  const rows = await connected(desk.database, async (connection) =>
    listRequests(connection, { tenantId, before }, LIST_MAX),
  );
  const listed = rows
    .filter(sees)
    .map((row) => listedOn(asked.on, desk.timeZone, row))
    .filter(({ filedOn }) => filedOn <= asked.on);
  await tellShown(desk, { sight, actor: asked.actor ?? null }, listed);
  return listed;
}
