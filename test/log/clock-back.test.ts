/** A whole server whose clock is set back: what it logs, signs and serves still verifies. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { LogFolder } from "../../src/log/log-folder.ts";
import { logRoutes } from "../../src/http/static-log.ts";
import { listen } from "../../src/http/server.ts";
import { logKeys } from "../../src/log/upkeep.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { signedIn } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import { sealOne } from "../support/orders.ts";
import { documents, midan } from "../support/process.ts";

const HOUR_MS = 3_600_000;
/** Hours by which the clock is off at each reveal. */
const HOURS = [0, -1, -30, -2, -72, 0];

type Document = Readonly<Record<string, unknown>>;

test("P13: a server whose clock is set back keeps order, receipts and proofs", async (context) => {
  await withHome(async (home) => {
    let hours = 0;
    await using vault = await home.open({ now: () => new Date(Date.now() + hours * HOUR_MS) });
    const folder = new LogFolder(home.config().logDir);
    const server = await listen({ host: "127.0.0.1", port: 0 }, [(app) => logRoutes(app, folder)]);
    const answer = async (...words: readonly string[]): Promise<Document> => {
      const { directory, environment } = home;
      const ended = await midan([...words, "--json"], { directory, environment, input: "" });
      assert.equal(ended.code, 0, `${words.join(" ")}: ${ended.stdout}${ended.stderr}`);
      return documents(ended.stdout).at(-1) ?? {};
    };
    try {
      const token = await sealOne(vault, 1);
      const request = { token, fields: "phone", purpose: "contact", reason: "核对" };
      const sizes: number[] = [];
      for (const [at, off] of HOURS.entries()) {
        hours = off;
        const { receipt } = await reveal(vault, { ...request, actor: signedIn("test") });
        await writeFile(join(home.directory, `receipt-${at}`), receipt);
        while ((await vault.log.sequencer.integrate()) === null);
        assert.equal(vault.log.keeper.failure, null);
        const note = await (await fetch(`${server.address}/checkpoint`)).text();
        await writeFile(join(home.directory, `kept-${at}`), note);
        sizes.push(Number(note.split("\n")[1]));
      }
      const [key = ""] = await logKeys(vault);
      for (const at of [0, 3]) {
        const since = ["--since", `kept-${at}`];
        const good = await answer("verify-log", server.address, "--key", key, ...since);
        assert.deepEqual([good["entries"], good["since"]], [sizes.at(-1), [sizes[at]]]);
      }
      const rows = await home.rows(
        "select at from log_entry where type = 'reveal' order by log_index",
      );
      const times = rows.map(({ at }) => Number(at));
      assert.equal(times.length, HOURS.length);
      assert.notDeepEqual(
        times,
        times.toSorted((a, b) => a - b),
        "the clock did run back",
      );
      for (const at of [0, 4, 5]) {
        const words = ["receipt", "check", `receipt-${at}`, "--log", server.address];
        assert.equal((await answer(...words))["state"], "included");
      }
      context.diagnostic(`${HOURS.length} reveals, ${sizes.at(-1) ?? 0} entries verified`);
    } finally {
      await server.close();
    }
  });
});
