/** The table of commands on the front page, run in its order as a new user does (P16). */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { withDirectory } from "../support/home.ts";
import { PASSWORD } from "../support/login.ts";
import { midan } from "../support/process.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PIPED = /^echo '(?<input>[^']*)' \\?\| (?<command>.*)$/u;

/** What stands before the first bar of each row of the first table of commands. */
async function commandsOf(file: string): Promise<string[]> {
  const text = await readFile(join(ROOT, file), "utf8");
  const rows = text.split("\n").filter((line) => /^\| `(?:npx midan|echo)/u.test(line));
  const table = rows.slice(0, rows.findIndex((row) => row.includes("midan mask")) + 1);
  return table.map((row) => /^\| `([^`]*)`/u.exec(row)?.[1]?.replace("密单号", "TOKEN") ?? "");
}

async function firstToken(directory: string): Promise<string> {
  const result = await readFile(join(directory, "out/result.csv"), "utf8");
  return /md1[0-9a-z]{26}/u.exec(result)?.[0] ?? assert.fail("no token");
}

test("P16: every command of the front page works, in its order, in both languages", async () => {
  const commands = await commandsOf("README.md");
  assert.ok(commands.length >= 12, `${commands.length} commands`);
  assert.deepEqual(await commandsOf("README.zh-CN.md"), commands);
  await withDirectory(async (directory) => {
    const environment = { MIDAN_HOME: directory, MIDAN_LANG: "en" };
    let invite = "";
    for (const written of commands) {
      const { input = "", command = written } = PIPED.exec(written)?.groups ?? {};
      const words = command.replace("npx midan ", "").split(" ");
      const token = words.includes("TOKEN") ? await firstToken(directory) : "";
      const isInvited = words.includes("--invite");
      const said = words.map((word) => {
        if (word.startsWith("samples/")) return join(ROOT, word);
        if (word === "TOKEN") return token;
        return word === "mdi1…" ? invite : word;
      });
      // Nobody holds an authenticator here.
      const all = isInvited ? [...said, "--no-authenticator"] : said;
      const typed = isInvited ? `${PASSWORD}\n` : `${input}\n`;
      const ended = await midan(all, { directory, environment, input: typed });
      // The sample has rows that are refused, which seal tells by 1.
      const expected = words[0] === "seal" ? 1 : 0;
      assert.equal(ended.code, expected, `${written}: ${ended.stderr.slice(0, 300)}`);
      invite = /mdi1[\w-]{20,}/u.exec(ended.stdout + ended.stderr)?.[0] ?? invite;
    }
  });
});
