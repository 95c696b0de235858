/** Sign-in at a provider: with a real one, and with one that lies. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkProvider } from "../../src/identity/account.ts";
import { beginOpenid, finishOpenid, openidClient } from "../../src/identity/openid.ts";
import type { OpenidClient } from "../../src/identity/openid.ts";
import { openSession } from "../../src/identity/session.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { accountActor } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { bentProvider, CLIENT, realProvider, throughBrowser } from "./provider.ts";

const ORIGIN = "http://127.0.0.1:9";
const REDIRECT = `${ORIGIN}/v1/openid/callback`;

function refusedAt(step: string): (error: unknown) => boolean {
  return (error) => isFailure(error, "OPENID_REFUSED") && error.details["step"] === step;
}

function clientOf(issuer: string): OpenidClient {
  const { id: clientId, secret: clientSecret } = CLIENT;
  return openidClient({ issuer, clientId, clientSecret, origin: ORIGIN });
}

async function withAccount(
  issuer: string,
  work: (vault: Vault, home: Home) => Promise<void>,
): Promise<void> {
  await withHome(async (home) => {
    await using vault = await home.open();
    const owner = await accountActor(vault, "founder", "owner");
    await accountActor(vault, "dong-7", "courier");
    await linkProvider(vault, { name: "dong-7", issuer, subject: "s-7", actor: owner });
    await work(vault, home);
  });
}

test("P10: a real provider's sign-in begins a session of the linked account", async () => {
  await using provider = await realProvider("s-7", REDIRECT);
  await withAccount(provider.issuer, async (vault, home) => {
    const client = clientOf(provider.issuer);
    const { url, browser } = await beginOpenid(vault, client);
    const asked = new URL(url).searchParams;
    assert.equal(asked.get("code_challenge_method"), "S256");
    const query = await throughBrowser(url, REDIRECT);
    const { token, name } = await finishOpenid(vault, client, { query, browser, previous: null });
    assert.equal(name, "dong-7");
    assert.equal((await openSession(vault, token)).actor.role, "courier");
    const again = finishOpenid(vault, client, { query, browser, previous: null });
    await assert.rejects(again, refusedAt("state"), "a code that comes back twice");
    const [signIn] = (await leaves(home, "sign-in")).slice(-1);
    assert.equal(signIn?.["mode"], "openid");
    assert.equal((await leaves(home, "sign-in-failed")).length, 1);
  });
});

test("P10: an answer of another flow, browser or provider signs nobody in", async () => {
  await using provider = await realProvider("s-7", REDIRECT);
  await withAccount(provider.issuer, async (vault) => {
    const client = clientOf(provider.issuer);
    const tried = async (change: (query: URLSearchParams) => void, others = false) => {
      const { url, browser } = await beginOpenid(vault, client);
      const query = new URLSearchParams(await throughBrowser(url, REDIRECT));
      change(query);
      const from = others ? (await beginOpenid(vault, client)).browser : browser;
      const returned = { query: query.toString(), browser: from, previous: null };
      return finishOpenid(vault, client, returned);
    };
    await tried(() => undefined);
    await assert.rejects(
      tried(() => undefined, true),
      refusedAt("state"),
      "another browser",
    );
    await assert.rejects(
      tried((query) => query.delete("state")),
      refusedAt("state"),
    );
    await assert.rejects(
      tried((query) => query.set("state", "x".repeat(43))),
      refusedAt("state"),
    );
    await assert.rejects(
      tried((query) => query.set("iss", "http://127.0.0.1:1")),
      refusedAt("token"),
      "mix-up: the answer names another issuer (RFC 9207)",
    );
    await assert.rejects(
      tried((query) => query.delete("iss")),
      refusedAt("token"),
    );
    await assert.rejects(
      tried((query) => query.set("error", "access_denied")),
      refusedAt("token"),
    );
    // The code of one flow with the state of another: PKCE does not fit.
    const attackers = await beginOpenid(vault, client);
    const stolen = new URLSearchParams(await throughBrowser(attackers.url, REDIRECT));
    await assert.rejects(
      tried((query) => query.set("code", stolen.get("code") ?? "")),
      refusedAt("token"),
    );
  });
});

test("P10: a subject without an account, or whose account ended, does not come in", async () => {
  await using provider = await realProvider("s-8", REDIRECT);
  await withAccount(provider.issuer, async (vault) => {
    const client = clientOf(provider.issuer);
    const { url, browser } = await beginOpenid(vault, client);
    const query = await throughBrowser(url, REDIRECT);
    const returned = { query, browser, previous: null };
    await assert.rejects(finishOpenid(vault, client, returned), refusedAt("account"));
  });
});

test("P10: a token with a wrong nonce, audience, issuer, age or signature is refused", async () => {
  const now = Math.floor(Date.now() / 1000);
  const cases = [
    ["honest", (honest: object) => ({ ...honest }), false],
    ["no nonce", (honest: object) => ({ ...honest, nonce: undefined }), false],
    ["wrong nonce", (honest: object) => ({ ...honest, nonce: "x".repeat(43) }), false],
    ["wrong audience", (honest: object) => ({ ...honest, aud: "somebody" }), false],
    ["wrong issuer", (honest: object) => ({ ...honest, iss: "https://evil.example" }), false],
    ["expired", (honest: object) => ({ ...honest, iat: now - 900, exp: now - 600 }), false],
    ["no expiry", (honest: object) => ({ ...honest, exp: undefined }), false],
    ["forged", (honest: object) => ({ ...honest }), true],
  ] as const;
  for (const [name, claims, forges] of cases) {
    await using provider = await bentProvider(claims, { forges });
    await withAccount(provider.issuer, async (vault) => {
      const client = clientOf(provider.issuer);
      const { url, browser } = await beginOpenid(vault, client);
      const asked = new URL(url).searchParams;
      provider.expect(asked.get("nonce") ?? "");
      const query = new URLSearchParams({ code: "c", state: asked.get("state") ?? "" }).toString();
      const finished = finishOpenid(vault, client, { query, browser, previous: null });
      if (name === "honest") assert.equal((await finished).name, "dong-7");
      else await assert.rejects(finished, refusedAt("token"), name);
    });
  }
});

test("P10: a provider that is away is said to be, and asked again", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const client = clientOf("http://127.0.0.1:1");
    for (let at = 0; at < 2; at += 1)
      await assert.rejects(beginOpenid(vault, client), (error) =>
        isFailure(error, "OPENID_UNAVAILABLE"),
      );
  });
});
