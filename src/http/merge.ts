/** Merge groups (合单) over HTTP: which parcels go to the same recipient. */
import { Type } from "typebox";
import { Failure } from "../rules/failure.ts";
import { MERGE_TOKENS_MAX } from "../rules/merge.ts";
import { mergeGroups } from "../vault/merge.ts";
import { answers, REFUSED_TOKEN, refusedToken, TOKEN } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf } from "./caller.ts";
import { closedObject, ENTRY } from "./schema.ts";
import type { App } from "./serving.ts";

const ITEM = Type.Union([
  Type.Object({ token: Type.String(), ok: Type.Literal(true), group: Type.String() }),
  REFUSED_TOKEN,
]);

/** `/v1/merge-groups`. */
export function mergeRoutes(app: App, { vault }: ApiServing): void {
  const schema = {
    tags: ["waybills"],
    summary:
      "Which of up to 1,000 waybills go to the same recipient: group ids, random in every call.",
    body: closedObject({ tokens: Type.Array(TOKEN, { minItems: 1, maxItems: MERGE_TOKENS_MAX }) }),
    response: answers({
      200: Type.Object({
        results: Type.Array(ITEM),
        compared: Type.Integer(),
        groups: Type.Integer(),
        entry: ENTRY,
        receipt: Type.String(),
      }),
    }),
  };
  // It makes nothing, so it may be asked again.
  const config = { caller: "seal" } as const;
  app.post("/v1/merge-groups", { config, schema }, async (request) => {
    const { tokens } = request.body;
    const told = await mergeGroups(vault, { tokens, actor: actorOf(request) });
    const results = told.results.map((one) => {
      if ("group" in one) return { token: one.token, ok: true as const, group: one.group };
      return refusedToken(request, one.token, new Failure(one.code));
    });
    return { ...told, results };
  });
}
