/**
 * Tombstones: the permanent record of what was destroyed (P7). One line each, appended and durable
 * before the first byte of a key is touched; a serial that stands here never comes back.
 */
import { hash } from "node:crypto";
import { open, truncate } from "node:fs/promises";
import { parseDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import { FILE_MODE } from "./durable-file.ts";

export interface Tombstone {
  readonly serial: number;
  readonly tenant: string;
  readonly dayOfDeath: Day;
  readonly destroyedAt: Date;
  /** 32 hex characters, random; the id of the destroyed leaf comes from it. */
  readonly id: string;
}

const CHECK_CHARACTERS = 16;

function checkOf(body: string): string {
  return hash("sha256", body, "hex").slice(0, CHECK_CHARACTERS);
}

function lineOf(tombstone: Tombstone): string {
  const { serial, tenant, dayOfDeath, destroyedAt, id } = tombstone;
  const body = JSON.stringify([1, serial, tenant, dayOfDeath, destroyedAt.toISOString(), id]);
  return `${body} ${checkOf(body)}\n`;
}

function parseLine(line: string): Tombstone | null {
  const cut = line.lastIndexOf(" ");
  const body = line.slice(0, cut);
  if (cut < 0 || checkOf(body) !== line.slice(cut + 1)) return null;
  const [version, serial, tenant, day, destroyedAt, id] = JSON.parse(body) as unknown[];
  const dayOfDeath = typeof day === "string" ? parseDay(day) : null;
  if (version !== 1 || typeof serial !== "number" || dayOfDeath === null) return null;
  if (typeof tenant !== "string" || typeof destroyedAt !== "string" || typeof id !== "string") return null;
  return { serial, tenant, dayOfDeath, destroyedAt: new Date(destroyedAt), id };
}

/** Appends `tombstone` to `file`; durable when the promise resolves. */
export async function appendTombstone(file: string, tombstone: Tombstone): Promise<void> {
  const handle = await open(file, "a", FILE_MODE);
  try {
    await handle.writeFile(lineOf(tombstone));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * All tombstones of `file` in order. A last line without its end is an append that a crash cut off
 * before it was durable: it is ignored, and `whole` says how many bytes stand before it. Throws
 * KEYSTORE_BROKEN when any other line does not fit its checksum: restore the file.
 */
export function parseTombstones(text: string): { tombstones: Tombstone[]; wholeBytes: number } {
  const end = text.lastIndexOf("\n") + 1;
  const lines = text.slice(0, end).split("\n").slice(0, -1);
  const tombstones = lines.map((line) => {
    const tombstone = parseLine(line);
    if (tombstone === null) throw new Failure("KEYSTORE_BROKEN", { file: "tombstones" });
    return tombstone;
  });
  return { tombstones, wholeBytes: Buffer.byteLength(text.slice(0, end)) };
}

/** Cuts off what a crash left behind the last whole line. */
export async function cutTombstones(file: string, wholeBytes: number): Promise<void> {
  await truncate(file, wholeBytes);
}

/** The id (16 bytes) of the leaf that tells of this destruction: the same whenever it is told (LEAF-5). */
export function destroyedLeafId(tombstone: Tombstone): Uint8Array {
  return hash("sha256", `midan.tombstone\0${tombstone.id}`, "buffer").subarray(0, 16);
}
