/**
 * Routes of the group authorities.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  OWNER = "",
  SESSION = "",
  HEADQUARTERS = "",
  AUTHORITY = "",
  UNTIL = "",
} = process.env;
const owner = new MidanClient({ address, token: OWNER });
const session = new MidanClient({ address, token: SESSION });

console.log(await owner.call("PUT /v1/organisations/{id}/settings/{name}", {
  params: { id: HEADQUARTERS, name: "authority-grant" },
  body: { value: "two", reason: "两人决定" },
}));

const answer2 = await owner.call("POST /v1/authority-scopes", {
  body: {
    authority: AUTHORITY,
    scope: "requests",
    until: UNTIL,
    basis: "监督检查",
    document: "邮管函1号",
  },
});
const SCOPE = answer2.id;
console.log(`SCOPE=${SCOPE}`);

console.log(await session.call("POST /v1/authority-scopes/{id}/approve", {
  params: { id: SCOPE },
}));

console.log(await owner.call("GET /v1/authority-scopes", {}));

console.log(await owner.call("POST /v1/authority-scopes/{id}/revoke", {
  params: { id: SCOPE },
}));
