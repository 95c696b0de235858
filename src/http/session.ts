/** Signing in and out, and where one's account is signed in. */
import { Type } from "typebox";
import { listSessions, signOut } from "../identity/session.ts";
import { changePassword, signIn } from "../identity/sign-in.ts";
import { actorOf, callerOf } from "./caller.ts";
import { Failure } from "../rules/failure.ts";
import {
  cookiesOf,
  csrfOf,
  dropSession,
  keepSession,
  requireOwnSite,
  sourceOf,
} from "./requester.ts";
import { closedObject, ID_PARAMS, UUID } from "./schema.ts";
import type { App, Serving } from "./serving.ts";

const ANY = { caller: "any" } as const;
const ANYBODY = { caller: "anybody" } as const;
const PASSWORD = Type.String({ minLength: 1, maxLength: 512 });
const CODE = Type.Union([Type.String({ maxLength: 64 }), Type.Null()]);

const PROOF = closedObject({
  device: UUID,
  at: Type.String({ maxLength: 30 }),
  signature: Type.String({ maxLength: 200 }),
});

const SIGN_IN = closedObject({
  name: Type.String({ minLength: 1, maxLength: 128 }),
  password: PASSWORD,
  code: Type.Optional(CODE),
  device: Type.Optional(PROOF),
  /** `token` for programs, which get the token; `cookie` for browsers, which do not. */
  as: Type.Optional(Type.Union([Type.Literal("cookie"), Type.Literal("token")])),
});

const CHANGE = closedObject({ old: PASSWORD, fresh: PASSWORD });

function signInRoutes(app: App, serving: Serving): void {
  const { desk } = serving;
  app.post(
    "/v1/session",
    { config: ANYBODY, schema: { body: SIGN_IN } },
    async (request, reply) => {
      requireOwnSite(serving, request);
      const { name, password, code = null, device = null, as = "cookie" } = request.body;
      const { session: previous, known } = cookiesOf(serving, request);
      const source = sourceOf(request);
      const given = { name, password, code: code === "" ? null : code, device };
      const made = await signIn(desk, { ...given, source, known, previous });
      if (as === "cookie") keepSession(serving, reply, made);
      const told = { name: made.name, expiresAt: made.expiresAt.toISOString() };
      return as === "token"
        ? { ...told, token: made.token }
        : { ...told, csrf: csrfOf(made.token) };
    },
  );
  app.get("/v1/session", { config: ANY }, async (request) => {
    const { actor, name, token } = callerOf(request);
    const { kind, role, organisationPath, device, session } = actor;
    const csrf = token === null ? null : csrfOf(token);
    return { name, kind, role, organisationPath, device, session, csrf };
  });
  app.delete("/v1/session", { config: ANY }, async (request, reply) => {
    const actor = actorOf(request);
    if (actor.session === null) throw new Failure("SESSION_UNKNOWN");
    await signOut(desk, actor, actor.session);
    dropSession(serving, reply);
    return reply.code(204).send();
  });
}

/** `/v1/session`, `/v1/sessions` and `/v1/password`. */
export function sessionRoutes(app: App, serving: Serving): void {
  const { desk } = serving;
  signInRoutes(app, serving);
  app.get("/v1/sessions", { config: ANY }, async (request) => {
    const actor = actorOf(request);
    const rows = await listSessions(desk, actor);
    const sessions = rows.map((row) => ({
      id: row.id,
      begunAt: row.begunAt.toISOString(),
      usedAt: row.usedAt.toISOString(),
      mode: row.mode,
      device: row.deviceId,
      own: row.id === actor.session,
    }));
    return { sessions };
  });
  app.delete(
    "/v1/sessions/:id",
    { config: ANY, schema: { params: ID_PARAMS } },
    async (request, reply) => {
      const actor = actorOf(request);
      await signOut(desk, actor, request.params.id);
      return reply.code(204).send();
    },
  );
  app.post("/v1/password", { config: ANY, schema: { body: CHANGE } }, async (request) => {
    const actor = actorOf(request);
    const source = sourceOf(request);
    return { sessionsEnded: await changePassword(desk, actor, { ...request.body, source }) };
  });
}
