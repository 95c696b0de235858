/** From a token to its record, and from a record to what is sealed in it. */
import { timingSafeEqual } from "node:crypto";
import { openPart, waybillIdOf } from "../crypto/envelope.ts";
import { leafKey } from "../crypto/key-tree.ts";
import type { Cover } from "../crypto/key-tree.ts";
import { suiteOf } from "../crypto/suites.ts";
import type { Suite } from "../crypto/suites.ts";
import { parseToken } from "../crypto/token.ts";
import type { Token, TokenParts } from "../crypto/token.ts";
import { commitment } from "../crypto/waybill-key.ts";
import type { PartName } from "../crypto/waybill-key.ts";
import { dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import { lifeStateOn } from "../rules/retention.ts";
import { findCompartment } from "../store/compartment.ts";
import type { CompartmentRow } from "../store/compartment.ts";
import { findHeldParty } from "../store/hold.ts";
import type { HeldParty, WaybillPlace } from "../store/hold.ts";
import { findParty } from "../store/party.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { headOf } from "../store/shell-lock.ts";
import { findShell } from "../store/shell.ts";
import type { FoundShell, ShellRow } from "../store/shell.ts";
import { uuidBytes } from "../store/wire.ts";
import { holdsNow } from "./held.ts";
import { placesOfToken, tokenKeysOf, tokenOfShell } from "./token-key.ts";
import type { Vault } from "./vault.ts";
import { decodeParties, decodeView } from "./view.ts";
import type { Parties, View } from "./view.ts";

/** The part of a record that never dies before the shell does. */
export interface WaybillRecord {
  readonly token: Token;
  readonly compartment: CompartmentRow;
  readonly shell: FoundShell;
}

/** A waybill whose key is at hand. */
export interface WaybillKey {
  readonly suite: Suite;
  readonly leaf: Uint8Array;
  readonly serial: number;
  readonly slot: number;
  readonly tenant: Uint8Array;
  readonly waybillId: Uint8Array;
}

/**
 * Finds the record of a token, with the newest token key first. Throws the failures of
 * `parseToken`, or TOKEN_UNKNOWN for a token that this tenant never gave out. That costs one
 * look-up for each token key, also where the place exists; so the time tells how old a known token
 * is, and no more.
 */
export async function findRecord(vault: Vault, text: string): Promise<WaybillRecord> {
  return connected(vault.database, async (connection) => findRecordWithin(vault, connection, text));
}

/** As `findRecord`, with what the caller's transaction has stored and not yet committed. */
export async function findRecordWithin(
  vault: Vault,
  connection: Connection,
  text: string,
): Promise<WaybillRecord> {
  const token = parseToken(text);
  for (const parts of placesOfToken(token, await tokenKeysOf(vault))) {
    const found = await foundAt(vault, connection, parts);
    if (found !== null) return { token, ...found };
  }
  throw new Failure("TOKEN_UNKNOWN");
}

/** What lies at the place of a token, if it is that token's. */
async function foundAt(
  vault: Vault,
  connection: Connection,
  { serial, slot, random }: TokenParts,
): Promise<Omit<WaybillRecord, "token"> | null> {
  const found = await lyingAt(vault, connection, { compartment: serial, slot });
  return found !== null && timingSafeEqual(found.shell.tokenRandom, random) ? found : null;
}

/** What the tenant has at a place, whichever token it has. */
async function lyingAt(
  vault: Vault,
  connection: Connection,
  { compartment: serial, slot }: WaybillPlace,
): Promise<Omit<WaybillRecord, "token"> | null> {
  const compartment = await findCompartment(connection, serial);
  if (compartment === null || compartment.tenantId !== vault.tenant.id) return null;
  const { shellWeek } = compartment;
  const shell = await findShell(connection, { shellWeek, compartment: serial, slot });
  return shell === null ? null : { compartment, shell };
}

/** The token of a shell that was found by its place. */
export async function tokenOf(
  vault: Pick<Vault, "keys" | "tenant">,
  shell: ShellRow,
): Promise<Token> {
  return tokenOfShell(await tokenKeysOf(vault), shell);
}

/** The record at a place of this tenant, or null when its shell is gone or never was. */
export async function recordAt(vault: Vault, place: WaybillPlace): Promise<WaybillRecord | null> {
  const found = await connected(vault.database, async (connection) =>
    lyingAt(vault, connection, place),
  );
  return found === null ? null : { ...found, token: await tokenOf(vault, found.shell) };
}

/** Dead is dead, whether the key, the leaf or the row is gone; for people it is one failure. */
function asDead(error: unknown): never {
  if (isFailure(error, "KEY_DESTROYED")) throw new Failure("DATA_DEAD");
  throw error;
}

/**
 * Derives the key of one waybill out of its compartment's cover. Throws DATA_DEAD when punctured.
 */
export function waybillKey(
  shell: ShellRow,
  source: { readonly suite: number; readonly cover: Cover },
): WaybillKey {
  const suite = suiteOf(source.suite);
  const { compartment: serial, slot } = shell;
  try {
    return {
      suite,
      leaf: leafKey({ suite, serial }, source.cover, slot),
      serial,
      slot,
      tenant: uuidBytes(shell.tenantId),
      waybillId: waybillIdOf(serial, slot, shell.tokenRandom),
    };
  } catch (error) {
    return asDead(error);
  }
}

/** The key of one waybill. Throws DATA_DEAD once its compartment is destroyed. */
export async function openKey(vault: Vault, shell: ShellRow): Promise<WaybillKey> {
  try {
    const { record, cover } = await vault.keys.openCompartment(shell.compartment);
    return waybillKey(shell, { suite: record.suite, cover });
  } catch (error) {
    return asDead(error);
  }
}

/**
 * Opens one envelope of the waybill that `key` belongs to. Throws ENVELOPE_BROKEN on any mismatch.
 */
export function openEnvelope(key: WaybillKey, part: PartName, envelope: Uint8Array): Buffer {
  return opened(key, part, envelope).plaintext;
}

function opened(key: WaybillKey, part: PartName, envelope: Uint8Array) {
  const { leaf, serial, slot, tenant, waybillId } = key;
  const place = { tenant, waybillId };
  return openPart({ leaf, serial, slot, place, part }, envelope);
}

/** Opens the parties, in whichever form they were sealed. Throws ENVELOPE_BROKEN. */
export function openParties(key: WaybillKey, envelope: Uint8Array): Parties {
  const { header, plaintext } = opened(key, "parties", envelope);
  return decodeParties(plaintext, header.schema);
}

export interface OpenedWaybill {
  readonly key: WaybillKey;
  /** What tells its view from one that was sealed since (`headOf`). */
  readonly head: Uint8Array;
  readonly view: () => View;
  readonly parties: () => Parties;
}

/**
 * Whether the persons of a waybill are dead by the calendar: from its day of death on nothing
 * opens, also when nobody has shredded yet (P8).
 */
export function isPastDeath(vault: Vault, dayOfDeath: Day): boolean {
  return lifeStateOn(dayOf(vault.now(), vault.timeZone), dayOfDeath) === "due";
}

/** From its day of death on a waybill lives by a hold only, whoever shredded it or not. */
export async function requireAlive(vault: Vault, shell: FoundShell): Promise<void> {
  if (!isPastDeath(vault, shell.dayOfDeath)) return;
  const holds = await connected(vault.database, async (c) => holdsNow(vault, c, shell));
  if (holds.length === 0) throw new Failure("DATA_DEAD");
}

/** Both envelopes: in their week's partition, or what a hold kept when the week was dropped. */
async function findEnvelopes(
  vault: Vault,
  { shell, compartment }: WaybillRecord,
): Promise<HeldParty> {
  const { compartment: serial, slot } = shell;
  const place = { deathWeek: compartment.deathWeek, compartment: serial, slot };
  const found = await connected(
    vault.database,
    async (connection) =>
      (await findParty(connection, place)) ?? (await findHeldParty(connection, place)),
  );
  if (found === null) throw new Failure("DATA_DEAD");
  return found;
}

/**
 * The record with its key, its parts opened only when they are asked for; its envelopes are read
 * unless they were read with it. Throws DATA_DEAD when key or row is gone. Nothing of this may
 * leave the room before the verb's leaf is committed (P11).
 */
export async function openRecord(
  vault: Vault,
  record: WaybillRecord & { readonly envelopes?: HeldParty | null },
): Promise<OpenedWaybill> {
  await requireAlive(vault, record.shell);
  const key = await openKey(vault, record.shell);
  const { envelopes = await findEnvelopes(vault, record) } = record;
  if (envelopes === null) throw new Failure("DATA_DEAD");
  const party = envelopes;
  return {
    key,
    head: headOf(party.view),
    view: () => decodeView(openEnvelope(key, "view", party.view)),
    parties: () => openParties(key, party.parties),
  };
}

const SUBJECT_BYTES = 16;

/** The waybill as its log entries name it: a commitment that dies with the key (LEAF-3). */
export function subjectOf(key: WaybillKey): Uint8Array {
  const value = Buffer.from(key.waybillId).toString("hex");
  return commitment(key.suite, key.leaf, { kind: "subject", value }).subarray(0, SUBJECT_BYTES);
}
