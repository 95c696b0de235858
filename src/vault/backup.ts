/**
 * Backup (备份) of the database, never of the keys (P6): what was destroyed stays dead when it comes
 * back, because its key is not in it.
 */
import { authorise } from "../access/authorise.ts";
import path from "node:path";
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import { Failure } from "../rules/failure.ts";
import { baseBackup, CLUSTER_NAME, restoreBackup } from "../store/base-backup.ts";
import type { BackupManifest } from "../store/base-backup.ts";
import { transaction } from "../store/pool.ts";
import type { Vault } from "./vault.ts";

/** Where things lie; a database of the operator's own has no `dataDir` of ours. */
export interface Places {
  readonly dataDir: string;
  readonly keysDir: string;
  readonly databaseUrl: string | null;
}

export interface BackupMade {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  readonly endsAt: string;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

function isInside(inner: string, outer: string): boolean {
  const relative = path.relative(path.resolve(outer), path.resolve(inner));
  return relative === "" || (!relative.startsWith("..") && !path.isAbsolute(relative));
}

function requireApart(folder: string, { dataDir, keysDir }: Places): void {
  if (isInside(folder, dataDir) || isInside(folder, keysDir)) throw new Failure("PLACES_OVERLAP");
}

function bytesOf({ files }: BackupManifest): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Backs up the embedded database, while it runs, to `folder`, which must not exist. Throws
 * BACKUP_EXTERNAL for a database of the operator's own, PLACES_OVERLAP, or as `baseBackup`.
 */
export async function backup(
  vault: Vault,
  made: { readonly places: Places; readonly folder: string; readonly actor: Actor },
): Promise<BackupMade> {
  await authorise(vault, { actor: made.actor, verb: "back-up" });
  const { places, folder } = made;
  if (places.databaseUrl !== null) throw new Failure("BACKUP_EXTERNAL");
  requireApart(folder, places);
  const actor = made.actor;
  const cluster = path.join(places.dataDir, CLUSTER_NAME);
  const manifest = await baseBackup(vault.database, { cluster, folder, at: vault.now() });
  const count = manifest.files.length;
  const entry = await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, { type: "backup-made", actor, count }),
  );
  const { endsAt } = manifest;
  return { folder: path.resolve(folder), files: count, bytes: bytesOf(manifest), endsAt, entry };
}

export interface BackupRestored {
  readonly madeAt: string;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Puts a backup where no embedded database lies. The next command starts it, and replays what the
 * key store destroyed since before it serves anything. Throws BACKUP_EXTERNAL, PLACES_OVERLAP, or
 * as `restoreBackup`.
 */
export async function restore(places: Places, folder: string): Promise<BackupRestored> {
  if (places.databaseUrl !== null) throw new Failure("BACKUP_EXTERNAL");
  requireApart(folder, places);
  const manifest = await restoreBackup(folder, places.dataDir);
  const { madeAt, files } = manifest;
  return { madeAt, files: files.length, bytes: bytesOf(manifest) };
}
