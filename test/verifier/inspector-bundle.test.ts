/** Inspector's bundles that somebody damaged: each is refused for its own reason. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeLeaf } from "../../src/audit/leaf.ts";
import { verifierKeyText } from "../../src/audit/note.ts";
import { zip } from "../../src/oversight/zip.ts";
import type { BundleSource } from "../../src/verifier/bundle-file.ts";
import { verifyBundle } from "../../src/verifier/inspector-bundle.ts";
import type { BundleAnswer } from "../../src/verifier/inspector-bundle.ts";
import type { Source } from "../../src/verifier/platform.ts";
import { Refused } from "../../src/verifier/reason.ts";
import { storedZip } from "../../src/verifier/stored-zip.ts";
import { put, textOf } from "./damage.ts";
import type { Damage } from "./damage.ts";
import { BY_ANYBODY } from "./damage-by-anybody.ts";
import { BY_THE_OPERATOR } from "./damage-by-operator.ts";
import { HEAD, OWN, SIGNER, SIZE, bundleLeaves, madeBundle, resign } from "./made-bundle.ts";
import type { MadeBundle } from "./made-bundle.ts";
import { madeLog } from "./made-log.ts";
import { PLATFORM } from "./node-platform.ts";

const LEAVES = bundleLeaves();
const KEY = verifierKeyText(SIGNER);

function sourceOf(files: ReadonlyMap<string, Uint8Array>): BundleSource {
  return {
    names: async () => Promise.resolve([...files.keys()]),
    read: async (name) => Promise.resolve(files.get(name) ?? null),
  };
}

async function verdictOf(source: BundleSource, log: Source | null = null): Promise<BundleAnswer> {
  return verifyBundle(PLATFORM, { source, key: KEY, policy: null, log });
}

/** Bundles whose every hash and signature holds, over a log that no honest writer wrote. */
const BY_A_DISHONEST_LOG: readonly {
  readonly name: string;
  readonly reason: string;
  readonly made: () => Promise<MadeBundle>;
}[] = [
  {
    name: "a leaf of another tenant in the bundle",
    reason: "LEAF_OUTSIDE",
    made: async () => madeBundle({ leaves: LEAVES, added: 204 }),
  },
  {
    name: "a leaf from before the period in the bundle",
    reason: "LEAF_OUTSIDE",
    made: async () => madeBundle({ leaves: LEAVES, added: 11 }),
  },
  {
    name: "the same leaf twice in the log",
    reason: "LEAF_TWICE",
    made: async () => madeBundle({ leaves: LEAVES.with(301, LEAVES[300] ?? Buffer.of()) }),
  },
  {
    name: "a leaf of the scope hidden behind its hash, and the summary left as it was",
    reason: "BUNDLE_SUMMARY",
    made: async () => {
      const [hidden, whole] = [
        await madeBundle({ leaves: LEAVES, hidden: 300 }),
        await madeBundle(),
      ];
      for (const name of ["summary.zh.csv", "summary.en.csv"])
        put(hidden, name, textOf(whole, name));
      resign(hidden);
      return hidden;
    },
  },
];

test("BUN-1: a good bundle is accepted, and it is said how much was checked", async (t) => {
  const answer = await verdictOf(sourceOf((await madeBundle()).files), madeLog(LEAVES).source);
  assert.deepEqual(answer.refused, null);
  const { isGood, files, leaves, earlier, withheld, proofs, signatures, inLog } = answer;
  assert.deepEqual([isGood, files, proofs, signatures], [true, 14, 3, 3]);
  assert.equal(leaves + earlier + withheld, SIZE);
  assert.ok(leaves > 300 && earlier > 0 && answer.settings > earlier && answer.figures > 30);
  assert.equal(inLog, leaves);
  t.diagnostic(`${leaves} leaves, ${withheld} withheld, ${answer.figures} figures`);
});

test("BUN-2: every damaged bundle is refused, each with its own reason", async (t) => {
  const told = new Map<string, number>();
  const expect = async (bundle: MadeBundle, row: Pick<Damage, "name" | "reason">) => {
    const { name, reason } = row;
    const answer = await verdictOf(sourceOf(bundle.files));
    assert.equal(answer.refused?.reason ?? "accepted", reason, name);
    told.set(reason, (told.get(reason) ?? 0) + 1);
  };
  const good = await madeBundle();
  const fresh = (): MadeBundle => ({ ...good, files: new Map(good.files) });
  for (const row of BY_ANYBODY) {
    const bundle = fresh();
    row.damage(bundle);
    await expect(bundle, row);
  }
  for (const row of BY_THE_OPERATOR) {
    const bundle = fresh();
    row.damage(bundle);
    resign(bundle, row.says);
    await expect(bundle, row);
  }
  for (const row of BY_A_DISHONEST_LOG) await expect(await row.made(), row);
  const count = [...told.values()].reduce((sum, each) => sum + each, 0);
  t.diagnostic(`${count} damaged bundles, ${told.size} reasons`);
  assert.ok(count >= 90 && told.size >= 20);
});

test("BUN-3: a leaf that no honest writer wrote is refused though every proof holds", async () => {
  const future = encodeLeaf({
    type: "setting-changed",
    tenant: OWN,
    id: Buffer.alloc(16, 255),
    actor: "system",
    at: new Date("2999-01-01T00:00:00Z"),
    organisation: HEAD,
  }).bytes;
  const bundle = await madeBundle({ leaves: LEAVES.with(300, future), added: 300 });
  assert.equal((await verdictOf(sourceOf(bundle.files))).refused?.reason, "LEAF_FUTURE");
});

test("BUN-4: what was left out with a new signature shows against the log itself", async () => {
  const hidden = await madeBundle({ leaves: LEAVES, hidden: 300 });
  assert.equal((await verdictOf(sourceOf(hidden.files))).isGood, true);
  const held = await verdictOf(sourceOf(hidden.files), madeLog(LEAVES).source);
  assert.deepEqual(held.refused, { reason: "BUNDLE_GAP", where: { index: 300 } });
  const good = sourceOf((await madeBundle()).files);
  const shrunk = await verdictOf(good, madeLog(LEAVES.slice(0, 600)).source);
  assert.equal(shrunk.refused?.reason, "LOG_SHRANK");
  const forked = LEAVES.with(300, LEAVES[301] ?? Buffer.of()).with(301, LEAVES[300] ?? Buffer.of());
  assert.equal((await verdictOf(good, madeLog(forked).source)).refused?.reason, "LOG_FORKED");
});

function archive(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const listed = Array.from(files, ([name, content]) => ({ name, bytes: content }));
  return Buffer.from(zip(listed, { isStored: true }));
}

async function archived(content: Uint8Array): Promise<string> {
  try {
    return (await verdictOf(storedZip(content))).refused?.reason ?? "accepted";
  } catch (error) {
    assert.ok(error instanceof Refused);
    return error.reason;
  }
}

test("BUN-5: an archive has one form, and any other is refused", async (t) => {
  const { files } = await madeBundle();
  const good = archive(files);
  assert.equal(await archived(good), "accepted");
  const deflated = zip(Array.from(files, ([name, content]) => ({ name, bytes: content })));
  const twice = zip(
    [...files, ...[...files].slice(-1)].map(([name, content]) => ({ name, bytes: content })),
    { isStored: true },
  );
  const comment = Buffer.concat([good, Buffer.from("hello")]);
  comment.writeUInt16LE(5, good.length - 2);
  const rows: readonly (readonly [string, Uint8Array, string])[] = [
    ["a byte behind its end", Buffer.concat([good, Buffer.of(0)]), "BUNDLE_ARCHIVE"],
    ["a byte before its start", Buffer.concat([Buffer.of(0), good]), "BUNDLE_ARCHIVE"],
    ["cut short", good.subarray(0, -1), "BUNDLE_ARCHIVE"],
    ["cut in the middle", good.subarray(0, good.length / 2), "BUNDLE_ARCHIVE"],
    ["nothing", Buffer.alloc(0), "BUNDLE_ARCHIVE"],
    ["compressed", deflated, "BUNDLE_ARCHIVE"],
    ["a comment", comment, "BUNDLE_ARCHIVE"],
    ["a name twice", twice, "BUNDLE_EXTRA"],
    ["a path trick", archive(new Map([...files, ["../x", Buffer.of(1)]])), "BUNDLE_NAME"],
  ];
  for (const [name, content, reason] of rows) assert.equal(await archived(content), reason, name);
  t.diagnostic(`${rows.length} bad archives`);
});

test("BUN-5: no bit of an archive can be changed unseen", async (t) => {
  const good = archive((await madeBundle()).files);
  let flipped = 0;
  // Every byte of headers and directory, and a sample of what lies between.
  for (let at = 0; at < good.length; at += at > 200 && at < good.length - 1500 ? 499 : 1) {
    const changed = Buffer.from(good);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.notEqual(await archived(changed), "accepted", `byte ${at}`);
    flipped += 1;
  }
  t.diagnostic(`${flipped} bytes flipped`);
  assert.ok(flipped > 1500);
});
