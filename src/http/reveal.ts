/** Reveal and search over HTTP: for a person who signed in, never for a key (P10). */
import { Type } from "typebox";
import type { Static } from "typebox";
import type { Actor } from "../access/actor.ts";
import { requirePerson } from "../access/person.ts";
import { PURPOSES } from "../rules/purposes.ts";
import { reveal } from "../vault/reveal.ts";
import { search } from "../vault/search.ts";
import { answers, eachToken, MASKED_PARTY, REFUSED_TOKEN, TOKEN, TOKEN_PARAMS } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf } from "./caller.ts";
import type { App } from "./serving.ts";

const TAGS = ["reveal"];
const ANY = { caller: "any" } as const;
const TOKENS_MAX = 100;
const FIELDS_MAX = 7;
const REASON_CHARACTERS_MAX = 500;

const ASKED_MEMBERS = {
  fields: Type.Array(Type.String({ maxLength: 32, pattern: "^[a-z.]+$" }), {
    minItems: 1,
    maxItems: FIELDS_MAX,
  }),
  purpose: Type.Unsafe<string>({ type: "string", enum: Object.keys(PURPOSES) }),
  reason: Type.Optional(Type.String({ maxLength: REASON_CHARACTERS_MAX })),
};
const ASKED = Type.Object(ASKED_MEMBERS, { additionalProperties: false });
const ASKED_OF_MANY = Type.Object(
  {
    tokens: Type.Array(TOKEN, { minItems: 1, maxItems: TOKENS_MAX }),
    ...ASKED_MEMBERS,
  },
  { additionalProperties: false },
);

const REVEALED_MEMBERS = {
  entry: Type.String(),
  receipt: Type.String(),
  fields: Type.Unsafe<Record<string, string>>({
    type: "object",
    additionalProperties: { type: "string" },
  }),
};
const ITEM = Type.Union([
  Type.Object({ token: Type.String(), ok: Type.Literal(true), ...REVEALED_MEMBERS }),
  REFUSED_TOKEN,
]);

async function revealed(
  { vault }: ApiServing,
  actor: Actor,
  { token, asked }: { readonly token: string; readonly asked: Static<typeof ASKED> },
) {
  const { fields, purpose, reason = null } = asked;
  const told = await reveal(vault, { token, fields: fields.join(","), purpose, reason, actor });
  const { entry, receipt, values } = told;
  return { entry, receipt, fields: Object.fromEntries(values) };
}

function searchRoute(app: App, serving: ApiServing): void {
  const hit = Type.Object({
    token: Type.String(),
    waybillNumber: Type.String(),
    carrier: Type.String(),
    dayOfDeath: Type.String(),
    recipient: MASKED_PARTY,
  });
  const schema = {
    tags: TAGS,
    summary: "Living waybills of one full phone: tokens and masked views. The search is an entry.",
    body: Type.Object(
      { phone: Type.String({ minLength: 1, maxLength: 40 }) },
      { additionalProperties: false },
    ),
    response: answers({
      200: Type.Object({
        entry: Type.String(),
        receipt: Type.String(),
        hits: Type.Array(hit),
        truncated: Type.Boolean(),
      }),
    }),
  };
  app.post("/v1/search", { config: ANY, schema }, async (request) => {
    // Whether a key may not search is the verb's to say, and an entry where it is one.
    const actor = actorOf(request);
    const found = await search(serving.vault, { phone: request.body.phone, actor });
    return { ...found, hits: [...found.hits] };
  });
}

/** `/v1/waybills/:token/reveal`, `/v1/reveals` and `/v1/search`. */
export function revealRoutes(app: App, serving: ApiServing): void {
  const one = {
    tags: TAGS,
    summary: "Opens fields for a purpose; the entry is durable before the answer leaves.",
    params: TOKEN_PARAMS,
    body: ASKED,
    response: answers({ 200: Type.Object(REVEALED_MEMBERS) }),
  };
  app.post("/v1/waybills/:token/reveal", { config: ANY, schema: one }, async (request) => {
    const actor = actorOf(request);
    const told = await revealed(serving, actor, {
      token: request.params.token,
      asked: request.body,
    });
    request.server.figures.revealed();
    return told;
  });
  const many = {
    tags: TAGS,
    summary: "Reveals up to 100 waybills, each with its own entry and its own result.",
    body: ASKED_OF_MANY,
    response: answers({ 200: Type.Object({ results: Type.Array(ITEM) }) }),
  };
  app.post("/v1/reveals", { config: ANY, schema: many }, async (request) => {
    const actor = actorOf(request);
    requirePerson(actor);
    const { tokens, ...asked } = request.body;
    const results = await eachToken(request, tokens, async (token) => {
      const told = await revealed(serving, actor, { token, asked });
      request.server.figures.revealed();
      return told;
    });
    return { results };
  });
  searchRoute(app, serving);
}
