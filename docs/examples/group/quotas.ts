/**
 * Routes of the group quotas.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  OWNER = "",
  SECOND = "",
} = process.env;
const owner = new MidanClient({ address, token: OWNER });
const second = new MidanClient({ address, token: SECOND });

const answer1 = await owner.call("POST /v1/quotas/raises", {
  body: {
    scope: "tenant",
    span: "day",
    extra: 100,
    hours: 8,
    reason: "大促",
  },
});
const RAISE = answer1.id;
console.log(`RAISE=${RAISE}`);

console.log(await second.call("POST /v1/quotas/raises/{id}/approve", {
  params: { id: RAISE },
}));

console.log(await owner.call("GET /v1/quotas", {}));
