/** What happens to a parcel on its way, over HTTP: to the next branch, back, or in several. */
import { Type } from "typebox";
import { changeAddress } from "../vault/change-address.ts";
import { handOver } from "../vault/hand-over.ts";
import { sendBack } from "../vault/send-back.ts";
import { split, SPLIT_PARCELS_MAX, SPLIT_PARCELS_MIN } from "../vault/split.ts";
import { answers, MASKED_PARTY, TOKEN_PARAMS } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON_KEPT } from "./caller.ts";
import { closedObject, ENTRY, NULLABLE_TEXT, ORGANISATION } from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["waybills"];

function handOverRoute(app: App, { vault }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "The parcel goes to the next branch; `entry` is null where that has it already.",
    params: TOKEN_PARAMS,
    body: closedObject({ to: ORGANISATION }),
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
  app.post("/v1/waybills/:token/hand-over", { config: PERSON_KEPT, schema }, async (request) =>
    handOver(vault, { token: request.params.token, to: request.body.to, actor: actorOf(request) }),
  );
}

const ADDRESS_CHARACTERS_MAX = 256;

function addressRoute(app: App, { vault }: ApiServing): void {
  const address = Type.String({ minLength: 1, maxLength: ADDRESS_CHARACTERS_MAX });
  const schema = {
    tags: TAGS,
    summary: "The parcel goes elsewhere: labels printed before are void, their tickets dead.",
    params: TOKEN_PARAMS,
    body: closedObject({ address }),
    response: answers({
      200: Type.Object({
        token: Type.String(),
        /** As it is masked. */
        address: Type.String(),
        voidPrints: Type.Integer(),
        entry: NULLABLE_TEXT,
      }),
    }),
  };
  app.put("/v1/waybills/:token/address", { config: { caller: "flow" }, schema }, async (request) =>
    changeAddress(vault, { ...request.params, ...request.body, actor: actorOf(request) }),
  );
}

const RESEALED = Type.Object({
  token: Type.String(),
  waybillNumber: Type.String(),
  orderNumber: Type.String(),
  recipient: MASKED_PARTY,
  state: Type.Union([Type.Literal("sealed"), Type.Literal("repeated")]),
  /** Of the entry that links it to the waybill it came out of. */
  entry: ENTRY,
});

/** The same call gives the same tokens, with or without a key. */
const AGAIN = { caller: "flow", once: "made-again" } as const;

function returnRoute(app: App, { vault }: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Sends the parcel back: sender and recipient swapped, under a waybill of its own.",
    params: TOKEN_PARAMS,
    response: answers({ 200: RESEALED }),
  };
  app.post("/v1/waybills/:token/return", { config: AGAIN, schema }, async (request) =>
    sendBack(vault, { token: request.params.token, actor: actorOf(request) }),
  );
}

function splitRoute(app: App, { vault }: ApiServing): void {
  const parcels = Type.Integer({ minimum: SPLIT_PARCELS_MIN, maximum: SPLIT_PARCELS_MAX });
  const schema = {
    tags: TAGS,
    summary: "Seals the further parcels of one order, so that one can die without the other.",
    params: TOKEN_PARAMS,
    body: closedObject({ parcels }),
    response: answers({ 200: Type.Object({ parcels: Type.Array(RESEALED) }) }),
  };
  app.post("/v1/waybills/:token/split", { config: AGAIN, schema }, async (request) => {
    const { token } = request.params;
    const asked = { token, parcels: request.body.parcels, actor: actorOf(request) };
    return { parcels: [...(await split(vault, asked))] };
  });
}

/** Flows of one waybill below `/v1/waybills/:token`. */
export function flowRoutes(app: App, serving: ApiServing): void {
  handOverRoute(app, serving);
  addressRoute(app, serving);
  returnRoute(app, serving);
  splitRoute(app, serving);
}
