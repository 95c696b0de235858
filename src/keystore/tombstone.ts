/**
 * Tombstones: the permanent record of what was destroyed (P7). One line each, appended and durable
 * before the first byte of a key is touched; what stands here never comes back.
 */
import { hash } from "node:crypto";
import { parseDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { LEAF_COUNT } from "../crypto/key-tree.ts";

export interface Tombstone {
  readonly serial: number;
  readonly tenant: string;
  readonly dayOfDeath: Day;
  readonly destroyedAt: Date;
  /** 32 hex characters, random; the id of the destroyed leaf comes from it. */
  readonly id: string;
  /** Slots whose leaves were held when the rest died, in order; nothing else ever opens again. */
  readonly kept: readonly number[];
}

/** The same for one leaf: punctured, or held and let go after its compartment had died. */
export interface LeafTombstone {
  readonly serial: number;
  readonly slot: number;
  readonly tenant: string;
  readonly destroyedAt: Date;
  readonly id: string;
}

/** The same for the blind index of one tenant and epoch. */
export interface IndexTombstone {
  readonly tenant: string;
  readonly epoch: string;
  readonly destroyedAt: Date;
  readonly id: string;
}

export type AnyTombstone = Tombstone | LeafTombstone | IndexTombstone;

const LINE_VERSION = 1;
/** A compartment of which held leaves were kept. */
const KEPT_VERSION = 2;
const INDEX_WORD = "index";
const LEAF_WORD = "leaf";
const CHECK_CHARACTERS = 16;

function checkOf(body: string): string {
  return hash("sha256", body, "hex").slice(0, CHECK_CHARACTERS);
}

function membersOf(tombstone: AnyTombstone): readonly unknown[] {
  const { tenant, id } = tombstone;
  const at = tombstone.destroyedAt.toISOString();
  if ("epoch" in tombstone) return [LINE_VERSION, INDEX_WORD, tenant, tombstone.epoch, at, id];
  const { serial } = tombstone;
  if ("slot" in tombstone) return [LINE_VERSION, LEAF_WORD, serial, tombstone.slot, tenant, at, id];
  const { dayOfDeath, kept } = tombstone;
  if (kept.length === 0) return [LINE_VERSION, serial, tenant, dayOfDeath, at, id];
  return [KEPT_VERSION, serial, tenant, dayOfDeath, at, id, kept];
}

/** One line: a JSON array, a blank, the first 16 hex characters of its SHA-256, a line feed. */
export function tombstoneLine(tombstone: AnyTombstone): string {
  const body = JSON.stringify(membersOf(tombstone));
  return `${body} ${checkOf(body)}\n`;
}

/** What all lines end with, or null when it is not of that form. */
function commonOf(tenant: unknown, at: unknown, id: unknown) {
  if (typeof tenant !== "string" || typeof at !== "string" || typeof id !== "string") return null;
  return { tenant, destroyedAt: new Date(at), id };
}

function isSlot(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < LEAF_COUNT;
}

function leafOf([, , serial, slot, tenant, at, id]: readonly unknown[]): LeafTombstone | null {
  const common = commonOf(tenant, at, id);
  if (typeof serial !== "number" || !isSlot(slot) || common === null) return null;
  return { ...common, serial, slot };
}

function indexOf([, , tenant, epoch, at, id]: readonly unknown[]): IndexTombstone | null {
  const common = commonOf(tenant, at, id);
  return typeof epoch === "string" && common !== null ? { ...common, epoch } : null;
}

function compartmentOf(members: readonly unknown[]): Tombstone | null {
  const [version, serial, tenant, day, at, id, kept = []] = members;
  const common = commonOf(tenant, at, id);
  const dayOfDeath = typeof day === "string" ? parseDay(day) : null;
  if (typeof serial !== "number" || dayOfDeath === null || common === null) return null;
  if (!Array.isArray(kept) || !kept.every(isSlot)) return null;
  if ((version === KEPT_VERSION) !== kept.length > 0) return null;
  return { ...common, serial, dayOfDeath, kept };
}

/** Reads a line without its line feed; null when it does not fit its checksum or its form. */
export function parseTombstone(line: string): AnyTombstone | null {
  const cut = line.lastIndexOf(" ");
  const body = line.slice(0, cut);
  if (cut < 0 || checkOf(body) !== line.slice(cut + 1)) return null;
  // The checksum has shown that the line is one that `tombstoneLine` wrote.
  const members = JSON.parse(body) as unknown[];
  const [version, what] = members;
  if (version !== LINE_VERSION && version !== KEPT_VERSION) return null;
  if (what === LEAF_WORD) return leafOf(members);
  return what === INDEX_WORD ? indexOf(members) : compartmentOf(members);
}

/**
 * The id (16 bytes) of the leaf that tells of this destruction: the same whenever it is told
 * (LEAF-5).
 */
export function destroyedLeafId(tombstone: Pick<Tombstone, "id">): Uint8Array {
  return hash("sha256", `midan.tombstone\0${tombstone.id}`, "buffer").subarray(0, 16);
}
