/**
 * The inspector's bundle (检查包): everything that somebody takes away to check a period without us.
 * Leaves and proofs lead to one signed checkpoint; the manifest that binds all files is signed by
 * the log's key. Making one is an entry of its own, durable before anything leaves. The form is
 * docs/formats/inspector-bundle.md.
 */
import { authoriseWithin } from "../access/authorise-within.ts";
import { hash } from "node:crypto";
import { canonicalJson } from "../audit/canonical-json.ts";
import { manifestNote, proofsText } from "../audit/inspector-bundle.ts";
import type { BundledTile } from "../audit/inspector-bundle.ts";
import { tileProof } from "../audit/proof.ts";
import { TILE_WIDTH } from "../audit/tile.ts";
import { suiteOf } from "../crypto/suites.ts";
import { nodesIn } from "../log/tile-reader.ts";
import { logKeys } from "../log/upkeep.ts";
import { Failure } from "../rules/failure.ts";
import type { InspectionFacts, SettingInForce, TallyRow } from "../rules/inspection.ts";
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { connected, transaction } from "../store/pool.ts";
import { bundleScope, POLICY_TYPES, sorter } from "./bundle-scope.ts";
import type { BundleScope, ScopedLeaf } from "./bundle-scope.ts";
import { settingsInForce, Tally } from "./bundle-tally.ts";
import { certificateKey } from "./certificate-key.ts";
import { lastCheckpoint } from "./last-checkpoint.ts";
import type { SignedTree } from "./last-checkpoint.ts";
import { requireHeld, scopePages } from "./scope-pages.ts";
import type { Vault } from "./vault.ts";

export interface BundleRequest {
  /** Who takes it. */
  readonly actor: Actor;
  /** Id or name; null for the whole tenant. */
  readonly organisation: string | null;
  /** From this instant on, and before the other one. */
  readonly from: Date;
  readonly to: Date;
  /** The policy file with the witnesses (C2SP tlog-policy), or null when nobody witnesses. */
  readonly witnessPolicy: Uint8Array | null;
  /** The page that verifies a bundle offline. */
  readonly page: Uint8Array;
}

/** Summaries and words for people, by file name. */
type Draw = (facts: InspectionFacts) => Promise<ReadonlyMap<string, Uint8Array>>;

export interface MadeBundle extends InspectionFacts {
  /** All files by name, the manifest among them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Id of the entry that tells of it, hex. */
  readonly entry: string;
}

const LEAVES_MAX = 1_000_000;

interface Collected {
  readonly bodies: ReadonlyMap<number, Uint8Array>;
  /** Indices of the first and the last leaf of the period; null when there is none. */
  readonly span: { readonly first: number; readonly last: number } | null;
  readonly tally: readonly TallyRow[];
  readonly settings: readonly SettingInForce[];
  readonly earlier: number;
}

/** The leaves of the scope. Throws BUNDLE_TOO_LARGE. */
async function collect(vault: Vault, scope: BundleScope, size: number): Promise<Collected> {
  const sort = sorter(scope);
  const bodies = new Map<number, Uint8Array>();
  const tally = new Tally();
  const policy: ScopedLeaf[] = [];
  const period: number[] = [];
  for await (const page of scopePages(vault, scope, { always: POLICY_TYPES, size })) {
    for (const { index, body } of page) {
      // Leaves are canonical JSON objects with these members (LEAF-1).
      const leaf = JSON.parse(Buffer.from(body).toString("utf8")) as ScopedLeaf;
      const { isOfPeriod, isOfPolicy } = sort(leaf);
      if (!isOfPeriod && !isOfPolicy) continue;
      bodies.set(index, body);
      if (isOfPolicy) policy.push(leaf);
      if (!isOfPeriod) continue;
      period.push(index);
      tally.add(leaf);
    }
    if (bodies.size > LEAVES_MAX) throw new Failure("BUNDLE_TOO_LARGE", { leavesMax: LEAVES_MAX });
  }
  const [first, last] = [period.at(0), period.at(-1)];
  return {
    bodies,
    span: first === undefined || last === undefined ? null : { first, last },
    tally: tally.rows(),
    settings: settingsInForce(policy, scope.from),
    earlier: bodies.size - period.length,
  };
}

const tileOf = (index: number): number => Math.floor(index / TILE_WIDTH);

/** Every tile of the period, and those that hold an earlier setting. */
function tileNumbers({ bodies, span }: Collected): number[] {
  const numbers = new Set(Array.from(bodies.keys(), tileOf));
  if (span !== null)
    for (let tile = tileOf(span.first); tile <= tileOf(span.last); tile += 1) numbers.add(tile);
  return [...numbers].toSorted((a, b) => a - b);
}

/** One tile with the hashes that the log's own files hold. Throws as `requireHeld`. */
async function bundledTile(
  vault: Vault,
  { bodies }: Collected,
  { number, size }: { readonly number: number; readonly size: number },
): Promise<BundledTile> {
  const read = nodesIn(vault.log.folder, size);
  const start = number * TILE_WIDTH;
  const entries: (Uint8Array | null)[] = [];
  for (let index = start; index < Math.min(size, start + TILE_WIDTH); index += 1) {
    const held = await read({ height: 0, index });
    const body = bodies.get(index);
    if (body !== undefined) requireHeld(body, { held, index });
    entries.push(body === undefined ? held : null);
  }
  return { number, entries, path: await tileProof(read, number, size) };
}

function policiesJson(vault: Vault, scope: BundleScope, { settings }: Collected): Uint8Array {
  const { id, suite, profile, personsDays, shellDays } = vault.tenant;
  const rowOf =
    (place: "within" | "above") =>
    ({ id: organisation, parentId, kind, name }: OrganisationRow) => ({
      id: organisation,
      parent: parentId,
      kind,
      name,
      place,
    });
  return canonicalJson({
    v: 1,
    tenant: { id, suite: suiteOf(suite).name, profile, personsDays, shellDays },
    organisations: [...scope.above.map(rowOf("above")), ...scope.within.map(rowOf("within"))],
    inForce: settings.map((setting) => ({ ...setting })),
  });
}

const text = (value: string): Uint8Array => Buffer.from(value, "utf8");

async function evidence(
  vault: Vault,
  request: BundleRequest,
  made: { readonly scope: BundleScope; readonly read: SignedTree; readonly collected: Collected },
): Promise<{ readonly files: Map<string, Uint8Array>; readonly withheld: number }> {
  const { scope, read, collected } = made;
  const { size } = read.checkpoint;
  const tiles: BundledTile[] = [];
  for (const number of tileNumbers(collected))
    tiles.push(await bundledTile(vault, collected, { number, size }));
  const newline = text("\n");
  const changes = await vault.log.changes();
  const lines = Array.from(collected.bodies.values()).flatMap((body) => [body, newline]);
  const files = new Map<string, Uint8Array>([
    ["checkpoint", read.note],
    ["log.vkey", text(`${(await logKeys(vault)).join("\n")}\n`)],
    ...(changes.length === 0 ? [] : [["log-changes", text(`${changes.join("\n")}\n`)] as const]),
    ["certificate.vkey", text(`${await certificateKey(vault)}\n`)],
    ["leaves.ndjson", Buffer.concat(lines)],
    ["proofs", text(proofsText(tiles))],
    ["policies.json", policiesJson(vault, scope, collected)],
    ["verify-log.html", request.page],
  ]);
  if (request.witnessPolicy !== null) files.set("witness-policy", request.witnessPolicy);
  const withheld = tiles.flatMap(({ entries }) => entries).filter((entry) => entry !== null).length;
  return { files, withheld };
}

async function signed(
  vault: Vault,
  facts: InspectionFacts,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<Uint8Array> {
  const { organisation, from, to, madeAt, origin, size, root, leaves, earlier, withheld } = facts;
  const { id: tenant } = vault.tenant;
  const listed = Object.fromEntries(
    Array.from(files, ([name, bytes]) => [
      name,
      { bytes: bytes.length, sha256: hash("sha256", bytes, "hex") },
    ]),
  );
  const manifest = {
    origin,
    madeAt,
    size,
    root: Buffer.from(root, "hex"),
    tenant,
    organisation,
    from,
    to,
    leaves: leaves + earlier,
    withheld,
    files: listed,
  };
  return text(manifestNote(manifest, await vault.log.signers()));
}

/**
 * Makes the bundle of a period. The entry `bundle-made` with the manifest's digest is durable
 * before this resolves. Throws ORGANISATION_UNKNOWN, BUNDLE_TOO_LARGE above a million leaves, and
 * LOG_FILES_BROKEN when the database is not what the log's files hold; nothing is handed out then.
 */
export async function makeBundle(
  vault: Vault,
  request: BundleRequest,
  draw: Draw,
): Promise<MadeBundle> {
  const { organisation: branch } = request;
  await authoriseWithin(vault, { actor: request.actor, verb: "make-bundle" }, [branch]);
  const scope = await connected(vault.database, async (connection) =>
    bundleScope(vault, connection, request),
  );
  const madeAt = vault.now();
  const read = await lastCheckpoint(vault);
  const { origin, size, root } = read.checkpoint;
  const collected = await collect(vault, scope, size);
  const { files, withheld } = await evidence(vault, request, { scope, read, collected });
  const { tally, settings, earlier, bodies } = collected;
  const facts: InspectionFacts = {
    madeAt,
    origin,
    size,
    tally,
    settings,
    earlier,
    withheld,
    carrier: vault.tenant.name,
    timeZone: vault.timeZone,
    organisation: scope.organisation,
    from: scope.from,
    to: scope.to,
    names: new Map([...scope.above, ...scope.within].map(({ id, name }) => [id, name])),
    root: Buffer.from(root).toString("hex"),
    key: (await logKeys(vault)).join("\n"),
    leaves: bodies.size - earlier,
  };
  for (const [name, bytes] of await draw(facts)) files.set(name, bytes);
  const manifest = await signed(vault, facts, files);
  const entry = await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, {
      type: "bundle-made",
      actor: request.actor,
      count: bodies.size,
      digest: hash("sha256", manifest, "hex"),
      ...(scope.organisation === null ? {} : { organisation: scope.organisation }),
    }),
  );
  return { ...facts, files: new Map([["manifest", manifest], ...files]), entry };
}
