/**
 * A process of its own for embedded.test.ts: opens the server, says `here`, leaves at end of input.
 */

import { once } from "node:events";

import { openEmbedded } from "../../src/store/embedded.ts";

const [, , dataDir = ""] = process.argv;
const server = await openEmbedded({ dataDir });
process.stdout.write("here\n");
process.stdin.resume();
await once(process.stdin, "end");
await server.close();
