/**
 * Routes of the group operation.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  KEY = "",
} = process.env;
const anybody = new MidanClient({ address, token: "" });
const key = new MidanClient({ address, token: KEY });

console.log(await anybody.call("GET /health/live", {}));

console.log(await anybody.call("GET /health/ready", {}));

console.log(await key.call("GET /metrics", {}));
