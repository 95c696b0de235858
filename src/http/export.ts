/** Exports (导出) over HTTP: asked for, looked at, downloaded within a day, in pieces if need be. */
import { Readable } from "node:stream";
import { Type } from "typebox";
import type { TSchema } from "typebox";
import { EXPORT_STATES } from "../rules/export.ts";
import { Failure } from "../rules/failure.ts";
import { awaitExport, dropExport, listExports, takeExport } from "../vault/export-job.ts";
import type { SeenExport } from "../vault/export-job.ts";
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

const EXPORT = Type.Object({
  id: Type.String(),
  kind: Type.Literal("inspector-bundle"),
  state: oneOf(EXPORT_STATES),
  organisation: NULLABLE_TEXT,
  from: Type.String(),
  to: Type.String(),
  madeAt: Type.String(),
  expiresAt: Type.String(),
  failure: NULLABLE_TEXT,
  bytes: NULLABLE_INTEGER,
  sha256: NULLABLE_TEXT,
  entry: NULLABLE_TEXT,
});

function told(row: SeenExport) {
  const { id, state, organisation, from, to, madeAt, expiresAt, failure, bytes, sha256, entry } =
    row;
  return {
    id,
    kind: "inspector-bundle" as const,
    state,
    organisation,
    from: from.toISOString(),
    to: to.toISOString(),
    madeAt: madeAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    failure,
    bytes,
    sha256: sha256 === null ? null : Buffer.from(sha256).toString("hex"),
    entry,
  };
}

function beginRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary:
      "Makes an inspector's bundle of a period, from one day up to another, as a job: look at it " +
      "until it is ready. It is its maker's alone, for a day.",
    body: Type.Object(
      {
        kind: Type.Literal("inspector-bundle"),
        from: DAY,
        to: DAY,
        organisation: Type.Optional(ORGANISATION),
      },
      { additionalProperties: false },
    ),
    response: answers({ 202: EXPORT }),
  };
  const config = { ...PERSON, once: "kept" } as const;
  app.post("/v1/exports", { config, schema }, async (request, reply) => {
    const { organisation = null } = request.body;
    const from = dayIn(request.body.from, "/from");
    const to = dayIn(request.body.to, "/to");
    const asked = { actor: actorOf(request), organisation, from, to };
    const begun = told(await serving.exporting.begin(asked));
    return reply.code(202).header("location", `/v1/exports/${begun.id}`).send(begun);
  });
}

function fileRoute(app: App, { vault }: ApiServing): void {
  // Of no type that a handler could be held against: it sends a stream.
  const content: Record<string, { schema: TSchema }> = {
    "application/zip": { schema: Type.String() },
  };
  const file = { content };
  const schema = {
    tags: TAGS,
    summary: "The file; a part of it with `Range` (one range), guarded by `If-Range` and its ETag.",
    params: ID_PARAMS,
    response: answers({
      200: { description: "The whole.", ...file },
      206: { description: "The part that was asked for.", ...file },
    }),
  };
  const config = { ...PERSON, isLong: true } as const;
  app.get("/v1/exports/:id/file", { config, schema }, async (request, reply) => {
    const { id } = request.params;
    const { bytes, sha256, read, entry } = await takeExport(vault, { id, actor: actorOf(request) });
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
      .type("application/zip")
      .header("content-length", to - from)
      .header("content-disposition", `attachment; filename="midan-${id}.zip"`)
      .send(Readable.from(read(from, to), { objectMode: false }));
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
