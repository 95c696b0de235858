/**
 * Routes of the group holds.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  SESSION = "",
  TOKEN = "",
  UNTIL = "",
} = process.env;
const session = new MidanClient({ address, token: SESSION });

const answer1 = await session.call("POST /v1/holds", {
  body: {
    token: TOKEN,
    reason: "claim",
    authority: "客服部",
    until: UNTIL,
  },
});
const HOLD = answer1.id;
console.log(`HOLD=${HOLD}`);

console.log(await session.call("GET /v1/holds", {
  query: { limit: 10 },
}));

console.log(await session.call("POST /v1/holds/{id}/release", {
  params: { id: HOLD },
}));
