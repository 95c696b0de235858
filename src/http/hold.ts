/** Holds (留存冻结) over HTTP: placed, listed, released. */
import { Type } from "typebox";
import { HOLD_REASON_NAMES } from "../rules/hold.ts";
import { holds, placeHold, releaseHold, withTokens } from "../vault/hold.ts";
import type { ListedHold } from "../vault/hold.ts";
import { answers, TOKEN } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON, PERSON_KEPT } from "./caller.ts";
import { PAGE_MEMBERS, pageAnswer, pageOf } from "./paging.ts";
import { closedObject, DAY, ENTRY, ID_PARAMS, NULLABLE_TEXT, oneOf } from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["holds"];
const REASONS = oneOf(HOLD_REASON_NAMES);
const TEXT = Type.String({ minLength: 1, maxLength: 100 });

const ROW = {
  id: Type.String(),
  /** Empty once the shell is gone too. */
  token: Type.String(),
  reason: Type.String(),
  authority: Type.String(),
  document: NULLABLE_TEXT,
  until: Type.String(),
  state: Type.String(),
  placedAt: Type.String(),
  endedAt: NULLABLE_TEXT,
};

function told({ untilDay, placedAt, endedAt, ...hold }: ListedHold) {
  return {
    ...hold,
    until: untilDay,
    placedAt: placedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}

function listRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "The holds that stand, by last day; with `ended` also those that are over.",
    querystring: closedObject({ ...PAGE_MEMBERS, ended: Type.Optional(Type.Boolean()) }),
    response: answers({ 200: pageAnswer(ROW) }),
  };
  app.get("/v1/holds", { config: PERSON, schema }, async (request) => {
    const { vault } = serving;
    const { ended = false } = request.query;
    const rows = await holds(vault, { ended, actor: actorOf(request) });
    const list = `holds ${ended}`;
    const page = await pageOf(serving, request, {
      list,
      rows,
      placeOf: ({ untilDay, id }) => `${untilDay} ${id}`,
    });
    const items = (await withTokens(vault, page.items)).map(told);
    return { ...page, items };
  });
}

function placeRoute(app: App, { vault }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Keeps the persons of a waybill from dying before `until`, for a reason.",
    body: closedObject({
      token: TOKEN,
      reason: REASONS,
      authority: TEXT,
      document: Type.Optional(TEXT),
      until: DAY,
    }),
    response: answers({
      201: Type.Object({ id: Type.String(), until: Type.String(), entry: ENTRY }),
    }),
  };
  app.post("/v1/holds", { config: PERSON_KEPT, schema }, async (request, reply) => {
    const { document = null, ...asked } = request.body;
    const placed = await placeHold(vault, { ...asked, document, actor: actorOf(request) });
    const { id, untilDay: until } = placed.hold;
    return reply.code(201).send({ id, until, entry: placed.entry });
  });
}

/** `/v1/holds`. */
export function holdRoutes(app: App, serving: ApiServing): void {
  listRoute(app, serving);
  placeRoute(app, serving);
  const schema = {
    tags: TAGS,
    summary:
      "Ends a hold. `erased` names the entry of the waybill's death, if it lived by it alone.",
    params: ID_PARAMS,
    response: answers({ 200: Type.Object({ entry: ENTRY, erased: NULLABLE_TEXT }) }),
  };
  app.post("/v1/holds/:id/release", { config: PERSON, schema }, async (request) => {
    const { id } = request.params;
    const { entry, erased } = await releaseHold(serving.vault, { id, actor: actorOf(request) });
    return { entry, erased };
  });
}
