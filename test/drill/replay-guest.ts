/** Opens an installation at a moment, by its environment, and closes it: `replay-guest.ts NOW`. */
import { parseConfig } from "../../src/config.ts";
import { openVault } from "../../src/main.ts";

const [, , at = ""] = process.argv;
const vault = await openVault(parseConfig(process.env, "."), { now: () => new Date(at) });
await vault[Symbol.asyncDispose]();
