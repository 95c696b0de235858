/** Policies of witnesses: how many of whom have to have cosigned. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cosigner } from "../../src/audit/cosignature.ts";
import type { Cosigner } from "../../src/audit/cosignature.ts";
import { verifierKeyText } from "../../src/audit/note.ts";
import { parseNote } from "../../src/verifier/note.ts";
import { parsePolicy, witnessesOf } from "../../src/verifier/policy.ts";
import { madeCheckpoint, madeLeaves } from "./made-log.ts";
import { PLATFORM } from "./node-platform.ts";

const AT = new Date("2026-11-01T00:00:00Z");
const WITNESSES = ["post.example", "partner.example", "third.example"].map((name, at) =>
  cosigner(name, Buffer.alloc(32, at + 1)),
);
const KEYS = WITNESSES.map((witness, at) => `witness w${at} ${verifierKeyText(witness)}`).join(
  "\n",
);
const TWO_OF_THREE = `# two of three\n${KEYS}\ngroup some 2 w0 w1 w2\nquorum some\n`;

function noteBy(witnesses: readonly Cosigner[], at = AT): string {
  const note = madeCheckpoint(madeLeaves(3)).toString("utf8");
  const text = note.slice(0, note.lastIndexOf("\n\n") + 1);
  return note + witnesses.map((witness) => witness.line(text, at)).join("");
}

async function seen(policy: string, note: string) {
  const parsed = parsePolicy(PLATFORM, Buffer.from(policy), "policy");
  const file = "checkpoint";
  return witnessesOf(PLATFORM, parsed, { note: parseNote(Buffer.from(note), file), file });
}

test("P13: two witnesses of three are enough, one is not, and absence is shown", async () => {
  const two = await seen(TWO_OF_THREE, noteBy(WITNESSES.slice(0, 2)));
  assert.deepEqual(
    two.map(({ said }) => said.state),
    ["held", "held", "missing"],
  );
  await assert.rejects(seen(TWO_OF_THREE, noteBy(WITNESSES.slice(0, 1))), {
    reason: "WITNESSES_TOO_FEW",
    where: { file: "checkpoint", detail: "1 of 3" },
  });
  const without = await seen(KEYS, noteBy([]));
  assert.deepEqual(
    without.map(({ said }) => said.state),
    ["missing", "missing", "missing"],
  );
});

test("P13: a cosignature of the future, or on another text, is refused", async () => {
  const future = noteBy(WITNESSES, new Date(Date.now() + 3_600_000));
  await assert.rejects(seen(TWO_OF_THREE, future), { reason: "COSIGNATURE_FUTURE" });
  const moved = noteBy(WITNESSES).replace("\n3\n", "\n4\n");
  await assert.rejects(seen(TWO_OF_THREE, moved), { reason: "SIGNATURE_WRONG" });
});

test("P13: a policy that makes no sense is refused with its line", async () => {
  const [first = ""] = KEYS.split("\n");
  const cases = [
    "group g 1 nobody",
    `${KEYS}\ngroup g 4 w0 w1 w2`,
    `${KEYS}\ngroup g 0 w0`,
    `${KEYS}\ngroup g 2 w0 w0`,
    `${first}\n${first}`,
    "quorum nobody",
    "quorum none\nquorum none",
    "witnes w x",
  ];
  for (const policy of cases)
    await assert.rejects(seen(policy, noteBy([])), { reason: "POLICY_MALFORMED" }, policy);
  const spoiled = first.replace("+", "x+");
  await assert.rejects(seen(spoiled, noteBy([])), { reason: "KEY_MALFORMED" });
});
