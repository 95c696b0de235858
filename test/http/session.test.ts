/** Sign-in over HTTP: cookies, other sites, limits, headers, and two servers on one database. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { localOperator } from "../../src/access/actor.ts";
import type { Listening } from "../../src/http/server.ts";
import { acceptInvitation, foundOwner } from "../../src/identity/invitation.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { withHome } from "../support/home.ts";
import { PASSWORD } from "../support/login.ts";
import { serveSignIn } from "./serve.ts";

const ORIGIN = "http://127.0.0.1:8480";
const PRIVATE = "13912345678";

type Document = Readonly<Record<string, unknown>>;

async function serve(vault: Vault): Promise<Listening & AsyncDisposable> {
  return serveSignIn(vault, ORIGIN);
}

/** A browser that keeps cookies and says where its page is from. */
class Browser {
  readonly #cookies = new Map<string, string>();
  csrf = "";
  origin = ORIGIN;

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async ask(at: string, method = "GET", body?: unknown): Promise<Response> {
    const answer = await fetch(at, {
      method,
      headers: {
        cookie: this.cookie,
        origin: this.origin,
        "x-midan-csrf": this.csrf,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      assert.match(line, /; Path=\/;.* HttpOnly; SameSite=Strict$/);
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }
}

async function withOwner(work: (vault: Vault, other: Vault) => Promise<void>): Promise<void> {
  await withHome(async (home) => {
    await using vault = await home.open();
    await using other = await home.open();
    const made = await foundOwner(vault, await localOperator(vault));
    const given = { token: made?.token ?? "", password: PASSWORD, code: null };
    await acceptInvitation(vault, given);
    await work(vault, other);
  });
}

async function documentOf(answer: Response): Promise<Document> {
  return (await answer.json()) as Document;
}

test("P10: a browser signs in, is known, and its sign-out reaches another server", async () => {
  await withOwner(async (vault, other) => {
    await using here = await serve(vault);
    await using there = await serve(other);
    const browser = new Browser();
    assert.equal((await browser.ask(`${here.address}/v1/session`)).status, 401);
    const body = { name: "owner", password: PASSWORD };
    const entered = await browser.ask(`${here.address}/v1/session`, "POST", body);
    assert.equal(entered.status, 200);
    const told = await documentOf(entered);
    assert.equal(JSON.stringify(told).includes("mds1"), false, "no script sees the token");
    browser.csrf = String(told["csrf"]);
    const who = await documentOf(await browser.ask(`${there.address}/v1/session`));
    assert.deepEqual([who["name"], who["role"]], ["owner", "owner"]);
    const { sessions } = await documentOf(await browser.ask(`${here.address}/v1/sessions`));
    assert.equal((sessions as unknown[]).length, 2);
    const kept = browser.cookie;
    const begun = performance.now();
    assert.equal((await browser.ask(`${here.address}/v1/session`, "DELETE")).status, 204);
    const replay = await fetch(`${there.address}/v1/session`, { headers: { cookie: kept } });
    assert.equal(replay.status, 401);
    assert.ok(performance.now() - begun < 5_000, "within five seconds on the other server");
  });
});

test("P10: a change that another site's page asks for is refused", async () => {
  await withOwner(async (vault) => {
    await using server = await serve(vault);
    const at = `${server.address}/v1/session`;
    const browser = new Browser();
    const entered = await browser.ask(at, "POST", { name: "owner", password: PASSWORD });
    const { csrf } = await documentOf(entered);
    assert.equal((await browser.ask(at, "DELETE")).status, 403, "without what the page knows");
    browser.csrf = "x".repeat(43);
    assert.equal((await browser.ask(at, "DELETE")).status, 403);
    browser.csrf = String(csrf);
    browser.origin = "https://evil.example";
    assert.equal((await browser.ask(at, "DELETE")).status, 403);
    const planted = await browser.ask(at, "POST", { name: "owner", password: PASSWORD });
    assert.equal(planted.status, 403, "sign-in from another site");
    browser.origin = ORIGIN;
    const preflight = await browser.ask(at, "OPTIONS");
    assert.equal(preflight.headers.get("access-control-allow-origin"), null);
    assert.equal((await browser.ask(at, "DELETE")).status, 204);
  });
});

test("P9: what is refused is said without a word of what was sent", async () => {
  await withOwner(async (vault) => {
    await using server = await serve(vault);
    const at = `${server.address}/v1/session`;
    const json = { "content-type": "application/json" };
    const send = async (body: string, headers: Record<string, string> = json) =>
      fetch(at, { method: "POST", body, headers });
    const wrong = [
      [await send(`{"name":"${PRIVATE}"`), 400],
      [await send(JSON.stringify({ name: PRIVATE })), 400],
      [await send(JSON.stringify({ name: PRIVATE, password: "x", [PRIVATE]: 1 })), 400],
      [await send(JSON.stringify({ name: PRIVATE, password: PRIVATE })), 401],
      [await send(JSON.stringify({ name: "a".repeat(70_000), password: "x" })), 413],
      [await send(`name=${PRIVATE}`, { "content-type": "application/x-www-form-urlencoded" }), 400],
      [await fetch(`${server.address}/${PRIVATE}`), 404],
      [await fetch(`${server.address}/v1/sessions/${PRIVATE}`, { method: "DELETE" }), 401],
      [await fetch(at, { headers: { authorization: "Bearer mdk1abc" } }), 401],
    ] as const;
    for (const [at_, [answer, status]] of wrong.entries()) {
      assert.equal(answer.status, status, String(at_));
      assert.match(answer.headers.get("content-type") ?? "", /^application\/problem\+json/);
      const text = await answer.text();
      assert.equal(text.includes(PRIVATE), false, text);
      const problem = JSON.parse(text) as Document;
      assert.equal(problem["status"], status);
      assert.match(String(problem["type"]), /^urn:midan:problem:[A-Z_]+$/);
      assert.match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'/);
      assert.equal(answer.headers.get("cache-control"), "no-store");
      assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    }
  });
});

test("P10: too many attempts are told when to come back", async () => {
  await withOwner(async (vault) => {
    await using server = await serve(vault);
    const browser = new Browser();
    const body = { name: "owner", password: "a guess that is wrong" };
    const statuses: number[] = [];
    let after = "";
    // A slow machine waits out the first waits by itself; each is twice the one before.
    while (statuses.at(-1) !== 429 && statuses.length < 12) {
      const answer = await browser.ask(`${server.address}/v1/session`, "POST", body);
      statuses.push(answer.status);
      after = answer.headers.get("retry-after") ?? after;
    }
    assert.deepEqual(statuses.slice(0, 3), [401, 401, 401]);
    assert.equal(statuses.at(-1), 429);
    assert.match(after, /^[1-9]\d?$/);
  });
});

test("P16: the page is there in both languages, without a script or style of its own", async () => {
  await withOwner(async (vault) => {
    await using server = await serve(vault);
    for (const [language, words] of [
      ["zh-CN,zh;q=0.9", "备用码"],
      ["en-GB", "Recovery codes"],
    ] as const) {
      const headers = { "accept-language": language };
      const page = await (await fetch(server.address, { headers })).text();
      assert.ok(page.includes(words) && page.includes(`lang="${language.slice(0, 2)}`));
      assert.equal(/\{\{|<script>|style=|onclick/.test(page), false);
    }
    for (const name of ["page.css", "page.js"])
      assert.equal((await fetch(`${server.address}/${name}`)).status, 200);
  });
});
