/**
 * What authorities may be shown of a carrier (机关可查范围) over HTTP: granted, approved and revoked by
 * the carrier, read by the authority's office.
 */
import { Type } from "typebox";
import { approveScope, grantScope, listScopes, revokeScope } from "../access/authority-scope.ts";
import type { GrantedScope } from "../access/authority-scope.ts";
import { readScope } from "../oversight/scope-reading.ts";
import {
  AUTHORITY_SCOPE_NAMES,
  AUTHORITY_SCOPE_TEXT_CHARACTERS_MAX,
} from "../rules/authority-scope.ts";
import { answers } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON, PERSON_KEPT } from "./caller.ts";
import { PAGE_QUERY, pageAnswer, pageOf } from "./paging.ts";
import {
  closedObject,
  DAY,
  ENTRY,
  ID_PARAMS,
  NULLABLE_INTEGER,
  NULLABLE_TEXT,
  oneOf,
  ORGANISATION,
} from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["authorities"];
const TEXT = Type.String({ minLength: 1, maxLength: AUTHORITY_SCOPE_TEXT_CHARACTERS_MAX });

const ROW = {
  id: Type.String(),
  tenant: Type.String(),
  authority: Type.String(),
  scope: Type.String(),
  state: Type.String(),
  source: Type.String(),
  from: Type.String(),
  until: Type.String(),
  basis: Type.String(),
  document: Type.String(),
};

const GRANTED = Type.Object({ id: Type.String(), state: Type.String(), entry: ENTRY });

function told({ id, state, entry }: GrantedScope) {
  return { id, state, entry };
}

function listRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Scopes that this carrier granted, or that this authority's office was granted.",
    querystring: PAGE_QUERY,
    response: answers({ 200: pageAnswer(ROW) }),
  };
  app.get("/v1/authority-scopes", { config: PERSON, schema }, async (request) => {
    const scopes = await listScopes(serving.desk, actorOf(request));
    const rows = scopes.map((row) => ({
      ...row,
      tenant: row.tenantName,
      authority: row.authorityName,
      from: row.fromDay,
      until: row.untilDay,
    }));
    return pageOf(serving, request, { list: "authority-scopes", rows, placeOf: ({ id }) => id });
  });
}

function grantRoute(app: App, { desk }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Grants an authority a scope for some days, with legal basis and document.",
    body: closedObject({
      authority: ORGANISATION,
      scope: oneOf(AUTHORITY_SCOPE_NAMES),
      /** Today without it. */
      from: Type.Optional(DAY),
      until: DAY,
      basis: TEXT,
      document: TEXT,
    }),
    response: answers({ 201: GRANTED }),
  };
  app.post("/v1/authority-scopes", { config: PERSON_KEPT, schema }, async (request, reply) => {
    const { from = null, ...given } = request.body;
    const granted = await grantScope(desk, { ...given, from, actor: actorOf(request) });
    return reply.code(201).send(told(granted));
  });
}

function settleRoutes(app: App, { desk }: ApiServing): void {
  const common = { tags: TAGS, params: ID_PARAMS, response: answers({ 200: GRANTED }) };
  const approve = { ...common, summary: "Approves a grant that another person made." };
  const at = "/v1/authority-scopes/:id";
  app.post(`${at}/approve`, { config: PERSON, schema: approve }, async (request) => {
    const { id } = request.params;
    return told(await approveScope(desk, { id, actor: actorOf(request) }));
  });
  const revoke = { ...common, summary: "Revokes a scope at once." };
  app.post(`${at}/revoke`, { config: PERSON, schema: revoke }, async (request) => {
    const { id } = request.params;
    return told(await revokeScope(desk, { id, actor: actorOf(request) }));
  });
}

const REQUEST = Type.Object({
  id: Type.String(),
  fromName: Type.String(),
  setting: Type.String(),
  wanted: Type.String(),
  reason: Type.String(),
  filedOn: Type.String(),
  answeredOn: NULLABLE_TEXT,
  waitingDays: Type.Integer(),
});
const FIGURE = Type.Object({
  name: Type.String(),
  value: NULLABLE_TEXT,
  count: NULLABLE_INTEGER,
  of: NULLABLE_INTEGER,
});

function readRoute(app: App, { desk }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Reads a carrier under a scope, as the office; the carrier's log has the entry.",
    params: ID_PARAMS,
    response: answers({
      200: Type.Object({
        scope: Type.String(),
        tenant: Type.String(),
        on: Type.String(),
        requests: Type.Array(REQUEST),
        figures: Type.Array(FIGURE),
        entry: ENTRY,
      }),
    }),
  };
  const at = "/v1/authority-scopes/:id/reading";
  app.get(at, { config: PERSON, schema }, async (request) => {
    const { requests, figures, ...rest } = await readScope(desk, {
      id: request.params.id,
      actor: actorOf(request),
    });
    return { ...rest, requests: [...requests], figures: [...figures] };
  });
}

/** `/v1/authority-scopes`. */
export function authorityRoutes(app: App, serving: ApiServing): void {
  listRoute(app, serving);
  grantRoute(app, serving);
  settleRoutes(app, serving);
  readRoute(app, serving);
}
