/** Proofs for labels and receipts as people take them: by the command, and from a web address. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { ticketsIn } from "../../src/label/picture-code.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { csvOf, inventOrders } from "../support/orders.ts";
import { documents, midan } from "../support/process.ts";
import { signInAt } from "../support/actor.ts";

type Document = Readonly<Record<string, unknown>>;

async function answer(home: Home, code: number, ...words: readonly string[]): Promise<Document> {
  const { directory, environment } = home;
  const input = words[0] === "seal" ? csvOf(inventOrders(7)) : "";
  const ended = await midan([...words, "--json"], { directory, environment, input });
  assert.equal(ended.code, code, `${words.join(" ")}: ${ended.stdout}${ended.stderr}`);
  return documents(ended.stdout).at(-1) ?? {};
}

async function sealedTokens(home: Home): Promise<string[]> {
  await answer(home, 0, "seal", "-", "--out", "out", "--labels", "pdf");
  const result = readFileSync(join(home.directory, "out/result.csv"), "utf8");
  const lines = result.split("\r\n").slice(1);
  return lines.map((line) => line.split(",")[0] ?? "").filter((token) => token !== "");
}

/** Serves a folder's files as they are, as any web server would. */
async function serving<T>(folder: string, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    const file = join(folder, new URL(request.url ?? "", "http://x").pathname);
    if (existsSync(file)) response.end(readFileSync(file));
    else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    // It listens on a port.
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("P14: each label and each sealing has a proof that anybody checks", async () => {
  await withHome(async (home) => {
    const tokens = await sealedTokens(home);
    assert.equal(tokens.length, 7);
    const token = tokens[3] ?? "";
    await answer(home, 0, "label", token, "--out", "again.png", "--reason", "lost");
    const key = ["--key", String((await answer(home, 0, "log", "key"))["key"])];
    const first = await answer(home, 0, "statement", "proof", token, "--print", "1", "--out", "p1");
    assert.deepEqual([first["kind"], first["place"]], ["print", { index: 3, count: 7 }]);
    const last = await answer(home, 0, "statement", "proof", token, "--out", "p2");
    assert.deepEqual([last["printNumber"], last["place"]], [2, { index: 0, count: 1 }]);
    await answer(home, 0, "statement", "proof", token, "--seal", "--out", "p3");
    await serving(join(home.directory, "midan-log"), async (url) => {
      for (const [file, log] of [
        ["p1", "midan-log"],
        ["p2", url],
        ["p3", url],
      ] as const) {
        const checked = await answer(home, 0, "statement", "verify", file, ...key, "--log", log);
        assert.deepEqual([checked["isGood"], checked["isInLog"]], [true, true], file);
      }
    });
    const sealed = await answer(home, 0, "statement", "verify", "p3", ...key);
    assert.deepEqual([sealed["item"], sealed["place"]], [token, { index: 3, count: 7 }]);
    const told = (await leaves(home, "log-queried")).map(({ fields }) => fields);
    assert.deepEqual(told, [["proof.print"], ["proof.print"], ["proof.seal"]]);
  });
});

test("STMT-5: no proof is given for a print that is not, or a batch that was changed", async () => {
  await withHome(async (home) => {
    const [token = "", other = ""] = await sealedTokens(home);
    const proof = async (code: number, ...words: readonly string[]): Promise<string> => {
      const { directory, environment } = home;
      const all = ["statement", "proof", ...words, "--out", "p"];
      const ended = await midan(all, { directory, environment });
      assert.equal(ended.code, code, ended.stderr);
      assert.equal(existsSync(join(directory, "p")), false);
      return ended.stderr;
    };
    assert.match(await proof(3, token, "--print", "2"), /STATEMENT_UNKNOWN/);
    await home.change(
      `update print_statement set body =
         convert_to(replace(convert_from(body, 'UTF8'), 'passed', 'failed'), 'UTF8')
       where batch_index = 1`,
    );
    assert.match(await proof(3, token), /STATEMENT_INCOMPLETE/);
    await home.change("delete from print_statement where batch_index = 6");
    assert.match(await proof(3, other), /STATEMENT_INCOMPLETE/);
    await home.change("delete from seal_batch");
    assert.match(await proof(3, token, "--seal"), /STATEMENT_UNKNOWN/);
    assert.equal((await leaves(home, "log-queried")).length, 0);
  });
});

test("P13: a receipt becomes a proof from a web address; tiles that lie give none", async () => {
  await withHome(async (home) => {
    const [token = ""] = await sealedTokens(home);
    const why = ["--fields", "phone", "--purpose", "contact", "--reason", "核对"];
    await signInAt(home, "客服甲");
    await answer(home, 0, "reveal", token, ...why, "--receipt", "receipt.txt");
    const folder = join(home.directory, "midan-log");
    await serving(folder, async (url) => {
      const check = ["receipt", "check", "receipt.txt", "--log", url];
      const held = await answer(home, 0, ...check, "--proof", "proof.txt");
      assert.deepEqual([held["state"], held["index"]], ["included", 3]);
      const proof = readFileSync(join(home.directory, "proof.txt"), "utf8");
      assert.ok(proof.startsWith("c2sp.org/tlog-proof@v1\nindex 3\n"));
      const tile = join(folder, "tile/0/000.p/4");
      const bytes = readFileSync(tile);
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      writeFileSync(tile, bytes);
      await answer(home, 3, ...check, "--proof", "lie.txt");
      assert.equal(existsSync(join(home.directory, "lie.txt")), false);
    });
  });
});

test("STM-3: what is on a label in hand is told from what was never printed so", async () => {
  await withHome(async (home) => {
    const [token = "", other = ""] = await sealedTokens(home);
    const out = ["--out", "again.png", "--reason", "lost", "--ticket"];
    const made = await answer(home, 0, "label", token, ...out);
    const strings = made["printed"] as string[];
    assert.ok(strings.length > 10);
    const match = async (code: number, of: string, list: readonly string[]): Promise<Document> => {
      writeFileSync(join(home.directory, "strings.json"), JSON.stringify(list));
      return answer(home, code, "statement", "match", of, "--strings", "strings.json");
    };
    const same = await match(0, token, strings);
    assert.deepEqual([same["isSame"], same["prints"], same["statements"]], [true, [2], 2]);
    // Another waybill never showed this, nor this one with a string more, less or moved.
    for (const [of, list] of [
      [other, strings],
      [token, strings.slice(1)],
      [token, [...strings, "x"]],
      [token, strings.toReversed()],
    ] as const)
      assert.deepEqual((await match(3, of, list))["prints"], [], `${list.length}`);
    const scanned = await ticketsIn(readFileSync(join(home.directory, "again.png")));
    const code = await answer(home, 0, "statement", "match", token, "--code", scanned[0] ?? "");
    assert.deepEqual(code["prints"], [2]);
    const told = (await leaves(home, "log-queried")).map(({ fields }) => fields);
    assert.equal(told.length, 6);
    assert.deepEqual([told[0], told[5]], [["match.printed"], ["match.ticket"]]);
  });
});
