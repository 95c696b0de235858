/** Quotas of looking (查看限额) over HTTP: what is spent, and raises that two people decide. */
import { Type } from "typebox";
import { approveRaise, askQuotaRaise } from "../access/quota-raise.ts";
import { quotaOverview } from "../access/quota.ts";
import { answers } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON, PERSON_KEPT } from "./caller.ts";
import { closedObject, ENTRY_ANSWER, ID_PARAMS, REASON } from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["quotas"];
const EXTRA_MAX = 1_000_000;
const HOURS_MAX = 72;
const WORD = Type.String({ minLength: 1, maxLength: 16 });

const COUNTER = Type.Object({
  scope: Type.String(),
  key: Type.String(),
  span: Type.String(),
  spent: Type.Integer(),
  limit: Type.Integer(),
});

function raiseRoutes(app: App, { desk }: ApiServing): void {
  const ask = {
    tags: TAGS,
    summary: "Asks for more than a quota allows, for some hours; another person approves it.",
    body: closedObject({
      scope: WORD,
      key: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
      span: WORD,
      extra: Type.Integer({ minimum: 1, maximum: EXTRA_MAX }),
      hours: Type.Integer({ minimum: 1, maximum: HOURS_MAX }),
      reason: REASON,
    }),
    response: answers({ 201: Type.Object({ id: Type.String() }) }),
  };
  app.post("/v1/quotas/raises", { config: PERSON_KEPT, schema: ask }, async (request, reply) => {
    const { key = null, ...asked } = request.body;
    const { id } = await askQuotaRaise(desk, { ...asked, key, actor: actorOf(request) });
    return reply.code(201).send({ id });
  });
  const approve = {
    tags: TAGS,
    summary: "Approves a raise that somebody else asked for.",
    params: ID_PARAMS,
    response: answers({ 200: ENTRY_ANSWER }),
  };
  const at = "/v1/quotas/raises/:id/approve";
  app.post(at, { config: PERSON, schema: approve }, async (request) => {
    const { id } = request.params;
    const { entry } = await approveRaise(desk, { id, actor: actorOf(request) });
    return { entry };
  });
}

/** `/v1/quotas`. */
export function quotaRoutes(app: App, serving: ApiServing): void {
  const { desk } = serving;
  raiseRoutes(app, serving);
  const schema = {
    tags: TAGS,
    summary: "What is spent of each quota now.",
    response: answers({ 200: Type.Object({ counters: Type.Array(COUNTER) }) }),
  };
  app.get("/v1/quotas", { config: PERSON, schema }, async (request) => {
    const { counters } = await quotaOverview(desk, actorOf(request));
    return {
      counters: counters.map(({ scope, key, span, spent, limit }) => {
        return { scope, key, span, spent, limit };
      }),
    };
  });
}
