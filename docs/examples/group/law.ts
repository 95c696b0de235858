/**
 * Routes of the group law.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  COUNTER = "",
  SESSION = "",
  OFFICER = "",
  TOKEN = "",
} = process.env;
const counter = new MidanClient({ address, token: COUNTER });
const session = new MidanClient({ address, token: SESSION });
const officer = new MidanClient({ address, token: OFFICER });

const answer1 = await counter.call("POST /v1/real-name-records", {
  body: { kind: "passport", number: "E00000001" },
});
const RECORD = answer1.id;
console.log(`RECORD=${RECORD}`);

console.log(await session.call("POST /v1/real-name-records/status", {
  body: {},
}));

const answer3 = await session.call("POST /v1/warrants", {
  body: {
    about: [TOKEN, RECORD],
    authority: "某市公安局",
    document: "调证字1号",
    days: 7,
  },
});
const WARRANT = answer3.id;
console.log(`WARRANT=${WARRANT}`);

console.log(await officer.call("GET /v1/warrants", {}));

console.log(await officer.call("GET /v1/warrants/{id}/list", {
  params: { id: WARRANT },
}));

console.log(await officer.call("POST /v1/warrants/{id}/confirm", {
  params: { id: WARRANT },
}));

console.log(await officer.call("POST /v1/real-name-records/{id}/open", {
  params: { id: RECORD },
  body: { reason: "依函调取" },
}));
