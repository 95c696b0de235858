/**
 * Routes of the group accounts.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  OWNER = "",
  RUN = "",
} = process.env;
const owner = new MidanClient({ address, token: OWNER });

const answer1 = await owner.call("POST /v1/accounts", {
  body: { name: `desk-${RUN}`, kind: "person", role: "support" },
});
const ACCOUNT = answer1.id;
console.log(`ACCOUNT=${ACCOUNT}`);

console.log(await owner.call("POST /v1/accounts/{id}/invitation", {
  params: { id: ACCOUNT },
}));

console.log(await owner.call("PUT /v1/accounts/{id}/role", {
  params: { id: ACCOUNT },
  body: { role: "auditor" },
}));

console.log(await owner.call("GET /v1/accounts", {
  query: { limit: 50 },
}));

console.log(await owner.call("DELETE /v1/accounts/{id}", {
  params: { id: ACCOUNT },
}));

console.log(await owner.call("POST /v1/accounts", {
  body: { name: `erp-${RUN}`, kind: "machine", role: "erp-machine" },
}));

const answer7 = await owner.call("POST /v1/api-keys", {
  body: { account: `erp-${RUN}`, scopes: ["seal", "print"], days: 90 },
});
const API_KEY = answer7.id;
console.log(`API_KEY=${API_KEY}`);

console.log(await owner.call("GET /v1/api-keys", {}));

const answer9 = await owner.call("POST /v1/api-keys/{id}/rotate", {
  params: { id: API_KEY },
  body: { overlapHours: 24, days: 90 },
});
const NEXT_KEY = answer9.id;
console.log(`NEXT_KEY=${NEXT_KEY}`);

console.log(await owner.call("DELETE /v1/api-keys/{id}", {
  params: { id: NEXT_KEY },
}));
