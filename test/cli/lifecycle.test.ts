/** The commands of a waybill's life and end, as a person types them (P8, P9, P16). */
import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withDirectory } from "../support/home.ts";
import { csvOf, inventOrder, inventOrders } from "../support/orders.ts";
import { documents, midan } from "../support/process.ts";
import type { RunOptions } from "../support/process.ts";
import { loginBy } from "../support/login.ts";

class Session {
  readonly options: RunOptions;

  constructor(directory: string) {
    this.options = { directory, environment: { MIDAN_HOME: directory, MIDAN_LANG: "en" } };
  }

  async run(code: number, words: readonly string[], input = ""): Promise<Record<string, unknown>> {
    const ended = await midan([...words, "--json"], { ...this.options, input });
    assert.equal(ended.code, code, `midan ${words.join(" ")}: ${ended.stderr.slice(0, 300)}`);
    return documents(code === 0 ? ended.stdout : ended.stderr).at(-1) ?? {};
  }

  async token(index: number): Promise<string> {
    const found = await this.run(0, ["search", "--phone", inventOrder(index).phone]);
    // The stable form of `search --json` is an object with a list of hits.
    const { hits } = found as unknown as { hits: { token: string }[] };
    return hits[0]?.token ?? "";
  }

  /** The code that the file sender wrote last. */
  async code(): Promise<string> {
    const file = join(this.options.directory, "midan-outbox", "codes.ndjson");
    const text = await readFile(file, "utf8");
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    return String(documents(text).at(-1)?.["code"]);
  }
}

async function askAndAnswer(session: Session, kind: string, by: readonly string[]) {
  const { id } = await session.run(0, ["request", "open", "--kind", kind, ...by]);
  const verify = ["request", "verify", String(id), "--code", "-"];
  await session.run(0, verify, `${await session.code()}\n`);
  return session.run(0, ["request", "answer", String(id), "--out", "answers"]);
}

test("P16: a person asks, is answered, is erased, and checks the certificate", async () => {
  await withDirectory(async (directory) => {
    const session = new Session(directory);
    await session.run(0, ["seal", "-", "--out", "out"], csvOf(inventOrders(2)));
    await loginBy(async (words, input) => midan(words, { ...session.options, input }));
    const token = await session.token(0);
    const answer = await askAndAnswer(session, "copy", ["--token", token]);
    const given = await readFile(join(directory, String(answer["json"])), "utf8");
    assert.ok(given.includes(inventOrder(0).phone));
    const pdf = await readFile(join(directory, String(answer["pdf"])));
    assert.ok(pdf.subarray(0, 5).equals(Buffer.from("%PDF-")) && pdf.length > 5_000);
    for (const file of [answer["json"], answer["pdf"]]) {
      assert.equal((await stat(join(directory, String(file)))).mode & 0o777, 0o600);
    }
    await session.run(0, ["state", "delivered", token]);
    const erased = await askAndAnswer(session, "erasure", ["--token", token]);
    // The stable form of `request answer --json` has a list of waybills.
    const [{ outcome, certificate }] = erased["waybills"] as [
      { outcome: string; certificate: string },
    ];
    assert.equal(outcome, "erased");
    const signed = await session.run(0, ["certificate", certificate, "--out", "c.txt"]);
    const check = ["certificate", "--verify", "c.txt", "--key", String(signed["key"])];
    assert.equal((await session.run(0, check))["valid"], true);
    const page = await session.run(0, ["certificate", token, "--out", "c.pdf"]);
    assert.equal(page["note"], signed["note"], "the one that was kept");
    const drawn = await readFile(join(directory, "c.pdf"));
    assert.ok(drawn.subarray(0, 5).equals(Buffer.from("%PDF-")) && drawn.length > 5_000);
    const anew = await session.run(0, ["certificate", token, "--anew"]);
    assert.notEqual(anew["note"], signed["note"]);
    const elsewhere = new Session(join(directory, "answers"));
    const far = ["certificate", "--verify", join(directory, "c.txt"), ...check.slice(3)];
    assert.equal((await elsewhere.run(0, far))["valid"], true);
    await assert.rejects(stat(join(directory, "answers", "midan-keys")));
  });
});

test("P8: terms, holds and backups as they are typed, and what is refused", async () => {
  await withDirectory(async (directory) => {
    const session = new Session(directory);
    await session.run(0, ["seal", "-", "--out", "out"], csvOf(inventOrders(1)));
    await loginBy(async (words, input) => midan(words, { ...session.options, input }));
    const token = await session.token(0);
    const set = ["retention", "set", "persons", "--reason", "合规审计意见", "--days"];
    await session.run(0, [...set, "90"]);
    const refused = await session.run(3, [...set, "9999"]);
    assert.ok(JSON.stringify(refused).includes("RETENTION_BOUNDS"));
    await session.run(2, [...set, "ninety"]);
    const until = new Date(Date.now() + 86_400_000 * 9).toISOString().slice(0, 10);
    const add = ["hold", "add", token, "--reason", "court-order", "--authority", "区法院"];
    const without = await session.run(3, [...add, "--until", until]);
    assert.ok(JSON.stringify(without).includes("HOLD_DOCUMENT"));
    const placed = await session.run(0, [...add, "--until", until, "--document", "民初12号"]);
    const { id } = placed["hold"] as { id: string };
    const held = await session.run(3, ["erase", token, "--reason", "x"]);
    assert.ok(JSON.stringify(held).includes("KEY_HELD"));
    await session.run(0, ["hold", "release", id]);
    await session.run(0, ["erase", token, "--reason", "误采集"]);
    await session.run(0, ["backup", "--out", "b1"]);
    const again = await session.run(3, ["restore", "b1"]);
    assert.ok(JSON.stringify(again).includes("BACKUP_TARGET"));
    const drill = await session.run(0, ["drill", "restore", "--orders", "5"]);
    assert.equal(drill["passed"], true);
  });
});
