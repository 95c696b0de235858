/**
 * Routes of the group erasure.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  SESSION = "",
  GONE = "",
} = process.env;
const session = new MidanClient({ address, token: SESSION });

console.log(await session.call("POST /v1/waybills/{token}/erase", {
  params: { token: GONE },
  body: { reason: "客户要求删除" },
}));

console.log(await session.call("POST /v1/certificates", {
  body: { id: GONE },
}));

console.log(await session.call("GET /v1/certificates/{id}", {
  params: { id: GONE },
}));
