/**
 * As whom the embedded server runs. PostgreSQL refuses to run as root, so root hands it to an
 * account of its own: a number that needs no entry in /etc/passwd, and not `nobody`, whose files
 * anybody's leftover service could read.
 */

import { chown, lchown, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

import { Failure } from "../rules/failure.ts";

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** 26 is PostgreSQL's account on Red Hat systems; this one is far from those that people get. */
const SERVER_ID = 26_026;
const ROOT = 0;
const SEARCH_BY_OTHERS = 0o001;
const SEARCH_BY_GROUP = 0o010;
const SEARCH_BY_OWNER = 0o100;

function ownAccount(): Account {
  // Both exist on every POSIX system, and the embedded server runs on Linux only.
  return { uid: process.getuid?.() ?? ROOT, gid: process.getgid?.() ?? ROOT };
}

/**
 * The account for the data directory `directory`, null when that does not exist yet. Its owner
 * stays its owner when root comes by; EMBEDDED_OWNER when we are neither.
 */
export async function serverAccount(directory: string | null): Promise<Account> {
  const own = ownAccount();
  const fresh = own.uid === ROOT ? { uid: SERVER_ID, gid: SERVER_ID } : own;
  if (directory === null) return fresh;
  const { uid, gid } = await stat(directory);
  if (own.uid !== ROOT && uid !== own.uid) throw new Failure("EMBEDDED_OWNER", { owner: uid });
  // A copy that root restored belongs to root until it is handed over (`handOver`).
  return own.uid !== ROOT || uid === ROOT ? fresh : { uid, gid };
}

/**
 * As whom to run initdb for a data directory of `account`: initdb, unlike the server, insists on a
 * name in /etc/passwd for its user. For a number without one, `nobody` makes the (still empty) data
 * directory, and `handOver` gives it away before anything of ours is in it.
 */
export async function initialAccount(account: Account): Promise<Account> {
  if (ownAccount().uid !== ROOT) return account;
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n");
  const entries = lines.map((line) => line.split(":"));
  const named = entries.filter(([name, , uid]) => name !== undefined && Number(uid) > ROOT);
  const entry =
    named.find(([, , uid]) => Number(uid) === account.uid) ??
    named.find(([name]) => name === "nobody") ??
    named[0];
  if (entry === undefined) throw new Failure("EMBEDDED_FAILED", { reason: "no account" });
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

/** What `spawn` needs to run as `account`: nothing when that is who we are. */
export function spawnAs(account: Account): Partial<Account> {
  return account.uid === ownAccount().uid ? {} : account;
}

/** Gives `directory` and all in it to `account`, without following links. Root only. */
export async function handOver(directory: string, account: Account): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true })) {
    await lchown(join(directory, entry), account.uid, account.gid);
  }
  await chown(directory, account.uid, account.gid);
}

/** Whether `account` may pass through `path` and every directory above it, by their mode bits. */
export async function canReach(account: Account, path: string): Promise<boolean> {
  const { uid, gid, mode } = await stat(path);
  const bit =
    uid === account.uid
      ? SEARCH_BY_OWNER
      : gid === account.gid
        ? SEARCH_BY_GROUP
        : SEARCH_BY_OTHERS;
  if ((mode & bit) === 0) return false;
  const parent = dirname(path);
  return parent === path ? true : canReach(account, parent);
}
