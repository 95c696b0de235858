/**
 * Changes a signing key from one end to the other: `rotate-guest.ts USE NOW`, by the environment of
 * an installation. It is loaded with the failpoint, which counts from where the change begins.
 */
import { parseConfig } from "../../src/config.ts";
import { openVault } from "../../src/main.ts";
import { rotateSigningKeys, SIGNING_USES } from "../../src/vault/signing-key-rotation.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { arm } from "../support/failpoint.ts";
import { takeIn } from "../support/take-in.ts";

const [, , use = "", at = ""] = process.argv;
const clock = new Clock(at);
const vault = await openVault(parseConfig(process.env, "."), { now: clock.now });
const chosen = SIGNING_USES.find((one) => one === use);
if (chosen === undefined) throw new Error("no such key");
arm();
for (const phase of ["announced", "used", "retired"]) {
  const rotated = await rotateSigningKeys(vault, { use: chosen, actor: signedIn("officer") });
  if (rotated.phase !== phase) throw new Error(`not ${phase}`);
  await takeIn(vault);
  clock.wait(61);
}
await vault[Symbol.asyncDispose]();
