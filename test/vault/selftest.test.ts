import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { parseConfig } from "../../src/config.ts";
import { KNOWN_ANSWERS } from "../../src/crypto/known-answer.ts";
import type { KnownAnswer } from "../../src/crypto/known-answer.ts";
import { openVault } from "../../src/main.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { selftest } from "../../src/vault/selftest.ts";

async function freshHome(context: TestContext): Promise<string> {
  const home = await mkdtemp(path.join(tmpdir(), "midan-selftest-"));
  context.after(async () => rm(home, { recursive: true, force: true }));
  return home;
}

const broken = (name: string): readonly KnownAnswer[] =>
  KNOWN_ANSWERS.map((row) => (row.name === name ? { ...row, expected: "00" } : row));

const names = (algorithms: string) => (error: unknown) =>
  isFailure(error, "SELFTEST_FAILED") && error.details["algorithms"] === algorithms;

test("P5: with a wrong answer nothing is opened, and no key is made", async (t) => {
  const home = await freshHome(t);
  const config = parseConfig({ MIDAN_HOME: home }, home);
  const opening = openVault(config, { answers: broken("AES-256-GCM") });
  await assert.rejects(opening, names("AES-256-GCM"));
  assert.deepEqual(readdirSync(home), []);
});

test("P5: a tenant of gm is refused for an answer of gm, one of intl is not", async (t) => {
  const home = await freshHome(t);
  const answers = broken("SM4-GCM");
  const tenant = home.slice(-6);
  const gm = { MIDAN_HOME: home, MIDAN_SUITE: "gm", MIDAN_TENANT: `gm-${tenant}` };
  await assert.rejects(openVault(parseConfig(gm, home), { answers }), names("SM4-GCM"));
  const intl = parseConfig({ MIDAN_HOME: home, MIDAN_TENANT: `intl-${tenant}` }, home);
  await using vault = await openVault(intl, { answers });
  assert.equal(vault.tenant.suite, 1);
});

test("P5: the table that a person is shown has every row and says which failed", () => {
  const rows = selftest(broken("SM3"));
  assert.equal(rows.length, KNOWN_ANSWERS.length);
  const failed = rows.filter((row) => !row.passed).map((row) => row.algorithm);
  assert.deepEqual(failed, ["SM3"]);
  assert.ok(selftest().every((row) => row.passed));
});
