/** Entries of the log and statements of labels over HTTP, each with a proof that anybody checks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { logKeys } from "../../src/log/upkeep.ts";
import { nodePlatform } from "../../src/outside/node-platform.ts";
import { parseLogKeys } from "../../src/verifier/log-keys.ts";
import { provenEntry } from "../../src/verifier/proof-file.ts";
import { verifyStatement } from "../../src/verifier/statement-proof.ts";
import { needlesOf, searchBytes } from "../support/canary.ts";
import { leaves } from "../support/leaves.ts";
import { orderBody, withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";
import { asked, fileOf, FIRST, foundTree, linesIn, sealedAs, SECOND } from "./export-scene.ts";
import type { Told } from "./export-scene.ts";

const ENTRIES = { kind: "log-entries", purpose: "audit" } as const;
const STATEMENTS = { kind: "statements", purpose: "audit" } as const;
const platform = nodePlatform(() => new Date());

async function print(api: ApiServer, as: string, token: string): Promise<void> {
  const asking = { as, method: "POST", body: { format: "zpl" } };
  const answer = await api.ask(`/v1/waybills/${token}/label`, asking);
  assert.ok(answer.ok, await answer.text());
}

async function keyText({ vault }: ApiServer): Promise<string> {
  return (await logKeys(vault)).join("\n");
}

/** Types of the leaves of a file. */
function typesIn(text: string): string[] {
  return linesIn(text).map(({ leaf }) => String((leaf as Told)["type"]));
}

test("P13: entries of a period are taken away, and the proof of each holds by itself", async () => {
  await withApi(async (api) => {
    const { person: as, machine, home } = api;
    const token = await sealedAs(api, machine, [1]);
    await print(api, machine, token);
    const { job, text, answer } = await fileOf(api, as, ENTRIES);
    const lines = linesIn(text);
    assert.equal(job["rows"], lines.length);
    assert.ok(lines.length >= 3, text);
    assert.equal(answer.headers.get("content-type"), "application/x-ndjson");
    const { key } = await parseLogKeys(platform, await keyText(api));
    for (const { index, leaf, proof } of lines) {
      const entry = Buffer.from(JSON.stringify(leaf));
      const given = { entry, key, file: "proof" };
      const proven = await provenEntry(platform, Buffer.from(String(proof)), given);
      assert.equal(proven.index, index);
      const altered = { ...given, entry: Buffer.from(JSON.stringify({ ...(leaf as Told), v: 2 })) };
      await assert.rejects(provenEntry(platform, Buffer.from(String(proof)), altered));
    }
    const indices = lines.map(({ index }) => Number(index));
    assert.deepEqual(
      indices,
      indices.toSorted((a, b) => a - b),
      "in the order of the log",
    );
    const { name, phone, address } = orderBody(1).recipient;
    assert.deepEqual(searchBytes(Buffer.from(text), needlesOf([name, phone, address])), []);

    const seals = await fileOf(api, as, { ...ENTRIES, question: "seals" });
    assert.deepEqual(new Set(typesIn(seals.text)), new Set(["seal-batch"]));
    const none = await fileOf(api, as, { ...ENTRIES, question: "reveals" });
    assert.deepEqual([none.text, none.job["rows"], none.job["bytes"]], ["", 0, 0]);
    const made = await leaves(home, "export-made");
    assert.deepEqual(
      made.map(({ mode, purpose, count }) => [mode, purpose, count]),
      [
        ["log-entries", "audit", lines.length],
        ["log-entries", "audit", linesIn(seals.text).length],
        ["log-entries", "audit", 0],
      ],
    );
    assert.equal((await leaves(home, "export")).length, 3);
  });
});

test("P14: statements of a period are taken away, each with the proof of its label", async () => {
  await withApi(async (api) => {
    const { person: as, machine, home } = api;
    const tokens = [await sealedAs(api, machine, [1]), await sealedAs(api, machine, [2])];
    for (const token of tokens) await print(api, machine, token);
    const { text } = await fileOf(api, as, STATEMENTS);
    const lines = linesIn(text);
    assert.deepEqual(
      lines.map(({ ok, token, printNumber }) => [ok, token, printNumber]),
      tokens.map((token) => [true, token, 1]),
    );
    const key = await keyText(api);
    for (const { proof, token, index } of lines) {
      const question = { key, policy: null, log: null };
      const held = await verifyStatement(platform, {
        ...question,
        proof: Buffer.from(String(proof)),
      });
      assert.ok(held.isGood, JSON.stringify(held.refused));
      assert.deepEqual([(held.item as Told)["token"], held.entry?.index], [token, index]);
    }
    // A batch of which a part is gone is a line of its own, and the rest goes on.
    await home.change("delete from print_statement where body like $1::bytea", [
      Buffer.from(`%${tokens[0]}%`),
    ]);
    const rest = linesIn((await fileOf(api, as, STATEMENTS)).text);
    assert.deepEqual(
      rest.map(({ ok, token = null, code = null }) => [ok, token, code]),
      [
        [false, null, "STATEMENT_INCOMPLETE"],
        [true, tokens[1], null],
      ],
    );
  });
});

test("P10: who checks a branch takes away its log, for what the role checks", async () => {
  await withApi(async (api) => {
    await foundTree(api);
    const clerk = await api.signIn("clerk", FIRST);
    const manager = await api.signIn("branch-manager", SECOND);
    const auditor = await api.signIn("auditor", FIRST);
    const inspector = await api.signIn("inspector", null);
    const own = await sealedAs(api, clerk, [1]);
    const other = await sealedAs(api, manager, [2]);
    await print(api, clerk, own);
    await print(api, manager, other);
    const ofBranch = await fileOf(api, auditor, STATEMENTS);
    assert.deepEqual(
      linesIn(ofBranch.text).map(({ token }) => token),
      [own],
    );
    const prints = await fileOf(api, auditor, { ...ENTRIES, question: "prints" });
    assert.deepEqual(typesIn(prints.text), ["print-batch"]);
    const inspected = await fileOf(api, inspector, { ...STATEMENTS, purpose: "inspection" });
    assert.equal(linesIn(inspected.text).length, 2);
    const refused: readonly (readonly [as: string, body: Told])[] = [
      [auditor, { ...ENTRIES, organisation: SECOND }],
      [auditor, { ...STATEMENTS, organisation: SECOND }],
      [auditor, { ...ENTRIES, purpose: "inspection" }],
      [inspector, ENTRIES],
      [manager, ENTRIES],
      [manager, STATEMENTS],
      [clerk, ENTRIES],
      [api.courier, STATEMENTS],
      [api.machine, ENTRIES],
    ];
    for (const [as, body] of refused) {
      const { status, told } = await asked(api, as, body);
      assert.equal(status, 403, JSON.stringify({ body, told }));
    }
    // Of somebody else's, though both may have the kind.
    const at = `/v1/exports/${String(ofBranch.job["id"])}`;
    for (const place of [at, `${at}/file`])
      assert.equal((await api.ask(place, { as: inspector })).status, 404);
    assert.equal((await api.ask(at, { as: api.person, method: "DELETE" })).status, 404);
  });
});
