/**
 * A compartment as the key store keeps it, in two files: what may be read without a key (the
 * record), and the sealed cover. The record also says who seals into it and how far slots are
 * promised away.
 */
import { parseDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import type { Cover, TreeNode } from "../crypto/key-tree.ts";
import { LEAF_COUNT, TREE_DEPTH } from "../crypto/key-tree.ts";
import { parseMark } from "./process-mark.ts";
import type { ProcessMark } from "./process-mark.ts";

/** 256 lanes of 512 positions make the 2^17 slots: the lane is the bucket of the order. */
export const LANES = 256;
export const LANE_POSITIONS: number = LEAF_COUNT / LANES;

export interface CompartmentRecord {
  readonly serial: number;
  /** UUID text. */
  readonly tenant: string;
  readonly dayOfDeath: Day;
  /** Number of the suite's row. */
  readonly suite: number;
  /** Key generation that stands in this compartment's envelopes. */
  readonly generation: number;
  readonly state: "live" | "closing";
  /** Positions at or above this one were never used, in any lane; raised before use, durably. */
  readonly ceiling: number;
  /** The process that seals into it, or null. */
  readonly holder: ProcessMark | null;
}

/** How a serial is written in file names and on screen: 10 hex characters. */
export function serialText(serial: number): string {
  return serial.toString(16).padStart(10, "0");
}

/** Reads a serial of file names. Throws KEYSTORE_BROKEN when it is none. */
export function parseSerial(text: string): number {
  const serial = /^[0-9a-f]{10}$/u.test(text) ? Number.parseInt(text, 16) : 0;
  return serial > 0 ? serial : broken();
}

export function recordBytes(record: CompartmentRecord): Uint8Array {
  return Buffer.from(JSON.stringify({ v: 1, ...record }), "utf8");
}

function broken(): never {
  throw new Failure("KEYSTORE_BROKEN", { file: "record" });
}

function whole(value: unknown, range: { readonly min: number; readonly max: number }): number {
  if (!Number.isSafeInteger(value)) return broken();
  // isSafeInteger has shown that it is a number.
  const number = value as number;
  return number >= range.min && number <= range.max ? number : broken();
}

function parsed(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    // Any object may be asked for members by name; what it answers is checked by the caller.
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through: a record that is not JSON is as broken as one that is not an object.
  }
  return broken();
}

/** Reads the record of `serial`. Throws KEYSTORE_BROKEN when it is not that. */
export function parseRecord(bytes: Uint8Array, serial: number): CompartmentRecord {
  const members = parsed(bytes);
  const day = typeof members["dayOfDeath"] === "string" ? parseDay(members["dayOfDeath"]) : null;
  const { tenant, state } = members;
  if (members["v"] !== 1 || day === null || typeof tenant !== "string") return broken();
  if (state !== "live" && state !== "closing") return broken();
  return {
    serial: whole(members["serial"], { min: serial, max: serial }),
    tenant,
    dayOfDeath: day,
    suite: whole(members["suite"], { min: 1, max: 255 }),
    generation: whole(members["generation"], { min: 1, max: 65_535 }),
    state,
    ceiling: whole(members["ceiling"], { min: 0, max: LANE_POSITIONS }),
    holder: parseMark(members["holder"]),
  };
}

/**
 * Whether the compartment may be taken for sealing: it fits, has room, and nobody holds it who is
 * alive.
 */
export function isFree(
  record: CompartmentRecord,
  wanted: Pick<CompartmentRecord, "tenant" | "dayOfDeath" | "suite">,
  isAlive: (mark: ProcessMark) => boolean,
): boolean {
  return (
    record.state === "live" &&
    record.tenant === wanted.tenant &&
    record.dayOfDeath === wanted.dayOfDeath &&
    record.suite === wanted.suite &&
    record.ceiling < LANE_POSITIONS &&
    (record.holder === null || !isAlive(record.holder))
  );
}

const NODE_BYTES = 1 + 4 + 32;

/** The cover as the sealed file holds it: level (1), index (4), seed (32) for each node. */
export function coverBytes(cover: Cover): Buffer {
  const bytes = Buffer.alloc(cover.length * NODE_BYTES);
  for (const [at, node] of cover.entries()) {
    bytes.writeUInt8(node.level, at * NODE_BYTES);
    bytes.writeUInt32BE(node.index, at * NODE_BYTES + 1);
    bytes.set(node.seed, at * NODE_BYTES + 5);
  }
  return bytes;
}

/**
 * Reads a cover. Throws KEYSTORE_BROKEN for bytes that are no whole number of nodes of the tree.
 */
export function parseCover(bytes: Buffer): Cover {
  if (bytes.length % NODE_BYTES !== 0) return broken();
  const nodes: TreeNode[] = [];
  for (let at = 0; at < bytes.length; at += NODE_BYTES) {
    const level = bytes.readUInt8(at);
    const index = bytes.readUInt32BE(at + 1);
    if (level > TREE_DEPTH || index >= 2 ** level) return broken();
    nodes.push({ level, index, seed: new Uint8Array(bytes.subarray(at + 5, at + NODE_BYTES)) });
  }
  return nodes;
}
