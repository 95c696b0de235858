/** The owner's one-time link of a first start: where it lies, and where it leads. */
import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { withHome } from "../support/home.ts";
import { withServe } from "./serve-process.ts";

test("P9: the link lies in a file for its owner alone, with the port that is served", async () => {
  await withHome(async (home) => {
    await withServe(home, {}, async ({ address, lines }) => {
      const place = path.join(home.directory, "midan-outbox", "owner-link");
      const isTold = (): boolean => lines.some((line) => line.includes(place));
      const end = performance.now() + 20_000;
      while (!isTold() && performance.now() < end) await wait(20);
      assert.ok(isTold(), lines.join("\n"));
      const link = new URL((await readFile(place, "utf8")).trim());
      assert.equal(link.origin, address);
      assert.equal((await stat(place)).mode & 0o777, 0o600);
      assert.ok(!lines.some((line) => line.includes(link.hash)), "it is among the lines");
      const token = link.hash.slice(1);
      const answer = await fetch(`${address}/v1/invitation`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: link.origin },
        body: JSON.stringify({ invite: token }),
      });
      assert.equal(answer.status, 200, await answer.text());
    });
  });
});
