/** What the door does for whomever it refuses: the same, whatever it was that did not fit. */
// First, since it watches what those after it call.
import { watchKeys, workOf } from "../support/work.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../../src/access/actor.ts";
import { totpCode, totpStep } from "../../src/crypto/totp.ts";
import { createAccount, endAccount } from "../../src/identity/account.ts";
import { acceptInvitation, invite, openInvitation } from "../../src/identity/invitation.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { signIn } from "../../src/identity/sign-in.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { accountActor } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import { PASSWORD } from "../support/login.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The bytes of a secret as authenticators take it (RFC 4648 section 6). */
function bytesOf(text: string): Buffer {
  const letters = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0"));
  const octets = letters.join("").match(/.{8}/g) ?? [];
  return Buffer.from(octets.map((octet) => Number.parseInt(octet, 2)));
}

/** A person with the password of all tests, with or without an authenticator. */
async function person(
  vault: Vault,
  actor: Actor,
  { name, isBare }: { readonly name: string; readonly isBare: boolean },
): Promise<void> {
  const account = { actor, name, role: "support", organisation: null } as const;
  await createAccount(vault, { ...account, kind: "person" });
  const { token } = await invite(vault, { name, actor });
  const { secret } = await openInvitation(vault, token);
  const code = isBare ? null : totpCode(bytesOf(secret), totpStep(vault.now()));
  await acceptInvitation(vault, { token, password: PASSWORD, code });
}

const CODES = [null, "000000", "AAAA-BBBB-CCCC-DDDD"] as const;

test("P10: whoever is refused costs the same, whichever part did not fit", async () => {
  await withHome(async (home) => {
    const clock = new Clock("2026-11-28T08:00:00Z");
    await using vault = await home.open({ now: clock.now });
    watchKeys(vault.keys);
    const actor = await accountActor(vault, "founder", "owner");
    await person(vault, actor, { name: "guarded", isBare: false });
    await person(vault, actor, { name: "bare", isBare: true });
    await person(vault, actor, { name: "left", isBare: true });
    await endAccount(vault, { name: "left", actor });
    const machine = { name: "erp", role: "erp-machine", organisation: null } as const;
    await createAccount(vault, { ...machine, actor, kind: "machine" });
    clock.wait(60);
    let attempts = 0;
    const workFor = async (name: string, password: string, code: string | null) => {
      attempts += 1;
      // Each from elsewhere, so that nobody is slowed.
      const source = `198.51.100.${attempts}`;
      const asked = { name, password, code, source };
      return workOf(async () => {
        const signedIn = await signIn(vault, asked).catch((error: unknown) => error);
        const isRefused = isFailure(signedIn, "SIGN_IN_REFUSED");
        assert.equal(isRefused, !(name === "bare" && password === PASSWORD), String(signedIn));
      });
    };
    for (const code of CODES) {
      const nobody = await workFor(`nobody-${attempts}`, "wrong wrong wrong", code);
      assert.ok(nobody.filter((one) => one.startsWith("argon2id")).length === 1, nobody.join("\n"));
      assert.ok(nobody.includes("tenant keys") && nobody.length > 10, nobody.join("\n"));
      for (const name of ["bare", "guarded", "left", "erp"])
        assert.deepEqual(await workFor(name, "wrong wrong wrong", code), nobody, name);
      for (const name of ["guarded", "left"])
        assert.deepEqual(await workFor(name, PASSWORD, code), nobody, `${name}, right password`);
    }
    const right = await workFor("bare", PASSWORD, null);
    assert.ok(right.some((one) => one.startsWith("insert into staff_session")));
  });
});
