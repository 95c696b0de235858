/** Where the command line keeps who is signed in: one file, for its owner alone. */
import { chmod, readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import { Failure } from "../rules/failure.ts";

export interface KeptSession {
  readonly token: string;
  /** What lets this machine be known again at the next sign-in. */
  readonly known: string;
}

type Kept = Readonly<Record<string, KeptSession>>;

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;
const BYTES_MAX = 1_000_000;

function isKept(value: unknown): value is KeptSession {
  if (typeof value !== "object" || value === null) return false;
  return (
    "token" in value &&
    typeof value.token === "string" &&
    "known" in value &&
    typeof value.known === "string"
  );
}

function parse(text: string): Kept {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) throw new Failure("SESSION_FILE");
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([tenant, kept]) => {
      if (!isKept(kept)) throw new Failure("SESSION_FILE");
      return [tenant, kept] as const;
    }),
  );
}

async function readAll(file: string): Promise<Kept> {
  try {
    const { mode, size } = await stat(file);
    if ((mode & OTHERS) !== 0 || size > BYTES_MAX) throw new Failure("SESSION_FILE");
    return parse(await readFile(file, "utf8"));
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new Failure("SESSION_FILE");
  }
}

async function writeAll(file: string, kept: Kept): Promise<void> {
  if (Object.keys(kept).length === 0) {
    await unlink(file).catch(() => undefined);
    return;
  }
  const fresh = `${file}.new`;
  try {
    await writeFile(fresh, `${JSON.stringify(kept)}\n`, { mode: OWNER_ONLY });
    // An older file of that name would have kept its own mode.
    await chmod(fresh, OWNER_ONLY);
    await rename(fresh, file);
  } catch {
    throw new Failure("SESSION_FILE");
  }
}

/**
 * Who is signed in to the tenant of that name, or null. Throws SESSION_FILE when others may read
 * the file or it is not ours.
 */
export async function readSessionFile(file: string, tenant: string): Promise<KeptSession | null> {
  return (await readAll(file))[tenant] ?? null;
}

/** Keeps a session of a tenant in place of an older one; null takes it out. */
export async function writeSessionFile(
  file: string,
  tenant: string,
  session: KeptSession | null,
): Promise<void> {
  const others = Object.entries(await readAll(file)).filter(([name]) => name !== tenant);
  const own = session === null ? [] : [[tenant, session] as const];
  await writeAll(file, Object.fromEntries([...others, ...own]));
}
