/**
 * One of two processes that race: `node race-guest.ts VERB NOW TOKEN...` with the environment of an
 * installation. Says `ready`, waits for a line, and says of each token in turn what became of it.
 */
import { createInterface } from "node:readline";
import { openVault } from "../../src/main.ts";
import { parseConfig } from "../../src/config.ts";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { placeHold } from "../../src/vault/hold.ts";
import { shred } from "../../src/vault/shred.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";

const [, , verb = "", at = "", ...tokens] = process.argv;
const now = (): Date => new Date(at);

async function outcomeOf(vault: Vault, token: string): Promise<string> {
  const until = addDays(dayOf(now()), 30);
  const asked = { token, reason: "claim", authority: "理赔组", document: null, until };
  try {
    await placeHold(vault, { ...asked, actor: signedIn("desk") });
    return "held";
  } catch (error) {
    if (isFailure(error)) return error.code;
    throw error;
  }
}

await using vault = await openVault(parseConfig(process.env, "."), { now });
const lines = createInterface({ input: process.stdin });
const go = lines[Symbol.asyncIterator]().next();
console.log("ready");
await go;
lines.close();
if (verb === "shred") {
  const { compartments } = await shred(vault, {
    on: dayOf(now()),
    dryRun: false,
    sharePercentMax: 100,
  });
  console.log(`shredded ${compartments.length}`);
} else {
  for (const token of tokens) console.log(`${token} ${await outcomeOf(vault, token)}`);
}
