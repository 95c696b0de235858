/**
 * A process that kills itself with SIGKILL at a step: `node step-guest.ts STEP VERB WHAT NOW`, with
 * the environment of an installation. WHAT is a token, or the id of a hold for `release`.
 */
import { readFileSync } from "node:fs";
import { openVault } from "../../src/main.ts";
import { parseConfig } from "../../src/config.ts";
import { dayOf } from "../../src/rules/calendar.ts";
import { restoreKeys } from "../../src/vault/keys.ts";
import { erase } from "../../src/vault/erase.ts";
import { placeHold, releaseHold } from "../../src/vault/hold.ts";
import { shred } from "../../src/vault/shred.ts";
import { rotateSigningKeys } from "../../src/vault/signing-key-rotation.ts";
import { renewTenantKeys } from "../../src/vault/tenant-key-rotation.ts";
import type { Step } from "../../src/vault/step.ts";
import { signedIn } from "../support/actor.ts";

const [, , step = "", verb = "", what = "", at = ""] = process.argv;
const now = (): Date => new Date(at);

async function reached(done: Step): Promise<void> {
  if (done === step) process.kill(process.pid, "SIGKILL");
  return Promise.resolve();
}

const restoresKeys = verb === "restore-keys";
await using vault = await openVault(parseConfig(process.env, "."), { now, restoresKeys });
switch (verb) {
  case "hold": {
    const until = "2026-12-01";
    const asked = { token: what, reason: "claim", authority: "理赔组", document: null, until };
    await placeHold(vault, { ...asked, actor: signedIn("a"), reached });
    break;
  }
  case "release":
    await releaseHold(vault, { id: what, actor: signedIn("a"), reached });
    break;
  case "erase":
    await erase(vault, { token: what, reason: "本人请求", actor: signedIn("a"), reached });
    break;
  case "shred":
    await shred(vault, { on: dayOf(now()), dryRun: false, sharePercentMax: null, reached });
    break;
  case "renew":
    await renewTenantKeys(vault, { actor: signedIn("a"), reached });
    break;
  case "restore-keys": {
    const [file, pem] = what.split("\n").map((name) => readFileSync(name));
    const backup = { file: file ?? Buffer.alloc(0), keyPem: String(pem) };
    await restoreKeys(vault, { backup, acceptOlder: true, reached });
    break;
  }
  case "rotate-log":
    await rotateSigningKeys(vault, { use: "log", actor: signedIn("a"), reached });
    break;
  default:
    throw new Error("no such verb");
}
