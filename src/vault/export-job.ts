/**
 * Exports as jobs (导出): an inspector's bundle is asked for, made beside the requests, and can be
 * downloaded for a day by who asked for it and nobody else. Making it is an entry (`bundle-made`),
 * so is the first download (`export`), durable before a byte leaves (P11).
 */
import { hash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { authoriseWithin } from "../access/authorise-within.ts";
import { writeEntry } from "../access/entry.ts";
import { startOfDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { errorKind } from "../rules/error-kind.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import type { InspectionFacts } from "../rules/inspection.ts";
import {
  clearExports,
  deleteExport,
  EXPORT_PART_BYTES,
  exportPart,
  exportsOf,
  findExport,
  insertExport,
  insertExportPart,
  setExportFailed,
  setExportReady,
  setExportTaken,
} from "../store/export.ts";
import type { ExportRow } from "../store/export.ts";
import { connected, transaction } from "../store/pool.ts";
import { makeBundle } from "./inspector-bundle.ts";
import type { Vault } from "./vault.ts";

/** What a bundle holds beside the log's own, and how its files become one. */
export interface BundleKit {
  readonly page: () => Promise<Uint8Array>;
  readonly witnessPolicy: () => Promise<Uint8Array | null>;
  readonly draw: (facts: InspectionFacts) => Promise<ReadonlyMap<string, Uint8Array>>;
  readonly pack: (files: ReadonlyMap<string, Uint8Array>) => Uint8Array;
}

export interface ExportAsked {
  readonly actor: Actor;
  /** Id or name; null for the whole tenant. */
  readonly organisation: string | null;
  /** The period's first day, and the day after its last. */
  readonly from: Day;
  readonly to: Day;
}

const EXPORTS_MAX = 10;
const KEPT_MS = 86_400_000;
/** Longer than any takes: whatever is still being made then was lost with its server. */
const MAKING_MS_MAX = 3_600_000;
const BYTES_MAX = 256 * 1024 * 1024;
const RETRY_SECONDS = 10;
const LOOK_AGAIN_MS = 250;

/** An export as its owner sees it. */
export interface SeenExport extends ExportRow {
  readonly expiresAt: Date;
}

function seen(vault: Vault, row: ExportRow): SeenExport {
  const expiresAt = new Date(row.madeAt.getTime() + KEPT_MS);
  const isLost =
    row.state === "making" && vault.now().getTime() - row.madeAt.getTime() > MAKING_MS_MAX;
  return { ...row, expiresAt, ...(isLost ? { state: "failed", failure: "EXPORT_LOST" } : {}) };
}

/** Whose own exports they are. What one may hold is asked when it is begun. */
async function ownerOf(vault: Vault, actor: Actor): Promise<string> {
  await authorise(vault, { actor, verb: "make-bundle" }, { place: "own" });
  return personOf(actor);
}

function personOf(actor: Actor): string {
  if (actor.accountId === null) throw new Failure("PERSON_REQUIRED");
  return actor.accountId;
}

/** Exports that were asked for later than this are still there. */
function keptSince(vault: Vault): Date {
  return new Date(vault.now().getTime() - KEPT_MS);
}

/** What a job begins as. */
const BEGUN = {
  endedAt: null,
  state: "making",
  failure: null,
  bytes: null,
  sha256: null,
  entry: null,
  takenEntry: null,
} as const;

/** From the beginning of the first day on, before the other instant. */
function periodOf({ timeZone }: Vault, { from, to }: Pick<ExportAsked, "from" | "to">) {
  return { from: startOfDay(from, timeZone), to: startOfDay(to, timeZone) };
}

async function stored(vault: Vault, id: string, file: Uint8Array): Promise<void> {
  for (let at = 0; at < file.length; at += EXPORT_PART_BYTES) {
    const content = file.subarray(at, at + EXPORT_PART_BYTES);
    await connected(vault.database, async (connection) =>
      insertExportPart(connection, { id, part: at / EXPORT_PART_BYTES, content }),
    );
  }
}

/** Makes exports beside the requests, one at a time in each server: a bundle lies in memory. */
export class ExportDesk implements AsyncDisposable {
  readonly #vault: Vault;
  readonly #kit: BundleKit;
  #making: Promise<void> | null = null;
  #current: string | null = null;

  constructor(vault: Vault, kit: BundleKit) {
    this.#vault = vault;
    this.#kit = kit;
  }

  /**
   * Begins one. Throws ACCESS_DENIED, PERSON_REQUIRED, REQUEST_INVALID for an empty period,
   * EXPORTS_MAX for who has ten, and EXPORT_BUSY while another is being made here. How it goes is
   * told by the job.
   */
  async begin(asked: ExportAsked): Promise<SeenExport> {
    const vault = this.#vault;
    const { actor, organisation } = asked;
    await authoriseWithin(vault, { actor, verb: "make-bundle" }, [organisation]);
    const accountId = personOf(actor);
    if (asked.from >= asked.to) throw new Failure("REQUEST_INVALID", { field: "/to" });
    const period = periodOf(vault, asked);
    if (this.#making !== null)
      throw new Failure("EXPORT_BUSY", { retryAfterSeconds: RETRY_SECONDS });
    const id = randomUUID();
    const made = Promise.withResolvers<void>();
    this.#making = made.promise;
    this.#current = id;
    try {
      const madeAt = vault.now();
      const row = { id, tenantId: vault.tenant.id, accountId, organisation, ...period, madeAt };
      const isTaken = await transaction(vault.database, async (connection) =>
        insertExport(connection, row, { after: keptSince(vault), limit: EXPORTS_MAX }),
      );
      if (!isTaken) throw new Failure("EXPORTS_MAX");
      void this.#run(id, asked).finally(() => this.#end(id, made.resolve));
      return seen(vault, { ...row, ...BEGUN });
    } catch (error) {
      this.#end(id, made.resolve);
      throw error;
    }
  }

  /** Only who began it may say that it is over. */
  #end(id: string, over: () => void): void {
    over();
    if (this.#current !== id) return;
    this.#making = null;
    this.#current = null;
  }

  /** Never throws: what fails is written down with the job, or found lost an hour later. */
  async #run(id: string, asked: ExportAsked): Promise<void> {
    const vault = this.#vault;
    try {
      await this.#make(id, asked);
    } catch (error) {
      const failure = isFailure(error) ? error.code : errorKind(error);
      await connected(vault.database, async (connection) =>
        setExportFailed(connection, id, { at: vault.now(), failure }),
      ).catch(() => undefined);
    }
  }

  async #make(id: string, asked: ExportAsked): Promise<void> {
    const vault = this.#vault;
    const { page, witnessPolicy, draw, pack } = this.#kit;
    const period = periodOf(vault, asked);
    const request = {
      ...asked,
      ...period,
      page: await page(),
      witnessPolicy: await witnessPolicy(),
    };
    const { files, entry } = await makeBundle(vault, request, draw);
    const file = pack(files);
    if (file.length > BYTES_MAX) throw new Failure("BUNDLE_TOO_LARGE", { bytesMax: BYTES_MAX });
    await stored(vault, id, file);
    const made = { at: vault.now(), bytes: file.length, sha256: hash("sha256", file, "buffer") };
    await connected(vault.database, async (connection) =>
      setExportReady(connection, id, { ...made, entry }),
    );
  }

  /** What is being made then is lost, and its job says so. */
  async [Symbol.asyncDispose](): Promise<void> {
    const id = this.#current;
    if (id === null) return;
    const at = this.#vault.now();
    await connected(this.#vault.database, async (connection) =>
      setExportFailed(connection, id, { at, failure: "EXPORT_LOST" }),
    ).catch(() => undefined);
    await this.#making;
  }
}

/** The actor's own exports, newest first. Throws ACCESS_DENIED. */
export async function listExports(vault: Vault, actor: Actor): Promise<SeenExport[]> {
  const accountId = await ownerOf(vault, actor);
  const whose = { tenantId: vault.tenant.id, accountId };
  const rows = await connected(vault.database, async (connection) =>
    exportsOf(connection, whose, { after: keptSince(vault), limit: EXPORTS_MAX }),
  );
  return rows.map((row) => seen(vault, row));
}

interface Which {
  readonly id: string;
  readonly actor: Actor;
}

/** One of the actor's own. Throws ACCESS_DENIED, or EXPORT_UNKNOWN, also once its day is over. */
async function openExport(vault: Vault, { id, actor }: Which): Promise<SeenExport> {
  const accountId = await ownerOf(vault, actor);
  const row = await connected(vault.database, async (connection) =>
    findExport(connection, { id, tenantId: vault.tenant.id, accountId }),
  );
  const found = row === null ? null : seen(vault, row);
  if (found === null || found.expiresAt <= vault.now()) throw new Failure("EXPORT_UNKNOWN");
  return found;
}

/**
 * As `openExport`, but waits for at most `waitMs` until it is no longer being made.
 */
export async function awaitExport(vault: Vault, which: Which, waitMs: number): Promise<SeenExport> {
  const end = performance.now() + waitMs;
  for (;;) {
    const found = await openExport(vault, which);
    if (found.state !== "making" || performance.now() >= end) return found;
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Takes one of the actor's own away with its file. Throws as `openExport`. */
export async function dropExport(vault: Vault, which: Which): Promise<void> {
  const { id } = await openExport(vault, which);
  await connected(vault.database, async (connection) => deleteExport(connection, id));
}

export interface ExportFile {
  readonly bytes: number;
  readonly sha256: Uint8Array;
  /** Id of the entry that tells of the first download, hex. */
  readonly entry: string;
  /** The bytes from `from` up to `to`; throws EXPORT_UNKNOWN when it is taken away meanwhile. */
  readonly read: (from: number, to: number) => AsyncGenerator<Uint8Array>;
}

async function* partsOf(
  vault: Vault,
  id: string,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to;) {
    const part = Math.floor(at / EXPORT_PART_BYTES);
    const begin = part * EXPORT_PART_BYTES;
    const content = await connected(vault.database, async (connection) =>
      exportPart(connection, id, part),
    );
    if (content === null) throw new Failure("EXPORT_UNKNOWN");
    const piece = content.subarray(at - begin, to - begin);
    yield piece;
    at += piece.length;
  }
}

async function takenEntry(vault: Vault, row: SeenExport, actor: Actor): Promise<string> {
  if (row.takenEntry !== null) return row.takenEntry;
  const digest = Buffer.from(row.sha256 ?? []).toString("hex");
  return transaction(vault.database, async (connection) => {
    const draft = {
      type: "export",
      actor,
      request: row.id,
      digest,
      purpose: "inspection",
    } as const;
    const entry = await writeEntry(vault, connection, draft);
    await setExportTaken(connection, row.id, entry);
    return entry;
  });
}

/**
 * The file, once the entry of its first download is durable. Throws as `openExport`, and
 * EXPORT_NOT_READY while it is being made or when making it failed.
 */
export async function takeExport(vault: Vault, which: Which): Promise<ExportFile> {
  const row = await openExport(vault, which);
  const { id, state, bytes, sha256 } = row;
  if (state !== "ready" || bytes === null || sha256 === null)
    throw new Failure("EXPORT_NOT_READY", { state });
  const entry = await takenEntry(vault, row, which.actor);
  return { bytes, sha256, entry, read: (from, to) => partsOf(vault, id, { from, to }) };
}

/** Takes away the exports of every tenant that are older than a day; how many. */
export async function clearOldExports(vault: Vault): Promise<number> {
  return connected(vault.database, async (c) => clearExports(c, keptSince(vault)));
}
