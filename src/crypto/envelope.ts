/**
 * The envelope: docs/formats/envelope.md. A header that says everything needed to open it, then
 * ciphertext, then tag; the whole header is authenticated together with tenant and waybill id, so
 * an envelope that was moved anywhere else does not open (P5).
 */
import { Failure, isFailure } from "../rules/failure.ts";
import { aeadOpen, aeadSeal } from "./aead.ts";
import { SERIAL_BYTES } from "./key-tree.ts";
import { NONCE_BYTES, suiteOf, TAG_BYTES } from "./suites.ts";
import type { Suite } from "./suites.ts";
import { partKey, PARTS } from "./waybill-key.ts";
import type { PartName } from "./waybill-key.ts";

export const ENVELOPE_VERSION = 1;
export const PLAINTEXT_BYTES_MAX = 16 * 1024;
export const WAYBILL_ID_BYTES = 15;
export const TENANT_BYTES = 16;

const AT = {
  version: 0,
  suite: 1,
  serial: 2,
  slot: 7,
  generation: 10,
  part: 12,
  revision: 13,
  schema: 14,
  nonce: 15,
};
export const HEADER_BYTES = AT.nonce + NONCE_BYTES;
const AAD_PREFIX = Buffer.from("midan.env1", "latin1");
const AAD_BYTES = AAD_PREFIX.length + HEADER_BYTES + TENANT_BYTES + WAYBILL_ID_BYTES;

export interface EnvelopeHeader {
  readonly suite: Suite;
  readonly serial: number;
  readonly slot: number;
  /** Key generation of the compartment. */
  readonly generation: number;
  readonly part: PartName;
  readonly revision: number;
  /** Version of the plaintext's own form. */
  readonly schema: number;
}

/** Where an envelope belongs; not stored in it, but authenticated. */
export interface EnvelopePlace {
  /** UUID of the tenant, 16 bytes. */
  readonly tenant: Uint8Array;
  /**
   * Serial (5), slot (3) and the token's random part (7). Immutable, and never the carrier's
   * number.
   */
  readonly waybillId: Uint8Array;
}

/** The waybill's own id: 15 bytes. */
export function waybillIdOf(serial: number, slot: number, random: Uint8Array): Buffer {
  if (random.length !== WAYBILL_ID_BYTES - SERIAL_BYTES - 3) throw new RangeError("7 random bytes");
  const id = Buffer.alloc(WAYBILL_ID_BYTES);
  id.writeUIntBE(serial, 0, SERIAL_BYTES);
  id.writeUIntBE(slot, SERIAL_BYTES, 3);
  id.set(random, SERIAL_BYTES + 3);
  return id;
}

function writeHeader(target: Buffer, header: EnvelopeHeader): void {
  target[AT.version] = ENVELOPE_VERSION;
  target[AT.suite] = header.suite.id;
  target.writeUIntBE(header.serial, AT.serial, SERIAL_BYTES);
  target.writeUIntBE(header.slot, AT.slot, 3);
  target.writeUInt16BE(header.generation, AT.generation);
  target[AT.part] = PARTS[header.part];
  // A revision that wrapped round would use a key for a second plaintext; this throws instead.
  target.writeUInt8(header.revision, AT.revision);
  target.writeUInt8(header.schema, AT.schema);
}

const aad = Buffer.alloc(AAD_BYTES);
aad.set(AAD_PREFIX);

function associatedData(envelope: Uint8Array, place: EnvelopePlace): Buffer {
  // The scratch bytes are used again, so a short part would leave bytes of another record in place.
  if (place.tenant.length !== TENANT_BYTES || place.waybillId.length !== WAYBILL_ID_BYTES) {
    throw new RangeError("a tenant has 16 bytes and a waybill id 15");
  }
  const headerAt = AAD_PREFIX.length;
  aad.set(envelope.subarray(0, HEADER_BYTES), headerAt);
  aad.set(place.tenant, headerAt + HEADER_BYTES);
  aad.set(place.waybillId, headerAt + HEADER_BYTES + TENANT_BYTES);
  return aad;
}

export interface SealInput {
  readonly header: EnvelopeHeader;
  readonly place: EnvelopePlace;
  /** The waybill's leaf key, 32 bytes. */
  readonly leaf: Uint8Array;
  /** 12 random bytes. */
  readonly nonce: Uint8Array;
}

/** Seals `plaintext` (at most 16 KiB; RangeError above, a programmer error) into one envelope. */
export function sealPart(input: SealInput, plaintext: Uint8Array): Buffer {
  const { header, place, leaf, nonce } = input;
  if (plaintext.length > PLAINTEXT_BYTES_MAX) throw new RangeError("too long for an envelope");
  const envelope = Buffer.allocUnsafe(HEADER_BYTES + plaintext.length + TAG_BYTES);
  writeHeader(envelope, header);
  envelope.set(nonce, AT.nonce);
  const key = partKey(header.suite, leaf, header);
  const associated = associatedData(envelope, place);
  const target = envelope.subarray(HEADER_BYTES);
  aeadSeal(header.suite, { key, nonce, associated }, { plaintext, target });
  return envelope;
}

function partOf(number: number | undefined): PartName {
  // Keys of the table are the part names.
  for (const part of Object.keys(PARTS) as PartName[]) if (PARTS[part] === number) return part;
  throw new Failure("ENVELOPE_BROKEN");
}

/**
 * Reads the header without opening anything. Throws ENVELOPE_CUT for bytes too few to be an
 * envelope, ENVELOPE_VERSION or SUITE_UNKNOWN for what this program does not know, else
 * ENVELOPE_BROKEN.
 */
export function readHeader(envelope: Uint8Array): EnvelopeHeader {
  const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength);
  if (bytes.length < HEADER_BYTES + TAG_BYTES) throw new Failure("ENVELOPE_CUT");
  if (bytes[AT.version] !== ENVELOPE_VERSION) throw new Failure("ENVELOPE_VERSION");
  if (bytes.length > HEADER_BYTES + PLAINTEXT_BYTES_MAX + TAG_BYTES)
    throw new Failure("ENVELOPE_BROKEN");
  return {
    suite: suiteOf(bytes.readUInt8(AT.suite)),
    serial: bytes.readUIntBE(AT.serial, SERIAL_BYTES),
    slot: bytes.readUIntBE(AT.slot, 3),
    generation: bytes.readUInt16BE(AT.generation),
    part: partOf(bytes[AT.part]),
    revision: bytes.readUInt8(AT.revision),
    schema: bytes.readUInt8(AT.schema),
  };
}

export interface OpenInput {
  readonly leaf: Uint8Array;
  readonly place: EnvelopePlace;
  /** What the caller expects to open; another part or another place is refused. */
  readonly part: PartName;
  readonly serial: number;
  readonly slot: number;
}

export interface OpenedPart {
  readonly header: EnvelopeHeader;
  readonly plaintext: Buffer;
}

/** As `readHeader`, with the one failure of opening. */
function headerToOpen(envelope: Uint8Array): EnvelopeHeader {
  try {
    return readHeader(envelope);
  } catch (error) {
    if (isFailure(error)) throw new Failure("ENVELOPE_BROKEN");
    throw error;
  }
}

/**
 * Opens an envelope. Every mismatch (key, tenant, waybill, part, version, any flipped bit) is the
 * one failure ENVELOPE_BROKEN: saying more would help an attacker and nobody else. The caller must
 * treat the record as damaged and say so; there is nothing to try again.
 */
export function openPart(input: OpenInput, envelope: Uint8Array): OpenedPart {
  const header = headerToOpen(envelope);
  const { serial, slot, part } = input;
  if (header.part !== part || header.serial !== serial || header.slot !== slot) {
    throw new Failure("ENVELOPE_BROKEN");
  }
  const key = partKey(header.suite, input.leaf, header);
  const nonce = envelope.subarray(AT.nonce, HEADER_BYTES);
  const associated = associatedData(envelope, input.place);
  const sealed = envelope.subarray(HEADER_BYTES);
  const plaintext = aeadOpen(header.suite, { key, nonce, associated }, sealed);
  if (plaintext === null) throw new Failure("ENVELOPE_BROKEN");
  return { header, plaintext };
}
