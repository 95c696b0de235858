/**
 * Routes of the group webhooks.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  OWNER = "",
  KEY = "",
  RECEIVER = "",
  TOKEN = "",
} = process.env;
const owner = new MidanClient({ address, token: OWNER });
const key = new MidanClient({ address, token: KEY });

const answer1 = await owner.call("POST /v1/webhooks", {
  body: { url: RECEIVER, events: ["waybill.state"] },
});
const WEBHOOK = answer1.id;
console.log(`WEBHOOK=${WEBHOOK}`);

console.log(await owner.call("GET /v1/webhooks", {}));

console.log(await owner.call("POST /v1/webhooks/{id}/rotate", {
  params: { id: WEBHOOK },
}));

console.log(await key.call("PUT /v1/waybills/{token}/state", {
  params: { token: TOKEN },
  body: { state: "arrived" },
}));

const answer5 = await owner.call("GET /v1/webhooks/{id}/deliveries", {
  params: { id: WEBHOOK },
});
const DELIVERY = answer5.items[0]?.id ?? "";
console.log(`DELIVERY=${DELIVERY}`);

console.log(await owner.call("POST /v1/webhooks/{id}/deliveries/{delivery}/replay", {
  params: { id: WEBHOOK, delivery: DELIVERY },
}));

console.log(await owner.call("DELETE /v1/webhooks/{id}", {
  params: { id: WEBHOOK },
}));
