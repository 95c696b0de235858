/** An installation whose people have accounts can do without the local operator (P10). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { loginBy } from "../support/login.ts";
import { csvOf, inventOrders } from "../support/orders.ts";
import { midan } from "../support/process.ts";
import type { Ended } from "../support/process.ts";

function runnerIn({ directory, environment }: Home) {
  const off = { ...environment, MIDAN_LOCAL_OPERATOR: "off" };
  return async (words: readonly string[], input = ""): Promise<Ended> =>
    midan(words, { directory, environment: off, input });
}

test("P10: with the local operator off, no command acts before somebody signs in", async () => {
  await withHome(async (home) => {
    const run = runnerIn(home);
    const orders = csvOf(inventOrders(1));
    const token = "md1".padEnd(29, "0");
    const irrevocable = [
      ["seal", "-", "--out", "out"],
      ["erase", token, "--reason", "收件人要求"],
      ["keys", "rotate"],
      ["backup", "--out", "kept"],
      ["org", "add", "顺达快运", "--kind", "headquarters"],
    ];
    for (const words of irrevocable) {
      const refused = await run(words, orders);
      assert.notEqual(refused.code, 0, words.join(" "));
      assert.match(refused.stderr, /midan login/, words.join(" "));
    }
    await loginBy(run);
    assert.equal((await run(["seal", "-", "--out", "out"], orders)).code, 0);
    const sealed = readFileSync(join(home.directory, "out/result.csv"), "utf8").split("\r\n");
    const own = sealed[1]?.split(",")[0] ?? "";
    const erased = await run(["erase", own, "--reason", "收件人要求"]);
    assert.equal(erased.code, 0, erased.stderr);
  });
});
