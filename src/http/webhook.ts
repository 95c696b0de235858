/** Webhooks (事件通知) over HTTP: registered, rotated, ended; what they were told, and told again. */
import { Type } from "typebox";
import {
  addWebhook,
  endWebhook,
  listDeliveries,
  listWebhooks,
  replayWebhookDelivery,
  rotateWebhook,
} from "../access/webhook.ts";
import { WEBHOOK_EVENT_NAMES } from "../rules/webhook.ts";
import { answers } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON, PERSON_SHOWN_ONCE } from "./caller.ts";
import { PAGE_QUERY, pageAnswer, pageOf } from "./paging.ts";
import {
  closedObject,
  ENTRY,
  ENTRY_ANSWER,
  ID_PARAMS,
  NULLABLE_INTEGER,
  NULLABLE_TEXT,
  oneOf,
  UUID,
} from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["webhooks"];
const URL_CHARACTERS_MAX = 500;

const ROW = {
  id: Type.String(),
  url: Type.String(),
  events: Type.Array(Type.String()),
  madeAt: Type.String(),
  rotatedAt: NULLABLE_TEXT,
};
const MADE = Type.Object({ id: Type.String(), secret: Type.String(), entry: ENTRY });
const DELIVERY = {
  id: Type.String(),
  event: Type.String(),
  state: Type.String(),
  attempts: Type.Integer(),
  status: NULLABLE_INTEGER,
  failure: NULLABLE_TEXT,
  madeAt: Type.String(),
  nextAt: NULLABLE_TEXT,
  endedAt: NULLABLE_TEXT,
  body: Type.String(),
};

function listRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "The webhooks of the tenant, without their secrets.",
    querystring: PAGE_QUERY,
    response: answers({ 200: pageAnswer(ROW) }),
  };
  app.get("/v1/webhooks", { config: PERSON, schema }, async (request) => {
    const listed = await listWebhooks(serving.desk, actorOf(request));
    const rows = listed.map(({ id, url, events, madeAt, rotatedAt }) => ({
      id,
      url,
      events: [...events],
      madeAt: madeAt.toISOString(),
      rotatedAt: rotatedAt?.toISOString() ?? null,
    }));
    return pageOf(serving, request, { list: "webhooks", rows, placeOf: ({ id }) => id });
  });
}

function addRoute(app: App, { desk, ownNetworks }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Registers an https address for events; the secret is shown once.",
    body: closedObject({
      url: Type.String({ minLength: 8, maxLength: URL_CHARACTERS_MAX }),
      events: Type.Array(oneOf(WEBHOOK_EVENT_NAMES), {
        minItems: 1,
        maxItems: WEBHOOK_EVENT_NAMES.length,
      }),
    }),
    response: answers({ 201: MADE }),
  };
  app.post("/v1/webhooks", { config: PERSON_SHOWN_ONCE, schema }, async (request, reply) => {
    const asked = { ...request.body, actor: actorOf(request) };
    return reply.code(201).send(await addWebhook(desk, asked, ownNetworks));
  });
}

function changeRoutes(app: App, { desk }: ApiServing): void {
  const rotate = {
    tags: TAGS,
    summary: "A new secret, shown once; the one before signs along for a day.",
    params: ID_PARAMS,
    response: answers({ 201: MADE }),
  };
  app.post(
    "/v1/webhooks/:id/rotate",
    { config: PERSON_SHOWN_ONCE, schema: rotate },
    async (request, reply) => {
      const asked = { id: request.params.id, actor: actorOf(request) };
      return reply.code(201).send(await rotateWebhook(desk, asked));
    },
  );
  const end = {
    tags: TAGS,
    summary: "Ends a webhook; what waits is told to nobody.",
    params: ID_PARAMS,
    response: answers({ 200: ENTRY_ANSWER }),
  };
  app.delete("/v1/webhooks/:id", { config: PERSON, schema: end }, async (request) => {
    return { entry: await endWebhook(desk, { id: request.params.id, actor: actorOf(request) }) };
  });
}

/** Newest first: the place of a row runs against its time. */
function newestFirst({ madeAt, id }: { readonly madeAt: Date; readonly id: string }): string {
  return `${String(Number.MAX_SAFE_INTEGER - madeAt.getTime())} ${id}`;
}

const DELIVERIES = "/v1/webhooks/:id/deliveries";

function deliveryListRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "What a webhook was told in thirty days, newest first, and how each attempt went.",
    params: ID_PARAMS,
    querystring: PAGE_QUERY,
    response: answers({ 200: pageAnswer(DELIVERY) }),
  };
  app.get(DELIVERIES, { config: PERSON, schema }, async (request) => {
    const { id } = request.params;
    const rows = await listDeliveries(serving.desk, { id, actor: actorOf(request) });
    const page = await pageOf(serving, request, {
      list: `deliveries ${id}`,
      rows,
      placeOf: newestFirst,
    });
    const items = page.items.map((row) => ({
      ...row,
      madeAt: row.madeAt.toISOString(),
      nextAt: row.nextAt?.toISOString() ?? null,
      endedAt: row.endedAt?.toISOString() ?? null,
    }));
    return { items, next: page.next };
  });
}

function replayRoute(app: App, { desk }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Tells a delivery again, with all its attempts.",
    params: Type.Object({ id: UUID, delivery: UUID }),
    response: answers({ 204: Type.Null() }),
  };
  app.post(`${DELIVERIES}/:delivery/replay`, { config: PERSON, schema }, async (request, reply) => {
    await replayWebhookDelivery(desk, { ...request.params, actor: actorOf(request) });
    return reply.code(204).send(null);
  });
}

/** `/v1/webhooks`. */
export function webhookRoutes(app: App, serving: ApiServing): void {
  listRoute(app, serving);
  addRoute(app, serving);
  changeRoutes(app, serving);
  deliveryListRoute(app, serving);
  replayRoute(app, serving);
}
