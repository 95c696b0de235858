/**
 * Routes of the group requests.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  SESSION = "",
  TOKEN = "",
} = process.env;
const session = new MidanClient({ address, token: SESSION });

/** A line that is typed. */
async function line(): Promise<string> {
  const reader = createInterface({ input: process.stdin });
  const typed: unknown[] = await once(reader, "line");
  reader.close();
  return String(typed[0]);
}

const answer1 = await session.call("POST /v1/requests", {
  body: { kind: "access", party: "recipient", token: TOKEN },
});
const REQUEST = answer1.id;
console.log(`REQUEST=${REQUEST}`);

console.log(await session.call("POST /v1/requests/{id}/code", {
  params: { id: REQUEST },
}));

console.log("CODE?");
const CODE = await line();
console.log(await session.call("POST /v1/requests/{id}/verify", {
  params: { id: REQUEST },
  body: { code: CODE },
}));

console.log(await session.call("POST /v1/requests/{id}/answer", {
  params: { id: REQUEST },
  body: {},
}));

const answer5 = await session.call("POST /v1/requests", {
  body: { kind: "explanation", party: "recipient", token: TOKEN },
});
const WITHDRAWN = answer5.id;
console.log(`WITHDRAWN=${WITHDRAWN}`);

console.log(await session.call("POST /v1/requests/{id}/refuse", {
  params: { id: WITHDRAWN },
  body: { reason: "withdrawn" },
}));

console.log(await session.call("GET /v1/requests", {
  query: { closed: true },
}));
