/**
 * Routes of the group settings.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  OWNER = "",
  SECOND = "",
  SESSION = "",
  HEADQUARTERS = "",
  OUTLET = "",
  TODAY = "",
} = process.env;
const owner = new MidanClient({ address, token: OWNER });
const second = new MidanClient({ address, token: SECOND });
const session = new MidanClient({ address, token: SESSION });

console.log(await owner.call("GET /v1/organisations/{id}/settings", {
  params: { id: HEADQUARTERS },
}));

console.log(await owner.call("GET /v1/organisations/{id}/settings/{name}", {
  params: { id: HEADQUARTERS, name: "mask-profile" },
}));

const answer3 = await owner.call("PUT /v1/organisations/{id}/settings/{name}", {
  params: { id: HEADQUARTERS, name: "mask-profile" },
  body: { value: "gb41833", mode: "delegated", reason: "放权" },
});
const PROPOSAL = "proposal" in answer3 ? answer3.proposal : "";
console.log(`PROPOSAL=${PROPOSAL}`);

console.log(await second.call("GET /v1/setting-proposals", {}));

console.log(await second.call("POST /v1/setting-proposals/{id}/approve", {
  params: { id: PROPOSAL },
}));

console.log(await owner.call("PUT /v1/organisations/{id}/settings/{name}", {
  params: { id: OUTLET, name: "mask-profile" },
  body: { value: "strict", reason: "收紧" },
}));

console.log(await owner.call("GET /v1/organisations/{id}/settings/{name}/history", {
  params: { id: OUTLET, name: "mask-profile" },
}));

const answer8 = await owner.call("POST /v1/authorisations", {
  body: {
    from: OUTLET,
    setting: "mask-profile",
    wanted: "full",
    reason: "旧系统",
  },
});
const AUTHORISATION = answer8.id;
console.log(`AUTHORISATION=${AUTHORISATION}`);

console.log(await owner.call("POST /v1/authorisations/{id}/answer", {
  params: { id: AUTHORISATION },
  body: { answer: "granted", by: HEADQUARTERS, reason: "同意" },
}));

console.log(await owner.call("GET /v1/authorisations", {}));

console.log(await session.call("POST /v1/simulations/seen", {
  body: { role: "courier", on: TODAY },
}));

console.log(await session.call("POST /v1/simulations/denied", {
  body: {
    setting: "quota-person-day",
    value: "1",
    organisation: HEADQUARTERS,
    on: TODAY,
  },
}));
