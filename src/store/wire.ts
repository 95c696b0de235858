/**
 * PostgreSQL's binary forms of the few types we send in bulk (PostgreSQL manual, "Frontend/Backend
 * Protocol" and the send functions of each type): big-endian integers, days and microseconds since
 * 2000-01-01. One record of text parameters would cost more than the row it carries.
 */

import { daysBetween } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";

const TWO_32 = 0x1_0000_0000;
const EPOCH_2000_MS = Date.UTC(2000, 0, 1);
const CACHE_MAX = 4096;

// Day is text that was checked when it was made; the epoch is a literal of the same shape.
const EPOCH_2000 = "2000-01-01" as Day;

const dayNumbers = new Map<Day, number>();

/** Days from 2000-01-01 to `day`: the binary form of `date`. */
export function dateNumber(day: Day): number {
  const known = dayNumbers.get(day);
  if (known !== undefined) return known;
  if (dayNumbers.size >= CACHE_MAX) dayNumbers.clear();
  const number = daysBetween(EPOCH_2000, day);
  dayNumbers.set(day, number);
  return number;
}

/** Writes `value`, a safe integer of either sign, as `bigint`. */
export function writeInt64(buffer: Buffer, value: number, at: number): void {
  buffer.writeInt32BE(Math.floor(value / TWO_32), at);
  buffer.writeUInt32BE(((value % TWO_32) + TWO_32) % TWO_32, at + 4);
}

/** Microseconds from 2000-01-01: the binary form of `timestamp with time zone`. */
export function timestampNumber(instant: Date): number {
  return (instant.getTime() - EPOCH_2000_MS) * 1000;
}

/** The 16 bytes of a UUID in its 36-character text form. */
export function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll("-", ""), "hex");
}

interface FixedType {
  readonly oid: number;
  readonly sizeBytes: number;
}

const INT2: FixedType = { oid: 21, sizeBytes: 2 };
const INT4: FixedType = { oid: 23, sizeBytes: 4 };
const INT8: FixedType = { oid: 20, sizeBytes: 8 };
const DATE: FixedType = { oid: 1082, sizeBytes: 4 };
const BYTEA_OID = 17;
const ARRAY_HEADER_BYTES = 20;

function arrayHeader(oid: number, count: number, sizeBytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(ARRAY_HEADER_BYTES + count * (4 + sizeBytes));
  buffer.writeInt32BE(1, 0); // One dimension,
  buffer.writeInt32BE(0, 4); // no nulls,
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(count, 12);
  buffer.writeInt32BE(1, 16); // indexed from 1.
  return buffer;
}

function numberArray(
  type: FixedType,
  values: readonly number[],
  write: (buffer: Buffer, value: number, at: number) => void,
): Buffer {
  const buffer = arrayHeader(type.oid, values.length, type.sizeBytes);
  let at = ARRAY_HEADER_BYTES;
  for (const value of values) {
    buffer.writeInt32BE(type.sizeBytes, at);
    write(buffer, value, at + 4);
    at += 4 + type.sizeBytes;
  }
  return buffer;
}

const writeInt16 = (buffer: Buffer, value: number, at: number): number =>
  buffer.writeInt16BE(value, at);
const writeInt32 = (buffer: Buffer, value: number, at: number): number =>
  buffer.writeInt32BE(value | 0, at);

/** The binary forms of `smallint[]`, `integer[]`, `bigint[]` and `date[]`. */
export const int2Array = (values: readonly number[]): Buffer =>
  numberArray(INT2, values, writeInt16);
export const int4Array = (values: readonly number[]): Buffer =>
  numberArray(INT4, values, writeInt32);
export const int8Array = (values: readonly number[]): Buffer =>
  numberArray(INT8, values, writeInt64);
export const dateArray = (days: readonly Day[]): Buffer =>
  numberArray(DATE, days.map(dateNumber), writeInt32);

/** The binary form of `bytea[]`. */
export function byteaArray(values: readonly Uint8Array[]): Buffer {
  const total = values.reduce((sum, value) => sum + value.length, 0);
  const buffer = Buffer.concat([arrayHeader(BYTEA_OID, values.length, 0), Buffer.alloc(total)]);
  let at = ARRAY_HEADER_BYTES;
  for (const value of values) {
    buffer.writeInt32BE(value.length, at);
    buffer.set(value, at + 4);
    at += 4 + value.length;
  }
  return buffer;
}
