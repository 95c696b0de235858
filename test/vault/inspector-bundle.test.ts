/** Inspectors' bundles of a real log: what belongs into them, and over a change of its key. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { canonicalJson } from "../../src/audit/canonical-json.ts";
import { LEAF_TYPES } from "../../src/audit/leaf.ts";
import { parseNote, signedNote } from "../../src/audit/note.ts";
import type { NoteSigner } from "../../src/audit/note.ts";
import { logKeys } from "../../src/log/upkeep.ts";
import { nodePlatform } from "../../src/outside/node-platform.ts";
import { inspectionCsv } from "../../src/oversight/inspection-csv.ts";
import { bundleReadme } from "../../src/oversight/inspection-readme.ts";
import { insertLeaves } from "../../src/store/audit-leaf.ts";
import { transaction } from "../../src/store/pool.ts";
import { makeBundle } from "../../src/vault/inspector-bundle.ts";
import type { MadeBundle } from "../../src/vault/inspector-bundle.ts";
import { rotateSigningKeys } from "../../src/vault/signing-key-rotation.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { verifyBundle } from "../../src/verifier/inspector-bundle.ts";
import type { BundleAnswer } from "../../src/verifier/inspector-bundle.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import { takeIn } from "../support/take-in.ts";

const PLATFORM = nodePlatform(() => new Date());
const EXAMPLES = new URL("../../docs/formats/audit-leaf.examples.ndjson", import.meta.url);
const ACTOR = signedIn("officer");
const FROM = new Date("2026-03-01T00:00:00Z");
const BEFORE = "2026-02-01T04:00:00.000Z";
const WITHIN = "2026-03-05T04:00:00.000Z";

const text = (value: string): Uint8Array => Buffer.from(value, "utf8");

async function bundle(vault: Vault, to = new Date("2999-01-01T00:00:00Z")): Promise<MadeBundle> {
  await takeIn(vault);
  const page = text("<!doctype html>");
  const asked = { actor: ACTOR, organisation: null, from: FROM, to, witnessPolicy: null, page };
  return makeBundle(vault, asked, async (facts) =>
    Promise.resolve(
      new Map([
        ["README.txt", bundleReadme(facts)],
        ...(["zh", "en"] as const).flatMap((language): [string, Uint8Array][] => [
          [`summary.${language}.csv`, inspectionCsv(facts, language)],
          [`summary.${language}.pdf`, text("%PDF-1.7")],
        ]),
      ]),
    ),
  );
}

type Files = ReadonlyMap<string, Uint8Array>;

async function answerTo(files: Files, key: string): Promise<BundleAnswer> {
  const source = {
    names: async () => Promise.resolve([...files.keys()]),
    read: async (name: string) => Promise.resolve(files.get(name) ?? null),
  };
  return verifyBundle(PLATFORM, { source, key, policy: null, log: null });
}

const reasonOf = async (files: Files, key: string): Promise<string | null> =>
  (await answerTo(files, key)).refused?.reason ?? null;

/** The published example of each type as an entry of this tenant at that moment. */
async function writeEveryType(vault: Vault, at: string, first: number): Promise<number> {
  const lines = readFileSync(EXAMPLES, "utf8").split("\n").slice(0, -1);
  const leaves = lines.map((line, index) => {
    const id = Buffer.alloc(16);
    id.writeUInt32BE(first + index, 12);
    // Each line is one canonical leaf (docs/formats/audit-leaf.md).
    const members = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const leaf = { ...members, id: id.toString("hex"), at, tenant: vault.tenant.id };
    return {
      id,
      type: String(members["type"]),
      subject: null,
      body: canonicalJson(leaf),
      note: null,
    };
  });
  assert.deepEqual(
    new Set(leaves.map(({ type }) => type)),
    new Set(Object.keys(LEAF_TYPES)),
    "there is an example of each",
  );
  return transaction(vault.database, async (connection) => insertLeaves(connection, leaves));
}

test("BUN-2: an entry of every type has its place, before the period and in it", async () => {
  await withHome(async (home) => {
    const clock = new Clock(BEFORE);
    await using vault = await home.open({ now: clock.now });
    const many = await writeEveryType(vault, BEFORE, 1);
    assert.equal(await writeEveryType(vault, WITHIN, 1000), many);
    const made = await bundle(vault, new Date("2026-03-06T00:00:00Z"));
    const [key = ""] = await logKeys(vault);
    const answer = await answerTo(made.files, key);
    assert.equal(answer.refused, null);
    assert.deepEqual([answer.leaves, made.leaves], [many, many], "all of the period");
    const lines = Buffer.from(made.files.get("leaves.ndjson") ?? [])
      .toString("utf8")
      .split("\n");
    const earlier = lines
      .filter((line) => line.includes(`"at":"${BEFORE}"`))
      .map((line) => /"type":"([a-z-]+)"/u.exec(line)?.[1] ?? "");
    // What counted when the period began, and what waited for a second person.
    const wanted = ["policy-changed", "retention-changed", "setting-changed", "setting-proposed"];
    assert.deepEqual(earlier.toSorted(), wanted);
    assert.equal(answer.earlier, wanted.length);
    const policies = Buffer.from(made.files.get("policies.json") ?? []).toString("utf8");
    assert.doesNotMatch(policies, /setting-proposed/u, "a proposal is not in force");
    assert.match(policies, /setting-changed/u);
  });
});

async function rotate(vault: Vault): Promise<string> {
  const { phase } = await rotateSigningKeys(vault, { use: "log", actor: ACTOR });
  return phase;
}

/** The bundle with its manifest as somebody signs it who kept other keys. */
function forged(files: Files, by: readonly NoteSigner[]): Files {
  const note = parseNote(Buffer.from(files.get("manifest") ?? []).toString("utf8"));
  const manifest = text(signedNote(note?.text ?? assert.fail(), by));
  return new Map([...files, ["manifest", manifest]]);
}

for (const suite of ["intl", "gm"] as const) {
  test(`CHG-1: bundles verify over a change of the log's key (${suite})`, async () => {
    await withHome(async (home) => {
      const clock = new Clock(new Date().toISOString());
      await using vault = await home.open({ suite, now: clock.now });
      const bundles = [(await bundle(vault)).files];
      const stolen = await vault.log.signers();
      const before = (await logKeys(vault)).join("\n");
      assert.equal(await rotate(vault), "announced");
      bundles.push((await bundle(vault)).files);
      assert.equal(await rotate(vault), "used");
      const after = (await logKeys(vault)).join("\n");
      bundles.push((await bundle(vault)).files);
      clock.wait(61);
      assert.equal(await rotate(vault), "retired");
      clock.wait(1);
      bundles.push((await bundle(vault)).files);
      const [first = assert.fail(), , , last = assert.fail()] = bundles;
      const changes = Buffer.from(last.get("log-changes") ?? []).toString("utf8");
      assert.match(changes, /^change:/u);
      for (const files of bundles) {
        assert.equal(await reasonOf(files, before), null, "by the key of before");
        // The first bundle knows of no change: whoever has the new key is given it beside.
        assert.equal(await reasonOf(files, `${after}\n${changes}`), null, "by the key of after");
      }
      assert.equal(await reasonOf(first, after), "BUNDLE_KEY");
      // Who kept the old key signs a list of files of after its end.
      const late = forged(last, stolen);
      for (const key of [before, `${before}\n${changes}`, after])
        assert.equal(await reasonOf(late, key), "KEY_RETIRED");
      // What the old key signed in its time stays good, whoever knows its end.
      assert.equal(await reasonOf(forged(first, stolen), `${before}\n${changes}`), null);
    });
  });
}
