/**
 * Routes of the group exports.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  SESSION = "",
} = process.env;
const session = new MidanClient({ address, token: SESSION });

const answer1 = await session.call("POST /v1/exports", {
  body: {
    kind: "masked-waybills",
    purpose: "deliver",
    format: "csv",
    from: "2026-11-01",
    to: "2026-12-01",
  },
});
const LIST = answer1.id;
console.log(`LIST=${LIST}`);

console.log(await session.call("GET /v1/exports/{id}", {
  params: { id: LIST },
  query: { waitSeconds: 60 },
}));

console.log(await session.call("GET /v1/exports/{id}/file", {
  params: { id: LIST },
}));

const answer4 = await session.call("POST /v1/exports", {
  body: {
    kind: "inspector-bundle",
    from: "2026-11-01",
    to: "2026-12-01",
  },
});
const EXPORT = answer4.id;
console.log(`EXPORT=${EXPORT}`);

console.log(await session.call("GET /v1/exports/{id}", {
  params: { id: EXPORT },
  query: { waitSeconds: 60 },
}));

console.log(await session.call("GET /v1/exports", {}));

console.log(await session.call("GET /v1/exports/{id}/file", {
  params: { id: EXPORT },
}));

console.log(await session.call("DELETE /v1/exports/{id}", {
  params: { id: EXPORT },
}));
