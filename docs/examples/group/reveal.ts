/**
 * Routes of the group reveal.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  SESSION = "",
  OFFICER = "",
  TOKEN = "",
  GONE = "",
} = process.env;
const session = new MidanClient({ address, token: SESSION });
const officer = new MidanClient({ address, token: OFFICER });

console.log(await session.call("POST /v1/waybills/{token}/reveal", {
  params: { token: TOKEN },
  body: { fields: ["recipient.phone"], purpose: "contact" },
}));

console.log(await session.call("POST /v1/reveals", {
  body: {
    tokens: [TOKEN, GONE],
    fields: ["recipient.phone"],
    purpose: "contact",
  },
}));

console.log(await session.call("POST /v1/search", {
  body: { phone: "15400001234" },
}));

const answer4 = await officer.call("POST /v1/break-glass", {
  body: {
    token: TOKEN,
    reason: "收件人求助",
    evidence: "/9j/4A==",
    minutes: 5,
  },
});
const GLASS = answer4.id;
console.log(`GLASS=${GLASS}`);

console.log(await session.call("GET /v1/break-glass", {}));

console.log(await session.call("POST /v1/break-glass/{id}/evidence", {
  params: { id: GLASS },
}));

console.log(await session.call("POST /v1/break-glass/{id}/acknowledge", {
  params: { id: GLASS },
  body: { finding: "justified" },
}));
