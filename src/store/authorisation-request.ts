/** Authorisation requests (授权申请): an outlet asks headquarters for a setting, and waits. */

import { SETTING_NAMES } from "../rules/setting.ts";
import type { SettingName } from "../rules/setting.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { instant, instantOrNull, text, word } from "./row.ts";
import type { Row } from "./row.ts";

export const ANSWERS = ["granted", "refused"] as const;
export type Answer = (typeof ANSWERS)[number];

/** To set one value, or to be left the decision within a bound. */
export const REQUESTED_MODES = ["set", "delegated"] as const;
export type RequestedMode = (typeof REQUESTED_MODES)[number];

export interface NewAuthorisationRequest {
  readonly id: string;
  readonly fromOrganisation: string;
  readonly toOrganisation: string;
  readonly setting: SettingName;
  /** The value that is asked for; for a delegation the loosest one that it shall leave open. */
  readonly wanted: string;
  readonly mode: RequestedMode;
  /** 1..500 characters without personal data. */
  readonly reason: string;
  readonly filedAt: Date;
}

export interface RequestAnswer {
  readonly answer: Answer;
  readonly reason: string;
  readonly at: Date;
}

export interface AuthorisationRequestRow extends NewAuthorisationRequest {
  /** Null while it waits. */
  readonly answered: RequestAnswer | null;
}

/** A request with the names that a reader needs. */
export interface NamedRequestRow extends AuthorisationRequestRow {
  readonly fromName: string;
  readonly toName: string;
  /** The carrier's tenant, and what it is called. */
  readonly tenantId: string;
  readonly tenantName: string;
}

const COLUMNS =
  "id, from_organisation, to_organisation, filed_at, answered_at, setting, wanted, mode, " +
  "reason, answer, answer_reason";

function answerOf(row: Row): RequestAnswer | null {
  const at = instantOrNull(row, "answered_at");
  if (at === null) return null;
  return { answer: word(row, "answer", ANSWERS), reason: text(row, "answer_reason"), at };
}

function requestOf(row: Row): AuthorisationRequestRow {
  return {
    id: text(row, "id"),
    fromOrganisation: text(row, "from_organisation"),
    toOrganisation: text(row, "to_organisation"),
    setting: word(row, "setting", SETTING_NAMES),
    wanted: text(row, "wanted"),
    mode: word(row, "mode", REQUESTED_MODES),
    reason: text(row, "reason"),
    filedAt: instant(row, "filed_at"),
    answered: answerOf(row),
  };
}

function namedRequestOf(row: Row): NamedRequestRow {
  return {
    ...requestOf(row),
    fromName: text(row, "from_name"),
    toName: text(row, "to_name"),
    tenantId: text(row, "tenant_id"),
    tenantName: text(row, "tenant_name"),
  };
}

export async function insertRequest(
  connection: Connection,
  request: NewAuthorisationRequest,
): Promise<void> {
  const { id, fromOrganisation, toOrganisation, filedAt, setting, wanted, mode, reason } = request;
  await execute(connection, {
    text: `
      insert into authorisation_request
        (id, from_organisation, to_organisation, filed_at, setting, wanted, mode, reason)
      values ($1::uuid, $2::uuid, $3::uuid, $4, $5, $6, $7, $8)`,
    values: [id, fromOrganisation, toOrganisation, filedAt, setting, wanted, mode, reason],
  });
}

/** The request of that id, or null. */
export async function findRequest(
  connection: Connection,
  id: string,
): Promise<AuthorisationRequestRow | null> {
  const rows = await query(connection, {
    text: `select ${COLUMNS} from authorisation_request where id = $1::uuid`,
    values: [id],
  });
  return rows[0] === undefined ? null : requestOf(rows[0]);
}

/** Answers a request that waits; false when it was answered before, which then stays. */
export async function answerRequest(
  connection: Connection,
  id: string,
  answer: RequestAnswer,
): Promise<boolean> {
  const count = await execute(connection, {
    text: `
      update authorisation_request set answered_at = $2, answer = $3, answer_reason = $4
      where id = $1::uuid and answered_at is null`,
    values: [id, answer.at, answer.answer, answer.reason],
  });
  return count === 1;
}

/**
 * Requests that were filed before the instant `before`, oldest first, at most `limit`: those of
 * one tenant, or of all (tenant null).
 */
export async function listRequests(
  connection: Connection,
  within: { readonly tenantId: string | null; readonly before: Date },
  limit: number,
): Promise<NamedRequestRow[]> {
  const rows = await query(connection, {
    text: `
      select request.id, from_organisation, to_organisation, filed_at, answered_at, setting,
             wanted, mode, reason, answer, answer_reason, asker.name as from_name,
             asked.name as to_name, tenant.id as tenant_id, tenant.name as tenant_name
      from authorisation_request request
      join organisation asker on asker.id = from_organisation
      join organisation asked on asked.id = to_organisation
      join tenant on tenant.id = asker.tenant_id
      where ($1::uuid is null or asker.tenant_id = $1::uuid) and filed_at < $2
      order by filed_at, request.id limit $3::integer`,
    values: [within.tenantId, within.before, limit],
  });
  return rows.map(namedRequestOf);
}

export interface GrantRow {
  readonly wanted: string;
  readonly mode: RequestedMode;
  readonly grantedAt: Date;
}

/** What was ever granted to an organisation for a setting. */
export async function grantsOf(
  connection: Connection,
  asked: Pick<NewAuthorisationRequest, "fromOrganisation" | "setting">,
): Promise<GrantRow[]> {
  const rows = await query(connection, {
    text: `
      select wanted, mode, answered_at from authorisation_request
      where from_organisation = $1::uuid and setting = $2 and answer = 'granted'`,
    values: [asked.fromOrganisation, asked.setting],
  });
  return rows.map((row) => ({
    wanted: text(row, "wanted"),
    mode: word(row, "mode", REQUESTED_MODES),
    grantedAt: instant(row, "answered_at"),
  }));
}
