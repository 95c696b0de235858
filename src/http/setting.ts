/** Settings over HTTP (总部锁定, 授权申请): what counts and why, changes, and requests for them. */
import { Type } from "typebox";
import { answerAuthorisation, fileRequest } from "../access/authorisation-request.ts";
import { authoriseWithin } from "../access/authorise-within.ts";
import type { Ruling } from "../access/ruling.ts";
import {
  readAuthorisations,
  readHistory,
  readProposals,
  readSetting,
  readSettings,
} from "../access/policy-reading.ts";
import { approveSetting } from "../access/setting-approval.ts";
import { decideSetting } from "../access/setting-change.ts";
import { rulingTag } from "../access/setting.ts";
import { SETTING_NAMES } from "../rules/setting.ts";
import { todayAt } from "../access/desk.ts";
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
  UUID,
} from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["settings"];
const VALUE = Type.String({ minLength: 1, maxLength: 500 });
const PARAMS = Type.Object({ id: UUID, name: oneOf(SETTING_NAMES) });

const SAID = {
  organisation: Type.String(),
  /** Id of who said it of the organisation; null where nothing stands or it stood elsewhere. */
  by: NULLABLE_TEXT,
  outcome: Type.String(),
  value: NULLABLE_TEXT,
  mode: NULLABLE_TEXT,
  version: Type.Integer(),
  reason: NULLABLE_TEXT,
  at: NULLABLE_TEXT,
};
const RULING = {
  name: Type.String(),
  value: Type.String(),
  /** Id of whom it was said; null for the value that counts where nobody has said anything. */
  source: NULLABLE_TEXT,
  /** Id of who said it; null also where whoever said it no longer stands above. */
  by: NULLABLE_TEXT,
  mode: Type.String(),
  /** The loosest value that may be said below; null when any may. */
  floor: NULLABLE_TEXT,
  steps: Type.Array(Type.Object(SAID)),
};

function told({ name, value, source, by: sayer, mode, floor, steps }: Ruling) {
  const said = steps.map(({ organisation, by, outcome, setting }) => ({
    organisation: organisation.id,
    by: by?.id ?? null,
    outcome,
    value: setting?.value ?? null,
    mode: setting?.mode ?? null,
    version: setting?.version ?? 0,
    reason: setting?.reason ?? null,
    at: setting?.at.toISOString() ?? null,
  }));
  const ids = { source: source?.id ?? null, by: sayer?.id ?? null };
  return { name, value, ...ids, mode, floor, steps: said };
}

function readRoutes(app: App, { desk }: ApiServing): void {
  const all = {
    tags: TAGS,
    summary: "What counts for an organisation now, and who said it.",
    params: ID_PARAMS,
    response: answers({ 200: Type.Object({ settings: Type.Array(Type.Object(RULING)) }) }),
  };
  const at = "/v1/organisations/:id/settings";
  app.get(at, { config: PERSON, schema: all }, async (request) => {
    const { id: organisation } = request.params;
    const rulings = await readSettings(desk, { organisation, actor: actorOf(request) });
    return { settings: rulings.map(told) };
  });
  const one = {
    tags: TAGS,
    summary: "What counts and why, with an ETag to change it by.",
    params: PARAMS,
    response: answers({ 200: Type.Object(RULING) }),
  };
  app.get(`${at}/:name`, { config: PERSON, schema: one }, async (request, reply) => {
    const { id: organisation, name } = request.params;
    const ruling = await readSetting(desk, { organisation, name, actor: actorOf(request) });
    reply.header("etag", `"${rulingTag(ruling)}"`);
    return told(ruling);
  });
  const history = {
    tags: TAGS,
    summary: "Every version that the organisation itself gave the setting, oldest first.",
    params: PARAMS,
    response: answers({ 200: Type.Object({ versions: Type.Array(Type.Object(VERSION)) }) }),
  };
  app.get(`${at}/:name/history`, { config: PERSON, schema: history }, async (request) => {
    const { id: organisation, name } = request.params;
    const rows = await readHistory(desk, { organisation, name, actor: actorOf(request) });
    return { versions: rows.map((row) => ({ ...row, by: row.byId, at: row.at.toISOString() })) };
  });
}

const VERSION = {
  version: Type.Integer(),
  /** Id of the organisation in whose name it was said. */
  by: UUID,
  value: Type.String(),
  mode: Type.String(),
  reason: Type.String(),
  actor: Type.String(),
  at: Type.String(),
};

const CHANGED = Type.Object({ version: Type.Integer(), entry: ENTRY });
const TAG = /^"([\w-]{22})"$/;

const CHANGE = closedObject({
  value: VALUE,
  mode: Type.Optional(oneOf(["set", "delegated", "locked"])),
  /** Of a delegation: the loosest value that may be said below. */
  bound: Type.Optional(VALUE),
  /** Who decides; the organisation itself without it. */
  by: Type.Optional(ORGANISATION),
  reason: REASON,
});

/** What the asker has seen by its ETag; a tag that is none of ours was never the right one. */
function seenTag(match: string | undefined): string | undefined {
  return match === undefined ? undefined : (TAG.exec(match)?.[1] ?? "");
}

function changeRoute(app: App, { desk }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary:
      "Sets a value, hands the decision on (`delegated`) or locks it; with If-Match only while " +
      "nothing else was said since. What loosens is proposed and waits for another person (202).",
    params: PARAMS,
    headers: Type.Object({ "if-match": Type.Optional(Type.String({ maxLength: 40 })) }),
    body: CHANGE,
    response: answers({
      200: CHANGED,
      202: Type.Object({ proposal: UUID, expiresAt: Type.String(), entry: ENTRY }),
    }),
  };
  const at = "/v1/organisations/:id/settings/:name";
  app.put(at, { config: PERSON, schema }, async (request, reply) => {
    const { id: organisation, name } = request.params;
    const { value, mode = "set", by = null, bound = null, reason } = request.body;
    const actor = actorOf(request);
    const deciders = by === null ? [organisation] : [organisation, by];
    await authoriseWithin(desk, { actor, verb: "change-setting" }, deciders);
    const seen = seenTag(request.headers["if-match"]);
    const asked = { organisation, name, value, mode, by, bound, reason, actor, seen };
    const outcome = await decideSetting(desk, asked);
    if ("change" in outcome) {
      const { setting, entry } = outcome.change;
      return { version: setting.version, entry };
    }
    const { proposal, entry } = outcome.proposed;
    const { id: waiting, expiresAt } = proposal;
    return reply.code(202).send({ proposal: waiting, expiresAt: expiresAt.toISOString(), entry });
  });
}

const PROPOSAL = {
  id: UUID,
  organisation: UUID,
  setting: Type.String(),
  value: Type.String(),
  mode: Type.String(),
  reason: Type.String(),
  proposedBy: Type.String(),
  expiresAt: Type.String(),
};

function approvalRoutes(app: App, { desk }: ApiServing): void {
  const list = {
    tags: TAGS,
    summary: "Changes that wait for another person, oldest first.",
    response: answers({ 200: Type.Object({ proposals: Type.Array(Type.Object(PROPOSAL)) }) }),
  };
  app.get("/v1/setting-proposals", { config: PERSON, schema: list }, async (request) => {
    const rows = await readProposals(desk, actorOf(request));
    const proposals = rows.map((row) => {
      const { organisationId: organisation, name: setting, expiresAt } = row;
      return { ...row, organisation, setting, expiresAt: expiresAt.toISOString() };
    });
    return { proposals };
  });
  const schema = {
    tags: TAGS,
    summary: "Approves a change that another person proposed; it counts at once.",
    params: ID_PARAMS,
    response: answers({ 200: CHANGED }),
  };
  const at = "/v1/setting-proposals/:id/approve";
  app.post(at, { config: PERSON, schema }, async (request) => {
    const { id } = request.params;
    const { setting, entry } = await approveSetting(desk, { id, actor: actorOf(request) });
    return { version: setting.version, entry };
  });
}

const REQUEST_ROW = {
  id: Type.String(),
  from: Type.String(),
  to: Type.String(),
  setting: Type.String(),
  wanted: Type.String(),
  reason: Type.String(),
  filedOn: Type.String(),
  answer: NULLABLE_TEXT,
  answeredOn: NULLABLE_TEXT,
  waitingDays: Type.Integer(),
};

function requestListRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Requests for a setting, oldest first: the tenant's, or of a branch its own.",
    querystring: PAGE_QUERY,
    response: answers({ 200: pageAnswer(REQUEST_ROW) }),
  };
  app.get("/v1/authorisations", { config: PERSON, schema }, async (request) => {
    const { desk } = serving;
    const actor = actorOf(request);
    const on = todayAt(desk);
    const listed = await readAuthorisations(desk, { viewer: actor.organisationId, on, actor });
    const rows = listed.map((row) => ({
      ...row,
      from: row.fromOrganisation,
      to: row.toOrganisation,
      answer: row.answered?.answer ?? null,
    }));
    const placeOf = ({ filedOn, id }: { filedOn: string; id: string }) => `${filedOn} ${id}`;
    return pageOf(serving, request, { list: "authorisations", rows, placeOf });
  });
}

function requestRoutes(app: App, { desk }: ApiServing): void {
  const file = {
    tags: TAGS,
    summary: "An outlet asks its headquarters for a value that it may not set itself.",
    body: closedObject({
      from: ORGANISATION,
      setting: oneOf(SETTING_NAMES),
      wanted: VALUE,
      /** `delegated` to be left the decision as far as `wanted`. */
      mode: Type.Optional(oneOf(["set", "delegated"])),
      reason: REASON,
    }),
    response: answers({ 201: Type.Object({ id: Type.String(), entry: ENTRY }) }),
  };
  app.post("/v1/authorisations", { config: PERSON_KEPT, schema: file }, async (request, reply) => {
    const actor = actorOf(request);
    const filed = await fileRequest(desk, { ...request.body, actor });
    return reply.code(201).send({ id: filed.request.id, entry: filed.entry });
  });
  const answer = {
    tags: TAGS,
    summary: "Headquarters grants or refuses; a grant lets the outlet set exactly that value.",
    params: ID_PARAMS,
    body: closedObject({ answer: oneOf(["granted", "refused"]), by: ORGANISATION, reason: REASON }),
    response: answers({ 200: ENTRY_ANSWER }),
  };
  app.post("/v1/authorisations/:id/answer", { config: PERSON, schema: answer }, async (request) => {
    const actor = actorOf(request);
    const asked = { ...request.body, id: request.params.id, actor };
    const { entry } = await answerAuthorisation(desk, asked);
    return { entry };
  });
}

/** `/v1/organisations/:id/settings` and `/v1/authorisations`. */
export function settingRoutes(app: App, serving: ApiServing): void {
  readRoutes(app, serving);
  changeRoute(app, serving);
  approvalRoutes(app, serving);
  requestListRoute(app, serving);
  requestRoutes(app, serving);
}
