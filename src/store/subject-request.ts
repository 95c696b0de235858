/** Requests of the person concerned, and the places of the waybills that they are about. */
import type { Day } from "../rules/calendar.ts";
import { PARTIES, REQUEST_KIND_NAMES, REQUEST_STATES } from "../rules/subject-request.ts";
import type { PartyRole, RequestKind, RequestState } from "../rules/subject-request.ts";
import type { WaybillPlace } from "./hold.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import {
  bytesOrNull,
  day,
  instant,
  instantOrNull,
  text,
  textOrNull,
  wholeNumber,
  word,
} from "./row.ts";
import type { Row } from "./row.ts";
import { int4Array, int8Array } from "./wire.ts";

export interface SubjectRequestRow {
  /** UUID text. */
  readonly id: string;
  readonly tenantId: string;
  readonly kind: RequestKind;
  /** In whose name it was made, and to whose sealed phone the code goes. */
  readonly party: PartyRole;
  /** Whether it was made by a phone, of which there may be no waybill, and not by a token. */
  readonly byPhone: boolean;
  readonly state: RequestState;
  readonly receivedAt: Date;
  readonly verifiedAt: Date | null;
  readonly closedAt: Date | null;
  readonly dueOn: Day;
  readonly refusal: string | null;
  /** Pseudonym of who took it in. */
  readonly actor: string;
  /** Keyed hash of the code that counts, 32 bytes, or null. */
  readonly codeHash: Uint8Array | null;
  readonly codeExpiresAt: Date | null;
  readonly codesSent: number;
  readonly attempts: number;
}

const COLUMNS =
  "id, tenant_id, received_at, verified_at, closed_at, code_expires_at, due_on, codes_sent," +
  " attempts, by_phone, kind, party, state, refusal, actor, code_hash";

function requestOf(row: Row): SubjectRequestRow {
  return {
    id: text(row, "id"),
    tenantId: text(row, "tenant_id"),
    kind: word(row, "kind", REQUEST_KIND_NAMES),
    party: word(row, "party", PARTIES),
    byPhone: row["by_phone"] === true,
    state: word(row, "state", REQUEST_STATES),
    receivedAt: instant(row, "received_at"),
    verifiedAt: instantOrNull(row, "verified_at"),
    closedAt: instantOrNull(row, "closed_at"),
    dueOn: day(row, "due_on"),
    refusal: textOrNull(row, "refusal"),
    actor: text(row, "actor"),
    codeHash: bytesOrNull(row, "code_hash"),
    codeExpiresAt: instantOrNull(row, "code_expires_at"),
    codesSent: wholeNumber(row, "codes_sent"),
    attempts: wholeNumber(row, "attempts"),
  };
}

/** Adds a request; what it is about is `addRequestPlaces`. */
export async function insertSubjectRequest(
  connection: Connection,
  request: SubjectRequestRow,
): Promise<void> {
  const { id, tenantId, receivedAt, dueOn, kind, party, byPhone, state, actor } = request;
  await execute(connection, {
    text: `
      insert into subject_request
        (id, tenant_id, received_at, due_on, kind, party, by_phone, state, actor)
      values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8, $9)`,
    values: [id, tenantId, receivedAt, dueOn, kind, party, byPhone, state, actor],
  });
}

/** Says which waybills a request is about. */
export async function addRequestPlaces(
  connection: Connection,
  id: string,
  places: readonly WaybillPlace[],
): Promise<void> {
  await execute(connection, {
    text: `
      insert into subject_request_waybill (request_id, compartment, slot)
      select $1::uuid, compartment, slot
      from unnest($2::bigint[], $3::integer[]) as given (compartment, slot)`,
    values: [
      id,
      int8Array(places.map(({ compartment }) => compartment)),
      int4Array(places.map(({ slot }) => slot)),
    ],
  });
}

/** The request of that id in a tenant, held until the transaction ends, or null. */
export async function lockSubjectRequest(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<SubjectRequestRow | null> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from subject_request
      where id = $1::uuid and tenant_id = $2::uuid for update`,
    values: [id, tenantId],
  });
  return rows[0] === undefined ? null : requestOf(rows[0]);
}

/** The request of that id in a tenant, or null. */
export async function findSubjectRequest(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<SubjectRequestRow | null> {
  const rows = await query(connection, {
    text: `select ${COLUMNS} from subject_request where id = $1::uuid and tenant_id = $2::uuid`,
    values: [id, tenantId],
  });
  return rows[0] === undefined ? null : requestOf(rows[0]);
}

/** The places that each of some requests is about, by request; none where it is about nothing. */
export async function placesOfRequests(
  connection: Connection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, WaybillPlace[]>> {
  const rows = await query(connection, {
    text: `
      select request_id, compartment, slot from subject_request_waybill
      where request_id = any($1::uuid[]) order by request_id, compartment, slot`,
    values: [[...ids]],
  });
  const places = new Map<string, WaybillPlace[]>();
  for (const row of rows) {
    const id = text(row, "request_id");
    const place = {
      compartment: wholeNumber(row, "compartment"),
      slot: wholeNumber(row, "slot"),
    };
    places.set(id, [...(places.get(id) ?? []), place]);
  }
  return places;
}

/** The places that a request is about, in order. */
export async function placesOfRequest(connection: Connection, id: string): Promise<WaybillPlace[]> {
  const rows = await query(connection, {
    text: `
      select compartment, slot from subject_request_waybill
      where request_id = $1::uuid order by compartment, slot`,
    values: [id],
  });
  return rows.map((row) => ({
    compartment: wholeNumber(row, "compartment"),
    slot: wholeNumber(row, "slot"),
  }));
}

/** A new code counts from now on; attempts begin anew. */
export async function keepCode(
  connection: Connection,
  id: string,
  code: { readonly hash: Uint8Array; readonly expiresAt: Date },
): Promise<void> {
  await execute(connection, {
    text: `
      update subject_request set code_hash = $2::bytea, code_expires_at = $3,
        codes_sent = codes_sent + 1, attempts = 0
      where id = $1::uuid`,
    values: [id, Buffer.from(code.hash), code.expiresAt],
  });
}

/** Counts one more attempt at the code. */
export async function countAttempt(connection: Connection, id: string): Promise<void> {
  await execute(connection, {
    text: "update subject_request set attempts = attempts + 1 where id = $1::uuid",
    values: [id],
  });
}

/** Moves a request on; the code is forgotten. */
export async function moveSubjectRequest(
  connection: Connection,
  id: string,
  move: { readonly state: RequestState; readonly at: Date; readonly refusal: string | null },
): Promise<void> {
  await execute(connection, {
    text: `
      update subject_request set state = $2, refusal = $4, code_hash = null,
        code_expires_at = null,
        verified_at = case when $2 = 'verified' then $3 else verified_at end,
        closed_at = case when $2 in ('answered', 'refused') then $3::timestamptz end
      where id = $1::uuid`,
    values: [id, move.state, move.at, move.refusal],
  });
}

/** The tenant's requests by due day, the open ones or all, at most `limit`. */
export async function listSubjectRequests(
  connection: Connection,
  asked: { readonly tenantId: string; readonly closed: boolean },
  limit: number,
): Promise<SubjectRequestRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from subject_request
      where tenant_id = $1::uuid and ($2::boolean or state in ('received', 'verified'))
      order by due_on, received_at, id limit $3::integer`,
    values: [asked.tenantId, asked.closed, limit],
  });
  return rows.map(requestOf);
}
