/** The published cases of Merkle proofs, and a whole published log, against the verifier. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checkpointOf, signedCheckpoint } from "../../src/verifier/checkpoint.ts";
import { parseKey, parseNote } from "../../src/verifier/note.ts";
import { checkWholeLog } from "../../src/verifier/whole-log.ts";
import { linesOf } from "../crypto/vector-file.ts";
import { PLATFORM, folder } from "./node-platform.ts";
import { verdictOf } from "./published-proof.ts";
import type { ProofCase } from "./published-proof.ts";

test("P13: every published case of a Merkle proof is judged as published", (t) => {
  const cases = linesOf<ProofCase>("rfc6962-merkle.jsonl");
  const tally = new Map<string, { pass: number; fail: number }>();
  for (const given of cases) {
    assert.equal(verdictOf(given), !given.wantErr, given.id);
    const counted = tally.get(given.kind) ?? { pass: 0, fail: 0 };
    counted[given.wantErr ? "fail" : "pass"] += 1;
    tally.set(given.kind, counted);
  }
  const said = [...tally].map(([kind, { pass, fail }]) => `${kind} ${pass} hold, ${fail} fail`);
  t.diagnostic(`${cases.length} cases: ${said.join("; ")}`);
  assert.equal(cases.length, 266);
  assert.equal(cases.filter((given) => given.wantErr).length, 248);
});

const SAMPLE = fileURLToPath(new URL("../vectors/tlog-sample/", import.meta.url));
const SAMPLE_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
const SAMPLE_SIZE = 15;

const sampleNote = (name: string): Buffer => readFileSync(`${SAMPLE}${name}`);

test("P13: the published log is accepted at each size, and grows from each before", async (t) => {
  const key = parseKey(PLATFORM, SAMPLE_KEY);
  const checkpoints = [];
  for (let size = 0; size <= SAMPLE_SIZE; size += 1) {
    const file = `checkpoint.${size}`;
    const checkpoint = await signedCheckpoint(PLATFORM, sampleNote(file), { file, key });
    assert.equal(checkpoint.size, size);
    checkpoints.push(checkpoint);
  }
  let entries = 0;
  for (const [size, checkpoint] of checkpoints.entries()) {
    const since = checkpoints.slice(0, size + 1);
    const request = { checkpoint, since, areLeaves: false };
    entries += (await checkWholeLog(PLATFORM, folder(SAMPLE), request)).entries;
  }
  t.diagnostic(`16 checkpoints, ${entries} entries, 136 pairs of sizes`);
  assert.equal(entries, (SAMPLE_SIZE * (SAMPLE_SIZE + 1)) / 2);
});

test("P13: no checkpoint is taken with a flipped bit, and none with another's root", async () => {
  const key = parseKey(PLATFORM, SAMPLE_KEY);
  const note = sampleNote("checkpoint");
  let refused = 0;
  for (let at = 0; at < note.length; at += 1) {
    const flipped = Buffer.from(note);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    const read = signedCheckpoint(PLATFORM, flipped, { file: "checkpoint", key });
    await assert.rejects(read, { name: "Refused" }, `byte ${at}`);
    refused += 1;
  }
  assert.ok(refused > 150);
  const last = checkpointOf(parseNote(note, "checkpoint"), "checkpoint");
  const forked = { ...last, size: 14 };
  const request = { checkpoint: last, since: [forked], areLeaves: false };
  const check = checkWholeLog(PLATFORM, folder(SAMPLE), request);
  await assert.rejects(check, { reason: "LOG_FORKED" });
});
