/** Real-name records (实名收寄) over HTTP: sealed at intake, opened for law enforcement alone. */
import { Type } from "typebox";
import { DOCUMENT_KINDS } from "../privacy/document.ts";
import { openRealName, realNameStatus, recordRealName } from "../vault/real-name.ts";
import { answers, TOKEN } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON } from "./caller.ts";
import { closedObject, ENTRY, ID_PARAMS, NULLABLE_TEXT, oneOf, REASON } from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["law"];
const NUMBER_CHARACTERS_MAX = 64;

function recordRoute(app: App, { vault }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Checks the document that a sender showed and keeps it sealed, with its own clock.",
    body: closedObject({
      kind: oneOf(DOCUMENT_KINDS),
      number: Type.String({ minLength: 1, maxLength: NUMBER_CHARACTERS_MAX }),
      token: Type.Optional(TOKEN),
    }),
    response: answers({
      201: Type.Object({ id: Type.String(), dayOfDeath: Type.String(), entry: ENTRY }),
    }),
  };
  app.post("/v1/real-name-records", { config: PERSON, schema }, async (request, reply) => {
    const { token = null, ...shown } = request.body;
    const recorded = await recordRealName(vault, { ...shown, token, actor: actorOf(request) });
    const { id, dayOfDeath, entry } = recorded;
    return reply.code(201).send({ id, dayOfDeath, entry });
  });
}

function openRoute(app: App, { vault }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Opens one record, for one of the two officers of a warrant that names it.",
    params: ID_PARAMS,
    body: closedObject({ reason: REASON }),
    response: answers({
      200: Type.Object({ kind: Type.String(), number: Type.String(), entry: ENTRY }),
    }),
  };
  const at = "/v1/real-name-records/:id/open";
  app.post(at, { config: PERSON, schema }, async (request) => {
    const { id } = request.params;
    const { reason } = request.body;
    const opened = await openRealName(vault, { id, reason, actor: actorOf(request) });
    return { kind: opened.kind, number: opened.number, entry: opened.entry };
  });
}

function statusRoute(app: App, { vault }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "How much is kept, and the ids of the records made with a waybill; never a number.",
    body: closedObject({ token: Type.Optional(TOKEN) }),
    response: answers({
      200: Type.Object({
        records: Type.Integer(),
        documents: Type.Integer(),
        nextDeath: NULLABLE_TEXT,
        ids: Type.Array(Type.String()),
      }),
    }),
  };
  // Asked by a body: a token in an address would stand in the logs of whatever lies between.
  app.post("/v1/real-name-records/status", { config: PERSON, schema }, async (request) => {
    const { token = null } = request.body;
    const { ids, ...status } = await realNameStatus(vault, { token, actor: actorOf(request) });
    return { ...status, ids: [...ids] };
  });
}

/** `/v1/real-name-records`. */
export function realNameRoutes(app: App, serving: ApiServing): void {
  recordRoute(app, serving);
  openRoute(app, serving);
  statusRoute(app, serving);
}
