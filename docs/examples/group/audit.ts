/**
 * Routes of the group audit.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  SESSION = "",
  TOKEN = "",
} = process.env;
const session = new MidanClient({ address, token: SESSION });

console.log(await session.call("POST /v1/audit/queries", {
  body: { question: "reveals", purpose: "contact", limit: 20 },
}));

console.log(await session.call("POST /v1/audit/waybill", {
  body: { token: TOKEN },
}));
