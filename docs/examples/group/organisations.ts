/**
 * Routes of the group organisations.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  OWNER = "",
  SESSION = "",
  RUN = "",
  TOKEN = "",
} = process.env;
const owner = new MidanClient({ address, token: OWNER });
const session = new MidanClient({ address, token: SESSION });

const answer1 = await owner.call("POST /v1/organisations", {
  body: { kind: "headquarters", names: [`北辰总部${RUN}`, `栖霞网点${RUN}`] },
});
const HEADQUARTERS = answer1.organisations[0]?.id ?? "";
console.log(`HEADQUARTERS=${HEADQUARTERS}`);
const OUTLET = answer1.organisations[1]?.id ?? "";
console.log(`OUTLET=${OUTLET}`);

const answer2 = await owner.call("POST /v1/organisations", {
  body: {
    kind: "branch",
    under: HEADQUARTERS,
    names: [`南京分公司${RUN}`],
  },
});
const BRANCH = answer2.organisations[0]?.id ?? "";
console.log(`BRANCH=${BRANCH}`);

const answer3 = await owner.call("POST /v1/organisations", {
  body: { kind: "outlet", form: "franchise", names: [`江宁网点${RUN}`] },
});
const OTHER = answer3.organisations[0]?.id ?? "";
console.log(`OTHER=${OTHER}`);

console.log(await owner.call("GET /v1/organisations", {}));

console.log(await owner.call("POST /v1/organisations/{id}/move", {
  params: { id: OTHER },
  body: { under: BRANCH, reason: "划归分公司" },
}));

console.log(await owner.call("POST /v1/organisations/{id}/close", {
  params: { id: OTHER },
  body: { reason: "停业" },
}));

console.log(await session.call("POST /v1/waybills/{token}/hand-over", {
  params: { token: TOKEN },
  body: { to: OUTLET },
}));
