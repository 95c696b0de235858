/**
 * A root key in a file, sealed under a passphrase: docs/formats/root-key.md. The file alone opens
 * nothing, and neither does the passphrase.
 */
import { argon2 } from "node:crypto";
import path from "node:path";
import { promisify } from "node:util";
import { Failure } from "../rules/failure.ts";
import { makeFolder, readWhole, requirePrivate, writeDurably } from "./durable-file.ts";
import { ROOT_KEY_BYTES, unwrapUnder, WRAP_NONCE_BYTES, wrapUnder } from "./root-key.ts";
import type { RootKey } from "./root-key.ts";
import { rootKeyInFile } from "./root-key-file.ts";
import { readSecret } from "./secret-file.ts";

export interface PassphraseRoot {
  readonly file: string;
  readonly passphraseFile: string;
  /** The setting that names that file: for who has to choose a longer passphrase. */
  readonly setting?: "MIDAN_ROOT_PASSPHRASE_FILE" | "MIDAN_NEW_ROOT_PASSPHRASE_FILE";
  readonly randomBytes: (count: number) => Uint8Array;
}

interface Cost {
  /** In KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** The second recommended option of RFC 9106 section 4. */
const COST: Cost = { memory: 65_536, passes: 3, parallelism: 4 };
/**
 * What a file may ask for. Less than the lower bounds (OWASP's for argon2id) would be a weaker file
 * put in place of ours, more than the upper ones a way to stop this program.
 */
const BOUNDS = {
  memory: [19_456, 1_048_576],
  passes: [2, 16],
  parallelism: [1, 16],
} as const;
const SALT_BYTES = 16;
/** In UTF-8: twenty letters, or seven Chinese characters. */
const PASSPHRASE_BYTES_MIN = 20;
const FILE_TEXT =
  /^(\$midan-root\$v=1\$argon2id\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w-]{22})\$)([\w-]{80})\n$/u;

const derive = promisify(argon2);

async function deriveKey(root: PassphraseRoot, cost: Cost, salt: Uint8Array): Promise<Buffer> {
  const message = await readSecret(root.passphraseFile);
  return derive("argon2id", { message, nonce: salt, tagLength: ROOT_KEY_BYTES, ...cost });
}

interface SealedRoot {
  /** Everything before the sealed key; authenticated with it. */
  readonly head: string;
  readonly cost: Cost;
  readonly salt: Buffer;
  readonly sealed: Buffer;
}

function isBounded(cost: Cost): boolean {
  // Keys of the table are those of a cost.
  const names = Object.keys(BOUNDS) as (keyof Cost)[];
  return names.every((name) => cost[name] >= BOUNDS[name][0] && cost[name] <= BOUNDS[name][1]);
}

function parseRoot(text: string): SealedRoot {
  const [, head = "", memory, passes, parallelism, salt = "", sealed = ""] =
    FILE_TEXT.exec(text) ?? [];
  const cost = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  };
  if (!isBounded(cost)) throw new Failure("KEYSTORE_ROOT_WRONG");
  return {
    head,
    cost,
    salt: Buffer.from(salt, "base64url"),
    sealed: Buffer.from(sealed, "base64url"),
  };
}

async function readRoot(file: string): Promise<SealedRoot | null> {
  const bytes = await readWhole(file);
  if (bytes === null) return null;
  await requirePrivate(file);
  return parseRoot(bytes.toString("latin1"));
}

async function makeRoot(root: PassphraseRoot, file: string): Promise<void> {
  const passphrase = await readSecret(root.passphraseFile);
  if (Buffer.byteLength(passphrase) < PASSPHRASE_BYTES_MIN)
    throw new Failure("SETTING_INVALID", { setting: root.setting ?? "MIDAN_ROOT_PASSPHRASE_FILE" });
  const salt = Buffer.from(root.randomBytes(SALT_BYTES));
  const { memory, passes, parallelism } = COST;
  const cost = `m=${memory},t=${passes},p=${parallelism}`;
  const head = `$midan-root$v=1$argon2id$${cost}$${salt.toString("base64url")}$`;
  const key = await deriveKey(root, COST, salt);
  const secret = root.randomBytes(ROOT_KEY_BYTES);
  const wrapping = { key, nonce: root.randomBytes(WRAP_NONCE_BYTES) };
  const sealed = wrapUnder(wrapping, secret, Buffer.from(head, "latin1"));
  secret.fill(0);
  key.fill(0);
  await makeFolder(path.dirname(file));
  const text = `${head}${sealed.toString("base64url")}\n`;
  await writeDurably(file, Buffer.from(text, "latin1"));
}

/** The root key in one place, or null when there is none. */
async function keyIn(root: PassphraseRoot, file: string): Promise<Buffer | null> {
  const found = await readRoot(file);
  if (found === null) return null;
  const wrapping = await deriveKey(root, found.cost, found.salt);
  const key = unwrapUnder(wrapping, found.sealed, Buffer.from(found.head, "latin1"));
  wrapping.fill(0);
  if (key === null) throw new Failure("KEYSTORE_ROOT_WRONG");
  return key;
}

/**
 * The root key in `file` under the passphrase in `passphraseFile` (20 bytes at least, which
 * `make` holds: SETTING_INVALID). Each use derives the key anew, a fifth of a second and 64 MiB.
 * Throws KEYSTORE_PERMISSIONS as well when others can read either file.
 */
export function passphraseRootKey(root: PassphraseRoot): RootKey {
  return rootKeyInFile({
    kind: "passphrase",
    file: root.file,
    randomBytes: root.randomBytes,
    exists: async () => (await readRoot(root.file)) !== null,
    keyAt: async (place) => keyIn(root, place),
    makeAt: async (place) => makeRoot(root, place),
  });
}
