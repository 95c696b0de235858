/** Break-glass (应急查看) over HTTP: opened with reason and evidence, then judged. */
import { Type } from "typebox";
import {
  BREAK_GLASS_MINUTES_MAX,
  EVIDENCE_BYTES_MAX,
  FINDING_NAMES,
} from "../rules/break-glass.ts";
import { acknowledge, breakGlass, breakGlasses, openEvidence } from "../vault/break-glass.ts";
import { answers, TOKEN } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON } from "./caller.ts";
import { PAGE_MEMBERS, pageAnswer, pageOf } from "./paging.ts";
import {
  closedObject,
  ENTRY,
  ENTRY_ANSWER,
  ID_PARAMS,
  NULLABLE_TEXT,
  oneOf,
  REASON,
} from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["reveal"];
/** Four characters of Base64 for three bytes. */
const EVIDENCE_CHARACTERS_MAX = Math.ceil(EVIDENCE_BYTES_MAX / 3) * 4;
const OPEN_BODY_BYTES_MAX = EVIDENCE_CHARACTERS_MAX + 16_384;

function openRoute(app: App, { vault }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Opens one waybill to the asker for some minutes, and tells the privacy officer.",
    body: closedObject({
      token: TOKEN,
      reason: REASON,
      /** A photo or document (JPEG, PNG, PDF), Base64. */
      evidence: Type.String({
        minLength: 4,
        maxLength: EVIDENCE_CHARACTERS_MAX,
        pattern: "^[A-Za-z0-9+/]+={0,2}$",
      }),
      minutes: Type.Integer({ minimum: 1, maximum: BREAK_GLASS_MINUTES_MAX }),
    }),
    response: answers({
      201: Type.Object({ id: Type.String(), until: Type.String(), entry: ENTRY }),
    }),
  };
  const bounds = { config: PERSON, schema, bodyLimit: OPEN_BODY_BYTES_MAX };
  app.post("/v1/break-glass", bounds, async (request, reply) => {
    const { evidence, ...asked } = request.body;
    const bytes = Buffer.from(evidence, "base64");
    const broken = await breakGlass(vault, { ...asked, evidence: bytes, actor: actorOf(request) });
    const { id, until, entry } = broken;
    return reply.code(201).send({ id, until: until.toISOString(), entry });
  });
}

const ROW = {
  id: Type.String(),
  token: NULLABLE_TEXT,
  openedAt: Type.String(),
  until: Type.String(),
  actor: Type.String(),
  reason: Type.String(),
  looks: Type.Integer(),
  finding: NULLABLE_TEXT,
};

function listRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "What was opened in an emergency and waits to be judged; with `all` also what was.",
    querystring: closedObject({ ...PAGE_MEMBERS, all: Type.Optional(Type.Boolean()) }),
    response: answers({ 200: pageAnswer(ROW) }),
  };
  app.get("/v1/break-glass", { config: PERSON, schema }, async (request) => {
    const { all = false } = request.query;
    const listed = await breakGlasses(serving.vault, { actor: actorOf(request), all });
    const rows = listed.map((row) => ({
      ...row,
      openedAt: row.openedAt.toISOString(),
      until: row.untilAt.toISOString(),
    }));
    const list = `break-glass ${all}`;
    const placeOf = ({ openedAt, id }: { openedAt: string; id: string }) => `${openedAt} ${id}`;
    return pageOf(serving, request, { list, rows, placeOf });
  });
}

function judgeRoutes(app: App, { vault }: ApiServing): void {
  const judge = {
    tags: TAGS,
    summary: "The privacy officer says what is thought of one; an unjustified one ends at once.",
    params: ID_PARAMS,
    body: closedObject({ finding: oneOf(FINDING_NAMES) }),
    response: answers({ 200: ENTRY_ANSWER }),
  };
  const at = "/v1/break-glass/:id";
  app.post(`${at}/acknowledge`, { config: PERSON, schema: judge }, async (request) => {
    const { finding } = request.body;
    const { id } = request.params;
    const { entry } = await acknowledge(vault, { id, finding, actor: actorOf(request) });
    return { entry };
  });
  const look = {
    tags: TAGS,
    summary: "The privacy officer opens the evidence (Base64); an entry.",
    params: ID_PARAMS,
    response: answers({ 200: Type.Object({ evidence: Type.String(), entry: ENTRY }) }),
  };
  app.post(`${at}/evidence`, { config: PERSON, schema: look }, async (request) => {
    const { id } = request.params;
    const { file, entry } = await openEvidence(vault, { id, actor: actorOf(request) });
    return { evidence: Buffer.from(file).toString("base64"), entry };
  });
}

/** `/v1/break-glass`. */
export function breakGlassRoutes(app: App, serving: ApiServing): void {
  openRoute(app, serving);
  listRoute(app, serving);
  judgeRoutes(app, serving);
}
