/**
 * Routes of the group retention.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  SESSION = "",
} = process.env;
const session = new MidanClient({ address, token: SESSION });

console.log(await session.call("GET /v1/retention", {}));

console.log(await session.call("PUT /v1/retention/{class}", {
  params: { class: "access-delivered" },
  body: { days: 20, reason: "缩短查看期" },
}));

console.log(await session.call("GET /v1/retention/plan", {
  query: { days: 400 },
}));
