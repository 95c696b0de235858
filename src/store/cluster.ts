/**
 * The data directory of the embedded server (`pg/` of the project's data directory).
 *
 * Every server program runs *in* that directory and calls it /proc/self/cwd. So it never needs
 * permission to search the directories above, which belong to other people when the clone lies in
 * root's home: Node changes into the directory first and changes the user afterwards.
 */

import { spawn } from "node:child_process";
import { chown, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { Failure } from "../rules/failure.ts";
import { handOver, initialAccount, serverAccount, spawnAs } from "./account.ts";
import type { Account } from "./account.ts";
import { SERVER_USER } from "./server-settings.ts";

/** What a server program calls the directory that it was started in. */
export const HERE = "/proc/self/cwd";

/** Nothing of ours is passed on but what a program needs to start. */
export const SERVER_ENVIRONMENT = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" } as const;

const PG_MAJOR = "18";
const DRAFT_PREFIX = "pg-draft-";
const DRAFT_AGE_MAX_MS = 600_000;
const INITDB_TIMEOUT_MS = 120_000;
const REASON_LENGTH_MAX = 300;
/* initdb asks the system for the name of its user, even when told another one for the database. */
const NAMELESS = /could not look up effective user ID/;

const INITDB_ARGUMENTS = [
  ["-D", HERE],
  ["-U", SERVER_USER],
  ["-E", "UTF8"],
  // The builtin provider sorts by code point and needs no locale of the operating system.
  ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
  // Safe because the only way in is a socket inside a directory that is 0700.
  ["--auth-local=trust", "--auth-host=reject"],
].flat();

async function initialise(directory: string, programs: string, account: Account): Promise<void> {
  const child = spawn(join(programs, "bin/initdb"), INITDB_ARGUMENTS, {
    cwd: directory,
    env: SERVER_ENVIRONMENT,
    stdio: ["ignore", "ignore", "pipe"],
    timeout: INITDB_TIMEOUT_MS,
    ...spawnAs(account),
  });
  let errors = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => {
    errors = (errors + text).slice(-REASON_LENGTH_MAX);
  });
  const status = await new Promise<number | string | null>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name));
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  if (status === 0) return;
  if (NAMELESS.test(errors)) throw new Failure("EMBEDDED_NO_USER", { uid: account.uid });
  const reason = errors.trim() === "" ? "initdb said nothing" : errors.trim();
  throw new Failure("EMBEDDED_FAILED", { reason, status: String(status) });
}

async function isCluster(directory: string): Promise<boolean> {
  return stat(join(directory, "PG_VERSION")).then(
    () => true,
    () => false,
  );
}

/* What a killed first start left behind. */
async function removeOldDrafts(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(DRAFT_PREFIX)) continue;
    const path = join(dataDir, name);
    const made = await stat(path).catch(() => null);
    if (made === null || Date.now() - made.mtimeMs < DRAFT_AGE_MAX_MS) continue;
    await rm(path, { recursive: true, force: true });
  }
}

/*
 * Made beside its place and renamed when whole: a crash leaves no half of it, and of several first
 * starts one wins without a lock that a crash could leave behind.
 */
async function create(dataDir: string, programs: string): Promise<void> {
  await removeOldDrafts(dataDir);
  const account = await serverAccount(null);
  const draft = await mkdtemp(join(dataDir, DRAFT_PREFIX));
  const cluster = join(draft, "pg");
  try {
    const initial = await initialAccount(account);
    await mkdir(cluster, { mode: 0o700 });
    await chown(cluster, initial.uid, initial.gid);
    await initialise(cluster, programs, initial);
    if (initial.uid !== account.uid) await handOver(cluster, account);
    await rename(cluster, join(dataDir, "pg"));
  } catch (error) {
    if (!(await isCluster(join(dataDir, "pg")))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function checkVersion(directory: string): Promise<void> {
  const version = (await readFile(join(directory, "PG_VERSION"), "utf8")).trim();
  if (version !== PG_MAJOR) throw new Failure("EMBEDDED_VERSION", { found: version });
}

/**
 * Makes `dataDir`/pg when it does not exist and returns it with the account that it belongs to.
 * Throws EMBEDDED_OWNER, EMBEDDED_NO_USER, EMBEDDED_VERSION, or EMBEDDED_FAILED with what initdb
 * said.
 */
export async function openCluster(
  dataDir: string,
  programsFor: (account: Account) => Promise<string>,
): Promise<{ directory: string; account: Account; programs: string }> {
  const directory = join(dataDir, "pg");
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // For its check only: a stranger's directory is refused by name before anything in it fails.
  await serverAccount(dataDir);
  if (!(await isCluster(directory))) {
    await create(dataDir, await programsFor(await serverAccount(null)));
  }
  const account = await serverAccount(directory);
  if ((await stat(directory)).uid !== account.uid) await handOver(directory, account);
  await checkVersion(directory);
  return { directory, account, programs: await programsFor(account) };
}
