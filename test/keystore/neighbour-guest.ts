/**
 * A second process on a key store in a folder: `neighbour-guest.ts BASE WHAT [AT]`. It does WHAT
 * and says so through the channel once it is acknowledged; with AT it kills itself at that step.
 */
import { KeyStore } from "../../src/keystore/key-store.ts";
import { NOW, optionsIn, TENANT, WEEK } from "./fresh-store.ts";
import { arm } from "./mortal-medium.ts";
import { OPERATIONS } from "./operations.ts";
import type { Operation } from "./operations.ts";

const OWN: Readonly<Record<string, Operation>> = {
  "destroy an index": async (store) => {
    await store.destroy(1, NOW);
    await store.destroyIndexKey(TENANT, WEEK);
  },
};

const [, , base = "", what = "", at] = process.argv;
const operation = OPERATIONS[what] ?? OWN[what];
if (operation === undefined) throw new Error("no such operation");
const options = optionsIn(base);
const store = await KeyStore.open(options);
if (at !== undefined) arm(Number(at));
await operation(store, options);
process.send?.("done");
process.disconnect?.();
