/**
 * Routes of the group reveal.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  SESSION = "",
  TOKEN = "",
  GONE = "",
} = process.env;
const session = new MidanClient({ address, token: SESSION });

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
