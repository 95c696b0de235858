/** Exports (导出) over HTTP: asked for, looked at, downloaded within a day. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { Readable } from "node:stream";
import { Type } from "typebox";
import type { TSchema } from "typebox";
import {
  EXPORT_FORMAT_NAMES,
  EXPORT_FORMATS,
  EXPORT_KIND_NAMES,
  EXPORT_PURPOSES,
  EXPORT_STATES,
} from "../rules/export.ts";
import { Failure } from "../rules/failure.ts";
import type { Purpose } from "../rules/purposes.ts";
import { ORDER_STATES } from "../rules/question.ts";
import { awaitExport, dropExport, listExports } from "../vault/export-own.ts";
import type { SeenExport } from "../vault/export-own.ts";
import { takeExport } from "../vault/export-take.ts";
import type { KeptFile } from "../vault/export-take.ts";
import { LOG_QUESTIONS } from "../vault/log-query.ts";
import type { LogQuestion } from "../vault/log-query.ts";
import type { DrawnList } from "../vault/masked-list.ts";
import { answers } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { byteRange } from "./byte-range.ts";
import { actorOf } from "./caller.ts";
import {
  DAY,
  dayIn,
  ID_PARAMS,
  NULLABLE_INTEGER,
  NULLABLE_TEXT,
  oneOf,
  ORGANISATION,
} from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["exports"];
const PERSON = { caller: "person" } as const;
const SECOND_MS = 1_000;
const WAIT_SECONDS_MAX = 60;
const WAIT = Type.Object(
  { waitSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: WAIT_SECONDS_MAX })) },
  { additionalProperties: false },
);
// The keys of the table are the questions.
const QUESTIONS = Object.keys(LOG_QUESTIONS) as LogQuestion[];

const EXPORT = Type.Object({
  id: Type.String(),
  kind: oneOf(EXPORT_KIND_NAMES),
  state: oneOf(EXPORT_STATES),
  format: oneOf(EXPORT_FORMAT_NAMES),
  purpose: Type.Union([oneOf<Purpose>(EXPORT_PURPOSES), Type.Null()]),
  organisation: NULLABLE_TEXT,
  from: Type.String(),
  to: Type.String(),
  madeAt: Type.String(),
  expiresAt: Type.String(),
  failure: NULLABLE_TEXT,
  rows: NULLABLE_INTEGER,
  bytes: NULLABLE_INTEGER,
  sha256: NULLABLE_TEXT,
  entry: NULLABLE_TEXT,
});

function told(row: SeenExport) {
  const { tenantId: _tenant, accountId: _account, standing: _standing, ...own } = row;
  const { beatAt: _beat, endedAt: _ended, takenEntry: _taken, sha256, ...same } = own;
  return {
    ...same,
    from: row.from.toISOString(),
    to: row.to.toISOString(),
    madeAt: row.madeAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    sha256: sha256 === null ? null : Buffer.from(sha256).toString("hex"),
  };
}

const MERCHANT_CHARACTERS_MAX = 64;
const ASKED = Type.Object(
  {
    kind: oneOf(EXPORT_KIND_NAMES),
    from: DAY,
    to: DAY,
    organisation: Type.Optional(ORGANISATION),
    /** What it is for; a bundle has one purpose alone. */
    purpose: Type.Optional(oneOf<Purpose>(EXPORT_PURPOSES)),
    format: Type.Optional(oneOf(EXPORT_FORMAT_NAMES)),
    /** Of masked waybills: where the parcel stands, and whose order it is. */
    state: Type.Optional(oneOf(ORDER_STATES)),
    merchant: Type.Optional(Type.String({ minLength: 1, maxLength: MERCHANT_CHARACTERS_MAX })),
    /** Of entries of the log: those alone that answer this question. */
    question: Type.Optional(oneOf(QUESTIONS)),
  },
  { additionalProperties: false },
);

function beginRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary:
      "Makes an export of a period, from one day up to another, as a job: look at it until it is " +
      "ready. It is its maker's alone, for a day.",
    body: ASKED,
    response: answers({ 202: EXPORT }),
  };
  const config = { ...PERSON, once: "kept" } as const;
  app.post("/v1/exports", { config, schema }, async (request, reply) => {
    const { kind, organisation = null, purpose = null, format = null } = request.body;
    const { state = null, merchant = null, question = null } = request.body;
    const from = dayIn(request.body.from, "/from");
    const to = dayIn(request.body.to, "/to");
    const what = { kind, organisation, purpose, format, state, merchant, question, from, to };
    const begun = told(await serving.exporting.begin({ ...what, actor: actorOf(request) }));
    return reply.code(202).header("location", `/v1/exports/${begun.id}`).send(begun);
  });
}

function sendKept(request: FastifyRequest, reply: FastifyReply, file: KeptFile): FastifyReply {
  const { bytes, sha256, read, entry } = file;
  const etag = `"${Buffer.from(sha256).toString("hex")}"`;
  reply.headers({ etag, "accept-ranges": "bytes", "midan-entry": entry });
  const range = byteRange(bytes, request.headers, etag);
  if (range === "unsatisfiable") {
    reply.header("content-range", `bytes */${bytes}`);
    throw new Failure("RANGE_UNSATISFIABLE");
  }
  const { from, to } = range ?? { from: 0, to: bytes };
  if (range !== null) reply.code(206).header("content-range", `bytes ${from}-${to - 1}/${bytes}`);
  return reply
    .header("content-length", to - from)
    .send(Readable.from(read(from, to), { objectMode: false }));
}

/** It is made while it is read, so no part of it can be asked for, and no cache keeps it. */
function sendDrawn(reply: FastifyReply, { rows, entry, pieces }: DrawnList): FastifyReply {
  return reply
    .headers({ "accept-ranges": "none", "cache-control": "no-store" })
    .headers({ "midan-entry": entry, "midan-rows": String(rows) })
    .send(Readable.from(pieces(), { objectMode: false }));
}

function fileRoute(app: App, { vault }: ApiServing): void {
  // Of no type that a handler could be held against: it sends a stream.
  const types = Object.values(EXPORT_FORMATS).map((type) => [type, { schema: Type.String() }]);
  const content = Object.fromEntries(types) as Record<string, { schema: TSchema }>;
  const file = { content };
  const schema = {
    tags: TAGS,
    summary:
      "The file; a part of it with `Range` (one range), guarded by `If-Range` and its ETag. " +
      "Masked waybills come whole, as they are at that moment; `midan-rows` tells how many.",
    params: ID_PARAMS,
    response: answers({
      200: { description: "The whole.", ...file },
      206: { description: "The part that was asked for.", ...file },
    }),
  };
  const config = { ...PERSON, isLong: true } as const;
  // To ask for the head alone would write the entry of a download and open every view for nobody.
  const route = { config, schema, exposeHeadRoute: false };
  app.get("/v1/exports/:id/file", route, async (request, reply) => {
    const { id } = request.params;
    const taken = await takeExport(vault, { id, actor: actorOf(request) });
    const { format } = taken;
    reply
      .type(EXPORT_FORMATS[format])
      .header("content-disposition", `attachment; filename="midan-${id}.${format}"`);
    return "kept" in taken ? sendKept(request, reply, taken.kept) : sendDrawn(reply, taken.drawn);
  });
}

/** `/v1/exports`. */
export function exportRoutes(app: App, serving: ApiServing): void {
  const { vault } = serving;
  beginRoute(app, serving);
  const list = {
    tags: TAGS,
    summary: "One's own exports of the last day, newest first; ten at most.",
    response: answers({ 200: Type.Object({ items: Type.Array(EXPORT) }) }),
  };
  app.get("/v1/exports", { config: PERSON, schema: list }, async (request) => {
    const rows = await listExports(vault, actorOf(request));
    return { items: rows.map(told) };
  });
  const one = {
    tags: TAGS,
    summary: "How far one of one's own exports is; waits for it as long as `waitSeconds` says.",
    params: ID_PARAMS,
    querystring: WAIT,
    response: answers({ 200: EXPORT }),
  };
  app.get("/v1/exports/:id", { config: PERSON, schema: one }, async (request) => {
    const which = { id: request.params.id, actor: actorOf(request) };
    const { waitSeconds = 0 } = request.query;
    return told(await awaitExport(vault, which, waitSeconds * SECOND_MS));
  });
  fileRoute(app, serving);
  const drop = {
    tags: TAGS,
    summary: "Takes an export away with its file, before its day is over.",
    params: ID_PARAMS,
    response: answers({ 204: Type.Null() }),
  };
  app.delete("/v1/exports/:id", { config: PERSON, schema: drop }, async (request, reply) => {
    await dropExport(vault, { id: request.params.id, actor: actorOf(request) });
    return reply.code(204).send(null);
  });
}
