/** Damages by the log's own operator, who signs the manifest again afterwards. */
import assert from "node:assert/strict";
import { canonicalJson } from "../../src/audit/canonical-json.ts";
import { proofsText } from "../../src/audit/inspector-bundle.ts";
import { merkleRoot } from "../../src/audit/merkle.ts";
import { ed25519Signer } from "../../src/audit/note.ts";
import { json, lines, put, putLines, swap, textOf } from "./damage.ts";
import type { Damage } from "./damage.ts";
import {
  OTHER,
  OUTLET,
  STRANGER,
  TO,
  bundleLeaves,
  checkpointOf,
  cosigned,
} from "./made-bundle.ts";
import type { MadeBundle } from "./made-bundle.ts";

const LEAVES = bundleLeaves();

/** The tile blocks of a bundle's proofs, with the lines of the leaves that belong to each. */
function blocks(bundle: MadeBundle): { tile: MadeBundle["tiles"][number]; leaves: string[] }[] {
  const rest = lines(bundle);
  return bundle.tiles.map((tile) => ({
    tile,
    leaves: rest.splice(0, tile.entries.filter((entry) => entry === null).length),
  }));
}

function putBlocks(bundle: MadeBundle, some: ReturnType<typeof blocks>): void {
  putLines(
    bundle,
    some.flatMap(({ leaves }) => leaves),
  );
  put(bundle, "proofs", proofsText(some.map(({ tile }) => tile)));
}

function changePath(
  bundle: MadeBundle,
  change: (path: readonly Uint8Array[]) => Uint8Array[],
): void {
  const tiles = bundle.tiles.map((tile, at) =>
    at === 1 ? { ...tile, path: change(tile.path) } : tile,
  );
  put(bundle, "proofs", proofsText(tiles));
}

function changePolicies(bundle: MadeBundle, change: (inForce: unknown[]) => unknown[]): void {
  const policies = json(bundle, "policies.json");
  const inForce = change(policies["inForce"] as unknown[]);
  // Parsed from canonical JSON a moment ago.
  put(bundle, "policies.json", canonicalJson({ ...policies, inForce } as never));
}

/** What the log's own operator can do, who signs the manifest again afterwards. */
export const BY_THE_OPERATOR: readonly (Damage & {
  readonly says?: Readonly<Record<string, unknown>>;
})[] = [
  {
    name: "a leaf rewritten",
    reason: "PROOF_WRONG",
    damage: (bundle) =>
      swap(bundle, "leaves.ndjson", ['"purpose":"contact"', '"purpose":"deliver"']),
  },
  {
    name: "a leaf that is no canonical JSON",
    reason: "LEAF_MALFORMED",
    damage: (bundle) => swap(bundle, "leaves.ndjson", ['{"actor":', '{ "actor":']),
  },
  {
    name: "the last leaf left out",
    reason: "BUNDLE_LEAVES",
    damage: (bundle) => putLines(bundle, lines(bundle).slice(0, -1)),
  },
  {
    name: "the last line without its end",
    reason: "BUNDLE_LEAVES",
    damage: (bundle) => put(bundle, "leaves.ndjson", textOf(bundle, "leaves.ndjson").slice(0, -1)),
  },
  {
    name: "a leaf behind those that are proven",
    reason: "BUNDLE_LEAVES",
    damage: (bundle) =>
      putLines(bundle, [...lines(bundle), (lines(bundle)[0] ?? "").replace(/"id":"0/, '"id":"f')]),
  },
  {
    name: "two leaves exchanged",
    reason: "PROOF_WRONG",
    damage: (bundle) => {
      const [first = "", second = "", ...rest] = lines(bundle);
      putLines(bundle, [second, first, ...rest]);
    },
  },
  {
    name: "a leaf in place of the next one",
    reason: "LEAF_TWICE",
    damage: (bundle) => putLines(bundle, lines(bundle).with(8, lines(bundle)[7] ?? "")),
  },
  {
    name: "the tiles in another order",
    reason: "BUNDLE_ORDER",
    damage: (bundle) => putBlocks(bundle, blocks(bundle).toReversed()),
  },
  {
    name: "a tile twice",
    reason: "BUNDLE_ORDER",
    damage: (bundle) =>
      putBlocks(
        bundle,
        blocks(bundle).flatMap((block) => [block, block]),
      ),
  },
  {
    name: "the tile in the middle left out with its leaves",
    reason: "BUNDLE_GAP",
    damage: (bundle) => putBlocks(bundle, blocks(bundle).toSpliced(1, 1)),
  },
  {
    name: "that tile left out, and the manifest's numbers with it",
    reason: "BUNDLE_GAP",
    damage: (bundle) => {
      const kept = blocks(bundle).toSpliced(1, 1);
      putBlocks(bundle, kept);
      const entries = kept.flatMap(({ tile }) => tile.entries);
      const withheld = entries.filter((entry) => entry !== null).length;
      const leavesInside = entries.length - withheld;
      Object.assign(bundle, { leavesInside, facts: { ...bundle.facts, withheld } });
    },
  },
  {
    name: "two proofs exchanged",
    reason: "PROOF_WRONG",
    damage: (bundle) => {
      const [first, second] = bundle.tiles;
      assert.ok(first !== undefined && second !== undefined);
      const exchanged = [
        { ...first, path: second.path },
        { ...second, path: first.path },
      ];
      put(bundle, "proofs", proofsText([...exchanged, ...bundle.tiles.slice(2)]));
    },
  },
  {
    name: "a proof cut short",
    reason: "PROOF_WRONG",
    damage: (bundle) => changePath(bundle, (path) => path.slice(0, -1)),
  },
  {
    name: "a proof with a hash too many",
    reason: "PROOF_WRONG",
    damage: (bundle) => changePath(bundle, (path) => [...path, Buffer.alloc(32)]),
  },
  {
    name: "a proof without end",
    reason: "PROOF_MALFORMED",
    damage: (bundle) =>
      changePath(bundle, () => Array.from({ length: 65 }, () => Buffer.alloc(32))),
  },
  {
    name: "the hash of an entry that is not in the bundle changed",
    reason: "PROOF_WRONG",
    damage: (bundle) =>
      swap(bundle, "proofs", [/hash \S+/, `hash ${Buffer.alloc(32, 1).toString("base64")}`]),
  },
  {
    name: "a hash of another length",
    reason: "PROOF_MALFORMED",
    damage: (bundle) => swap(bundle, "proofs", [/hash \S+/, "hash AAAA"]),
  },
  {
    name: "a run of leaves in two pieces",
    reason: "PROOF_MALFORMED",
    damage: (bundle) => swap(bundle, "proofs", ["leaves 2\n", "leaves 1\nleaves 1\n"]),
  },
  {
    name: "a tile that says it has more leaves than tiles have",
    reason: "PROOF_MALFORMED",
    damage: (bundle) => swap(bundle, "proofs", [/leaves \d+/, "leaves 257"]),
  },
  {
    name: "a tile behind the end of the log",
    reason: "PROOF_WRONG",
    damage: (bundle) => swap(bundle, "proofs", [/tile \d+\n/, "tile 3\n"]),
  },
  {
    name: "a tile that says it is another",
    reason: "PROOF_WRONG",
    damage: (bundle) => swap(bundle, "proofs", ["tile 0\n", "tile 1\n"]),
  },
  {
    name: "proofs under another heading",
    reason: "PROOF_MALFORMED",
    damage: (bundle) => swap(bundle, "proofs", ["proofs/1", "proofs/2"]),
  },
  {
    name: "a number of leaves that is not theirs",
    reason: "BUNDLE_GAP",
    damage: () => undefined,
    says: { leaves: 1 },
  },
  {
    name: "a number of withheld entries that is not theirs",
    reason: "BUNDLE_GAP",
    damage: () => undefined,
    says: { withheld: 0 },
  },
  {
    name: "an older checkpoint than the manifest names",
    reason: "BUNDLE_CHECKPOINT",
    damage: (bundle) => put(bundle, "checkpoint", cosigned(LEAVES.slice(0, 600), TO)),
  },
  {
    name: "a forked checkpoint under the manifest's size",
    reason: "BUNDLE_CHECKPOINT",
    damage: (bundle) => put(bundle, "checkpoint", cosigned(LEAVES.toReversed(), TO)),
  },
  {
    name: "a forked tree that checkpoint and manifest agree about",
    reason: "PROOF_WRONG",
    damage: (bundle) => put(bundle, "checkpoint", cosigned(LEAVES.toReversed(), TO)),
    says: { root: merkleRoot(LEAVES.toReversed()) },
  },
  {
    name: "a checkpoint that a stranger signed",
    reason: "SIGNATURE_MISSING",
    damage: (bundle) => put(bundle, "checkpoint", checkpointOf(LEAVES, STRANGER)),
  },
  {
    name: "a checkpoint with a signature that does not hold",
    reason: "SIGNATURE_WRONG",
    damage: (bundle) => swap(bundle, "checkpoint", [/^700$/m, "701"]),
  },
  {
    name: "another log's checkpoint",
    reason: "ORIGIN_WRONG",
    damage: (bundle) => {
      const other = ed25519Signer("midan.example/other", Buffer.alloc(32, 7));
      put(bundle, "checkpoint", checkpointOf(LEAVES, other));
    },
  },
  {
    name: "a checkpoint that no witness cosigned",
    reason: "WITNESSES_TOO_FEW",
    damage: (bundle) => put(bundle, "checkpoint", checkpointOf(LEAVES)),
  },
  {
    name: "a cosignature from the future",
    reason: "COSIGNATURE_FUTURE",
    damage: (bundle) => put(bundle, "checkpoint", cosigned(LEAVES, new Date("2999-01-01"))),
  },
  {
    name: "a cosignature of another checkpoint",
    reason: "SIGNATURE_WRONG",
    damage: (bundle) => {
      const other = cosigned(LEAVES.slice(1), TO).split("\n").at(-2) ?? "";
      put(bundle, "checkpoint", `${checkpointOf(LEAVES)}${other}\n`);
    },
  },
  {
    name: "an unknown key among the witnesses",
    reason: "KEY_MALFORMED",
    damage: (bundle) => swap(bundle, "witness-policy", ["post.example/w1", "post.example/w2"]),
  },
  {
    name: "a witness policy that makes no sense",
    reason: "POLICY_MALFORMED",
    damage: (bundle) => put(bundle, "witness-policy", "quorum nobody\n"),
  },
  {
    name: "a certificates' key that is none",
    reason: "KEY_MALFORMED",
    damage: (bundle) => put(bundle, "certificate.vkey", "midan.certificate+00000000+AQ==\n"),
  },
  {
    name: "a bundle from the future",
    reason: "BUNDLE_FUTURE",
    damage: () => undefined,
    says: { madeAt: new Date("2999-01-01T00:00:00Z") },
  },
  {
    name: "a period that ends before it begins",
    reason: "BUNDLE_FORM",
    damage: () => undefined,
    says: { to: new Date("2026-01-01T00:00:00Z") },
  },
  {
    name: "a manifest with a member that nobody knows",
    reason: "BUNDLE_FORM",
    damage: () => undefined,
    says: { note: "all is well" },
  },
  {
    name: "a manifest that lists a name outside the table",
    reason: "BUNDLE_FORM",
    damage: () => undefined,
    says: { files: { "../proofs": { bytes: 1, sha256: "00".repeat(32) } } },
  },
  {
    name: "a needed file neither there nor listed",
    reason: "BUNDLE_FORM",
    damage: ({ files }) => void files.delete("policies.json"),
  },
  {
    name: "a shorter period than the leaves",
    reason: "LEAF_OUTSIDE",
    damage: () => undefined,
    says: { to: new Date("2026-01-24T00:00:00Z") },
  },
  {
    name: "a later period than the leaves",
    reason: "LEAF_OUTSIDE",
    damage: () => undefined,
    says: { from: new Date("2026-01-06T00:00:00Z") },
  },
  {
    name: "one outlet's bundle with all leaves in it",
    reason: "LEAF_OUTSIDE",
    damage: () => undefined,
    says: { organisation: OUTLET },
  },
  {
    name: "an organisation that the bundle does not know",
    reason: "BUNDLE_POLICY",
    damage: () => undefined,
    says: { organisation: OTHER },
  },
  {
    name: "another tenant's bundle",
    reason: "BUNDLE_POLICY",
    damage: () => undefined,
    says: { tenant: OTHER },
  },
  {
    name: "a setting in force altered",
    reason: "BUNDLE_POLICY",
    damage: (bundle) => swap(bundle, "policies.json", ['"value":"strict"', '"value":"gb41833"']),
  },
  {
    name: "a setting in force left out",
    reason: "BUNDLE_POLICY",
    damage: (bundle) => changePolicies(bundle, (rows) => rows.slice(1)),
  },
  {
    name: "a setting in force made up",
    reason: "BUNDLE_POLICY",
    damage: (bundle) =>
      changePolicies(bundle, (rows) => [...rows, { setting: "training-required", value: "yes" }]),
  },
  {
    name: "settings in another order",
    reason: "BUNDLE_POLICY",
    damage: (bundle) => changePolicies(bundle, (rows) => rows.toReversed()),
  },
  {
    name: "policies in another spelling",
    reason: "BUNDLE_POLICY",
    damage: (bundle) => put(bundle, "policies.json", `${textOf(bundle, "policies.json")}\n`),
  },
  {
    name: "an organisation without its place",
    reason: "BUNDLE_POLICY",
    damage: (bundle) => swap(bundle, "policies.json", ['"place":"within"', '"place":"beside"']),
  },
  {
    name: "a figure of the summary changed",
    reason: "BUNDLE_SUMMARY",
    damage: (bundle) =>
      swap(bundle, "summary.en.csv", [/^denied,REASON_MISSING,\d+/m, "denied,REASON_MISSING,0"]),
  },
  {
    name: "a line of the summary left out",
    reason: "BUNDLE_SUMMARY",
    damage: (bundle) => swap(bundle, "summary.zh.csv", [/^type,reveal,.*\r\n/m, ""]),
  },
  {
    name: "a line of the summary twice",
    reason: "BUNDLE_SUMMARY",
    damage: (bundle) => {
      const [line = ""] = /^type,reveal,.*\r\n/m.exec(textOf(bundle, "summary.zh.csv")) ?? [];
      put(bundle, "summary.zh.csv", textOf(bundle, "summary.zh.csv") + line);
    },
  },
  {
    name: "a line of the summary that no leaf tells",
    reason: "BUNDLE_SUMMARY",
    damage: (bundle) =>
      put(bundle, "summary.zh.csv", `${textOf(bundle, "summary.zh.csv")}type,export,0,x,x\r\n`),
  },
];
