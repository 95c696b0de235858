/**
 * The certificate of erasure (删除证明) of one waybill or one compartment: what became unrecoverable
 * when, until when a copy of the keys could still tell, and what it does not prove. A signed note
 * of its own format (docs/formats/certificate.md); read from tombstones and log, so it can be made
 * again at any time and says then what is known then.
 */
import { authorise } from "../access/authorise.ts";
import { hash } from "node:crypto";
import { canonicalJson } from "../audit/canonical-json.ts";
import type { CanonicalValue } from "../audit/canonical-json.ts";
import { signedNote } from "../audit/note.ts";
import { parseToken } from "../crypto/token.ts";
import type { Token, TokenParts } from "../crypto/token.ts";
import { certificateKey, certificateSigner } from "./certificate-key.ts";
import { parseSerial, serialText } from "../keystore/compartment-record.ts";
import { destroyedLeafId } from "../keystore/tombstone.ts";
import type { LeafTombstone, Tombstone } from "../keystore/tombstone.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import type { Actor } from "../access/actor.ts";
import { SYSTEM_ACTOR, writeEntry } from "../access/entry.ts";
import { isTenantWide } from "../access/place.ts";
import type { EntryDraft } from "../access/entry.ts";
import { findLeaf } from "../store/audit-leaf.ts";
import { findCompartment } from "../store/compartment.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { insertNote, lastNote } from "../store/erasure-certificate.ts";
import { erasureBound } from "./erasure-bound.ts";
import type { ErasureBound } from "./erasure-bound.ts";
import { causeOf, causeOfWhole } from "./erasure-cause.ts";
import type { CompartmentCause, ErasureCause } from "./erasure-cause.ts";
import { ownOf, refuseUnknown } from "./own-record.ts";
import { dyingIn, tally } from "./tally.ts";
import { placesOfToken, tokenKeysOf } from "./token-key.ts";
import type { Vault } from "./vault.ts";
import { tokenAt } from "./waybill-place.ts";

const CERTIFICATE_HEAD = "midan.certificate/2";

/** What no destruction of keys can show; each is a sentence in docs/formats/certificate.md. */
const DOES_NOT_PROVE = [
  "copies-not-listed",
  "older-root-keys",
  "machine-snapshots",
  "copies-of-keys-and-root-key-together",
  "intake-hashes",
  "printed-labels",
  "what-was-revealed-before",
] as const;

export interface ErasureCertificate extends ErasureBound {
  readonly kind: "waybill" | "compartment";
  /** Id of the log entry that tells of it, hex; also the id of the certificate. */
  readonly id: string;
  readonly tenant: string;
  readonly carrier: string;
  readonly token: string | null;
  readonly compartment: string;
  readonly dayOfDeath: Day;
  readonly waybills: number;
  readonly cause: ErasureCause | CompartmentCause;
  /** RFC 3339 instants: when the key of the sealed data and of the masked view was destroyed. */
  readonly dataGoneAt: string;
  readonly viewGoneAt: string;
  /** When the entry told of it, and the rows with their index tags were gone from the database. */
  readonly rowsGoneAt: string;
  readonly issuedAt: string;
  /** SHA-256 of the text of the certificate about this death before this one; null: the first. */
  readonly earlier: string | null;
  readonly doesNotProve: readonly string[];
}

export interface SignedCertificate {
  readonly certificate: ErasureCertificate;
  /** The signed note: what is handed over. */
  readonly note: string;
  /** The key to check it with, as people pass it on. */
  readonly key: string;
}

/** What died: one waybill, or a compartment, or one waybill with its compartment. */
export type Found =
  | { readonly kind: "waybill"; readonly tombstone: LeafTombstone }
  | { readonly kind: "compartment"; readonly tombstone: Tombstone; readonly token: string | null };

const SERIAL = /^[0-9a-f]{10}$/;
const ENTRY = /^[0-9a-f]{32}$/;

interface Dead {
  readonly leaves: readonly LeafTombstone[];
  readonly compartments: readonly Tombstone[];
}

async function deadOf(vault: Vault): Promise<Dead> {
  const isOwn = ({ tenant }: { readonly tenant: string }): boolean => tenant === vault.tenant.id;
  return {
    leaves: (await vault.keys.leafTombstones()).filter(isOwn),
    compartments: (await vault.keys.tombstones()).filter(isOwn),
  };
}

function idOf(tombstone: Pick<Tombstone, "id">): string {
  return Buffer.from(destroyedLeafId(tombstone)).toString("hex");
}

function byEntry({ leaves, compartments }: Dead, id: string): Found | null {
  const leaf = leaves.find((one) => idOf(one) === id);
  if (leaf !== undefined) return { kind: "waybill", tombstone: leaf };
  const whole = compartments.find((one) => idOf(one) === id);
  return whole === undefined ? null : { kind: "compartment", tombstone: whole, token: null };
}

/** What died as the entry `id` (hex) tells; null where the key store does not know of it. */
export async function deathOf(vault: Vault, id: string): Promise<Found | null> {
  return byEntry(await deadOf(vault), id);
}

async function byToken(vault: Vault, dead: Dead, text: string): Promise<Found | null> {
  const token = parseToken(text);
  // Its shell may be gone, so every place that it can mean is asked for. A wrong one is a random
  // number of 57 bits and meets nothing.
  for (const place of placesOfToken(token, await tokenKeysOf(vault))) {
    const found = atPlace(dead, place, token);
    if (found !== null) return found;
  }
  return null;
}

function atPlace(dead: Dead, { serial, slot }: TokenParts, token: Token): Found | null {
  const leaf = dead.leaves.find((one) => one.serial === serial && one.slot === slot);
  if (leaf !== undefined) return { kind: "waybill", tombstone: leaf };
  const whole = dead.compartments.find((one) => one.serial === serial);
  // What a hold kept is not dead yet.
  if (whole === undefined || whole.kept.includes(slot)) return null;
  return { kind: "compartment", tombstone: whole, token };
}

/** `id` is a token, the serial of a compartment, or the id of the entry that tells of the death. */
async function findOrNull(vault: Vault, id: string): Promise<Found | null> {
  const dead = await deadOf(vault);
  const serial = SERIAL.test(id) ? parseSerial(id) : null;
  const whole = dead.compartments.find((one) => one.serial === serial);
  if (whole !== undefined) return { kind: "compartment", tombstone: whole, token: null };
  if (ENTRY.test(id)) return byEntry(dead, id);
  return serial === null ? byToken(vault, dead, id) : null;
}

/** When an entry was written, by the clock that it says itself. */
function toldAt(body: Uint8Array): string {
  // Leaves are written by encodeLeaf only, as canonical JSON objects with this member.
  return (JSON.parse(Buffer.from(body).toString("utf8")) as { at: string }).at;
}

async function subjectOfFound(
  vault: Vault,
  connection: Connection,
  { found, shellWeek }: { readonly found: Found; readonly shellWeek: Day },
) {
  if (found.kind === "waybill") {
    const { tombstone } = found;
    const { serial: compartment, slot } = tombstone;
    const token = await tokenAt(vault, connection, { shellWeek, compartment, slot });
    return { kind: "waybill", token, waybills: 1, cause: await causeOf(vault, found.tombstone) };
  }
  const { serial } = found.tombstone;
  const isWhole = found.token === null;
  const cause = causeOfWhole(vault, found.tombstone);
  const waybills = isWhole ? dyingIn(await tally(vault, connection, [serial]), serial) : 1;
  return { kind: found.kind, token: found.token, waybills, cause };
}

/** The one before stays as it was issued; it is named by the digest that its entry has. */
async function earlierDigest(
  vault: Vault,
  connection: Connection,
  found: Found,
): Promise<string | null> {
  const note = await lastNote(connection, vault.tenant.id, destroyedLeafId(found.tombstone));
  const isOfAnother = found.kind === "compartment" && found.token !== null;
  if (note === null || isOfAnother) return null;
  return hash("sha256", note.slice(0, note.lastIndexOf("\n\n") + 1));
}

async function certificateOf(
  vault: Vault,
  connection: Connection,
  found: Found,
): Promise<ErasureCertificate | null> {
  const { serial, destroyedAt } = found.tombstone;
  const compartment = await findCompartment(connection, serial);
  const told = await findLeaf(connection, destroyedLeafId(found.tombstone));
  if (compartment === null || told === null) return null;
  const { shellWeek, dayOfDeath } = compartment;
  const subject = await subjectOfFound(vault, connection, { found, shellWeek });
  const goneAt = destroyedAt.toISOString();
  return {
    ...subject,
    kind: found.kind,
    id: idOf(found.tombstone),
    tenant: vault.tenant.id,
    carrier: vault.tenant.name,
    compartment: serialText(serial),
    dayOfDeath,
    dataGoneAt: goneAt,
    viewGoneAt: goneAt,
    rowsGoneAt: toldAt(told.body),
    ...(await erasureBound(vault, connection, { ...found.tombstone, dayOfDeath, shellWeek })),
    issuedAt: vault.now().toISOString(),
    earlier: await earlierDigest(vault, connection, found),
    doesNotProve: DOES_NOT_PROVE,
  };
}

function membersOf(certificate: ErasureCertificate): Record<string, CanonicalValue> {
  const { indexSeasons, keyCopies, doesNotProve, ...plain } = certificate;
  return {
    ...plain,
    indexSeasons: indexSeasons.map((season) => ({ ...season })),
    keyCopies: keyCopies.map((copy) => ({ ...copy })),
    doesNotProve: [...doesNotProve],
  };
}

/**
 * Makes, signs and keeps the certificate of a death that the caller's transaction tells of, with an
 * entry of its digest. Null for what died of another database, of which nothing can be said.
 */
export async function issueCertificate(
  vault: Vault,
  connection: Connection,
  found: Found & { readonly actor?: EntryDraft["actor"] },
): Promise<SignedCertificate | null> {
  const { actor = SYSTEM_ACTOR } = found;
  const certificate = await certificateOf(vault, connection, found);
  if (certificate === null) return null;
  const signer = await certificateSigner(vault);
  const body = Buffer.from(canonicalJson(membersOf(certificate)));
  const text = `${CERTIFICATE_HEAD}\n${body.toString("utf8")}\n`;
  const { compartment, id } = certificate;
  const digest = hash("sha256", text);
  await writeEntry(vault, connection, { type: "document-issued", actor, compartment, digest });
  const note = signedNote(text, [signer]);
  await insertNote(connection, {
    tenantId: vault.tenant.id,
    id: Buffer.from(id, "hex"),
    issuedAt: new Date(certificate.issuedAt),
    note,
  });
  return { certificate, note, key: await certificateKey(vault, note) };
}

/** A compartment has waybills of every branch, so that its death is the whole tenant's matter. */
async function isOwnDeath(vault: Vault, actor: Actor, found: Found): Promise<boolean> {
  if (isTenantWide(actor)) return true;
  if (found.kind === "compartment") return false;
  const { serial: compartment, slot } = found.tombstone;
  return (await ownOf(vault, actor, [{ compartment, slot }])).length === 1;
}

/** What died, of the actor's own; another branch's is as absent as what lives. */
async function findDead(
  vault: Vault,
  { id, actor }: { readonly id: string; readonly actor: Actor },
): Promise<Found> {
  const asked = { actor, verb: "certify-erasure" } as const;
  await authorise(vault, asked, { place: "own" });
  const found = await findOrNull(vault, id);
  if (found !== null && (await isOwnDeath(vault, actor, found))) return found;
  return refuseUnknown(vault, asked, "CERTIFICATE_ABSENT");
}

/**
 * Makes and signs the certificate of what `id` names (a token, a compartment's serial, or the id of
 * the entry that tells of the death) with what is known now, keeps it, and leaves an entry with its
 * digest. Throws ACCESS_DENIED, or CERTIFICATE_ABSENT when it is another branch's, when it is not
 * dead, or the log does not tell of it yet.
 */
export async function certifyErasure(
  vault: Vault,
  request: { readonly id: string; readonly actor: Actor },
): Promise<SignedCertificate> {
  const found = await findDead(vault, request);
  const { actor } = request;
  const issued = await transaction(vault.database, async (connection) =>
    issueCertificate(vault, connection, { ...found, actor }),
  );
  if (issued === null) throw new Failure("CERTIFICATE_ABSENT");
  return issued;
}

/**
 * The certificate that was issued last about what `id` names, as it was handed out; null when it
 * has none of its own, such as one waybill of a compartment that died on its day, or one of an
 * earlier version. Throws
 * CERTIFICATE_ABSENT as `certifyErasure`.
 */
export async function keptCertificate(
  vault: Vault,
  request: { readonly id: string; readonly actor: Actor },
): Promise<SignedCertificate | null> {
  const found = await findDead(vault, request);
  if (found.kind === "compartment" && found.token !== null) return null;
  const note = await connected(vault.database, async (connection) =>
    lastNote(connection, vault.tenant.id, destroyedLeafId(found.tombstone)),
  );
  const [head, body = ""] = note?.split("\n") ?? [];
  // Those of version 1 said of older copies of the keys what they could not know.
  if (note === null || head !== CERTIFICATE_HEAD) return null;
  // What was signed and kept here has the members of a certificate.
  const certificate = JSON.parse(body) as ErasureCertificate;
  return { certificate, note, key: await certificateKey(vault, note) };
}
