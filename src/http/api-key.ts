/** Keys of machines over HTTP: made, listed, rotated, ended. A key is shown once. */
import { Type } from "typebox";
import {
  API_KEY_DAYS_MAX,
  createApiKey,
  endKey,
  listApiKeys,
  OVERLAP_HOURS_MAX,
  rotateApiKey,
} from "../identity/api-key.ts";
import type { MadeApiKey } from "../identity/api-key.ts";
import { SCOPE_NAMES } from "../rules/scope.ts";
import { answers } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON, PERSON_SHOWN_ONCE } from "./caller.ts";
import { PAGE_QUERY, pageAnswer, pageOf } from "./paging.ts";
import { closedObject, ENTRY, ENTRY_ANSWER, NULLABLE_TEXT, oneOf } from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["accounts"];
const DAYS = Type.Integer({ minimum: 1, maximum: API_KEY_DAYS_MAX });
const PARAMS = Type.Object({ id: Type.String({ pattern: "^[0-9a-z]{16}$" }) });

const ROW = {
  id: Type.String(),
  account: Type.String(),
  scopes: Type.Array(Type.String()),
  madeAt: Type.String(),
  expiresAt: Type.String(),
  usedAt: NULLABLE_TEXT,
  endedAt: NULLABLE_TEXT,
};
const MADE = Type.Object({
  id: Type.String(),
  key: Type.String(),
  expiresAt: Type.String(),
  entry: ENTRY,
});

function told(made: MadeApiKey) {
  return { ...made, expiresAt: made.expiresAt.toISOString() };
}

function listRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "The keys of the machines that the caller manages, never the keys themselves.",
    querystring: PAGE_QUERY,
    response: answers({ 200: pageAnswer(ROW) }),
  };
  app.get("/v1/api-keys", { config: PERSON, schema }, async (request) => {
    const listed = await listApiKeys(serving.desk, actorOf(request));
    const rows = listed.map((row) => ({
      id: row.id,
      account: row.account,
      scopes: [...row.scopes],
      madeAt: row.madeAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      usedAt: row.usedAt?.toISOString() ?? null,
      endedAt: row.endedAt?.toISOString() ?? null,
    }));
    return pageOf(serving, request, { list: "api-keys", rows, placeOf: ({ id }) => id });
  });
}

function makeRoutes(app: App, { desk }: ApiServing): void {
  const make = {
    tags: TAGS,
    summary: "Makes a key for an account of a machine; the answer is the only time it is seen.",
    body: closedObject({
      account: Type.String({ minLength: 1, maxLength: 64 }),
      scopes: Type.Array(oneOf(SCOPE_NAMES), { minItems: 1, maxItems: SCOPE_NAMES.length }),
      days: DAYS,
    }),
    response: answers({ 201: MADE }),
  };
  app.post("/v1/api-keys", { config: PERSON_SHOWN_ONCE, schema: make }, async (request, reply) => {
    const { account: name, scopes, days } = request.body;
    const made = await createApiKey(desk, { name, scopes, days, actor: actorOf(request) });
    return reply.code(201).send(told(made));
  });
  const rotate = {
    tags: TAGS,
    summary: "A new key in place of an old one, which goes on for some hours.",
    params: PARAMS,
    body: closedObject({
      overlapHours: Type.Integer({ minimum: 0, maximum: OVERLAP_HOURS_MAX }),
      days: DAYS,
    }),
    response: answers({ 201: MADE }),
  };
  const at = "/v1/api-keys/:id/rotate";
  app.post(at, { config: PERSON_SHOWN_ONCE, schema: rotate }, async (request, reply) => {
    const asked = { ...request.body, id: request.params.id, actor: actorOf(request) };
    return reply.code(201).send(told(await rotateApiKey(desk, asked)));
  });
}

/** `/v1/api-keys`. */
export function apiKeyRoutes(app: App, serving: ApiServing): void {
  listRoute(app, serving);
  makeRoutes(app, serving);
  const end = {
    tags: TAGS,
    summary: "Ends a key at once.",
    params: PARAMS,
    response: answers({ 200: ENTRY_ANSWER }),
  };
  app.delete("/v1/api-keys/:id", { config: PERSON, schema: end }, async (request) => {
    const { id } = request.params;
    return { entry: await endKey(serving.desk, { id, actor: actorOf(request) }) };
  });
}
