/** Organisations over HTTP: the tree, founding, moving, closing. */
import { Type } from "typebox";
import { closeOrganisation, moveOrganisation } from "../access/organisation-move.ts";
import { foundBelow, foundHeadquarters } from "../access/organisation.ts";
import { seenOrganisations } from "../access/policy-reading.ts";
import { ORGANISATION_FORMS } from "../rules/organisation-kind.ts";
import { answers } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON, PERSON_KEPT } from "./caller.ts";
import { PAGE_QUERY, pageAnswer, pageOf } from "./paging.ts";
import {
  closedObject,
  ENTRY,
  ENTRY_ANSWER,
  ID_PARAMS,
  NULLABLE_TEXT,
  oneOf,
  ORGANISATION,
  REASON,
} from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["organisations"];
const NAMES_MAX = 100;
const LOWER_KINDS = ["region", "branch", "outlet", "station", "merchant"] as const;

const ROW = {
  id: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  form: NULLABLE_TEXT,
  parent: NULLABLE_TEXT,
  openedOn: Type.String(),
  closedOn: NULLABLE_TEXT,
};

function listRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "The tenant's organisations and the authorities.",
    querystring: PAGE_QUERY,
    response: answers({ 200: pageAnswer(ROW) }),
  };
  app.get("/v1/organisations", { config: PERSON, schema }, async (request) => {
    const listed = await seenOrganisations(serving.desk, actorOf(request));
    const rows = listed.map(({ parentId: parent, ...row }) => ({ ...row, parent }));
    return pageOf(serving, request, { list: "organisations", rows, placeOf: ({ id }) => id });
  });
}

function foundRoute(app: App, { desk }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary:
      "Founds organisations below `under` (headquarters without it), or headquarters itself.",
    body: closedObject({
      kind: oneOf(["headquarters", ...LOWER_KINDS]),
      form: Type.Optional(oneOf(ORGANISATION_FORMS)),
      under: Type.Optional(ORGANISATION),
      names: Type.Array(ORGANISATION, { minItems: 1, maxItems: NAMES_MAX }),
    }),
    response: answers({
      201: Type.Object({
        organisations: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
        entry: ENTRY,
      }),
    }),
  };
  app.post("/v1/organisations", { config: PERSON_KEPT, schema }, async (request, reply) => {
    const { kind, form, under: parent = null, names } = request.body;
    const actor = actorOf(request);
    const [name = "", ...outlets] = names;
    const founded =
      kind === "headquarters"
        ? await foundHeadquarters(desk, { name, outlets, actor })
        : await foundBelow(desk, { kind, parent, names, actor, ...(form && { form }) });
    const organisations = founded.organisations.map((one) => ({ id: one.id, name: one.name }));
    return reply.code(201).send({ organisations, entry: founded.entry });
  });
}

/** `/v1/organisations`. */
export function organisationRoutes(app: App, serving: ApiServing): void {
  const { desk } = serving;
  listRoute(app, serving);
  foundRoute(app, serving);
  const move = {
    tags: TAGS,
    summary: "Moves an organisation, and what stands below it, under another.",
    params: ID_PARAMS,
    body: closedObject({ under: ORGANISATION, reason: REASON }),
    response: answers({ 200: ENTRY_ANSWER }),
  };
  app.post("/v1/organisations/:id/move", { config: PERSON, schema: move }, async (request) => {
    const actor = actorOf(request);
    const { under, reason } = request.body;
    const { id: organisation } = request.params;
    const { entry } = await moveOrganisation(desk, { organisation, under, reason, actor });
    return { entry };
  });
  const close = {
    tags: TAGS,
    summary: "Closes an organisation that has nothing open below it.",
    params: ID_PARAMS,
    body: closedObject({ reason: REASON }),
    response: answers({ 200: ENTRY_ANSWER }),
  };
  app.post("/v1/organisations/:id/close", { config: PERSON, schema: close }, async (request) => {
    const actor = actorOf(request);
    const { reason } = request.body;
    const { id: organisation } = request.params;
    const { entry } = await closeOrganisation(desk, { organisation, reason, actor });
    return { entry };
  });
}
