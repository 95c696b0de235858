/** Retention over HTTP (保存期限): what counts, changes, and what dies in the next days. */
import { Type } from "typebox";
import { authorise } from "../access/authorise.ts";
import { readTerms } from "../access/policy-reading.ts";
import { setTerm } from "../access/retention.ts";
import { RETENTION_CLASSES } from "../rules/retention.ts";
import { PLAN_DAYS_MAX, retentionPlan } from "../vault/retention-plan.ts";
import type { RetentionPlan } from "../vault/retention-plan.ts";
import { answers } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON } from "./caller.ts";
import { closedObject, ENTRY, oneOf, ORGANISATION, REASON } from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["retention"];
const PLAN_DAYS = 30;

const TERM = Type.Object({
  class: Type.String(),
  days: Type.Integer(),
  floorDays: Type.Integer(),
  ceilingDays: Type.Integer(),
  force: Type.String(),
  source: Type.Unsafe<Record<string, unknown>>({ type: "object", additionalProperties: true }),
});
const DEATHS = Type.Array(
  Type.Object({ day: Type.String(), compartment: Type.String(), waybills: Type.Integer() }),
);
const COUNTS = Type.Array(Type.Object({ day: Type.String(), waybills: Type.Integer() }));
const DAYS = Type.Array(Type.String());
const PLAN = Type.Object({
  from: Type.String(),
  to: Type.String(),
  overdue: DEATHS,
  persons: DEATHS,
  indexWeeks: DAYS,
  shellWeeks: DAYS,
  access: COUNTS,
  holds: COUNTS,
});

function told({ from, to, ...plan }: RetentionPlan) {
  return {
    from,
    to,
    overdue: [...plan.overdue],
    persons: [...plan.persons],
    indexWeeks: [...plan.indexWeeks],
    shellWeeks: [...plan.shellWeeks],
    access: [...plan.access],
    holds: [...plan.holds],
  };
}

function termRoutes(app: App, { desk }: ApiServing): void {
  const show = {
    tags: TAGS,
    summary: "The terms that count now, each with its bounds and its source.",
    querystring: closedObject({ organisation: Type.Optional(ORGANISATION) }),
    response: answers({ 200: Type.Object({ terms: Type.Array(TERM) }) }),
  };
  app.get("/v1/retention", { config: PERSON, schema: show }, async (request) => {
    const { organisation = null } = request.query;
    const terms = await readTerms(desk, { organisation, actor: actorOf(request) });
    return { terms: terms.map(({ source, ...term }) => ({ ...term, source: { ...source } })) };
  });
  const set = {
    tags: TAGS,
    summary: "Sets a term for the tenant, or a tighter one for a branch; it counts from then on.",
    params: Type.Object({ class: oneOf(RETENTION_CLASSES) }),
    body: closedObject({
      days: Type.Integer({ minimum: 1, maximum: PLAN_DAYS_MAX }),
      organisation: Type.Optional(ORGANISATION),
      reason: REASON,
    }),
    response: answers({ 200: Type.Object({ version: Type.Integer(), entry: ENTRY }) }),
  };
  app.put("/v1/retention/:class", { config: PERSON, schema: set }, async (request) => {
    const actor = actorOf(request);
    const { days, organisation = null, reason } = request.body;
    const asked = { class: request.params.class, days, organisation, reason, actor };
    const { term, entry } = await setTerm(desk, asked);
    return { version: term.version, entry };
  });
}

/** `/v1/retention`. */
export function retentionRoutes(app: App, serving: ApiServing): void {
  termRoutes(app, serving);
  const schema = {
    tags: TAGS,
    summary: "What dies in the next days, what closes, and what is late.",
    querystring: closedObject({
      days: Type.Optional(Type.Integer({ minimum: 1, maximum: PLAN_DAYS_MAX })),
    }),
    response: answers({ 200: PLAN }),
  };
  app.get("/v1/retention/plan", { config: PERSON, schema }, async (request) => {
    const { vault } = serving;
    await authorise(vault, { actor: actorOf(request), verb: "set-retention" });
    return told(await retentionPlan(vault, request.query.days ?? PLAN_DAYS));
  });
}
