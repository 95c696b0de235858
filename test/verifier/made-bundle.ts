/** An inspector's bundle in memory, made by the writer's code, that tests may then damage. */
import { hash } from "node:crypto";
import { canonicalJson } from "../../src/audit/canonical-json.ts";
import { checkpointText } from "../../src/audit/checkpoint.ts";
import { cosigner } from "../../src/audit/cosignature.ts";
import { manifestNote, proofsText } from "../../src/audit/inspector-bundle.ts";
import type { BundledTile } from "../../src/audit/inspector-bundle.ts";
import { encodeLeaf } from "../../src/audit/leaf.ts";
import type { LeafDraft } from "../../src/audit/leaf.ts";
import { leafHash, merkleRoot } from "../../src/audit/merkle.ts";
import { ed25519Signer, signedNote, verifierKeyText } from "../../src/audit/note.ts";
import type { NoteSigner } from "../../src/audit/note.ts";
import { nodesInMemory, tileProof } from "../../src/audit/proof.ts";
import { Tally, settingsInForce } from "../../src/vault/bundle-tally.ts";
import type { ScopedLeaf } from "../../src/vault/bundle-scope.ts";
import { inspectionCsv } from "../../src/oversight/inspection-csv.ts";
import type { InspectionFacts } from "../../src/rules/inspection.ts";

export const OWN = "00000000-0000-4000-8000-000000000001";
export const OTHER = "00000000-0000-4000-8000-000000000002";
export const HEAD = "00000000-0000-4000-8000-00000000000a";
export const OUTLET = "00000000-0000-4000-8000-00000000000b";
export const SIGNER = ed25519Signer("midan.example/log", Buffer.alloc(32, 7));
export const STRANGER = ed25519Signer("midan.example/log", Buffer.alloc(32, 8));
export const WITNESS = cosigner("post.example/w1", Buffer.alloc(32, 9));
const CERTIFICATES = ed25519Signer("midan.certificate", Buffer.alloc(32, 3));

export const FROM = new Date("2026-01-05T00:00:00.000Z");
export const TO = new Date("2026-01-25T00:00:00.000Z");
const START = Date.parse("2026-01-01T00:00:00.000Z");
const HOUR_MS = 3_600_000;
export const SIZE = 700;

function draftOf(at: number): LeafDraft {
  const id = Buffer.alloc(16);
  id.writeUInt32BE(at, 12);
  const base = {
    tenant: at % 5 === 4 ? OTHER : OWN,
    id,
    at: new Date(START + at * HOUR_MS),
    actor: `st-${String(at % 7).padStart(16, "0")}`,
  };
  if (at % 97 === 3)
    return {
      ...base,
      type: "setting-changed",
      tenant: OWN,
      organisation: HEAD,
      setting: "mask-profile",
      value: "strict",
      mode: "locked",
      version: at,
    };
  if (at % 3 === 1)
    return {
      ...base,
      type: "reveal",
      purpose: at % 2 === 0 ? "deliver" : "contact",
      organisationPath: [HEAD, OUTLET],
    };
  if (at % 50 === 0)
    return { ...base, type: "reveal-denied", failure: "REASON_MISSING", organisation: OUTLET };
  return { ...base, type: "search", count: at % 4 };
}

/** The leaves of the log: two tenants, one an hour. */
export function bundleLeaves(): Uint8Array[] {
  return Array.from({ length: SIZE }, (_none, at) => encodeLeaf(draftOf(at)).bytes);
}

function scoped(body: Uint8Array): ScopedLeaf & { readonly tenant: string } {
  return JSON.parse(Buffer.from(body).toString("utf8")) as ScopedLeaf & { tenant: string };
}

export interface Parts {
  readonly leaves: readonly Uint8Array[];
  /** Index of a leaf of the log whose hash alone goes in, although it is in scope. */
  readonly hidden?: number;
  /** Index of a leaf that goes in although it is not in scope. */
  readonly added?: number;
}

async function tilesOf(
  { leaves }: Parts,
  { isIn, numbers }: { isIn: (index: number) => boolean; numbers: readonly number[] },
): Promise<BundledTile[]> {
  const hashes = leaves.map((leaf) => leafHash(leaf));
  const read = nodesInMemory(hashes);
  return Promise.all(
    numbers.map(async (number) => ({
      number,
      entries: hashes
        .slice(number * 256, number * 256 + 256)
        .map((each, at) => (isIn(number * 256 + at) ? null : each)),
      path: await tileProof(read, number, leaves.length),
    })),
  );
}

export interface MadeBundle {
  readonly files: Map<string, Uint8Array>;
  /** What the manifest says beside its files; `resign` takes it. */
  readonly facts: InspectionFacts;
  readonly leavesInside: number;
  readonly tiles: readonly BundledTile[];
}

const text = (value: string): Buffer => Buffer.from(value, "utf8");

export function checkpointOf(leaves: readonly Uint8Array[], signer: NoteSigner = SIGNER): string {
  const root = merkleRoot(leaves);
  return signedNote(checkpointText({ origin: signer.name, size: leaves.length, root }), [signer]);
}

/** The cosigned checkpoint of the leaves, at that moment by the witness's clock. */
export function cosigned(leaves: readonly Uint8Array[], at: Date): string {
  const note = checkpointOf(leaves);
  return note + WITNESS.line(note.slice(0, note.lastIndexOf("\n\n") + 1), at);
}

/** Lists and signs what lies in `files`; `change` alters what the manifest says before signing. */
export function resign(
  { files, facts, leavesInside }: Omit<MadeBundle, "tiles">,
  change: Readonly<Record<string, unknown>> = {},
  signer: NoteSigner = SIGNER,
): void {
  const listed = Object.fromEntries(
    Array.from(files)
      .filter(([name]) => name !== "manifest")
      .map(([name, bytes]) => [
        name,
        { bytes: bytes.length, sha256: hash("sha256", bytes, "hex") },
      ]),
  );
  const { madeAt, size, from, to, withheld, organisation } = facts;
  const manifest = {
    origin: signer.name,
    madeAt,
    size,
    root: Buffer.from(facts.root, "hex"),
    from,
    to,
    tenant: OWN,
    organisation,
    leaves: leavesInside,
    withheld,
    files: listed,
    ...change,
  };
  files.set("manifest", text(manifestNote(manifest, [signer])));
}

/** A whole good bundle, unless the parts say otherwise. */
export async function madeBundle(parts: Parts = { leaves: bundleLeaves() }): Promise<MadeBundle> {
  const { leaves } = parts;
  const all = leaves.map(scoped);
  const isThen = ({ at }: ScopedLeaf): boolean => Date.parse(at) >= FROM.getTime();
  const isScoped = (index: number): boolean => {
    const leaf = all[index];
    if (leaf === undefined || leaf.tenant !== OWN || Date.parse(leaf.at) >= TO.getTime())
      return false;
    return isThen(leaf) || leaf.type === "setting-changed";
  };
  const isIn = (index: number): boolean =>
    (isScoped(index) && index !== parts.hidden) || index === parts.added;
  const inside = all.map((_leaf, index) => index).filter(isIn);
  const numbers = [...new Set(inside.map((index) => Math.floor(index / 256)))];
  const tiles = await tilesOf(parts, { isIn, numbers });
  const tally = new Tally();
  const own = inside.flatMap((index) => all[index] ?? []).filter(({ tenant }) => tenant === OWN);
  for (const leaf of own.filter(isThen)) tally.add(leaf);
  const facts: InspectionFacts = {
    carrier: "北辰物流",
    organisation: null,
    names: new Map([[HEAD, "总部"]]),
    from: FROM,
    to: TO,
    timeZone: "Asia/Shanghai",
    madeAt: new Date("2026-02-01T00:00:00Z"),
    origin: SIGNER.name,
    size: leaves.length,
    key: verifierKeyText(SIGNER),
    root: Buffer.from(merkleRoot(leaves)).toString("hex"),
    tally: tally.rows(),
    settings: settingsInForce(
      own.filter(({ type }) => type === "setting-changed"),
      FROM,
    ),
    leaves: own.filter(isThen).length,
    earlier: own.filter((leaf) => !isThen(leaf)).length,
    withheld: tiles.flatMap(({ entries }) => entries).filter((entry) => entry !== null).length,
  };
  const lines = inside.flatMap((index) => [leaves[index] ?? Buffer.of(), text("\n")]);
  const organisation = { parent: null, kind: "headquarters", place: "within" };
  const files = new Map<string, Uint8Array>([
    ["checkpoint", text(cosigned(leaves, new Date("2026-02-01T00:00:00Z")))],
    ["log.vkey", text(`${verifierKeyText(SIGNER)}\n`)],
    ["certificate.vkey", text(`${verifierKeyText(CERTIFICATES)}\n`)],
    ["witness-policy", text(`witness w1 ${verifierKeyText(WITNESS)}\nquorum w1\n`)],
    ["leaves.ndjson", Buffer.concat(lines)],
    ["proofs", text(proofsText(tiles))],
    [
      "policies.json",
      canonicalJson({
        v: 1,
        tenant: { id: OWN, suite: "intl", profile: "gb41833", personsDays: 120, shellDays: 730 },
        organisations: [HEAD, OUTLET].map((id) => ({ ...organisation, id, name: id.slice(-1) })),
        inForce: facts.settings.map((setting) => ({ ...setting })),
      }),
    ],
    ["summary.zh.csv", inspectionCsv(facts, "zh")],
    ["summary.en.csv", inspectionCsv(facts, "en")],
    ["summary.zh.pdf", text("%PDF-1.7 zh")],
    ["summary.en.pdf", text("%PDF-1.7 en")],
    ["verify-log.html", text("<!doctype html>")],
    ["README.txt", text("README\r\n")],
  ]);
  const made = { files, facts, tiles, leavesInside: inside.length };
  resign(made);
  return made;
}
