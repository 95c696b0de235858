/** Damages by somebody who has the bundle in hand, and not the log's key. */
import { ed25519Signer, verifierKeyText } from "../../src/audit/note.ts";
import { flip, lines, put, putLines, swap, textOf } from "./damage.ts";
import type { Damage } from "./damage.ts";
import { STRANGER, bundleLeaves, checkpointOf, resign } from "./made-bundle.ts";
import type { MadeBundle } from "./made-bundle.ts";

const LEAVES = bundleLeaves();
const MIB = 1024 * 1024;

/** What somebody can do who has the bundle in his hands and not the log's key. */
export const BY_ANYBODY: readonly Damage[] = [
  ...[
    "checkpoint",
    "log.vkey",
    "certificate.vkey",
    "witness-policy",
    "leaves.ndjson",
    "proofs",
    "policies.json",
    "summary.zh.csv",
    "summary.en.csv",
    "summary.zh.pdf",
    "summary.en.pdf",
    "verify-log.html",
    "README.txt",
  ].map((file) => ({
    name: `a byte of ${file} changed`,
    // The key in the bundle is held against the one that was given, before anything is opened.
    reason: file === "log.vkey" ? "KEY_MALFORMED" : "BUNDLE_FILE",
    damage: (bundle: MadeBundle) => flip(bundle, file, 0),
  })),
  {
    name: "leaves cut short",
    reason: "BUNDLE_FILE",
    damage: (bundle) => putLines(bundle, lines(bundle).slice(0, -1)),
  },
  {
    name: "a figure of the summary changed",
    reason: "BUNDLE_FILE",
    damage: (bundle) =>
      swap(bundle, "summary.zh.csv", [/^purpose,contact,\d+/m, "purpose,contact,1"]),
  },
  ...["manifest", "checkpoint", "log.vkey", "leaves.ndjson", "proofs", "summary.zh.pdf"].map(
    (file) => ({
      name: `${file} missing`,
      reason: "FILE_MISSING",
      damage: ({ files }: MadeBundle) => void files.delete(file),
    }),
  ),
  {
    name: "a file beside the bundle's",
    reason: "BUNDLE_EXTRA",
    damage: (bundle) => put(bundle, "notes.txt", "read me first"),
  },
  {
    name: "a name that differs in case alone",
    reason: "BUNDLE_EXTRA",
    damage: (bundle) => put(bundle, "Manifest", "other"),
  },
  {
    name: "a file of the table that the manifest does not list",
    reason: "BUNDLE_EXTRA",
    damage: (bundle) => {
      bundle.files.delete("witness-policy");
      resign(bundle);
      put(bundle, "witness-policy", "quorum none\n");
    },
  },
  ...["../README.txt", "/etc/passwd", "..\\README.txt", "tile/", "a/../proofs", "", "proofs\0"].map(
    (name) => ({
      name: `a path trick: ${JSON.stringify(name)}`,
      reason: "BUNDLE_NAME",
      damage: (bundle: MadeBundle) => put(bundle, name, "x"),
    }),
  ),
  {
    name: "a file larger than any bundle's",
    reason: "BUNDLE_LARGE",
    damage: (bundle) => put(bundle, "README.txt", Buffer.alloc(MIB + 1)),
  },
  {
    name: "a manifest larger than any bundle's",
    reason: "BUNDLE_LARGE",
    damage: (bundle) => put(bundle, "manifest", Buffer.alloc(MIB + 1)),
  },
  {
    name: "the period of the manifest changed",
    reason: "SIGNATURE_WRONG",
    damage: (bundle) => swap(bundle, "manifest", ["2026-01-25", "2026-01-20"]),
  },
  {
    name: "the manifest signed by a stranger under the log's name",
    reason: "SIGNATURE_MISSING",
    damage: (bundle) => resign(bundle, {}, STRANGER),
  },
  {
    name: "everything signed again by a stranger who puts his own key in",
    reason: "BUNDLE_KEY",
    damage: (bundle) => {
      put(bundle, "log.vkey", `${verifierKeyText(STRANGER)}\n`);
      put(bundle, "checkpoint", checkpointOf(LEAVES, STRANGER));
      resign(bundle, {}, STRANGER);
    },
  },
  {
    name: "another log's bundle",
    reason: "ORIGIN_WRONG",
    damage: (bundle) => {
      const other = ed25519Signer("midan.example/other", Buffer.alloc(32, 7));
      put(bundle, "log.vkey", `${verifierKeyText(other)}\n`);
      resign(bundle, {}, other);
    },
  },
  {
    name: "the manifest without its signature",
    reason: "NOTE_MALFORMED",
    damage: (bundle) => swap(bundle, "manifest", [/\n\n[^]*$/, "\n\n"]),
  },
  {
    name: "a manifest that is no text",
    reason: "NOTE_MALFORMED",
    damage: (bundle) => put(bundle, "manifest", Buffer.from([0xff, 0xfe, 0x00])),
  },
  {
    name: "the checkpoint in place of the manifest",
    reason: "BUNDLE_FORM",
    damage: (bundle) => put(bundle, "manifest", textOf(bundle, "checkpoint")),
  },
];
