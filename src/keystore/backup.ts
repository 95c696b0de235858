/**
 * A copy of the key store for the day on which its disk is lost, sealed to a key that is kept
 * offline: docs/formats/key-backup.md. It opens without root and generation keys, so every copy is
 * listed in the store and counts for the bound of erasure until it is said to be destroyed (P6).
 */
import { hash } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { aeadOpen, aeadSeal } from "../crypto/aead.ts";
import { hpkeRecipient, hpkeSender } from "../crypto/hpke.ts";
import { SUITES, TAG_BYTES } from "../crypto/suites.ts";
import { X25519_BYTES } from "../crypto/x25519.ts";
import { Failure } from "../rules/failure.ts";
import { parseCover, parseSerial } from "./compartment-record.ts";
import type { Shelf } from "./key-medium.ts";
import { parseTombstone } from "./tombstone.ts";
import type { LeafTombstone } from "./tombstone.ts";

const MAGIC = Buffer.from("MDKB", "latin1");
const VERSION = 1;
const INFO = Buffer.from("midan.key-backup", "latin1");
const AT = { version: 4, id: 5, madeAt: 21, recipient: 29, encapsulated: 37, sealed: 69 } as const;
const ID_BYTES = 16;
const FINGERPRINT_BYTES = 8;
export const BACKUP_BYTES_MAX: number = 256 * 1024 * 1024;

/** What an entry is; the number stands in the file. */
const PARTS = {
  compartments: 2,
  tenants: 3,
  index: 4,
  held: 5,
  signing: 6,
  checkpoints: 7,
  records: 8,
  serial: 9,
  ledger: 10,
  rings: 11,
} as const satisfies Record<Exclude<Shelf, "copies"> | "serial" | "ledger", number>;
export type BackupPart = keyof typeof PARTS;

export interface BackupEntry {
  readonly part: BackupPart;
  /** The name on its shelf; "" for serial and ledger. */
  readonly name: string;
  /** Secrets as they are, records and ledger as they lie. */
  readonly bytes: Uint8Array;
}

export interface BackupHead {
  /** 32 hex characters, random. */
  readonly id: string;
  readonly madeAt: Date;
  /** Which offline key opens it: the first 16 hex characters of the SHA-256 of its public half. */
  readonly recipient: string;
}

export interface Backup extends BackupHead {
  readonly entries: readonly BackupEntry[];
}

/** The raw halves of an X25519 key; `secret` is empty for a public one. */
function rawOf(key: KeyObject): { readonly shown: Buffer; readonly secret: Buffer } {
  const { x = "", d = "" } = key.export({ format: "jwk" });
  return { shown: Buffer.from(x, "base64url"), secret: Buffer.from(d, "base64url") };
}

/** The fingerprint of an X25519 key, of either half. */
export function recipientOf(key: KeyObject): string {
  return hash("sha256", rawOf(key).shown, "hex").slice(0, 2 * FINGERPRINT_BYTES);
}

function broken(): never {
  throw new Failure("KEY_BACKUP_BROKEN");
}

function headBytes({ id, madeAt, recipient }: BackupHead): Buffer {
  const bytes = Buffer.alloc(AT.encapsulated);
  bytes.set(MAGIC);
  bytes[AT.version] = VERSION;
  bytes.set(Buffer.from(id, "hex"), AT.id);
  bytes.writeBigUInt64BE(BigInt(madeAt.getTime()), AT.madeAt);
  bytes.set(Buffer.from(recipient, "hex"), AT.recipient);
  return bytes;
}

/** What can be read of a backup without a key. Throws KEY_BACKUP_BROKEN when it is none. */
export function backupHead(file: Uint8Array): BackupHead {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const isOurs = bytes.length > AT.sealed && MAGIC.equals(bytes.subarray(0, MAGIC.length));
  if (!isOurs || bytes[AT.version] !== VERSION) return broken();
  return {
    id: bytes.toString("hex", AT.id, AT.id + ID_BYTES),
    madeAt: new Date(Number(bytes.readBigUInt64BE(AT.madeAt))),
    recipient: bytes.toString("hex", AT.recipient, AT.recipient + FINGERPRINT_BYTES),
  };
}

function entryBytes({ part, name, bytes }: BackupEntry): Buffer {
  const head = Buffer.alloc(2);
  head[0] = PARTS[part];
  head[1] = name.length;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([head, Buffer.from(name, "latin1"), length, bytes]);
}

function partOf(number: number | undefined): BackupPart {
  const found = Object.entries(PARTS).find(([, each]) => each === number)?.[0];
  // The names come from the very table that is searched.
  return found === undefined ? broken() : (found as BackupPart);
}

function entriesOf(payload: Buffer): BackupEntry[] {
  const entries: BackupEntry[] = [];
  for (let at = 0; at < payload.length;) {
    const nameAt = at + 2;
    const lengthAt = nameAt + (payload[at + 1] ?? 0);
    if (lengthAt + 4 > payload.length) return broken();
    const end = lengthAt + 4 + payload.readUInt32BE(lengthAt);
    if (end > payload.length) return broken();
    entries.push({
      part: partOf(payload[at]),
      name: payload.toString("latin1", nameAt, lengthAt),
      bytes: payload.subarray(lengthAt + 4, end),
    });
    at = end;
  }
  return entries;
}

/**
 * Seals `entries` to the offline key `to`, the public half of an X25519 key. `ephemeral` is 32
 * fresh random bytes. Throws KEY_OFFLINE_WRONG for a key with which there is no secret.
 */
export function sealBackup(
  head: Omit<BackupHead, "recipient">,
  { to, ephemeral }: { readonly to: KeyObject; readonly ephemeral: Uint8Array },
  entries: readonly BackupEntry[],
): Buffer {
  const plaintext = Buffer.concat(entries.map(entryBytes));
  if (plaintext.length > BACKUP_BYTES_MAX) throw new RangeError("a backup has 256 MiB at most");
  const associated = headBytes({ ...head, recipient: recipientOf(to) });
  const sender = hpkeSender(rawOf(to).shown, ephemeral, INFO);
  if (sender === null) throw new Failure("KEY_OFFLINE_WRONG");
  const { key, nonce, encapsulated } = sender;
  const target = Buffer.alloc(plaintext.length + TAG_BYTES);
  aeadSeal(SUITES.intl, { key, nonce, associated }, { plaintext, target });
  plaintext.fill(0);
  key.fill(0);
  return Buffer.concat([associated, encapsulated, target]);
}

/**
 * Opens a backup with the private half of its offline key. Throws KEY_BACKUP_BROKEN when it is
 * damaged or no backup, KEY_BACKUP_FOREIGN when it was sealed to another key.
 */
export function openBackup(file: Uint8Array, key: KeyObject): Backup {
  const head = backupHead(file);
  const { recipient } = head;
  if (recipientOf(key) !== recipient) throw new Failure("KEY_BACKUP_FOREIGN", { recipient });
  const associated = file.subarray(0, AT.encapsulated);
  const encapsulated = file.subarray(AT.encapsulated, AT.encapsulated + X25519_BYTES);
  const context = hpkeRecipient(rawOf(key).secret, encapsulated, INFO);
  if (context === null) return broken();
  const opened = aeadOpen(SUITES.intl, { ...context, associated }, file.subarray(AT.sealed));
  return opened === null ? broken() : { ...head, entries: entriesOf(opened) };
}

export interface BackedUp {
  /** Serials whose keys are in a backup, and those that it knows to be dead. */
  readonly living: readonly number[];
  readonly dead: readonly number[];
  /** Waybills that it knows to have died by themselves. */
  readonly punctured: readonly LeafTombstone[];
  /** Slots by serial whose keys are held. */
  readonly held: ReadonlyMap<number, readonly number[]>;
  /** The record under that name in it, or null. */
  readonly checkpoint: (name: string) => Promise<Uint8Array | null>;
}

function heldIn(entries: readonly BackupEntry[]): ReadonlyMap<number, readonly number[]> {
  const held = entries.filter(({ part }) => part === "held");
  return new Map(
    held.map(({ name, bytes }) => [
      parseSerial(name),
      parseCover(Buffer.from(bytes)).map(({ index }) => index),
    ]),
  );
}

/** What a backup knows to live and to be dead. */
export function serialsIn({ entries }: Backup): BackedUp {
  const ledger = entries.find(({ part }) => part === "ledger")?.bytes ?? new Uint8Array(0);
  const lines = Buffer.from(ledger).toString("utf8").split("\n").slice(0, -1);
  const tombstones = lines.map(parseTombstone).filter((one) => one !== null);
  const dead = tombstones.filter((one) => "dayOfDeath" in one).map(({ serial }) => serial);
  const punctured = tombstones.filter((one) => "slot" in one);
  const known = new Set(dead);
  const records = entries.filter(({ part }) => part === "records");
  const living = records.map(({ name }) => parseSerial(name)).filter((one) => !known.has(one));
  const checkpoint = async (name: string): Promise<Uint8Array | null> =>
    Promise.resolve(
      entries.find((entry) => entry.part === "checkpoints" && entry.name === name)?.bytes ?? null,
    );
  return { living, dead, punctured, held: heldIn(entries), checkpoint };
}
