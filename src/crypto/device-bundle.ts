/**
 * The device bundle (当班密钥包): docs/formats/device-bundle.md. The ticket keys of one courier's
 * parcels for one shift, sealed to the public key of the handheld that opens tickets without
 * network.
 */
import { openSealed, sealTo } from "./hand-over.ts";
import { suiteOf } from "./suites.ts";
import type { Suite } from "./suites.ts";
import { TOKEN_BYTES, tokenBytes, tokenOfBytes } from "./token.ts";
import type { Token } from "./token.ts";

type RandomBytes = (count: number) => Uint8Array;

const MAGIC = Buffer.from("MDB1", "latin1");
const ID_BYTES = 16;
const WAYBILL_ID_BYTES = 15;
const HEAD_BYTES = MAGIC.length + 1 + 3 * ID_BYTES;
const INFO_PREFIX = Buffer.from("midan.bundle1", "latin1");
export const BUNDLE_SECRET_BYTES = 32;
/** A courier carries 100 to 300 parcels. */
export const BUNDLE_PARCELS_MAX = 500;
/** A label that was printed more often than that is looked into at the outlet. */
export const BUNDLE_PRINTS_MAX = 16;
export const BUNDLE_BYTES_MAX = 512 * 1024;

/** Whom and what a bundle is for; stands in the clear before it. 16 bytes each. */
export interface BundleHead {
  readonly suite: Suite;
  readonly tenant: Uint8Array;
  readonly handheld: Uint8Array;
  readonly shift: Uint8Array;
}

export interface PrintKey {
  readonly printNumber: number;
  readonly key: Uint8Array;
}

export interface BundleParcel {
  readonly token: Token;
  /** 15 bytes. */
  readonly waybillId: Uint8Array;
  readonly suite: Suite;
  readonly prints: readonly PrintKey[];
}

export interface BundleContent {
  readonly givenAt: Date;
  /** From then on the handheld opens nothing and keeps nothing. */
  readonly expiresAt: Date;
  /** 32 random bytes: key of the handheld's journal. */
  readonly secret: Uint8Array;
  readonly parcels: readonly BundleParcel[];
}

function headBytes({ suite, tenant, handheld, shift }: BundleHead): Buffer {
  return Buffer.concat([MAGIC, Buffer.of(suite.id), tenant, handheld, shift]);
}

function number(value: number, bytes: 1 | 2 | 6 | 8): Buffer {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 8) buffer.writeBigUInt64BE(BigInt(value));
  else buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

function parcelBytes({ token, waybillId, suite, prints }: BundleParcel): Buffer {
  return Buffer.concat([
    tokenBytes(token),
    waybillId,
    number(suite.id, 1),
    number(prints.length, 1),
    ...prints.flatMap(({ printNumber, key }) => [number(printNumber, 2), key]),
  ]);
}

/**
 * Seals `content` to the handheld's public key. RangeError above 500 parcels or 16 prints of one,
 * or for a public key that is none: programmer's errors, since callers bound them first.
 */
export function sealBundle(
  head: BundleHead,
  to: { readonly publicKey: Uint8Array; readonly randomBytes: RandomBytes },
  content: BundleContent,
): Buffer {
  const { parcels, givenAt, expiresAt, secret } = content;
  if (parcels.length > BUNDLE_PARCELS_MAX) throw new RangeError("too many parcels for a bundle");
  if (parcels.some(({ prints }) => prints.length > BUNDLE_PRINTS_MAX))
    throw new RangeError("too many prints of a parcel");
  const clear = headBytes(head);
  const plaintext = Buffer.concat([
    number(givenAt.getTime(), 8),
    number(expiresAt.getTime(), 8),
    secret,
    number(parcels.length, 2),
    ...parcels.map(parcelBytes),
  ]);
  const info = Buffer.concat([INFO_PREFIX, clear]);
  const sealed = sealTo({ suite: head.suite, ...to, info }, plaintext);
  plaintext.fill(0);
  return Buffer.concat([clear, sealed]);
}

/** Reads from the front; null once anything was missing. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  isShort = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(count: number): Buffer {
    const taken = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    if (taken.length < count) this.isShort = true;
    return taken.length < count ? Buffer.alloc(count) : taken;
  }

  number(bytes: 1 | 2): number {
    return this.take(bytes).readUIntBE(0, bytes);
  }

  instant(): Date {
    return new Date(Number(this.take(8).readBigUInt64BE()));
  }

  get isAtEnd(): boolean {
    return !this.isShort && this.#at === this.#bytes.length;
  }
}

function readParcel(reader: Reader): BundleParcel | null {
  const token = tokenOfBytes(reader.take(TOKEN_BYTES));
  const waybillId = reader.take(WAYBILL_ID_BYTES);
  const [suiteId, count] = [reader.number(1), reader.number(1)];
  if (reader.isShort || token === null || count > BUNDLE_PRINTS_MAX) return null;
  const suite = suiteOf(suiteId);
  const prints: PrintKey[] = [];
  for (let at = 0; at < count; at += 1)
    prints.push({ printNumber: reader.number(2), key: reader.take(suite.keyBytes) });
  return { token, waybillId, suite, prints };
}

/** What a bundle says in the clear; null when it is none. */
export function readBundleHead(bundle: Uint8Array): BundleHead | null {
  const bytes = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const isOne = bytes.subarray(0, MAGIC.length).equals(MAGIC) && bytes.length > HEAD_BYTES;
  const id = bytes[MAGIC.length];
  if (!isOne || bytes.length > BUNDLE_BYTES_MAX || (id !== 1 && id !== 2)) return null;
  const at = (index: number): Buffer =>
    bytes.subarray(MAGIC.length + 1 + index * ID_BYTES, MAGIC.length + 1 + (index + 1) * ID_BYTES);
  return { suite: suiteOf(id), tenant: at(0), handheld: at(1), shift: at(2) };
}

/**
 * Opens a bundle with the handheld's private key; null for anything that does not fit, and never
 * says what. The handheld asks for a new one.
 */
export function openBundle(
  bundle: Uint8Array,
  privateKey: Uint8Array,
): (BundleHead & BundleContent) | null {
  const head = readBundleHead(bundle);
  if (head === null) return null;
  const info = Buffer.concat([INFO_PREFIX, headBytes(head)]);
  const plaintext = openSealed(
    { suite: head.suite, privateKey, info },
    bundle.subarray(HEAD_BYTES),
  );
  if (plaintext === null) return null;
  const reader = new Reader(plaintext);
  const [givenAt, expiresAt] = [reader.instant(), reader.instant()];
  const secret = reader.take(BUNDLE_SECRET_BYTES);
  const count = reader.number(2);
  const parcels: BundleParcel[] = [];
  while (parcels.length < count) {
    const parcel = readParcel(reader);
    if (parcel === null) return null;
    parcels.push(parcel);
  }
  return reader.isAtEnd ? { ...head, givenAt, expiresAt, secret, parcels } : null;
}
