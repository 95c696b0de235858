/** Drop shipping (一件代发) over HTTP: waybills go to a supplier, and are taken back. */
import { Type } from "typebox";
import { LABEL_SIZES, USUAL_SIZE } from "../label/label-size.ts";
import { DROP_SHIP_PRINTS_MAX, DROP_SHIP_TOKENS_MAX } from "../rules/drop-ship.ts";
import { Failure } from "../rules/failure.ts";
import { dropShip, withdrawDropShip } from "../vault/drop-ship.ts";
import { answers, REFUSED_TOKEN, refusedToken, TOKEN, TOKEN_PARAMS } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf } from "./caller.ts";
import { closedObject, dayIn, ENTRY, oneOf, ORGANISATION } from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["waybills"];

const ITEM = Type.Union([
  Type.Object({
    token: Type.String(),
    ok: Type.Literal(true),
    supplier: Type.String(),
    until: Type.String(),
    entry: ENTRY,
  }),
  REFUSED_TOKEN,
]);

const BODY = closedObject({
  tokens: Type.Array(TOKEN, { minItems: 1, maxItems: DROP_SHIP_TOKENS_MAX }),
  supplier: ORGANISATION,
  size: Type.Optional(oneOf(LABEL_SIZES)),
  prints: Type.Optional(Type.Integer({ minimum: 1, maximum: DROP_SHIP_PRINTS_MAX })),
  /** The last day on which the supplier may print, at most 30 days from today. */
  until: Type.String({ maxLength: 10 }),
});

function handRoute(app: App, { vault }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary:
      "Hands up to 1,000 waybills to a supplier, who prints, sees masks and records what is " +
      "packed and handed in, and opens nobody.",
    body: BODY,
    response: answers({ 200: Type.Object({ results: Type.Array(ITEM) }) }),
  };
  // Handing over the same again gives the supplier nothing but its prints anew.
  const config = { caller: "flow", once: "kept" } as const;
  app.post("/v1/drop-ships", { config, schema }, async (request) => {
    const { tokens, supplier, size = USUAL_SIZE, prints = 1, until: asked } = request.body;
    const until = dayIn(asked, "/until");
    const handing = { tokens, supplier, size, prints, until, actor: actorOf(request) };
    const results = (await dropShip(vault, handing)).map((one) => {
      if ("entry" in one) return { ...one, ok: true as const };
      return refusedToken(request, one.token, new Failure(one.code));
    });
    return { results };
  });
}

function withdrawRoute(app: App, { vault }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Takes the waybill back from its supplier, who prints and sees it no more.",
    params: TOKEN_PARAMS,
    response: answers({
      200: Type.Object({ token: Type.String(), supplier: Type.String(), entry: ENTRY }),
    }),
  };
  const config = { caller: "flow" } as const;
  app.delete("/v1/waybills/:token/drop-ship", { config, schema }, async (request) =>
    withdrawDropShip(vault, { token: request.params.token, actor: actorOf(request) }),
  );
}

/** `/v1/drop-ships`, and the way back below `/v1/waybills/:token`. */
export function dropShipRoutes(app: App, serving: ApiServing): void {
  handRoute(app, serving);
  withdrawRoute(app, serving);
}
