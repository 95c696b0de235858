/** How a tenant's lasting keys lie in the key store: docs/formats/key-store.md, kind `ring`. */
import { addDays, daysBetween } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";

/** What a key is for; the number stands in the ring. */
const USES = { token: 1, intake: 2, pseudonym: 3 } as const;
export type RingUse = keyof typeof USES;
/** What has successors. */
export type RotatedUse = Exclude<RingUse, "pseudonym">;

export interface RingKey {
  readonly use: RingUse;
  /** Counts the keys of a use, from 1; never given twice. */
  readonly number: number;
  readonly madeAt: Date;
  /** The last day on which anything made with it can live; null while it is in use. */
  readonly neededUntil: Day | null;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** Ordered by use and number. */
export type Ring = readonly RingKey[];

/** A key a day for a year; nobody rotates that often. */
const KEYS_MAX = 1000;
const KEY_BYTES = 32;
const AT = { use: 0, number: 1, madeAt: 5, neededUntil: 13, key: 17, end: 17 + KEY_BYTES } as const;
/** Days are counted from here; 0 is no day. */
const EPOCH = "1970-01-01" as Day;

function rowBytes({ use, number, madeAt, neededUntil, key }: RingKey): Buffer {
  const row = Buffer.alloc(AT.end);
  row[AT.use] = USES[use];
  row.writeUInt32BE(number, AT.number);
  row.writeBigUInt64BE(BigInt(madeAt.getTime()), AT.madeAt);
  row.writeUInt32BE(neededUntil === null ? 0 : daysBetween(EPOCH, neededUntil), AT.neededUntil);
  row.set(key, AT.key);
  return row;
}

function inOrder(a: RingKey, b: RingKey): number {
  return USES[a.use] - USES[b.use] || a.number - b.number;
}

/** The secret of a ring; whoever asked zeroes it after use. */
export function ringBytes(ring: Ring): Buffer {
  if (ring.length > KEYS_MAX) throw new RangeError("a ring has 1000 keys at most");
  return Buffer.concat(ring.toSorted(inOrder).map(rowBytes));
}

function broken(): never {
  throw new Failure("KEYSTORE_BROKEN", { kind: "ring" });
}

function useOf(number: number | undefined): RingUse {
  const found = Object.entries(USES).find(([, each]) => each === number)?.[0];
  // The names come from the very table that is searched.
  return found === undefined ? broken() : (found as RingUse);
}

function parseRow(row: Buffer): RingKey {
  const days = row.readUInt32BE(AT.neededUntil);
  return {
    use: useOf(row[AT.use]),
    number: row.readUInt32BE(AT.number),
    madeAt: new Date(Number(row.readBigUInt64BE(AT.madeAt))),
    neededUntil: days === 0 ? null : addDays(EPOCH, days),
    key: row.subarray(AT.key),
  };
}

/** Reads what `ringBytes` made. Throws KEYSTORE_BROKEN for anything else. */
export function parseRing(secret: Buffer): Ring {
  const count = secret.length / AT.end;
  if (!Number.isInteger(count) || count > KEYS_MAX) return broken();
  const ring = Array.from({ length: count }, (_, at) =>
    parseRow(secret.subarray(at * AT.end, (at + 1) * AT.end)),
  );
  const uses = new Set(ring.map(({ use }) => use));
  return uses.size === Object.keys(USES).length ? ring : broken();
}
