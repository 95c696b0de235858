/** `midan sandbox` as a process: what it makes, whom it lets in, which folders it leaves alone. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { SANDBOX_EACH, SANDBOX_PEOPLE, SANDBOX_STATES } from "../../src/story/sandbox-cast.ts";
import type { SandboxFacts } from "../../src/story/sandbox.ts";
import { withDirectory } from "../support/home.ts";
import { midan, start } from "../support/process.ts";

const ENVIRONMENT = { MIDAN_LANG: "en" };
const ACCOUNTS = "sandbox-accounts.json";

interface Sandbox {
  readonly facts: SandboxFacts;
  readonly ask: (path: string, asked?: Asked) => Promise<Response>;
  readonly signIn: (name: string) => Promise<string>;
}

interface Asked {
  readonly as?: string;
  readonly body?: unknown;
}

async function factsIn(home: string): Promise<SandboxFacts> {
  return JSON.parse(await readFile(join(home, ACCOUNTS), "utf8")) as SandboxFacts;
}

/** Runs `work` with the sandbox served, which then stops as it is told to. */
async function withSandbox(
  directory: string,
  work: (sandbox: Sandbox) => Promise<void>,
  more: readonly string[] = [],
): Promise<void> {
  const words = ["sandbox", "--dir", "box", "--port", "0", "--json", ...more];
  const child = start(words, { environment: ENVIRONMENT, directory });
  assert.ok(child.stdout !== null && child.stderr !== null);
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => lines.push(line));
  const ended = once(child, "close");
  const told = once(createInterface({ input: child.stdout }), "line");
  try {
    const first = await Promise.race([told, ended]);
    assert.equal(typeof first[0], "string", lines.join("\n"));
    const { address } = JSON.parse(String(first[0])) as { readonly address: string };
    const facts = await factsIn(join(directory, "box"));
    const ask: Sandbox["ask"] = async (path, { as, body } = {}) =>
      fetch(`${address}${path}`, {
        ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
        headers: {
          ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
      });
    const signIn = async (name: string): Promise<string> => {
      const password = facts.people.find((person) => person.name === name)?.password;
      const answer = await ask("/v1/session", { body: { name, password, as: "token" } });
      const { token } = (await answer.json()) as { readonly token?: string };
      assert.ok(token !== undefined, `${name} ${answer.status}`);
      return token;
    };
    await work({ facts, ask, signIn });
    child.kill("SIGTERM");
    await ended;
    assert.equal(child.exitCode, 0, lines.join("\n"));
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

function tokensOf({ facts }: Sandbox, state: string): readonly string[] {
  const tokens = facts.waybills.filter((row) => row.state === state).map(({ token }) => token);
  assert.equal(tokens.length, SANDBOX_EACH, state);
  return tokens;
}

/** What each state looks like to a machine that asks for the masked view. */
const SEEN = {
  sealed: null,
  printed: null,
  supplied: null,
  arrived: "arrived",
  "assigned-courier": "arrived",
  "assigned-station": "arrived",
  undelivered: "undelivered",
  delivered: "delivered",
  returned: "returned",
  closed: "closed",
  void: "void",
  held: null,
} as const;

async function requireStates(sandbox: Sandbox, key: string): Promise<void> {
  for (const [state, parcel] of Object.entries(SEEN)) {
    for (const token of tokensOf(sandbox, state)) {
      const answer = await sandbox.ask(`/v1/waybills/${token}`, { as: key });
      const text = await answer.text();
      assert.equal(answer.status, 200, `${state} ${text}`);
      const view = JSON.parse(text) as { parcelState: string | null; state: string };
      assert.equal(view.parcelState, parcel, state);
      // Nothing goes on its way, or comes back, without a label.
      const isLabelled = state === "printed" || (parcel !== null && parcel !== "void");
      assert.equal(view.state, isLabelled ? "printed" : "sealed", state);
    }
  }
  const officer = await sandbox.signIn("privacy");
  const body = { fields: ["recipient.phone"], purpose: "contact" };
  for (const [state, status] of [
    ["sealed", 200],
    ["erased", 410],
  ] as const) {
    for (const token of tokensOf(sandbox, state)) {
      const answer = await sandbox.ask(`/v1/waybills/${token}/reveal`, { as: officer, body });
      assert.equal(answer.status, status, `${state} ${await answer.text()}`);
    }
  }
  const held = await sandbox.ask("/v1/holds", { as: officer });
  const { items } = (await held.json()) as { readonly items: readonly unknown[] };
  assert.equal(items.length, SANDBOX_EACH);
}

/** One call by each role that it is for; couriers open parcels from a registered device alone. */
async function requireRoles(sandbox: Sandbox): Promise<void> {
  const { ask, signIn, facts } = sandbox;
  const [sealed = ""] = tokensOf(sandbox, "sealed");
  const calls: Readonly<Record<string, string>> = {
    owner: "/v1/accounts",
    headquarters: "/v1/organisations",
    privacy: "/v1/retention",
    security: "/v1/warrants",
    inspector: `/v1/waybills/${sealed}`,
    auditor: `/v1/waybills/${sealed}`,
    support: `/v1/waybills/${sealed}`,
    manager: `/v1/waybills/${sealed}`,
    clerk: `/v1/waybills/${sealed}`,
    courier: `/v1/waybills/${sealed}`,
    merchant: `/v1/waybills/${sealed}`,
    supplier: `/v1/waybills/${tokensOf(sandbox, "supplied")[0]}`,
  };
  for (const [name, path] of Object.entries(calls)) {
    const answer = await ask(path, { as: await signIn(name) });
    assert.equal(answer.status, 200, `${name} ${await answer.text()}`);
  }
  const body = { fields: ["recipient.phone"], purpose: "contact" };
  const [atStation] = tokensOf(sandbox, "assigned-station");
  const as = await signIn("station");
  const opened = await ask(`/v1/waybills/${atStation}/reveal`, { as, body });
  assert.equal(opened.status, 200, await opened.text());
  assert.deepEqual(
    facts.people.map(({ name }) => name),
    [...Object.keys(calls), "station"].toSorted((a, b) => orderOf(a) - orderOf(b)),
  );
  for (const { name, key } of facts.machines)
    assert.equal((await ask(`/v1/waybills/${sealed}`, { as: key })).status, 200, name);
}

function orderOf(name: string): number {
  return SANDBOX_PEOPLE.findIndex((person) => person.name === name);
}

test("a sandbox has every state, a way in for every role, and says what it is", async () => {
  await withDirectory(async (directory) => {
    const box = join(directory, "box");
    await withSandbox(directory, async (sandbox) => {
      const { ask, facts } = sandbox;
      const live = await ask("/health/live");
      assert.equal(live.headers.get("midan-sandbox"), "true");
      assert.deepEqual(await live.json(), { live: true, sandbox: true });
      const unknown = await ask("/v1/%");
      assert.deepEqual([unknown.status, unknown.headers.get("midan-sandbox")], [400, "true"]);
      const page = await (await ask("/docs")).text();
      assert.match(page.slice(0, 500), /<h1>.*<\/h1><p><strong>这是演练环境/);
      assert.equal(facts.waybills.length, SANDBOX_STATES.length * SANDBOX_EACH);
      await requireStates(sandbox, facts.machines[0]?.key ?? "");
      await requireRoles(sandbox);
      assert.equal((await stat(join(box, ACCOUNTS))).mode & 0o777, 0o600);
      const running = ["sandbox", "--dir", "box", "--port", "0", "--reset", "--json"];
      const refused = await midan(running, { environment: ENVIRONMENT, directory });
      assert.match(refused.stderr, /SANDBOX_RUNNING/);
      assert.deepEqual(await factsIn(box), facts);
    });
    const first = await factsIn(box);
    await withSandbox(directory, async ({ facts, signIn }) => {
      assert.deepEqual(facts, first);
      await signIn("owner");
    });
    await writeFile(join(box, "notes.txt"), "mine");
    await withSandbox(
      directory,
      async ({ facts, ask }) => {
        assert.notDeepEqual(facts, first);
        const as = first.machines[0]?.key ?? "";
        const { token } = first.waybills[0] ?? { token: "" };
        assert.equal((await ask(`/v1/waybills/${token}`, { as })).status, 401);
      },
      ["--reset"],
    );
    assert.equal(await readFile(join(box, "notes.txt"), "utf8"), "mine");
  });
});

test("a folder that is no sandbox's is refused and left as it is", async () => {
  await withDirectory(async (directory) => {
    const box = join(directory, "box");
    for (const [folder, file] of [
      ["midan-data", "PG_VERSION"],
      ["midan-keys", "key"],
    ] as const) {
      await mkdir(join(box, folder), { recursive: true });
      await writeFile(join(box, folder, file), "of a real one");
    }
    // A file of that name that is not where the mark lies marks nothing.
    await writeFile(join(box, "sandbox"), "");
    for (const more of [[], ["--reset"]]) {
      const words = ["sandbox", "--dir", "box", "--port", "0", "--json", ...more];
      const { code, stderr } = await midan(words, { environment: ENVIRONMENT, directory });
      assert.equal(code, 3);
      assert.match(stderr, /SANDBOX_PLACE/);
      assert.deepEqual((await readdir(box)).toSorted(), ["midan-data", "midan-keys", "sandbox"]);
      assert.deepEqual(await readdir(join(box, "midan-data")), ["PG_VERSION"]);
      assert.equal(await readFile(join(box, "midan-keys/key"), "utf8"), "of a real one");
    }
  });
});
