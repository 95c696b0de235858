/**
 * Binary COPY (PostgreSQL manual, COPY, "Binary Format"): the fastest way in. Rows are written into
 * chunks while earlier chunks are already on their way, and a full socket holds the writer back.
 */

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { from as copyFrom } from "pg-copy-streams";

import type { Day } from "../rules/calendar.ts";
import { traced } from "../trace/span.ts";
import { databaseFailure, databaseSpan } from "./query.ts";
import type { Connection } from "./query.ts";
import { dateNumber, timestampNumber, writeInt64 } from "./wire.ts";

const CHUNK_BYTES = 128 * 1024;
const SIGNATURE_TEXT = "PGCOPY\n\xff\r\n\0";
const SIGNATURE = Buffer.from(SIGNATURE_TEXT, "latin1");
const HEADER_BYTES = SIGNATURE.length + 8;
const TRAILER = -1;

/** Bytes to ask for per field beside its content. */
const FIELD_BYTES = 4;

/**
 * One row at a time into the current chunk; `startRow` makes room for all that the row will need.
 */
export class CopyWriter {
  #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #at = 0;
  #full: Buffer[] = [];

  constructor() {
    SIGNATURE.copy(this.#chunk);
    this.#chunk.fill(0, SIGNATURE.length, HEADER_BYTES);
    this.#at = HEADER_BYTES;
  }

  /** Begins a row of `fields` fields whose contents take at most `contentBytes` bytes. */
  startRow(fields: number, contentBytes: number): void {
    this.#room(2 + fields * FIELD_BYTES + contentBytes);
    this.#at = this.#chunk.writeInt16BE(fields, this.#at);
  }

  int2(value: number): void {
    this.#at = this.#chunk.writeInt32BE(2, this.#at);
    this.#at = this.#chunk.writeInt16BE(value, this.#at);
  }

  int4(value: number): void {
    this.#at = this.#chunk.writeInt32BE(4, this.#at);
    this.#at = this.#chunk.writeInt32BE(value | 0, this.#at);
  }

  int8(value: number): void {
    this.#at = this.#chunk.writeInt32BE(8, this.#at);
    writeInt64(this.#chunk, value, this.#at);
    this.#at += 8;
  }

  date(value: Day): void {
    this.int4(dateNumber(value));
  }

  timestamp(value: Date): void {
    this.int8(timestampNumber(value));
  }

  bytes(value: Uint8Array): void {
    this.#at = this.#chunk.writeInt32BE(value.length, this.#at);
    this.#chunk.set(value, this.#at);
    this.#at += value.length;
  }

  text(value: string): void {
    const length = this.#chunk.write(value, this.#at + FIELD_BYTES);
    this.#chunk.writeInt32BE(length, this.#at);
    this.#at += FIELD_BYTES + length;
  }

  nothing(): void {
    this.#at = this.#chunk.writeInt32BE(-1, this.#at);
  }

  /** The chunks that are full since the last call. */
  takeFull(): Buffer[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** The last chunk, with the trailer; the writer is done. */
  end(): Buffer[] {
    this.#room(2);
    this.#at = this.#chunk.writeInt16BE(TRAILER, this.#at);
    return [...this.takeFull(), this.#chunk.subarray(0, this.#at)];
  }

  #room(needed: number): void {
    if (this.#at + needed <= this.#chunk.length) return;
    // Chunks are not reused: the socket may still be reading from them.
    this.#full.push(this.#chunk.subarray(0, this.#at));
    this.#chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, needed));
    this.#at = 0;
  }
}

/** UTF-8 needs at most three bytes per UTF-16 unit. */
export function textBytesMax(value: string): number {
  return value.length * 3;
}

function* chunksOf<R>(
  rows: readonly R[],
  write: (writer: CopyWriter, row: R) => void,
): Generator<Buffer> {
  const writer = new CopyWriter();
  for (const row of rows) {
    write(writer, row);
    yield* writer.takeFull();
  }
  yield* writer.end();
}

export interface CopyTarget<R> {
  /** `table (columns)`: names of ours, never outside input. */
  readonly into: string;
  readonly write: (writer: CopyWriter, row: R) => void;
}

/** COPYs `rows` on `connection`; the transaction fails as a whole when one row is refused. */
export async function copyRows<R>(
  connection: Connection,
  target: CopyTarget<R>,
  rows: readonly R[],
): Promise<void> {
  if (rows.length === 0) return;
  const [table = ""] = target.into.split(" ");
  await traced(
    () => databaseSpan(`copy ${table}`),
    async () => copyAll(connection, target, rows),
  );
}

async function copyAll<R>(
  connection: Connection,
  target: CopyTarget<R>,
  rows: readonly R[],
): Promise<void> {
  const stream = connection.query(copyFrom(`copy ${target.into} from stdin with (format binary)`));
  try {
    await pipeline(Readable.from(chunksOf(rows, target.write)), stream);
  } catch (error) {
    throw databaseFailure(error);
  }
}
