/** What happens to a parcel on its way, over HTTP: it goes to the next branch. */
import { Type } from "typebox";
import { handOver } from "../vault/hand-over.ts";
import { answers, TOKEN_PARAMS } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf } from "./caller.ts";
import { NULLABLE_TEXT, ORGANISATION } from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["waybills"];
const MAKE = { caller: "person", once: "kept" } as const;

function handOverRoute(app: App, { vault }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "The parcel goes to the next branch; `entry` is null where that has it already.",
    params: TOKEN_PARAMS,
    body: Type.Object({ to: ORGANISATION }, { additionalProperties: false }),
    response: answers({
      200: Type.Object({
        token: Type.String(),
        /** The branch that had it; null where none was known. */
        from: NULLABLE_TEXT,
        to: Type.String(),
        branch: Type.String(),
        on: Type.String(),
        entry: NULLABLE_TEXT,
      }),
    }),
  };
  app.post("/v1/waybills/:token/hand-over", { config: MAKE, schema }, async (request) =>
    handOver(vault, { token: request.params.token, to: request.body.to, actor: actorOf(request) }),
  );
}

/** Flows of one waybill below `/v1/waybills/:token`. */
export function flowRoutes(app: App, serving: ApiServing): void {
  handOverRoute(app, serving);
}
