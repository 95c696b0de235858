/** Signing in: what fits, what does not, and what attackers try at the door. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { totpCode, totpStep } from "../../src/crypto/totp.ts";
import { openSecret } from "../../src/identity/authenticator.ts";
import { acceptInvitation, foundOwner, openInvitation } from "../../src/identity/invitation.ts";
import { endAccount } from "../../src/identity/account.ts";
import { openSession, signOut } from "../../src/identity/session.ts";
import { changePassword, signIn } from "../../src/identity/sign-in.ts";
import type { SignInRequest } from "../../src/identity/sign-in.ts";
import { localOperator } from "../../src/access/actor.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { connected } from "../../src/store/pool.ts";
import { findAccountByName } from "../../src/store/staff-account.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { PASSWORD } from "../support/login.ts";

function fails(code: FailureCode): (error: unknown) => boolean {
  return (error) => isFailure(error, code);
}

interface Door {
  readonly home: Home;
  readonly vault: Vault;
  readonly wait: (seconds: number) => void;
  /** What the owner's authenticator shows now, or `steps` away. */
  readonly code: (steps?: number) => Promise<string>;
  readonly asked: SignInRequest;
}

/** An installation whose owner has the password of all tests and an authenticator. */
async function withDoor(work: (door: Door) => Promise<void>): Promise<void> {
  await withHome(async (home) => {
    const clock = new Clock("2026-11-28T08:00:00Z");
    await using vault = await home.open({ now: clock.now });
    const invitation = await foundOwner(vault, await localOperator(vault));
    assert.ok(invitation !== null);
    const { secret } = await openInvitation(vault, invitation.token);
    assert.match(secret, /^[A-Z2-7]{32}$/);
    const code = async (steps = 0): Promise<string> => {
      const account = await connected(vault.database, async (connection) =>
        findAccountByName(connection, vault.tenant.id, "owner"),
      );
      const sealed = account?.totp ?? null;
      assert.ok(account !== null);
      const rows = await home.rows("select totp from staff_invitation");
      // The column is a bytea.
      const bytes = sealed ?? (rows[0]?.["totp"] as Buffer);
      const opened = await openSecret(vault, account.id, bytes);
      return totpCode(opened, totpStep(vault.now()) + steps);
    };
    const given = { token: invitation.token, password: PASSWORD, code: await code() };
    await acceptInvitation(vault, given);
    clock.wait(60);
    const asked = { name: "owner", password: PASSWORD, code: null, source: "198.51.100.7" };
    await work({ home, vault, wait: clock.wait, code, asked });
  });
}

test("P10: name, password and code sign in; each of them wrong is the same refusal", async () => {
  await withDoor(async ({ home, vault, wait, code, asked }) => {
    const right = { ...asked, code: await code() };
    const wrong = [
      { ...right, name: "nobody" },
      { ...right, password: `${PASSWORD}!` },
      { ...right, code: null },
      { ...right, code: "000000" },
      { ...right, name: "owner'; --" },
    ];
    const told: string[] = [];
    for (const [at, request] of wrong.entries()) {
      const from = { ...request, source: `198.51.100.${100 + at}` };
      await assert.rejects(signIn(vault, from), (error) => {
        told.push(JSON.stringify(error));
        return isFailure(error, "SIGN_IN_REFUSED");
      });
    }
    assert.equal(new Set(told).size, 1, "all refusals are alike");
    const { token } = await signIn(vault, { ...right, code: await code() });
    const { actor } = await openSession(vault, token);
    assert.deepEqual([actor.kind, actor.role], ["person", "owner"]);
    wait(60);
    const failed = await leaves(home, "sign-in-failed");
    assert.equal(failed.length, wrong.length);
    assert.equal(failed[0]?.["actor"], "system");
    assert.equal(failed[1]?.["account"], actor.pseudonym);
    assert.equal((await leaves(home, "sign-in")).length, 2);
    const bodies = JSON.stringify(await leaves(home));
    for (const word of [PASSWORD, token, "nobody"]) assert.equal(bodies.includes(word), false);
  });
});

test("P10: a code counts one step early or late, not two, and not twice", async () => {
  await withDoor(async ({ vault, wait, code, asked }) => {
    let source = 0;
    const enter = async (digits: string) =>
      signIn(vault, { ...asked, code: digits, source: `203.0.113.${(source += 1)}` });
    await assert.rejects(enter(await code(-2)), fails("SIGN_IN_REFUSED"));
    await assert.rejects(enter(await code(2)), fails("SIGN_IN_REFUSED"));
    await enter(await code(-1));
    await assert.rejects(enter(await code(-1)), fails("SIGN_IN_REFUSED"), "a replay");
    const now = await code();
    const twice = await Promise.allSettled([enter(now), enter(now)]);
    assert.equal(twice.filter(({ status }) => status === "fulfilled").length, 1);
    await enter(await code(1));
    await assert.rejects(enter(await code()), fails("SIGN_IN_REFUSED"), "older than the last");
    wait(90);
    await enter(await code());
  });
});

test("P10: guessing is slowed from one place, and the person elsewhere comes in", async () => {
  await withDoor(async ({ home, vault, wait, code, asked }) => {
    const guess = async (at: number) =>
      signIn(vault, { ...asked, password: `guess number ${at}`, code: "123456" });
    const outcomes: string[] = [];
    for (let at = 0; at < 12; at += 1) {
      await guess(at).catch((error: unknown) => {
        assert.ok(isFailure(error));
        outcomes.push(error.code);
        if (error.code === "SIGN_IN_SLOWED") {
          const seconds = Number(error.details["retryAfterSeconds"]);
          assert.ok(seconds >= 1 && seconds <= 60);
        }
      });
    }
    const refused = outcomes.filter((outcome) => outcome === "SIGN_IN_REFUSED");
    assert.deepEqual([refused.length, outcomes.length], [3, 12]);
    await signIn(vault, { ...asked, code: await code(), source: "203.0.113.9" });
    wait(61);
    await signIn(vault, { ...asked, code: await code() });
    const brakes = JSON.stringify(await home.rows("select * from sign_in_brake"));
    assert.equal(brakes.includes("owner") || brakes.includes("198.51"), false);
  });
});

test("P10: many guesses at once are no way round the brake", async () => {
  await withDoor(async ({ vault, asked }) => {
    const guesses = Array.from({ length: 12 }, async (_, at) =>
      signIn(vault, { ...asked, password: `guess number ${at}` }),
    );
    const codes = (await Promise.allSettled(guesses)).map((one) =>
      one.status === "rejected" && isFailure(one.reason) ? one.reason.code : "OPENED",
    );
    assert.equal(codes.filter((code) => code === "SIGN_IN_REFUSED").length, 3);
    assert.equal(codes.filter((code) => code === "SIGN_IN_SLOWED").length, 9);
  });
});

test("P10: spraying one password over many names is slowed from one address", async () => {
  await withDoor(async ({ vault, asked }) => {
    let looked = 0;
    for (let at = 0; at < 30; at += 1) {
      const request = { ...asked, name: `clerk-${at}`, password: "Spring-2026-season" };
      await signIn(vault, request).catch((error: unknown) => {
        if (isFailure(error, "SIGN_IN_REFUSED")) looked += 1;
        else assert.ok(isFailure(error, "SIGN_IN_SLOWED"));
      });
    }
    assert.equal(looked, 10);
  });
});

test("P10: an attacker at the person's address keeps no known browser out", async () => {
  await withDoor(async ({ vault, wait, code, asked }) => {
    const { known } = await signIn(vault, { ...asked, code: await code() });
    wait(60);
    for (let at = 0; at < 8; at += 1)
      await assert.rejects(signIn(vault, { ...asked, password: `guess number ${at}` }));
    await assert.rejects(
      signIn(vault, { ...asked, code: await code() }),
      fails("SIGN_IN_SLOWED"),
      "a browser that is not known waits",
    );
    await signIn(vault, { ...asked, code: await code(), known });
    const forged = `${"A".repeat(22)}.${known.split(".")[1] ?? ""}`;
    const other = { ...asked, code: await code(), known: forged };
    await assert.rejects(signIn(vault, other), fails("SIGN_IN_SLOWED"));
  });
});

test("P10: an older session ends with the sign-in, no planted token is taken", async () => {
  await withDoor(async ({ vault, wait, code, asked }) => {
    const planted = await signIn(vault, { ...asked, code: await code() });
    wait(60);
    const own = await signIn(vault, { ...asked, code: await code(), previous: planted.token });
    assert.notEqual(own.token, planted.token);
    await assert.rejects(openSession(vault, planted.token), fails("SESSION_ENDED"));
    wait(60);
    const made = `mds1${"A".repeat(43)}`;
    const after = await signIn(vault, { ...asked, code: await code(), previous: made });
    await assert.rejects(openSession(vault, made), fails("SESSION_ENDED"));
    assert.notEqual(after.token, made);
  });
});

test("P10: a token ends by sign-out, by idleness, by age, and is not taken back", async () => {
  await withDoor(async ({ home, vault, wait, code, asked }) => {
    const first = await signIn(vault, { ...asked, code: await code() });
    const { actor, session } = await openSession(vault, first.token);
    await using other = await home.open({ now: vault.now });
    await openSession(other, first.token);
    await signOut(vault, actor, session.id);
    await assert.rejects(openSession(other, first.token), fails("SESSION_ENDED"), "elsewhere");
    await assert.rejects(openSession(vault, first.token), fails("SESSION_ENDED"), "a replay");
    wait(60);
    const idle = await signIn(vault, { ...asked, code: await code() });
    wait(29 * 60);
    await openSession(vault, idle.token);
    wait(29 * 60);
    await openSession(vault, idle.token);
    wait(30 * 60);
    await assert.rejects(openSession(vault, idle.token), fails("SESSION_ENDED"));
    const old = await signIn(vault, { ...asked, code: await code() });
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      wait(20 * 60);
      await openSession(vault, old.token);
    }
    wait(20 * 60);
    await assert.rejects(openSession(vault, old.token), fails("SESSION_ENDED"));
    const modes = (await leaves(home, "session-ended")).map((leaf) => leaf["mode"]);
    assert.deepEqual(modes, ["signed-out", "expired", "expired"]);
    const rows = await home.rows("select digest from staff_session");
    assert.ok(rows.every((row) => (row["digest"] as Buffer).length === 32));
  });
});

test("P10: a password change ends the other sessions and asks for the old one", async () => {
  await withDoor(async ({ vault, wait, code, asked }) => {
    const other = await signIn(vault, { ...asked, code: await code() });
    wait(60);
    const own = await signIn(vault, { ...asked, code: await code() });
    const { actor } = await openSession(vault, own.token);
    const fresh = "nine quiet otters swim";
    const change = (old: string, next: string) =>
      changePassword(vault, actor, { old, fresh: next, source: "local" });
    await assert.rejects(change("wrong old password", fresh), fails("SIGN_IN_REFUSED"));
    await assert.rejects(change(PASSWORD, "owner owner owner"), fails("PASSWORD_WEAK"));
    await change(PASSWORD, fresh);
    await openSession(vault, own.token);
    await assert.rejects(openSession(vault, other.token), fails("SESSION_ENDED"));
    wait(60);
    await assert.rejects(signIn(vault, { ...asked, code: await code() }), fails("SIGN_IN_REFUSED"));
    await signIn(vault, { ...asked, password: fresh, code: await code() });
  });
});

test("P10: a recovery code is good once, in place of the authenticator's", async () => {
  await withHome(async (home) => {
    const clock = new Clock("2026-11-28T08:00:00Z");
    await using vault = await home.open({ now: clock.now });
    const invitation = await foundOwner(vault, await localOperator(vault));
    const { token = "" } = invitation ?? {};
    const rows = await home.rows("select account_id, totp from staff_invitation");
    const [row] = rows;
    // Columns of our own table.
    const secret = await openSecret(vault, String(row?.["account_id"]), row?.["totp"] as Buffer);
    const code = totpCode(secret, totpStep(vault.now()));
    await assert.rejects(
      acceptInvitation(vault, { token, password: PASSWORD, code: "000000" }),
      fails("CODE_WRONG"),
    );
    await assert.rejects(
      acceptInvitation(vault, { token, password: "123456789012", code }),
      fails("PASSWORD_WEAK"),
    );
    const { recoveryCodes } = await acceptInvitation(vault, { token, password: PASSWORD, code });
    assert.equal(new Set(recoveryCodes).size, 10);
    await assert.rejects(
      acceptInvitation(vault, { token, password: PASSWORD, code }),
      fails("INVITATION_GONE"),
    );
    const asked = { name: "owner", password: PASSWORD, source: "local" };
    const [recovery = ""] = recoveryCodes;
    await signIn(vault, { ...asked, code: recovery.toUpperCase().replaceAll("-", " ") });
    await assert.rejects(signIn(vault, { ...asked, code: recovery }), fails("SIGN_IN_REFUSED"));
    const kept = JSON.stringify(await home.rows("select * from staff_recovery_code"));
    assert.equal(kept.includes(recovery), false);
  });
});

test("P10: a one-time link dies after a day, and many starts make one owner", async () => {
  await withHome(async (home) => {
    const clock = new Clock("2026-11-28T08:00:00Z");
    await using vault = await home.open({ now: clock.now });
    const operator = await localOperator(vault);
    const made = await Promise.allSettled(
      Array.from({ length: 4 }, async () => foundOwner(vault, operator)),
    );
    assert.ok(made.every(({ status }) => status === "fulfilled"));
    const links = made.flatMap((one) =>
      one.status === "fulfilled" && one.value !== null ? [one.value] : [],
    );
    assert.equal(links.length, 1);
    clock.wait(24 * 3600);
    await assert.rejects(openInvitation(vault, links[0]?.token ?? ""), fails("INVITATION_GONE"));
    await assert.rejects(
      endAccount(vault, { name: "owner", actor: operator }),
      fails("SIGN_IN_NEEDED"),
    );
  });
});
