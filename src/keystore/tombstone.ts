/**
 * Tombstones: the permanent record of what was destroyed (P7). One line each, appended and durable
 * before the first byte of a key is touched; what stands here never comes back.
 */
import { hash } from "node:crypto";
import { parseDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";

export interface Tombstone {
  readonly serial: number;
  readonly tenant: string;
  readonly dayOfDeath: Day;
  readonly destroyedAt: Date;
  /** 32 hex characters, random; the id of the destroyed leaf comes from it. */
  readonly id: string;
}

/** The same for the blind index of one tenant and epoch. */
export interface IndexTombstone {
  readonly tenant: string;
  readonly epoch: string;
  readonly destroyedAt: Date;
  readonly id: string;
}

const LINE_VERSION = 1;
const INDEX_WORD = "index";
const CHECK_CHARACTERS = 16;

function checkOf(body: string): string {
  return hash("sha256", body, "hex").slice(0, CHECK_CHARACTERS);
}

function checkedLine(members: readonly unknown[]): string {
  const body = JSON.stringify(members);
  return `${body} ${checkOf(body)}\n`;
}

/** One line: a JSON array, a blank, the first 16 hex characters of its SHA-256, a line feed. */
export function tombstoneLine(tombstone: Tombstone | IndexTombstone): string {
  const { tenant, id } = tombstone;
  const at = tombstone.destroyedAt.toISOString();
  if ("epoch" in tombstone) {
    return checkedLine([LINE_VERSION, INDEX_WORD, tenant, tombstone.epoch, at, id]);
  }
  return checkedLine([LINE_VERSION, tombstone.serial, tenant, tombstone.dayOfDeath, at, id]);
}

/** Reads a line without its line feed; null when it does not fit its checksum or its form. */
export function parseTombstone(line: string): Tombstone | IndexTombstone | null {
  const cut = line.lastIndexOf(" ");
  const body = line.slice(0, cut);
  if (cut < 0 || checkOf(body) !== line.slice(cut + 1)) return null;
  // The checksum has shown that the line is one that `checkedLine` wrote.
  const [version, what, tenant, when, at, id] = JSON.parse(body) as unknown[];
  if (version !== LINE_VERSION || typeof when !== "string" || typeof at !== "string") return null;
  if (typeof tenant !== "string" || typeof id !== "string") return null;
  const common = { tenant, destroyedAt: new Date(at), id };
  if (what === INDEX_WORD) return { ...common, epoch: when };
  const dayOfDeath = parseDay(when);
  if (typeof what !== "number" || dayOfDeath === null) return null;
  return { ...common, serial: what, dayOfDeath };
}

/**
 * The id (16 bytes) of the leaf that tells of this destruction: the same whenever it is told
 * (LEAF-5).
 */
export function destroyedLeafId(tombstone: Pick<Tombstone, "id">): Uint8Array {
  return hash("sha256", `midan.tombstone\0${tombstone.id}`, "buffer").subarray(0, 16);
}
