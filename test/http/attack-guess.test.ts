/** Guessing: at tokens, ids, keys and codes, from what one was given oneself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { orderBody, withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TOKENS = 12;

type Told = Readonly<Record<string, unknown>>;

async function told(api: ApiServer, path: string, asked: Parameters<ApiServer["ask"]>[1]) {
  const answer = await api.ask(path, asked);
  const text = await answer.text();
  const body = (text === "" ? {} : JSON.parse(text)) as Told;
  const { code } = body;
  return { status: answer.status, body, code: typeof code === "string" ? code : "" };
}

async function sealed(api: ApiServer, index: number): Promise<string> {
  const asked = { as: api.machine, method: "POST", body: orderBody(index) };
  return String((await told(api, "/v1/waybills", asked)).body["token"]);
}

/** The token with the letter at a place made the next one of its alphabet. */
function nextAt(token: string, at: number): string {
  const letter = ALPHABET[(ALPHABET.indexOf(token[at] ?? "") + 1) % ALPHABET.length] ?? "";
  return `${token.slice(0, at)}${letter}${token.slice(at + 1)}`;
}

test("P10: no neighbour of a token, id, key or code leads to anything", async () => {
  await withApi(async (api) => {
    const { machine, person, owner } = api;
    const tokens: string[] = [];
    for (let index = 0; index < TOKENS; index += 1) tokens.push(await sealed(api, index));
    assert.equal(new Set(tokens).size, TOKENS);
    const [first = ""] = tokens;
    let guesses = 0;
    for (let at = "md1".length; at < first.length; at += 1) {
      const { status } = await told(api, `/v1/waybills/${nextAt(first, at)}`, { as: machine });
      assert.ok(status === 400 || status === 404, `letter ${at}: ${status}`);
      guesses += 1;
    }
    // Parts of two tokens that are both right.
    for (const other of tokens.slice(1)) {
      const mixed = `${first.slice(0, 14)}${other.slice(14)}`;
      const { status } = await told(api, `/v1/waybills/${mixed}`, { as: machine });
      assert.ok(status === 400 || status === 404, String(status));
      guesses += 1;
    }
    assert.ok(guesses >= 30, String(guesses));

    const accounts = (await told(api, "/v1/accounts?limit=200", { as: owner })).body["items"];
    const ids = (accounts as { id: string }[]).map(({ id }) => id);
    assert.ok(ids.length >= 6);
    for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/);

    // A right id with another secret is told apart from a key of nobody by nothing.
    const half = machine.slice(0, "mdk1".length + 16);
    const foreign = `${half}${"0".repeat(machine.length - half.length)}`;
    const nobodys = `mdk1${"0".repeat(machine.length - 4)}`;
    const [one, other] = [
      await told(api, "/v1/session", { as: foreign }),
      await told(api, "/v1/session", { as: nobodys }),
    ];
    assert.deepEqual([one.status, one.code], [401, other.code]);

    const request = { kind: "access", party: "recipient", token: first };
    const taken = await told(api, "/v1/requests", { as: person, method: "POST", body: request });
    const at = `/v1/requests/${String(taken.body["id"])}/verify`;
    const right = api.codes.at(-1) ?? "";
    const codes = Array.from({ length: 20 }, (_, step) => (Number(right) + step + 1) % 1_000_000);
    const answers: string[] = [];
    for (const code of codes) {
      const body = { code: String(code).padStart(right.length, "0") };
      answers.push((await told(api, at, { as: person, method: "POST", body })).code);
    }
    assert.deepEqual(new Set(answers), new Set(["CODE_WRONG", "CODE_EXPIRED"]));
    const late = { as: person, method: "POST", body: { code: right } };
    assert.equal((await told(api, at, late)).code, "CODE_EXPIRED");
  });
});

test("P9: a name that no text of the database can be is nobody's", async () => {
  await withApi(async (api) => {
    const name = "nobody\u0000";
    const key = { account: name, scopes: ["seal"], days: 1 };
    const made = await told(api, "/v1/api-keys", { as: api.owner, method: "POST", body: key });
    assert.deepEqual([made.status, made.code], [404, "ACCOUNT_UNKNOWN"]);
    const body = { name, password: "wrong wrong wrong", as: "token" };
    const entered = await told(api, "/v1/session", { method: "POST", body });
    assert.deepEqual([entered.status, entered.code], [401, "SIGN_IN_REFUSED"]);
  });
});
