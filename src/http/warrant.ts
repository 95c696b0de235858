/** Warrants (调取函) over HTTP: filed by one officer, its list seen and confirmed by another. */
import { Type } from "typebox";
import { confirmWarrant, fileWarrant, listWarrants } from "../access/warrant.ts";
import {
  WARRANT_DAYS_MAX,
  WARRANT_SUBJECTS_MAX,
  WARRANT_TEXT_CHARACTERS_MAX,
} from "../rules/warrant.ts";
import { warrantList } from "../vault/warrant-list.ts";
import { answers, MASKED_PARTY, TOKEN } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON } from "./caller.ts";
import { PAGE_QUERY, pageAnswer, pageOf } from "./paging.ts";
import { closedObject, ENTRY, ID_PARAMS, NULLABLE_TEXT } from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["law"];
const TEXT = Type.String({ minLength: 1, maxLength: WARRANT_TEXT_CHARACTERS_MAX });

function fileRoute(app: App, { desk }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Files an authority's document; it counts for nothing until another officer confirms.",
    body: closedObject({
      /** Tokens, or ids of real-name records. */
      about: Type.Array(TOKEN, { minItems: 1, maxItems: WARRANT_SUBJECTS_MAX }),
      authority: TEXT,
      document: TEXT,
      days: Type.Integer({ minimum: 1, maximum: WARRANT_DAYS_MAX }),
    }),
    response: answers({ 201: Type.Object({ id: Type.String(), entry: ENTRY }) }),
  };
  app.post("/v1/warrants", { config: PERSON, schema }, async (request, reply) => {
    const filed = await fileWarrant(desk, { ...request.body, actor: actorOf(request) });
    return reply.code(201).send({ id: filed.id, entry: filed.entry });
  });
}

const ROW = {
  id: Type.String(),
  authority: Type.String(),
  document: Type.String(),
  days: Type.Integer(),
  count: Type.Integer(),
  filedBy: Type.String(),
  confirmedBy: NULLABLE_TEXT,
  until: NULLABLE_TEXT,
};

function listRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Warrants that wait for their second officer or count now.",
    querystring: PAGE_QUERY,
    response: answers({ 200: pageAnswer(ROW) }),
  };
  app.get("/v1/warrants", { config: PERSON, schema }, async (request) => {
    const warrants = await listWarrants(serving.desk, actorOf(request));
    const rows = warrants.map(({ confirmed, ...row }) => ({
      ...row,
      confirmedBy: confirmed?.by ?? null,
      until: confirmed?.until.toISOString() ?? null,
    }));
    return pageOf(serving, request, { list: "warrants", rows, placeOf: ({ id }) => id });
  });
}

const NAMED = Type.Object({
  about: Type.String(),
  waybillNumber: NULLABLE_TEXT,
  carrier: NULLABLE_TEXT,
  recipient: Type.Union([MASKED_PARTY, Type.Null()]),
  sender: Type.Union([MASKED_PARTY, Type.Null()]),
  document: NULLABLE_TEXT,
  failure: NULLABLE_TEXT,
});

function confirmRoutes(app: App, { desk, vault }: ApiServing): void {
  const list = {
    tags: TAGS,
    summary: "What a warrant names, masked, for the officer who confirms it; an entry.",
    params: ID_PARAMS,
    response: answers({ 200: Type.Object({ named: Type.Array(NAMED), entry: ENTRY }) }),
  };
  app.get("/v1/warrants/:id/list", { config: PERSON, schema: list }, async (request) => {
    const { id } = request.params;
    const { named, entry } = await warrantList(vault, { id, actor: actorOf(request) });
    const told = named.map(({ about, waybill, document, failure }) => ({
      about,
      waybillNumber: waybill?.waybillNumber ?? null,
      carrier: waybill?.carrier ?? null,
      recipient: waybill?.view?.recipient ?? null,
      sender: waybill?.view?.sender ?? null,
      document,
      failure,
    }));
    return { named: told, entry };
  });
  const confirm = {
    tags: TAGS,
    summary: "Confirms a warrant as its second officer; it counts from now for its days.",
    params: ID_PARAMS,
    response: answers({ 200: Type.Object({ until: Type.String(), entry: ENTRY }) }),
  };
  app.post("/v1/warrants/:id/confirm", { config: PERSON, schema: confirm }, async (request) => {
    const { id } = request.params;
    const { until, entry } = await confirmWarrant(desk, { id, actor: actorOf(request) });
    return { until: until.toISOString(), entry };
  });
}

/** `/v1/warrants`. */
export function warrantRoutes(app: App, serving: ApiServing): void {
  fileRoute(app, serving);
  listRoute(app, serving);
  confirmRoutes(app, serving);
}
