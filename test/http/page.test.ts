/** The sign-in page in a real browser: one-time link, authenticator, recovery codes, sign-out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { localOperator } from "../../src/access/actor.ts";
import { totpCode, totpStep } from "../../src/crypto/totp.ts";
import { openSecret } from "../../src/identity/authenticator.ts";
import { foundOwner } from "../../src/identity/invitation.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { PASSWORD } from "../support/login.ts";
import { chromiumPath, openBrowser } from "../verifier/browser.ts";
import type { Browser } from "../verifier/browser.ts";
import { serveSignIn } from "./serve.ts";

const PATIENCE_MS = 30_000;

/** Waits until the part of the page with that id is shown; what else is, when it is not. */
async function shown(browser: Browser, id: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while ((await browser.evaluate(`document.getElementById("${id}").hidden`)) !== false) {
    const message = await browser.evaluate(`document.body.innerText`);
    assert.ok(Date.now() < end, `#${id} is not shown: ${String(message)}`);
  }
}

async function fill(browser: Browser, form: string, values: Readonly<Record<string, string>>) {
  for (const [id, value] of Object.entries(values))
    await browser.evaluate(`document.getElementById("${id}").value = ${JSON.stringify(value)}`);
  await browser.evaluate(`document.getElementById("${form}").requestSubmit()`);
}

/** What the owner's authenticator shows `steps` from now. */
async function codeOf(home: Home, vault: Vault, steps = 0): Promise<string> {
  const [row] = await home.rows("select account_id, totp from staff_invitation");
  // Columns of our own table.
  const secret = await openSecret(vault, String(row?.["account_id"]), row?.["totp"] as Buffer);
  return totpCode(secret, totpStep(vault.now()) + steps);
}

async function withPage(
  context: TestContext,
  work: (at: { browser: Browser; home: Home; vault: Vault; origin: string }) => Promise<void>,
): Promise<void> {
  const program = chromiumPath();
  if (program === null) {
    context.skip("no Chromium on this machine");
    return;
  }
  await withHome(async (home) => {
    await using vault = await home.open();
    await using server = await serveSignIn(vault);
    const browser = await openBrowser(program);
    try {
      await work({ browser, home, vault, origin: server.address });
    } finally {
      await browser.close();
    }
  });
}

test("P10: from the one-time link to signed in and out again, in a browser", async (context) => {
  await withPage(context, async ({ browser, home, vault, origin }) => {
    const made = await foundOwner(vault, await localOperator(vault));
    await browser.open(`${origin}/`);
    await shown(browser, "sign-in");
    await browser.evaluate(`location.hash = ${JSON.stringify(made?.token)}`);
    await shown(browser, "accept");
    assert.equal(
      await browser.evaluate(`document.getElementById("accept-name").innerText`),
      "owner",
    );
    const width = await browser.evaluate("document.documentElement.scrollWidth <= innerWidth");
    assert.equal(width, true);
    await fill(browser, "accept", {
      fresh: "password1234",
      "first-code": await codeOf(home, vault),
    });
    await shown(browser, "message");
    await fill(browser, "accept", { fresh: PASSWORD, "first-code": await codeOf(home, vault) });
    await shown(browser, "recovery");
    assert.equal(await browser.evaluate(`document.querySelectorAll("#codes li").length`), 10);
    assert.equal(await browser.evaluate("location.hash"), "", "nothing of the link stays");
    await browser.evaluate(`document.getElementById("saved").click()`);
    await shown(browser, "home");
    assert.equal(await browser.evaluate(`document.getElementById("who").textContent`), "owner");
    assert.equal(await browser.evaluate("document.cookie"), "", "no script sees the session");
    await browser.evaluate(`document.getElementById("sign-out").click()`);
    await shown(browser, "sign-in");
    const code = await codeOf(home, vault, 1);
    await fill(browser, "sign-in", { name: "owner", password: PASSWORD, code });
    await shown(browser, "home");
    assert.equal(await browser.evaluate(`document.querySelectorAll("#sessions li").length`), 1);
  });
});
