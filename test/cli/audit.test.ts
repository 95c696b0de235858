/** `midan audit` as people use it: a table, CSV for a spreadsheet, JSON for programs. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { withHome } from "../support/home.ts";
import { csvOf, inventOrders } from "../support/orders.ts";
import { documents, midan } from "../support/process.ts";
import { signInAt } from "../support/actor.ts";

test("P13: the log is asked as a table, as CSV and as JSON, page by page", async () => {
  await withHome(async (home) => {
    const { directory, environment } = home;
    const run = async (code: number, ...words: string[]): Promise<string> => {
      const input = words[0] === "seal" ? csvOf(inventOrders(1)) : "";
      const ended = await midan(words, { directory, environment, input });
      assert.equal(ended.code, code, `${words.join(" ")}: ${ended.stdout}${ended.stderr}`);
      return ended.stdout;
    };
    await run(0, "seal", "-", "--out", "out");
    const result = readFileSync(join(directory, "out/result.csv"), "utf8").split("\r\n");
    const token = result[1]?.split(",")[0] ?? "";
    await signInAt(home, "客服甲");
    const look = ["reveal", token, "--reason", "核对"];
    for (const purpose of ["contact", "deliver"])
      await run(0, ...look, "--purpose", purpose, "--fields", "phone");
    await run(3, ...look, "--purpose", "contact", "--fields", "address");
    const refused = await midan(
      [...look, "--purpose", "law-enforcement", "--fields", "phone", "--json"],
      {
        directory,
        environment,
      },
    );
    const table = await run(0, "audit", "waybill", token);
    const rows = table.split("\n").filter((row) => / reveal +st-[0-9a-f]{16} /.test(row));
    assert.equal(rows.length, 2, table);
    assert.match(table, /this question is entry [0-9a-f]{32}/);
    const csv = await run(0, "audit", "person", "客服甲", "--format", "csv");
    const [head, first] = csv.split("\n");
    assert.equal(head, "index,at,type,actor,branch,purpose,fields,outcome,rule,id");
    assert.match(first ?? "", /^\d+,\d{4}-\d\d-\d\dT[\d:.]+Z,reveal-denied,st-/);
    const counted = await run(0, "audit", "reveals", "--by", "purpose", "--format", "csv");
    assert.equal(counted, "value,leaves\ncontact,1\ndeliver,1\n");
    const page = await run(0, "audit", "reveals", "--limit", "1", "--json");
    const { entries, next } = documents(page)[0] as { entries: unknown[]; next: number };
    assert.equal(entries.length, 1);
    const rest = await run(0, "audit", "reveals", "--before", String(next), "--json");
    const [last = {}] = documents(rest);
    assert.equal((last["entries"] as unknown[]).length, 1);
    assert.match(await run(0, "audit", "exports", "--lang", "zh"), /没有条目/u);
    const denied = await run(0, "audit", "denied");
    assert.match(denied, /reveal-denied .* FIELD_NOT_ALLOWED /);
    // Whoever is refused is told the id of the entry.
    const [, entry = ""] = /"entry":"([0-9a-f]{32})"/.exec(refused.stderr + refused.stdout) ?? [];
    assert.match(denied, new RegExp(`WARRANT_NEEDED +${entry}$`, "m"));
    await run(3, "account", "create", "客服乙", "--role", "auditor");
    assert.match(
      await run(0, "audit", "denied"),
      /access-denied .* ACCOUNT_FORBIDDEN +no-permit +/,
    );
    for (const wrong of [
      ["--format", "xml"],
      ["--by", "name"],
      ["--limit", "0"],
    ])
      await run(2, "audit", "reveals", ...wrong);
    const future = ["--from", "2030-01-01", "--to", "2029-01-01"];
    await run(2, "audit", "reveals", ...future);
  });
});
