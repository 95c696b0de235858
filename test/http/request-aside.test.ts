/** A request by phone at a real server: its answer waits for no message, and tells of none. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { beginSession } from "../../src/identity/session.ts";
import { connected, transaction } from "../../src/store/pool.ts";
import { findAccountByName } from "../../src/store/staff-account.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { accountActor } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import { inventOrder, sealOne } from "../support/orders.ts";
import { withServe } from "./serve-process.ts";

const OWNER_ONLY = 0o700;

async function officerOf(vault: Vault): Promise<string> {
  await accountActor(vault, "officer", "privacy-officer");
  const account = await connected(vault.database, async (connection) =>
    findAccountByName(connection, vault.tenant.id, "officer"),
  );
  assert.ok(account !== null);
  const begun = await transaction(vault.database, async (connection) =>
    beginSession(vault, connection, { account, mode: "password", deviceId: null }),
  );
  return begun.token;
}

/** A program that takes the message, waits until it may end, and then says that it failed. */
async function failingProgram(directory: string) {
  const [program, message, mayEnd] = ["program", "message", "may-end"].map((name) =>
    join(directory, name),
  ) as [string, string, string];
  const lines = ["#!/bin/sh", `cat > '${message}'`];
  const wait = `while [ ! -e '${mayEnd}' ]; do sleep 0.1; done`;
  await writeFile(program, [...lines, wait, "exit 1", ""].join("\n"), { mode: OWNER_ONLY });
  return { program, message, mayEnd };
}

test("P18: neither a slow nor a failed message shows in the answer to a phone", async () => {
  await withHome(async (home) => {
    const { program, message, mayEnd } = await failingProgram(home.directory);
    let [officer, token] = ["", ""];
    {
      await using vault = await home.open();
      token = await sealOne(vault, 1);
      officer = await officerOf(vault);
    }
    await withServe(home, { MIDAN_CODE_COMMAND: program }, async ({ address, lines }) => {
      const request = async (by: { readonly phone?: string; readonly token?: string }) => {
        const answer = await fetch(`${address}/v1/requests`, {
          method: "POST",
          headers: { authorization: `Bearer ${officer}`, "content-type": "application/json" },
          body: JSON.stringify({ kind: "access", party: "recipient", ...by }),
        });
        const told = (await answer.json()) as Readonly<Record<string, unknown>>;
        return { status: answer.status, members: Object.keys(told), code: told["code"] };
      };
      const unsent = () => lines.filter((line) => line.includes('"code-unsent"')).length;
      const { phone } = inventOrder(1);
      // The program has not ended: whoever waited for it would have no answer.
      const known = await request({ phone });
      assert.equal(known.status, 201);
      assert.deepEqual(await request({ phone: inventOrder(9).phone }), known);
      while (!existsSync(message) || !(await readFile(message, "utf8")).includes(phone))
        await sleep(20);
      await writeFile(mayEnd, "");
      while (unsent() === 0) await sleep(20);
      // Of a token it is known that there is a waybill, so what failed is told.
      const byToken = await request({ token });
      assert.deepEqual([byToken.status, byToken.code], [503, "CODE_UNSENT"]);
      assert.equal(unsent(), 1, "nothing was to be sent to a phone without a waybill");
    });
  });
});
