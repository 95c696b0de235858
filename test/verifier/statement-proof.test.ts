/** Proofs of single labels that somebody changed: each is refused for its own reason. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalJson } from "../../src/audit/canonical-json.ts";
import { encodeLeaf } from "../../src/audit/leaf.ts";
import { leafHash, merkleRoot } from "../../src/audit/merkle.ts";
import { ed25519Signer, verifierKeyText } from "../../src/audit/note.ts";
import { inclusionProof, nodesInMemory } from "../../src/audit/proof.ts";
import { statementProofText } from "../../src/audit/statement-proof.ts";
import { verifyStatement } from "../../src/verifier/statement-proof.ts";
import type { StatementAnswer } from "../../src/verifier/statement-proof.ts";
import type { Source } from "../../src/verifier/platform.ts";
import { madeCheckpoint, madeLeaves, madeLog } from "./made-log.ts";
import { PLATFORM } from "./node-platform.ts";

const TENANT = "00000000-0000-4000-8000-000000000001";
const OTHER_TENANT = "00000000-0000-4000-8000-000000000002";
const AT = 300;
const BEFORE = madeLeaves(400);
const KEY = madeLog([]).key;

interface Made {
  readonly items: readonly Uint8Array[];
  readonly leaves: readonly Uint8Array[];
}

const statements = (tenant = TENANT): Uint8Array[] =>
  Array.from({ length: 11 }, (_none, at) =>
    canonicalJson({ v: 1 + (at % 2), tenant, lint: "passed", printNumber: at + 1 }),
  );

const tokens = Array.from({ length: 5 }, (_none, at) => Buffer.from(`md1${`${at}`.repeat(26)}`));

function logWith(
  items: readonly Uint8Array[],
  type: "print-batch" | "seal-batch" | "campaign-opened" = "print-batch",
  at = new Date("2026-01-20T00:00:00Z"),
): Made {
  const root = Buffer.from(merkleRoot(items)).toString("hex");
  const id = Buffer.alloc(16, 9);
  const draft = { type, tenant: TENANT, id, at, actor: "system", count: items.length, root };
  return { items, leaves: BEFORE.with(AT, encodeLeaf(draft).bytes) };
}

async function proofOf({ items, leaves }: Made, index = 4): Promise<string> {
  const hashes = items.map((item) => leafHash(item));
  const all = leaves.map((leaf) => leafHash(leaf));
  return statementProofText(
    {
      item: items[index] ?? Buffer.of(),
      index,
      count: items.length,
      path: await inclusionProof(nodesInMemory(hashes), index, items.length),
      leaf: leaves[AT] ?? Buffer.of(),
    },
    {
      index: AT,
      path: await inclusionProof(nodesInMemory(all), AT, leaves.length),
      checkpoint: madeCheckpoint(leaves).toString("utf8"),
    },
  );
}

async function verdict(text: string, log: Source | null = null): Promise<StatementAnswer> {
  const proof = Buffer.from(text, "utf8");
  return verifyStatement(PLATFORM, { proof, key: KEY, policy: null, log });
}

test("STMT-1: every label of a batch has a proof that holds, also against the log", async () => {
  for (const made of [logWith(statements()), logWith(tokens, "seal-batch")]) {
    for (let index = 0; index < made.items.length; index += 1) {
      const answer = await verdict(await proofOf(made, index), madeLog(made.leaves).source);
      assert.deepEqual([answer.refused, answer.isInLog], [null, true]);
      assert.deepEqual(answer.place, { index, count: made.items.length });
      assert.equal(answer.entry?.index, AT);
    }
  }
});

const swap =
  (from: string | RegExp, to: string) =>
  (text: string): string => {
    const changed = text.replace(from, () => to);
    assert.notEqual(changed, text);
    return changed;
  };
const hash = Buffer.alloc(32, 1).toString("base64");

const CHANGED: readonly (readonly [string, (text: string) => string, string])[] = [
  ["another statement", swap('"printNumber":5', '"printNumber":6'), "BATCH_DIFFERS"],
  ["another place", swap("\nindex 4\n", "\nindex 5\n"), "BATCH_DIFFERS"],
  ["a place outside", swap("\nindex 4\n", "\nindex 11\n"), "BATCH_DIFFERS"],
  ["another count", swap("count 11", "count 12"), "BATCH_DIFFERS"],
  ["a hash changed", swap(/path \S+/, `path ${hash}`), "BATCH_DIFFERS"],
  ["a hash too few", swap(/path \S+\n/, ""), "BATCH_DIFFERS"],
  ["a hash too many", swap(/path (\S+)\n/, `path ${hash}\npath ${hash}\n`), "BATCH_DIFFERS"],
  ["a hash of another length", swap(/path \S+/, "path AAAA"), "PROOF_MALFORMED"],
  ["the root changed", swap(/"root":"../, '"root":"00'), "BATCH_DIFFERS"],
  ["the entry's actor changed", swap('"actor":"system"', '"actor":"nobody"'), "PROOF_WRONG"],
  ["the entry in another spelling", swap('{"actor"', '{ "actor"'), "LEAF_MALFORMED"],
  ["another index in the log", swap("index 300", "index 301"), "PROOF_WRONG"],
  ["an index that is none", swap("index 300", "index 0300"), "PROOF_MALFORMED"],
  ["no heading", swap("midan.statement.proof/1", "midan.statement.proof/2"), "PROOF_MALFORMED"],
  ["no heading of the entry's proof", swap("tlog-proof@v1", "tlog-proof@v2"), "PROOF_MALFORMED"],
  ["no entry", swap(/leaf .*\n/, ""), "PROOF_MALFORMED"],
  ["another size", swap("\n400\n", "\n401\n"), "SIGNATURE_WRONG"],
  ["another log", swap("midan.example/log\n400", "midan.example/lag\n400"), "ORIGIN_WRONG"],
  ["no signature", swap(/\n\u2014 [^]*$/u, "\n"), "NOTE_MALFORMED"],
  ["cut in the middle", (text) => text.slice(0, text.length / 2), "PROOF_MALFORMED"],
  ["nothing", () => "", "PROOF_MALFORMED"],
  ["far too large", (text) => text + "x".repeat(1_000_001), "PROOF_MALFORMED"],
];

test("STMT-3: every changed proof is refused, each with its own reason", async (t) => {
  const good = await proofOf(logWith(statements()));
  for (const [name, change, reason] of CHANGED)
    assert.equal((await verdict(change(good))).refused?.reason, reason, name);
  const stranger = ed25519Signer("midan.example/log", Buffer.alloc(32, 8));
  const proof = Buffer.from(good, "utf8");
  const asked = { proof, key: verifierKeyText(stranger), policy: null, log: null };
  const refused = (await verifyStatement(PLATFORM, asked)).refused?.reason;
  assert.equal(refused, "SIGNATURE_MISSING");
  t.diagnostic(`${CHANGED.length + 1} changed proofs`);
});

test("STMT-2: what is no statement of the tenant, and no token, proves nothing", async () => {
  const future = new Date("2999-01-01T00:00:00Z");
  const rows: readonly (readonly [Made, string])[] = [
    [logWith(statements(OTHER_TENANT)), "STATEMENT_MALFORMED"],
    [logWith(tokens), "STATEMENT_MALFORMED"],
    [logWith(statements(), "seal-batch"), "STATEMENT_MALFORMED"],
    [logWith(statements(), "campaign-opened"), "STATEMENT_MALFORMED"],
    [logWith([...statements()].fill(Buffer.from('{ "v":1}'))), "STATEMENT_MALFORMED"],
    [logWith(statements(), "print-batch", future), "LEAF_FUTURE"],
  ];
  for (const [made, reason] of rows)
    assert.equal((await verdict(await proofOf(made))).refused?.reason, reason);
});

test("STMT-4: a log that no longer holds the entry refuses the proof", async () => {
  const made = logWith(statements());
  const proof = await proofOf(made);
  const cut = madeLog(made.leaves.slice(0, 350)).source;
  assert.equal((await verdict(proof, cut)).refused?.reason, "LOG_SHRANK");
  const rewritten = madeLog(BEFORE).source;
  assert.equal((await verdict(proof, rewritten)).refused?.reason, "LOG_FORKED");
  const grown = madeLog([...made.leaves, ...madeLeaves(500).slice(400)]).source;
  assert.equal((await verdict(proof, grown)).isInLog, true);
});
