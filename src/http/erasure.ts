/** Early death over HTTP (提前删除), and the certificates of what died (删除证明). */
import { Type } from "typebox";
import { Failure } from "../rules/failure.ts";
import { certifyErasure, keptCertificate } from "../vault/erasure-certificate.ts";
import { erase } from "../vault/erase.ts";
import { answers, TOKEN_PARAMS } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON, PERSON_KEPT } from "./caller.ts";
import { closedObject, ENTRY, REASON } from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["erasure"];
/** A token, a compartment, or the entry of the death. */
const DEAD = Type.String({ pattern: "^[0-9a-zA-Z]{4,100}$" });
const CERTIFICATE = Type.Object({
  /** The signed note: what is handed over. */
  note: Type.String(),
  /** The key to check it with. */
  key: Type.String(),
});

function eraseRoute(app: App, { vault }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Destroys the key of one waybill now; nobody can bring its persons back.",
    params: TOKEN_PARAMS,
    body: closedObject({ reason: REASON, overLimit: Type.Optional(Type.Boolean()) }),
    response: answers({
      200: Type.Object({
        token: Type.String(),
        intent: ENTRY,
        entry: ENTRY,
        erasedAt: Type.String(),
      }),
    }),
  };
  app.post("/v1/waybills/:token/erase", { config: PERSON, schema }, async (request) => {
    const { token } = request.params;
    const { reason, overLimit = false } = request.body;
    const asked = { token, reason, overLimit, actor: actorOf(request) };
    const { erasedAt, ...erased } = await erase(vault, asked);
    return { ...erased, erasedAt: erasedAt.toISOString() };
  });
}

/** `/v1/waybills/:token/erase` and `/v1/certificates`. */
export function erasureRoutes(app: App, serving: ApiServing): void {
  const { vault } = serving;
  eraseRoute(app, serving);
  const issue = {
    tags: TAGS,
    summary: "Signs a certificate of what died: by token, compartment or entry of the death.",
    body: closedObject({ id: DEAD }),
    response: answers({ 201: CERTIFICATE }),
  };
  app.post("/v1/certificates", { config: PERSON_KEPT, schema: issue }, async (request, reply) => {
    const asked = { id: request.body.id, actor: actorOf(request) };
    const { note, key } = await certifyErasure(vault, asked);
    return reply.code(201).send({ note, key });
  });
  const kept = {
    tags: TAGS,
    summary: "The last certificate that was signed of it.",
    params: Type.Object({ id: DEAD }),
    response: answers({ 200: CERTIFICATE }),
  };
  app.get("/v1/certificates/:id", { config: PERSON, schema: kept }, async (request) => {
    const asked = { id: request.params.id, actor: actorOf(request) };
    const found = await keptCertificate(vault, asked);
    if (found === null) throw new Failure("CERTIFICATE_ABSENT");
    const { note, key } = found;
    return { note, key };
  });
}
