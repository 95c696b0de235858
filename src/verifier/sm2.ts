/**
 * Verifies SM2 signatures (GB/T 32918.2 section 7) on the recommended curve (GB/T 32918.5), with
 * arithmetic of its own: no browser has SM2. All numbers here are public, so nothing needs to be
 * constant in time.
 */
import { joined, utf8 } from "./bytes.ts";
import { sm3 } from "./sm3.ts";

/** GB/T 32918.5 section 2: y^2 = x^3 + ax + b over P, and the point G of order N. */
const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const A = P - 3n;
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;
const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const GX = 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n;
const GY = 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n;

const NUMBER_BYTES = 32;
const POINT_BYTES = 65;
const IS_UNCOMPRESSED = 4;
const BITS = 256;
/** The signer's id when none was agreed on (GM/T 0009-2012 section 10), behind its bits' count. */
const SIGNER = joined(Uint8Array.of(0x00, 0x80), utf8("1234567812345678"));

const modulo = (value: bigint, by: bigint): bigint => ((value % by) + by) % by;
const p = (value: bigint): bigint => modulo(value, P);

function numberOf(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}

function bytesOf(value: bigint): Uint8Array {
  return Uint8Array.from({ length: NUMBER_BYTES }, (_none, at) =>
    Number((value >> BigInt(8 * (NUMBER_BYTES - 1 - at))) & 0xffn),
  );
}

/** Jacobian: x / z^2 and y / z^3; the point at infinity has z = 0. */
interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
}

const INFINITY: Point = { x: 1n, y: 1n, z: 0n };

function doubled({ x, y, z }: Point): Point {
  if (z === 0n || y === 0n) return INFINITY;
  const yy = p(y * y);
  const s = p(4n * x * yy);
  const m = p(3n * x * x + A * p(z * z) ** 2n);
  const to = p(m * m - 2n * s);
  return { x: to, y: p(m * (s - to) - 8n * yy * yy), z: p(2n * y * z) };
}

function sum(one: Point, two: Point): Point {
  if (one.z === 0n) return two;
  if (two.z === 0n) return one;
  const [z1, z2] = [p(one.z * one.z), p(two.z * two.z)];
  const [u1, u2] = [p(one.x * z2), p(two.x * z1)];
  const [s1, s2] = [p(one.y * z2 * two.z), p(two.y * z1 * one.z)];
  if (u1 === u2) return s1 === s2 ? doubled(one) : INFINITY;
  const [h, r] = [p(u2 - u1), p(s2 - s1)];
  const hh = p(h * h);
  const v = p(u1 * hh);
  const x = p(r * r - h * hh - 2n * v);
  return { x, y: p(r * (v - x) - s1 * h * hh), z: p(h * one.z * two.z) };
}

/** a times G plus b times `point`. */
function combined(a: bigint, b: bigint, point: Point): Point {
  const g: Point = { x: GX, y: GY, z: 1n };
  const steps = [null, g, point, sum(g, point)];
  let found = INFINITY;
  for (let bit = BigInt(BITS - 1); bit >= 0n; bit -= 1n) {
    found = doubled(found);
    const step = steps[Number(((a >> bit) & 1n) | (((b >> bit) & 1n) << 1n))] ?? null;
    if (step !== null) found = sum(found, step);
  }
  return found;
}

/** The inverse in the field, by Fermat: the field has P elements. */
function inverse(value: bigint): bigint {
  let [found, base] = [1n, value];
  for (let power = P - 2n; power > 0n; power >>= 1n) {
    if ((power & 1n) === 1n) found = p(found * base);
    base = p(base * base);
  }
  return found;
}

/** A public key of 65 bytes as a point on the curve; null when it is none (the order is prime). */
function pointOf(publicKey: Uint8Array): Point | null {
  if (publicKey.length !== POINT_BYTES || publicKey[0] !== IS_UNCOMPRESSED) return null;
  const x = numberOf(publicKey.subarray(1, 1 + NUMBER_BYTES));
  const y = numberOf(publicKey.subarray(1 + NUMBER_BYTES));
  const isOnCurve = x < P && y < P && p(y * y) === p(x * x * x + A * x + B);
  return isOnCurve ? { x, y, z: 1n } : null;
}

/** e: the hash over what tells of the signer, and the message (sections 5.5 and 6.1). */
function digestOf({ x, y }: Point, message: Uint8Array): bigint {
  const curve = [A, B, GX, GY, x, y].map(bytesOf);
  return numberOf(sm3(joined(sm3(joined(SIGNER, ...curve)), message)));
}

/**
 * Whether `signature` (r, then s, 32 bytes each) on `message` is of `publicKey` (4, x, y: 65 bytes)
 * with the signer's id 1234567812345678. False for anything that does not hold; never throws.
 */
export function verifySm2(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const point = pointOf(publicKey);
  if (point === null || signature.length !== 2 * NUMBER_BYTES) return false;
  const r = numberOf(signature.subarray(0, NUMBER_BYTES));
  const s = numberOf(signature.subarray(NUMBER_BYTES));
  const t = modulo(r + s, N);
  if (r === 0n || r >= N || s === 0n || s >= N || t === 0n) return false;
  const { x, z } = combined(s, t, point);
  if (z === 0n) return false;
  return modulo(digestOf(point, message) + p(x * inverse(z) ** 2n), N) === r;
}
