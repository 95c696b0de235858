/** Requests of the person concerned (个人信息主体请求) over HTTP, from intake to answer. */
import { Type } from "typebox";
import { Failure } from "../rules/failure.ts";
import { PARTIES, REQUEST_KIND_NAMES, REQUEST_REFUSAL_NAMES } from "../rules/subject-request.ts";
import { answerRequest } from "../vault/subject-answer.ts";
import {
  listRequests,
  openRequest,
  refuseRequest,
  sendCode,
  verifyRequest,
} from "../vault/subject-request.ts";
import { answers, TOKEN } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON, PERSON_KEPT } from "./caller.ts";
import { PAGE_MEMBERS, pageAnswer, pageOf } from "./paging.ts";
import { closedObject, ENTRY, ENTRY_ANSWER, ID_PARAMS, NULLABLE_TEXT, oneOf } from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["requests"];

const ROW = {
  id: Type.String(),
  kind: Type.String(),
  state: Type.String(),
  receivedOn: Type.String(),
  dueOn: Type.String(),
  overdue: Type.Boolean(),
  refusal: NULLABLE_TEXT,
};

function listRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Requests that wait, by the day by which each is answered; with `closed` all.",
    querystring: closedObject({ ...PAGE_MEMBERS, closed: Type.Optional(Type.Boolean()) }),
    response: answers({ 200: pageAnswer(ROW) }),
  };
  app.get("/v1/requests", { config: PERSON, schema }, async (request) => {
    const { vault } = serving;
    const { closed = false } = request.query;
    const rows = await listRequests(vault, { closed, actor: actorOf(request) });
    const list = `requests ${closed}`;
    return pageOf(serving, request, { list, rows, placeOf: ({ dueOn, id }) => `${dueOn} ${id}` });
  });
}

function openRoute(app: App, { vault, codeSender }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Takes a request in, about one token or one full phone; a code goes to the phone.",
    body: closedObject({
      kind: oneOf(REQUEST_KIND_NAMES),
      party: oneOf(PARTIES),
      token: Type.Optional(TOKEN),
      phone: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
    }),
    response: answers({
      201: Type.Object({ id: Type.String(), dueOn: Type.String(), entry: ENTRY }),
    }),
  };
  app.post("/v1/requests", { config: PERSON_KEPT, schema }, async (request, reply) => {
    const { kind, party, token = null, phone = null } = request.body;
    if ((token === null) === (phone === null)) throw new Failure("REQUEST_INVALID", { field: "" });
    const asked = { kind, party, token, phone, actor: actorOf(request) };
    return reply.code(201).send(await openRequest(vault, asked, codeSender));
  });
}

function codeRoutes(app: App, { vault, codeSender }: ApiServing): void {
  const send = {
    tags: TAGS,
    summary: "Sends the person another code.",
    params: ID_PARAMS,
    response: answers({ 204: Type.Null() }),
  };
  app.post("/v1/requests/:id/code", { config: PERSON, schema: send }, async (request, reply) => {
    await sendCode(vault, { id: request.params.id, actor: actorOf(request) }, codeSender);
    return reply.code(204).send(null);
  });
  const verify = {
    tags: TAGS,
    summary: "Shows by the code that the person is who it says.",
    params: ID_PARAMS,
    body: closedObject({ code: Type.String({ pattern: "^[0-9]{6}$" }) }),
    response: answers({ 200: ENTRY_ANSWER }),
  };
  app.post("/v1/requests/:id/verify", { config: PERSON, schema: verify }, async (request) => {
    const { id } = request.params;
    const { code } = request.body;
    return { entry: await verifyRequest(vault, { id, code, actor: actorOf(request) }) };
  });
}

const SPOKEN = Type.Optional(Type.String({ minLength: 1, maxLength: 256 }));
const CHANGE = closedObject({ name: SPOKEN, phone: SPOKEN, address: SPOKEN });

function endRoutes(app: App, { vault }: ApiServing): void {
  const refuse = {
    tags: TAGS,
    summary: "Refuses a request as a whole, with its reason.",
    params: ID_PARAMS,
    body: closedObject({ reason: oneOf(REQUEST_REFUSAL_NAMES) }),
    response: answers({ 200: ENTRY_ANSWER }),
  };
  app.post("/v1/requests/:id/refuse", { config: PERSON, schema: refuse }, async (request) => {
    const { id } = request.params;
    const { reason } = request.body;
    return { entry: await refuseRequest(vault, { id, reason, actor: actorOf(request) }) };
  });
  const answer = {
    tags: TAGS,
    summary: "Does what a verified request asks, and gives what the person is to be told.",
    params: ID_PARAMS,
    body: closedObject({ change: Type.Optional(CHANGE) }),
    response: answers({
      200: Type.Object(
        { request: Type.String(), kind: Type.String(), entry: ENTRY },
        { additionalProperties: true },
      ),
    }),
  };
  app.post("/v1/requests/:id/answer", { config: PERSON, schema: answer }, async (request) => {
    const { id } = request.params;
    const { change = null } = request.body;
    return answerRequest(vault, { id, change, actor: actorOf(request) });
  });
}

/** `/v1/requests`. */
export function subjectRequestRoutes(app: App, serving: ApiServing): void {
  listRoute(app, serving);
  openRoute(app, serving);
  codeRoutes(app, serving);
  endRoutes(app, serving);
}
