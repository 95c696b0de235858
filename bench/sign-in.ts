/**
 * Sign-ins a second, against the same number of bare Argon2id derivations in the same run: what is
 * between the two is everything around the password.
 */
import { argon2 } from "node:crypto";
import { promisify } from "node:util";
import { localOperator } from "../src/access/actor.ts";
import { acceptInvitation, foundOwner } from "../src/identity/invitation.ts";
import { openSession } from "../src/identity/session.ts";
import { signIn } from "../src/identity/sign-in.ts";
import type { Vault } from "../src/vault/vault.ts";

const SIGN_INS = 60;
const AT_ONCE = 4;
const SESSIONS_OPENED = 2_000;
const PASSWORD = "seven blue tractors sing";
const COST = { memory: 65_536, passes: 3, parallelism: 4, tagLength: 32 } as const;

const derive = promisify(argon2);

/** How often a second `work` is done, `AT_ONCE` at a time. */
async function rateOf(count: number, work: (at: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const began = performance.now();
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await work(next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return count / ((performance.now() - began) / 1000);
}

async function derivation(): Promise<unknown> {
  const given = { message: PASSWORD, nonce: Buffer.alloc(16, 1), ...COST };
  return derive("argon2id", given);
}

/** Prints sign-ins and opened sessions a second. */
export async function benchSignIns(vault: Vault): Promise<void> {
  const made = await foundOwner(vault, await localOperator(vault));
  if (made === null) throw new Error("a fresh installation has no owner");
  await acceptInvitation(vault, { token: made.token, password: PASSWORD, code: null });
  const enter = async (at: number) =>
    signIn(vault, { name: made.name, password: PASSWORD, code: null, source: `bench-${at}` });
  for (const round of [1, 2]) {
    const bare = await rateOf(SIGN_INS, derivation);
    const whole = await rateOf(SIGN_INS, async (at) => enter(round * SIGN_INS + at));
    console.log(
      `sign-in  round ${round}: ${whole.toFixed(1)} sign-ins/s, ${bare.toFixed(1)} bare ` +
        `Argon2id/s, ratio ${(whole / bare).toFixed(2)}; ${AT_ONCE} at once`,
    );
  }
  const { token } = await enter(0);
  const opened = await rateOf(SESSIONS_OPENED, async () => openSession(vault, token));
  console.log(`session  ${opened.toFixed(0)} requests/s told who asks, ${AT_ONCE} at once`);
}
