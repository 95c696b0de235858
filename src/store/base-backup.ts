/**
 * A backup of the embedded server's data directory while it runs (PostgreSQL manual, "Making a Base
 * Backup Using the Low Level API"): start, copy the files, stop, then the write-ahead log that was
 * written meanwhile. Nothing outside that directory is read, so no key can get into it (P6).
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Failure } from "../rules/failure.ts";
import { connected } from "./pool.ts";
import type { Database } from "./pool.ts";
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import { markRestored } from "./restored-mark.ts";
import { text } from "./row.ts";

/** One file of a backup, by its path below the data directory. */
export interface BackupFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, hex. */
  readonly digest: string;
}

export interface BackupManifest {
  readonly version: 1;
  readonly madeAt: string;
  readonly server: string;
  /** Where the write-ahead log stood at the end. */
  readonly endsAt: string;
  readonly files: readonly BackupFile[];
}

export const MANIFEST_NAME = "manifest.json";
export const CLUSTER_NAME = "pg";
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** What the manual says to leave out: made anew by the server, or of this run only. */
const LEFT_OUT =
  /^(?:postmaster\.(?:pid|opts)|backup_label|tablespace_map|current_logfiles)$|^pg_(?:dynshmem|notify|replslot|serial|snapshots|stat_tmp|subtrans|wal)\/|(?:^|\/)(?:pgsql_tmp|pg_internal\.init|\.s\.PGSQL\.)/u;
const EMPTY_FOLDERS = /^pg_(?:dynshmem|notify|replslot|serial|snapshots|stat_tmp|subtrans|wal)$/u;
const CONTROL_FILE = "global/pg_control";
const WAL_SEGMENT = /^[0-9A-F]{24}$/u;

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Paths below `directory`, folders and files; a file that goes meanwhile is none of ours. */
async function listTree(directory: string): Promise<{ folders: string[]; files: string[] }> {
  const folders: string[] = [];
  const files: string[] = [];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(directory.length + 1);
    if (entry.isSymbolicLink()) throw new Failure("BACKUP_TABLESPACE");
    if (entry.isDirectory()) folders.push(path);
    else if (entry.isFile()) files.push(path);
  }
  return { folders, files };
}

async function writeAll(
  target: FileHandle,
  from: string,
): Promise<{ bytes: number; digest: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(from)) {
    // Without an encoding set, a file stream yields buffers.
    const piece = chunk as Buffer;
    hash.update(piece);
    bytes += piece.length;
    await target.write(piece);
  }
  await target.sync();
  return { bytes, digest: hash.digest("hex") };
}

/** Copies one file durably; null when it is gone already. */
async function copyFile(
  from: string,
  to: string,
): Promise<{ bytes: number; digest: string } | null> {
  const target = await open(to, "wx", FILE_MODE);
  try {
    return await writeAll(target, from);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    await rm(to, { force: true });
    return null;
  } finally {
    await target.close();
  }
}

interface Copy {
  readonly source: string;
  readonly target: string;
}

async function copyPaths(
  { source, target }: Copy,
  paths: readonly string[],
): Promise<BackupFile[]> {
  const copied: BackupFile[] = [];
  for (const path of paths) {
    await mkdir(dirname(join(target, path)), { recursive: true, mode: FOLDER_MODE });
    const file = await copyFile(join(source, path), join(target, path));
    if (file !== null) copied.push({ path, ...file });
  }
  return copied;
}

/** Everything but the write-ahead log; the control file last, as the server's own tool does. */
async function copyCluster(copy: Copy): Promise<BackupFile[]> {
  const { folders, files } = await listTree(copy.source);
  for (const folder of folders) {
    const isLeftOut = LEFT_OUT.test(folder) && !EMPTY_FOLDERS.test(folder);
    if (!isLeftOut) await mkdir(join(copy.target, folder), { recursive: true, mode: FOLDER_MODE });
  }
  const chosen = files.filter((path) => !LEFT_OUT.test(path) && path !== CONTROL_FILE);
  return copyPaths(copy, [...chosen, CONTROL_FILE]);
}

async function copyWal(copy: Copy): Promise<BackupFile[]> {
  const names = (await readdir(join(copy.source, "pg_wal"))).filter((name) =>
    WAL_SEGMENT.test(name),
  );
  return copyPaths(
    copy,
    names.map((name) => `pg_wal/${name}`),
  );
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeFileWhole(path: string, content: string): Promise<BackupFile> {
  const file = await open(path, "wx", FILE_MODE);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  const bytes = Buffer.from(content, "utf8");
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { path: "", bytes: bytes.length, digest };
}

/**
 * Between start and stop on one session; a temporary slot keeps the log that the copy will need
 * from being recycled, and goes with the session.
 */
async function copyBetween(connection: Connection, copy: Copy, label: string) {
  const slot = `midan_backup_${process.pid}`;
  await query(connection, {
    text: "select pg_create_physical_replication_slot($1, true, true)",
    values: [slot],
  });
  await query(connection, { text: "select pg_backup_start($1, true)", values: [label] });
  const files = await copyCluster(copy);
  const [stopped = {}] = await query(connection, {
    text: "select lsn::text, labelfile, spcmapfile, version() as server from pg_backup_stop(false)",
  });
  const labelFile = await writeFileWhole(
    join(copy.target, "backup_label"),
    text(stopped, "labelfile"),
  );
  files.push({ ...labelFile, path: "backup_label" }, ...(await copyWal(copy)));
  await query(connection, { text: "select pg_drop_replication_slot($1)", values: [slot] });
  return { files, endsAt: text(stopped, "lsn"), server: text(stopped, "server") };
}

/**
 * Copies the running server's directory to `folder`, which must not exist yet and appears whole or
 * not at all. Throws BACKUP_TARGET, BACKUP_TABLESPACE, BACKUP_FAILED, or as `query`.
 */
export async function baseBackup(
  database: Database,
  made: { readonly cluster: string; readonly folder: string; readonly at: Date },
): Promise<BackupManifest> {
  const folder = resolve(made.folder);
  const draft = `${folder}.new`;
  if (await exists(folder)) throw new Failure("BACKUP_TARGET");
  await rm(draft, { recursive: true, force: true });
  try {
    await mkdir(join(draft, CLUSTER_NAME), { recursive: true, mode: FOLDER_MODE });
    const copy = { source: resolve(made.cluster), target: join(draft, CLUSTER_NAME) };
    const label = `midan ${made.at.toISOString()}`;
    const copied = await connected(database, async (c) => copyBetween(c, copy, label));
    const manifest = { version: 1, madeAt: made.at.toISOString(), ...copied } as const;
    await writeFileWhole(join(draft, MANIFEST_NAME), JSON.stringify(manifest));
    await rename(draft, folder);
    return manifest;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw asBackupFailure(error);
  }
}

function asBackupFailure(error: unknown): unknown {
  const system = error instanceof Error && "code" in error ? error.code : null;
  if (error instanceof Failure || typeof system !== "string") return error;
  return new Failure("BACKUP_FAILED", { system });
}

export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** The manifest of a backup. Throws BACKUP_BROKEN for what is none. */
export async function readManifest(folder: string): Promise<BackupManifest> {
  try {
    const parsed = JSON.parse(await readFile(join(folder, MANIFEST_NAME), "utf8")) as unknown;
    if (typeof parsed === "object" && parsed !== null && "files" in parsed) {
      // Its files are compared with their digests one by one; nothing else of it is relied on.
      return parsed as BackupManifest;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError) && !isAbsent(error)) throw asBackupFailure(error);
  }
  throw new Failure("BACKUP_BROKEN");
}

/**
 * Copies a backup into `dataDir`, where no database may lie, each file checked against the
 * manifest; the next command starts it. Throws BACKUP_BROKEN, BACKUP_TARGET or BACKUP_FAILED; then
 * nothing is put in place.
 */
export async function restoreBackup(folder: string, dataDir: string): Promise<BackupManifest> {
  const manifest = await readManifest(folder);
  const place = join(resolve(dataDir), CLUSTER_NAME);
  const draft = `${place}.new`;
  if (await exists(place)) throw new Failure("BACKUP_TARGET");
  await rm(draft, { recursive: true, force: true });
  try {
    const copy = { source: join(resolve(folder), CLUSTER_NAME), target: draft };
    const { folders } = await listTree(copy.source);
    for (const one of folders) {
      await mkdir(join(draft, one), { recursive: true, mode: FOLDER_MODE });
    }
    const paths = manifest.files.map(({ path }) => path);
    const digests = new Map((await copyPaths(copy, paths)).map((one) => [one.path, one.digest]));
    const isWhole = manifest.files.every(({ path, digest }) => digests.get(path) === digest);
    if (!isWhole || paths.length === 0) throw new Failure("BACKUP_BROKEN");
    await markRestored(draft);
    // The files are synced as they are written; their names last once the folders are.
    for (const one of [...folders, "."]) await syncFolder(join(draft, one));
    await rename(draft, place);
    await syncFolder(dirname(place));
    return manifest;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw asBackupFailure(error);
  }
}
