/** The words of a command line: never said back, and what is private may come another way. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { test } from "node:test";
import { runProgram } from "../../src/cli/program.ts";
import { parseConfig } from "../../src/config.ts";
import { withHome } from "../support/home.ts";
import { csvOf, inventOrder, inventOrders } from "../support/orders.ts";
import { documents, midan } from "../support/process.ts";
import type { Ended } from "../support/process.ts";
import { signInAt } from "../support/actor.ts";

const PRIVATE = "13912345678";

/** Runs words that must be refused before anything is opened. */
async function refused(words: readonly string[]): Promise<Ended> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const nothing = (): never => assert.fail("nothing may be opened");
  const code = await runProgram(
    {
      config: parseConfig({ MIDAN_LANG: "en" }, "."),
      stdin: Readable.from([]),
      stdout,
      stderr,
      openWorld: async () => Promise.reject(new Error("no world is opened here")),
      openVault: async () => Promise.resolve(nothing()),
      gazetteer: nothing,
      fonts: nothing,
    },
    words,
  );
  return {
    code,
    stdout: String(stdout.end().read() ?? ""),
    stderr: String(stderr.end().read() ?? ""),
  };
}

test("P9: a mistyped command or option is refused without a word of it", async () => {
  for (const [words, problem] of [
    [["reveal", "-", `--phnoe=${PRIVATE}`], "missing-option"],
    [["status", `--phnoe=${PRIVATE}`], "unknown-option"],
    [["search", "--phone", "1", `--${PRIVATE}`], "unknown-option"],
    [[PRIVATE], "unknown-command"],
    [["status", PRIVATE], "too-many-words"],
    [["label", "--out", PRIVATE], "missing-word"],
    [["search", "--lang", "en"], "one-way"],
    [["search", "--phone"], "missing-value"],
    [["show", "md1", "--as", PRIVATE], "unknown-option"],
  ] as const) {
    const plain = await refused(words);
    assert.deepEqual([plain.code, plain.stdout], [2, ""], words.join(" "));
    assert.match(plain.stderr, new RegExp(`^USAGE: .*problem=${problem}`));
    const json = await refused([...words.slice(0, 1), "--json", ...words.slice(1)]);
    assert.equal(documents(json.stderr).length, 1);
    for (const text of [plain.stderr, json.stderr]) {
      assert.equal(text.includes(PRIVATE), false);
      assert.equal(text.includes("phnoe"), false);
    }
  }
});

test("P18: a search that did not see every candidate says so", async () => {
  await withHome(async (home) => {
    const { directory, environment } = home;
    const { phone } = inventOrder(1);
    const alike = inventOrders(1000).map((order) => ({ ...order, phone }));
    await signInAt(home, "a");
    const run = (words: readonly string[], input = "") =>
      midan(words, { directory, environment, input });
    await run(["seal", "-", "--out", "o"], csvOf([...alike, inventOrder(2000)]));
    const many = ["search", "--phone", phone];
    assert.match((await run(many)).stdout, /there may be more/);
    assert.equal(documents((await run([...many, "--json"])).stdout)[0]?.["truncated"], true);
    const one = await run(["search", "--phone", inventOrder(2000).phone]);
    assert.match(one.stdout, /^1 found/);
    assert.equal(one.stdout.includes("there may be more"), false);
  });
});

test("search --phone - and reveal --reason - read one line of standard input", async () => {
  await withHome(async (home) => {
    const { directory, environment } = home;
    const run = (words: readonly string[], input: string | Uint8Array) =>
      midan(words, { directory, environment, input });
    await signInAt(home, "a");
    await run(["seal", "-", "--out", "o"], csvOf([inventOrder(1)]));
    const [, row = ""] = readFileSync(join(directory, "o/result.csv"), "utf8").split("\r\n");
    const token = row.split(",")[0] ?? "";
    const { phone } = inventOrder(1);
    const found = await run(["search", "--phone", "-", "--json"], `${phone}\r\n${PRIVATE}\n`);
    assert.equal(found.code, 0, found.stderr);
    assert.ok(found.stdout.includes(token));
    const reveal = ["reveal", token, "--fields", "phone", "--purpose", "claim"];
    assert.equal((await run([...reveal, "--reason", "-"], "理赔单 77")).code, 0);
    const shown = await run(["show", token, "--json"], "");
    assert.ok(shown.stdout.includes("理赔单 77"));
    for (const input of ["", "\n", " \nmore\n", "1".repeat(10_000), Buffer.from([0xff, 0x0a])]) {
      const ended = await run([...reveal, "--reason", "-"], input);
      assert.equal(ended.code, 2);
      assert.match(ended.stderr, /^USAGE: .*option=--reason/);
    }
  });
});
