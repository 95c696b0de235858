/** Accounts and keys of machines over HTTP. What a caller may manage is decided by the verbs. */
import { Type } from "typebox";
import type { FastifyRequest } from "fastify";
import { changeRole, createAccount, endAccount, listAccounts } from "../identity/account.ts";
import { invite } from "../identity/invitation.ts";
import { requireManager } from "../identity/management.ts";
import { Failure } from "../rules/failure.ts";
import { ROLE_NAMES } from "../rules/role.ts";
import { answers } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON, PERSON_KEPT, PERSON_SHOWN_ONCE } from "./caller.ts";
import { PAGE_QUERY, pageAnswer, pageOf } from "./paging.ts";
import {
  closedObject,
  ENTRY,
  ENTRY_ANSWER,
  ID_PARAMS,
  NULLABLE_TEXT,
  oneOf,
  ORGANISATION,
} from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["accounts"];
const ROLE = oneOf(ROLE_NAMES);
const NAME = Type.String({ minLength: 1, maxLength: 64 });

const ROW = {
  id: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  role: Type.String(),
  organisation: NULLABLE_TEXT,
  createdAt: Type.String(),
  disabledAt: NULLABLE_TEXT,
};

/** Addresses name an account by its id: a name may be a person's, and logs keep addresses. */
async function nameOf({ desk }: ApiServing, request: FastifyRequest, id: string): Promise<string> {
  await requireManager(desk, actorOf(request));
  const found = (await listAccounts(desk, actorOf(request))).find((one) => one.id === id);
  if (found === undefined) throw new Failure("ACCOUNT_UNKNOWN");
  return found.name;
}

function listRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "The accounts that the caller may see: of its own branch and what stands below it.",
    querystring: PAGE_QUERY,
    response: answers({ 200: pageAnswer(ROW) }),
  };
  app.get("/v1/accounts", { config: PERSON, schema }, async (request) => {
    await requireManager(serving.desk, actorOf(request));
    const listed = await listAccounts(serving.desk, actorOf(request));
    const rows = listed.map(({ id, name, kind, role, organisationId, createdAt, disabledAt }) => ({
      id,
      name,
      kind,
      role,
      organisation: organisationId,
      createdAt: createdAt.toISOString(),
      disabledAt: disabledAt?.toISOString() ?? null,
    }));
    return pageOf(serving, request, { list: "accounts", rows, placeOf: ({ id }) => id });
  });
}

function makeRoute(app: App, { desk }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Makes an account of a person or of a machine; it can do nothing yet.",
    body: closedObject({
      name: NAME,
      kind: oneOf(["person", "machine"]),
      role: ROLE,
      organisation: Type.Optional(ORGANISATION),
    }),
    response: answers({ 201: Type.Object({ id: Type.String(), entry: ENTRY }) }),
  };
  app.post("/v1/accounts", { config: PERSON_KEPT, schema }, async (request, reply) => {
    const { organisation = null, ...asked } = request.body;
    const made = await createAccount(desk, { ...asked, organisation, actor: actorOf(request) });
    return reply.code(201).send({ id: made.account.id, entry: made.entry });
  });
}

function changeRoutes(app: App, serving: ApiServing): void {
  const { desk } = serving;
  const role = {
    tags: TAGS,
    summary: "Puts an account into another role or place; its sessions end.",
    params: ID_PARAMS,
    body: closedObject({ role: ROLE, organisation: Type.Optional(ORGANISATION) }),
    response: answers({ 200: ENTRY_ANSWER }),
  };
  app.put("/v1/accounts/:id/role", { config: PERSON, schema: role }, async (request) => {
    const name = await nameOf(serving, request, request.params.id);
    const { role: wanted, organisation = null } = request.body;
    const asked = { name, role: wanted, organisation, actor: actorOf(request) };
    return { entry: await changeRole(desk, asked) };
  });
  const link = {
    tags: TAGS,
    summary: "A one-time link by which a person sets password and authenticator; shown once.",
    params: ID_PARAMS,
    response: answers({ 201: Type.Object({ invite: Type.String(), expiresAt: Type.String() }) }),
  };
  const at = "/v1/accounts/:id/invitation";
  app.post(at, { config: PERSON_SHOWN_ONCE, schema: link }, async (request, reply) => {
    const name = await nameOf(serving, request, request.params.id);
    const { token, expiresAt } = await invite(desk, { name, actor: actorOf(request) });
    return reply.code(201).send({ invite: token, expiresAt: expiresAt.toISOString() });
  });
}

/** `/v1/accounts`. */
export function accountRoutes(app: App, serving: ApiServing): void {
  const { desk } = serving;
  listRoute(app, serving);
  makeRoute(app, serving);
  changeRoutes(app, serving);
  const end = {
    tags: TAGS,
    summary: "Ends an account (离职): its sessions, keys, devices and links with it.",
    params: ID_PARAMS,
    response: answers({
      200: Type.Object({ entry: ENTRY, sessions: Type.Integer(), apiKeys: Type.Integer() }),
    }),
  };
  app.delete("/v1/accounts/:id", { config: PERSON, schema: end }, async (request) => {
    const name = await nameOf(serving, request, request.params.id);
    return endAccount(desk, { name, actor: actorOf(request) });
  });
}
