/** The command as a person runs it: a process of its own, an audit entry, exit codes. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { withDatabase } from "../support/database.ts";
import { COLUMNS, makeOrders, sql, urlOf } from "./table.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const runFile = promisify(execFile);

interface Outcome {
  readonly code: unknown;
  readonly out: string;
}

async function midan(folder: string, url: string, words: readonly string[]): Promise<Outcome> {
  const args = [MAIN, "sweep", ...words, "--url", url, "--table", "orders", "--columns", COLUMNS];
  const env = { PATH: process.env["PATH"] ?? "", MIDAN_DATABASE_URL: url };
  try {
    const { stdout } = await runFile(process.execPath, args, { cwd: folder, env });
    return { code: 0, out: stdout };
  } catch (error) {
    // execFile rejects with an Error that carries exit code and output.
    const failed = error as { readonly code?: unknown; readonly stdout?: string };
    return { code: failed.code, out: failed.stdout ?? "" };
  }
}

test("P9: a sweep from the command line leaves one entry and shows no value", async () => {
  const folder = await mkdtemp(join(tmpdir(), "midan-sweep-"));
  try {
    await withDatabase(async (database, address) => {
      const url = urlOf(address);
      await makeOrders(database, "orders", 60);
      const verified = await midan(folder, url, ["verify"]);
      assert.equal(verified.code, 1);
      const swept = await midan(folder, url, ["run", "--json"]);
      assert.equal(swept.code, 0);
      const again = await midan(folder, url, ["verify"]);
      assert.equal(again.code, 0);
      assert.doesNotMatch(verified.out + swept.out + again.out, /1390000|碧庭|楠云/);
      const report: unknown = JSON.parse(swept.out);
      const leaves = await sql(database, "select body from audit_leaf where type = 'sweep-run'");
      assert.equal(leaves.length, 1);
      const body = leaves[0]?.["body"];
      assert.ok(body instanceof Uint8Array);
      const leaf: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
      assert.partialDeepStrictEqual(leaf, {
        type: "sweep-run",
        verb: "delete",
        table: "public.orders",
        fields: ["recipient_name", "recipient_phone", "recipient_address"],
        profile: "gb41833",
        count: 57,
        left: 0,
      });
      assert.partialDeepStrictEqual(report, { maskedRows: 57, leftRows: 0 });
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
