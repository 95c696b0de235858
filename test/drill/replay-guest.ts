/** Opens an installation at that moment and closes it: `replay-guest.ts NOW`, by its environment. */
import { parseConfig } from "../../src/config.ts";
import { openVault } from "../../src/main.ts";

const [, , at = ""] = process.argv;
const vault = await openVault(parseConfig(process.env, "."), { now: () => new Date(at) });
await vault[Symbol.asyncDispose]();
