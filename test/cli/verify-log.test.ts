/** The log from outside: verified, spoiled, and receipts held against it. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { csvOf, inventOrders } from "../support/orders.ts";
import { documents, midan } from "../support/process.ts";
import type { Ended } from "../support/process.ts";
import { signInAt } from "../support/actor.ts";

type Document = Readonly<Record<string, unknown>>;

async function run(home: Home, ...words: readonly string[]): Promise<Ended> {
  const { directory, environment } = home;
  const input = words[0] === "seal" ? csvOf(inventOrders(2)) : "";
  return midan([...words], { directory, environment, input });
}

async function answer(home: Home, code: number, ...words: readonly string[]): Promise<Document> {
  const ended = await run(home, ...words, "--json");
  assert.equal(ended.code, code, `${words.join(" ")}: ${ended.stdout}${ended.stderr}`);
  return documents(ended.stdout).at(-1) ?? {};
}

test("P13: a reveal's receipt becomes a proof, and a changed log is refused", async () => {
  await withHome(async (home) => {
    await answer(home, 0, "seal", "-", "--out", "out");
    await signInAt(home, "客服甲");
    const rows = readFileSync(join(home.directory, "out/result.csv"), "utf8").split("\r\n");
    const token = rows[1]?.split(",")[0] ?? "";
    const why = ["--fields", "phone", "--purpose", "contact", "--reason", "核对"];
    await answer(home, 0, "reveal", token, ...why, "--receipt", "receipt.txt");
    const key = String((await answer(home, 0, "log", "key"))["key"]);
    const good = await answer(home, 0, "verify-log", "midan-log", "--key", key);
    assert.equal(good["isGood"], true);
    assert.equal(good["entries"], 3);
    const held = await answer(home, 0, "receipt", "check", "receipt.txt", "--proof", "proof.txt");
    assert.deepEqual([held["state"], held["index"]], ["included", 2]);
    const proof = readFileSync(join(home.directory, "proof.txt"), "utf8");
    assert.ok(proof.startsWith("c2sp.org/tlog-proof@v1\nindex 2\n"));
    writeFileSync(
      join(home.directory, "kept"),
      readFileSync(join(home.directory, "midan-log/checkpoint")),
    );
    await answer(home, 0, "seal", "-", "--out", "again");
    const grown = await answer(home, 0, "verify-log", "midan-log", "--since", "kept");
    assert.deepEqual([grown["since"], grown["isKeyGiven"]], [[3], false]);
    assert.equal((await answer(home, 0, "log", "check"))["differs"], null);

    await home.change("alter table audit_leaf disable trigger all");
    await home.change(
      `update audit_leaf set body =
         convert_to(replace(convert_from(body, 'UTF8'), 'contact', 'return'), 'UTF8')`,
    );
    assert.equal((await answer(home, 3, "log", "check"))["differs"], 2);
    const folder = join(home.directory, "midan-log/tile/entries/000.p");
    const [bundle = ""] = readdirSync(folder).toSorted().reverse();
    const bytes = readFileSync(join(folder, bundle));
    bytes.write("return", bytes.indexOf("contact"));
    writeFileSync(join(folder, bundle), bytes);
    const bad = await answer(home, 3, "verify-log", "midan-log", "--key", key);
    const { reason, where } = bad["refused"] as { reason: string; where: { index: number } };
    assert.deepEqual([reason, where.index], ["ENTRY_DIFFERS", 2]);
    const { stdout } = await run(home, "verify-log", "midan-log", "--lang", "zh");
    assert.match(stdout, /验证不通过:ENTRY_DIFFERS 条目与其哈希不符/u);
  });
});
