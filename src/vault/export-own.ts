/** Somebody's own exports: listed, waited for, taken away, and all gone after a day. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "../access/actor.ts";
import { Failure } from "../rules/failure.ts";
import { clearExports, deleteExport, exportsOf, findExport } from "../store/export.ts";
import type { ExportOwner, ExportRow } from "../store/export.ts";
import { connected } from "../store/pool.ts";
import { authoriseAny, authoriseKind } from "./export-asked.ts";
import type { Vault } from "./vault.ts";

/** As many has one person at most. */
export const EXPORTS_MAX = 10;
const KEPT_MS = 86_400_000;
/** A server says every ten seconds that it makes one still; after so long a silence it is gone. */
const SILENT_MS_MAX = 60_000;
const LOOK_AGAIN_MS = 250;

/** An export as its owner sees it. */
export interface SeenExport extends ExportRow {
  readonly expiresAt: Date;
}

/** As its owner sees it now: also that whoever made it is gone. */
export function seen(vault: Vault, row: ExportRow): SeenExport {
  const expiresAt = new Date(row.madeAt.getTime() + KEPT_MS);
  const isLost =
    row.state === "making" && vault.now().getTime() - row.beatAt.getTime() > SILENT_MS_MAX;
  return { ...row, expiresAt, ...(isLost ? { state: "failed", failure: "EXPORT_LOST" } : {}) };
}

/** Exports that were asked for later than this are still there. */
export function keptSince(vault: Vault): Date {
  return new Date(vault.now().getTime() - KEPT_MS);
}

/** Whose own exports they are. What one may hold is asked when it is begun. */
async function ownerOf(vault: Vault, actor: Actor): Promise<ExportOwner> {
  await authoriseAny(vault, actor);
  const { accountId, organisationId: standing } = actor;
  if (accountId === null) throw new Failure("PERSON_REQUIRED");
  return { tenantId: vault.tenant.id, accountId, standing };
}

/** The actor's own exports, newest first. Throws ACCESS_DENIED. */
export async function listExports(vault: Vault, actor: Actor): Promise<SeenExport[]> {
  const owner = await ownerOf(vault, actor);
  const rows = await connected(vault.database, async (connection) =>
    exportsOf(connection, owner, { after: keptSince(vault), limit: EXPORTS_MAX }),
  );
  return rows.map((row) => seen(vault, row));
}

/** Which of whose exports. */
export interface WhichExport {
  readonly id: string;
  readonly actor: Actor;
}

/**
 * One of the actor's own. Throws ACCESS_DENIED, also for whoever may not have its kind any more, or
 * EXPORT_UNKNOWN, also once its day is over or its owner stands elsewhere.
 */
export async function openExport(vault: Vault, { id, actor }: WhichExport): Promise<SeenExport> {
  const owner = await ownerOf(vault, actor);
  const row = await connected(vault.database, async (connection) =>
    findExport(connection, { id, ...owner }),
  );
  const found = row === null ? null : seen(vault, row);
  if (found === null || found.expiresAt <= vault.now()) throw new Failure("EXPORT_UNKNOWN");
  await authoriseKind(vault, actor, found);
  return found;
}

/** As `openExport`, but waits for at most `waitMs` until it is no longer being made. */
export async function awaitExport(
  vault: Vault,
  which: WhichExport,
  waitMs: number,
): Promise<SeenExport> {
  const end = performance.now() + waitMs;
  for (;;) {
    const found = await openExport(vault, which);
    if (found.state !== "making" || performance.now() >= end) return found;
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Takes one of the actor's own away with its file. Throws as `openExport`. */
export async function dropExport(vault: Vault, which: WhichExport): Promise<void> {
  const { id } = await openExport(vault, which);
  await connected(vault.database, async (connection) => deleteExport(connection, id));
}

/** Takes away the exports of every tenant that are older than a day; how many. */
export async function clearOldExports(vault: Vault): Promise<number> {
  return connected(vault.database, async (c) => clearExports(c, keptSince(vault)));
}
