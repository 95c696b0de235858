/**
 * The folder of a sandbox (演练环境): marked as one before anything else is in it, and deleted only
 * by its mark.
 */
import { existsSync } from "node:fs";
import { lstat, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../rules/failure.ts";
import { isSandbox, SANDBOX_TENANT } from "../rules/sandbox.ts";
import { CLUSTER_NAME } from "../store/base-backup.ts";
import { postmasterPid } from "../store/postmaster.ts";

const MARK_FILE = "sandbox";
const DATA_FOLDER = "midan-data";
/** Who is who in it, written when all of it is made. */
export const ACCOUNTS_FILE = "sandbox-accounts.json";
/** What an installation makes in its folder besides its data. */
const OTHERS = [
  ACCOUNTS_FILE,
  `${ACCOUNTS_FILE}.new`,
  "midan-keys",
  "midan-root",
  "midan-log",
  "midan-outbox",
  "midan-session",
] as const;
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const WRONG_PLACE: ReadonlySet<unknown> = new Set([
  "EEXIST",
  "ENOTDIR",
  "EACCES",
  "EROFS",
  "ELOOP",
]);

/**
 * A sandbox's folder holds the sandbox's tenant alone, and nothing else holds it. Throws
 * SANDBOX_TENANT.
 */
export function requireOwnFolder(of: {
  readonly dataDir: string;
  readonly tenantName: string;
}): void {
  const isMarked = existsSync(path.join(of.dataDir, MARK_FILE));
  if (isMarked !== isSandbox({ name: of.tenantName })) throw new Failure("SANDBOX_TENANT");
}

/** The mark of the sandbox in `home`, when it is a file that lies there and not one led to. */
async function isSandboxHome(home: string): Promise<boolean> {
  const data = await lstat(path.join(home, DATA_FOLDER)).catch(() => null);
  const mark = await lstat(path.join(home, DATA_FOLDER, MARK_FILE)).catch(() => null);
  return data?.isDirectory() === true && mark?.isFile() === true;
}

/** Deletes the sandbox, the mark after all that it marks, and nothing that is not a sandbox's. */
async function deleteSandbox(home: string): Promise<void> {
  const data = path.join(home, DATA_FOLDER);
  if ((await postmasterPid(path.join(data, CLUSTER_NAME))) !== null)
    throw new Failure("SANDBOX_RUNNING");
  const held = (await readdir(data)).filter((name) => name !== MARK_FILE);
  const places = [
    ...OTHERS.map((name) => path.join(home, name)),
    ...held.map((name) => path.join(data, name)),
  ];
  for (const place of places) await rm(place, { recursive: true, force: true });
  await rm(data, { recursive: true });
}

async function entriesOf(home: string): Promise<readonly string[]> {
  try {
    await mkdir(home, { recursive: true, mode: FOLDER_MODE });
    return await readdir(home);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    throw WRONG_PLACE.has(code) ? new Failure("SANDBOX_PLACE") : error;
  }
}

/** `made`: there is a whole sandbox. `empty`: it has its mark and is to be filled. */
export type SandboxFolder = "made" | "empty";

/**
 * Makes the folder a sandbox's, unless it is one. What was left half made, or is to be made anew,
 * is deleted first. Throws SANDBOX_PLACE, and has changed nothing, where anything else lies there,
 * and SANDBOX_RUNNING where what is to be deleted is in use.
 */
export async function prepareSandbox(home: string, isReset: boolean): Promise<SandboxFolder> {
  const entries = await entriesOf(home);
  const isOurs = await isSandboxHome(home);
  if (!isOurs && entries.length > 0) throw new Failure("SANDBOX_PLACE");
  if (isOurs && entries.includes(ACCOUNTS_FILE) && !isReset) return "made";
  if (isOurs) await deleteSandbox(home);
  const data = path.join(home, DATA_FOLDER);
  await mkdir(data, { mode: FOLDER_MODE });
  await writeFile(path.join(data, MARK_FILE), `${SANDBOX_TENANT}\n`, {
    mode: FILE_MODE,
    flag: "wx",
  });
  return "empty";
}
