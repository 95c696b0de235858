/**
 * A second implementation of key tree, token, envelope and blind index, written to be read beside
 * the format pages: bit strings and hex, nothing fast, and no code shared with src/crypto.
 */
import { createCipheriv, createHash } from "node:crypto";
import type { CipherGCMTypes } from "node:crypto";

export interface ReferenceSuite {
  readonly id: number;
  readonly hash: string;
  readonly cipher: string;
  readonly keyBytes: number;
}

export const REFERENCE_SUITES: readonly ReferenceSuite[] = [
  { id: 1, hash: "sha256", cipher: "aes-256-gcm", keyBytes: 32 },
  { id: 2, hash: "sm3", cipher: "sm4-gcm", keyBytes: 16 },
];

type Hex = string;

const hexOf = (value: number | bigint, bytes: number): Hex =>
  value.toString(16).padStart(bytes * 2, "0");
const asciiHex = (text: string): Hex => Buffer.from(text, "utf8").toString("hex");

function digest(suite: ReferenceSuite, message: Hex): Hex {
  return createHash(suite.hash).update(Buffer.from(message, "hex")).digest("hex");
}

/**
 * PRF of RFC 8391 section 5.1 over label (12 bytes) and input (20 bytes), both padded with zeros.
 */
export function refPrf(
  suite: ReferenceSuite,
  key: Hex,
  input: { readonly label: string; readonly bytes: Hex },
): Hex {
  const label = asciiHex(input.label).padEnd(24, "0");
  return digest(suite, hexOf(3, 32) + key + label + input.bytes.padEnd(40, "0"));
}

/** The same over a message of any length. */
export function refPrfMessage(
  suite: ReferenceSuite,
  key: Hex,
  input: { readonly label: string; readonly message: string },
): Hex {
  const inner = digest(suite, asciiHex(`${input.label}\0${input.message}`));
  return digest(suite, hexOf(3, 32) + key + inner);
}

/** The key of `slot`: seventeen steps down from the root. */
export function refLeaf(
  suite: ReferenceSuite,
  root: Hex,
  at: { readonly serial: number; readonly slot: number },
): Hex {
  let seed = root;
  let index = 0;
  const path = at.slot.toString(2).padStart(17, "0");
  for (let level = 1; level <= 17; level += 1) {
    index = index * 2 + Number(path[level - 1]);
    const bytes = hexOf(at.serial, 5) + hexOf(level, 1) + hexOf(index, 4);
    seed = refPrf(suite, seed, { label: "midan.tree", bytes });
  }
  return seed;
}

export interface RefEnvelope {
  readonly leaf: Hex;
  readonly tenant: Hex;
  readonly serial: number;
  readonly slot: number;
  readonly random: Hex;
  readonly generation: number;
  readonly part: number;
  readonly revision: number;
  readonly schema: number;
  readonly nonce: Hex;
  readonly plaintext: Hex;
}

/** A whole envelope. */
export function refEnvelope(suite: ReferenceSuite, from: RefEnvelope): Hex {
  const place = hexOf(from.serial, 5) + hexOf(from.slot, 3);
  const header =
    hexOf(1, 1) +
    hexOf(suite.id, 1) +
    place +
    hexOf(from.generation, 2) +
    hexOf(from.part, 1) +
    hexOf(from.revision, 1) +
    hexOf(from.schema, 1) +
    from.nonce;
  const partInput = hexOf(from.part, 1) + hexOf(from.revision, 1) + hexOf(suite.id, 1);
  const key = refPrf(suite, from.leaf, { label: "midan.part", bytes: partInput });
  const cipher = createCipheriv(
    suite.cipher as CipherGCMTypes, // Node's types name AES only.
    Buffer.from(key.slice(0, suite.keyBytes * 2), "hex"),
    Buffer.from(from.nonce, "hex"),
  );
  const associated = asciiHex("midan.env1") + header + from.tenant + place + from.random;
  cipher.setAAD(Buffer.from(associated, "hex"));
  const body = cipher.update(from.plaintext, "hex", "hex") + cipher.final("hex");
  return header + body + cipher.getAuthTag().toString("hex");
}

/** x^17+x^16+x^14+x^13+x^11+x^6+x^4+x^3+x+1, highest power first. */
const CRC_POLYNOMIAL = [..."110110100001011011"].map(Number);

/** Remainder of a string of bits after division by the CRC-17 polynomial, long division by hand. */
function crcBits(message: string): string {
  const initial = (0x6d6431 & 0x1ffff).toString(2).padStart(17, "0");
  const bits = [...message].map(Number);
  for (let at = 0; at < 17; at += 1) bits[at] = (bits[at] ?? 0) ^ Number(initial[at]);
  bits.push(...Array.from({ length: 17 }, () => 0));
  for (let at = 0; at < message.length; at += 1) {
    if (bits[at] !== 1) continue;
    for (const [offset, bit] of CRC_POLYNOMIAL.entries()) {
      bits[at + offset] = (bits[at + offset] ?? 0) ^ bit;
    }
  }
  return bits.slice(message.length).join("");
}

const bitsOf = (hex: Hex): string =>
  [...hex].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, "0")).join("");

const xorBits = (a: string, b: string): string =>
  [...a].map((bit, at) => (bit === b[at] ? "0" : "1")).join("");

/** A token. */
export function refToken(
  suite: ReferenceSuite,
  key: Hex,
  parts: { readonly serial: number; readonly slot: number; readonly random: Hex },
): string {
  const place =
    parts.serial.toString(2).padStart(40, "0") + parts.slot.toString(2).padStart(17, "0");
  const pad = bitsOf(refPrf(suite, key, { label: "midan.token", bytes: parts.random })).slice(
    0,
    57,
  );
  const covered = xorBits(place, pad) + bitsOf(parts.random);
  const bits = covered + crcBits("0000000" + covered);
  let token = "md1";
  for (let at = 0; at < bits.length; at += 5) {
    token += "0123456789abcdefghjkmnpqrstvwxyz".charAt(Number.parseInt(bits.slice(at, at + 5), 2));
  }
  return token;
}

/** The tag of a phone, as an unsigned number of `bits` bits. */
export function refPhoneTag(
  suite: ReferenceSuite,
  key: Hex,
  phone: { readonly digits: string; readonly extension: string; readonly bits: number },
): number {
  const lengths = (phone.digits.length * 16 + phone.extension.length) % 256;
  const packed = (phone.digits + phone.extension).padEnd(24, "0");
  const tag = refPrf(suite, key, {
    label: "midan.phone",
    bytes: hexOf(1, 1) + hexOf(lengths, 1) + packed,
  });
  return Number.parseInt(bitsOf(tag).slice(0, phone.bits), 2);
}

/** The 18 nodes from the root down to the leaf of `slot`, both among them. */
export function refPath(
  suite: ReferenceSuite,
  root: Hex,
  at: { readonly serial: number; readonly slot: number },
): readonly Hex[] {
  const path = [root];
  let index = 0;
  for (const [at0, bit] of [...at.slot.toString(2).padStart(17, "0")].entries()) {
    index = index * 2 + Number(bit);
    const bytes = hexOf(at.serial, 5) + hexOf(at0 + 1, 1) + hexOf(index, 4);
    path.push(refPrf(suite, path[at0] ?? "", { label: "midan.tree", bytes }));
  }
  return path;
}

interface RefNode {
  readonly level: number;
  readonly index: number;
  readonly seed: Hex;
}

/**
 * What is left of a tree without the leaves of `dead`: a node with nothing dead below it stays, a
 * dead leaf goes, and any other node is taken apart into its two children.
 */
export function refCover(
  suite: ReferenceSuite,
  root: Hex,
  at: { readonly serial: number; readonly dead: readonly number[] },
): readonly RefNode[] {
  const left = ({ level, index, seed }: RefNode): readonly RefNode[] => {
    const width = 2 ** (17 - level);
    const isTouched = at.dead.some((slot) => Math.floor(slot / width) === index);
    if (!isTouched) return [{ level, index, seed }];
    if (level === 17) return [];
    return [0, 1].flatMap((side) => {
      const child = { level: level + 1, index: index * 2 + side };
      const bytes = hexOf(at.serial, 5) + hexOf(child.level, 1) + hexOf(child.index, 4);
      return left({ ...child, seed: refPrf(suite, seed, { label: "midan.tree", bytes }) });
    });
  };
  return left({ level: 0, index: 0, seed: root });
}

export interface RefTicket {
  readonly version: number;
  readonly leaf: Hex;
  readonly tenant: Hex;
  readonly serial: number;
  readonly slot: number;
  readonly random: Hex;
  readonly token: string;
  readonly printNumber: number;
  readonly salt: Hex;
  /** Packed content without its padding. */
  readonly content: Hex;
}

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TICKET_LETTERS: Readonly<Record<number, number>> = {
  6: 154,
  7: 178,
  8: 221,
  9: 262,
  10: 311,
  11: 366,
  12: 419,
};

/** CRC-32 bit by bit: reflected, all ones before and after (ISO 3309). */
function crc32Hex(message: Hex): Hex {
  let remainder = 0xffffffffn;
  for (const byte of Buffer.from(message, "hex")) {
    remainder ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1)
      remainder = remainder % 2n === 1n ? (remainder >> 1n) ^ 0xedb88320n : remainder >> 1n;
  }
  return hexOf(remainder ^ 0xffffffffn, 4);
}

/** The text of a ticket. */
export function refTicket(suite: ReferenceSuite, from: RefTicket): string {
  const bytes = Math.floor((((TICKET_LETTERS[from.version] ?? 0) - 4) * 5) / 8);
  const tokenBits = [...from.token.slice(3).toUpperCase()]
    .map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const token = BigInt(`0b${tokenBits.slice(0, 113)}`);
  const printing = hexOf(from.printNumber, 2);
  const header = hexOf(from.version, 1) + hexOf(suite.id, 1) + hexOf(token, 15) + printing;
  const input = printing + hexOf(suite.id, 1);
  const key = refPrf(suite, from.leaf, { label: "midan.label", bytes: input });
  const cipher = createCipheriv(
    suite.cipher as CipherGCMTypes, // As above.
    Buffer.from(key.slice(0, suite.keyBytes * 2), "hex"),
    Buffer.from("00000000" + from.salt, "hex"),
  );
  const waybill = hexOf(from.serial, 5) + hexOf(from.slot, 3) + from.random;
  const head = header + from.salt;
  cipher.setAAD(Buffer.from(asciiHex("midan.tick1") + head + from.tenant + waybill, "hex"));
  const padded = from.content.padEnd((bytes - 47) * 2, "0");
  const body = cipher.update(padded, "hex", "hex") + cipher.final("hex");
  const sealed = head + body + cipher.getAuthTag().toString("hex");
  const bits = bitsOf(sealed + crc32Hex(sealed));
  const whole = bits.padEnd(Math.ceil(bits.length / 5) * 5, "0");
  const letters = (whole.match(/.{5}/g) ?? []).map((five) =>
    LETTERS.charAt(Number.parseInt(five, 2)),
  );
  return `MDT1${letters.join("")}`;
}
