/** The settings that say what keeps the root key. Looks at no environment itself: see config.ts. */
import path from "node:path";
import { Failure, isFailure } from "./rules/failure.ts";

/** What keeps the root key, and what is needed to reach it. */
export type RootKeyChoice =
  | { readonly kind: "file" }
  | { readonly kind: "passphrase"; readonly passphraseFile: string }
  | {
      readonly kind: "pkcs11";
      readonly module: string;
      readonly token: string;
      readonly key: string;
      readonly pinFile: string;
    }
  | {
      readonly kind: "transit";
      readonly url: string;
      readonly mount: string;
      readonly key: string;
      readonly tokenFile: string;
      readonly namespace: string | null;
    };

/** One row per variable: the name, what it is for, and what holds when it is not set. */
export const ROOT_SETTINGS = [
  { name: "MIDAN_ROOT_KEY", what: "file, passphrase, pkcs11 or transit", unset: "file" },
  { name: "MIDAN_ROOT_PASSPHRASE_FILE", what: "passphrase: the file it stands in", unset: "none" },
  { name: "MIDAN_PKCS11_MODULE", what: "pkcs11: library of the token's maker", unset: "none" },
  { name: "MIDAN_PKCS11_TOKEN", what: "pkcs11: label of the token", unset: "midan" },
  { name: "MIDAN_PKCS11_KEY", what: "pkcs11: label of the key", unset: "midan-root" },
  { name: "MIDAN_PKCS11_PIN_FILE", what: "pkcs11: the file its PIN stands in", unset: "none" },
  { name: "MIDAN_TRANSIT_URL", what: "transit: address of Vault or OpenBao", unset: "none" },
  { name: "MIDAN_TRANSIT_MOUNT", what: "transit: where the engine is mounted", unset: "transit" },
  { name: "MIDAN_TRANSIT_KEY", what: "transit: name of the key", unset: "midan-root" },
  {
    name: "MIDAN_TRANSIT_TOKEN_FILE",
    what: "transit: the file its token stands in",
    unset: "none",
  },
  { name: "MIDAN_TRANSIT_NAMESPACE", what: "transit: namespace", unset: "none" },
] as const;

/**
 * The same for the root key that is to take the place of the present one: each name with NEW after
 * MIDAN. What is not set there is taken from the setting without NEW, but for the first and the
 * file, which must be said.
 */
const NEW_PLACE = {
  name: "MIDAN_NEW_ROOT_KEY_FILE",
  what: "file of a new root key",
  unset: "none",
} as const;
export const NEW_ROOT_SETTINGS = [
  ...ROOT_SETTINGS.map(({ name, what }) => ({
    name: newNameOf(name),
    what: `a new root key: ${what}`,
    unset: name === "MIDAN_ROOT_KEY" ? "none" : name,
  })),
  NEW_PLACE,
] as const;

function newNameOf<Name extends string>(name: `MIDAN_${Name}`): `MIDAN_NEW_${Name}` {
  // What follows the prefix is the rest of the name, which is what the type says.
  return `MIDAN_NEW_${name.slice("MIDAN_".length) as Name}`;
}

export type RootSettingName = (typeof ROOT_SETTINGS)[number]["name"];

export type NewRootSettingName = (typeof NEW_ROOT_SETTINGS)[number]["name"];

export interface RootSettingReader {
  /** The value, or undefined when it is not set or empty. */
  readonly text: (name: RootSettingName) => string | undefined;
  readonly workingDir: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
/** Mounts and namespaces may lie below one another. */
const NAME_PATH = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}(?:\/[A-Za-z0-9][A-Za-z0-9._-]{0,62}){0,7}$/;
/* As long as PKCS #11 has room for in a token's label. */
const LABEL = /^[\x20-\x7e]{1,32}$/;
const LOOPBACK_HOSTS: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

function invalid(setting: RootSettingName): Failure {
  return new Failure("SETTING_INVALID", { setting });
}

function needed(reader: RootSettingReader, name: RootSettingName): string {
  const text = reader.text(name);
  if (text === undefined) throw invalid(name);
  return text;
}

function fileOf(reader: RootSettingReader, name: RootSettingName): string {
  return path.resolve(reader.workingDir, needed(reader, name));
}

function named(
  reader: RootSettingReader,
  name: RootSettingName,
  form: { readonly pattern: RegExp; readonly unset: string },
): string {
  const text = reader.text(name) ?? form.unset;
  if (!form.pattern.test(text)) throw invalid(name);
  return text;
}

/** An address without path, user or query; unenciphered only to this machine itself. */
function urlOf(reader: RootSettingReader): string {
  const name = "MIDAN_TRANSIT_URL";
  const text = needed(reader, name);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || `${url.origin}/` !== url.href) throw invalid(name);
  const isLocal = url.protocol === "http:" && LOOPBACK_HOSTS.includes(url.hostname);
  if (url.protocol !== "https:" && !isLocal) throw invalid(name);
  return url.origin;
}

function transitOf(reader: RootSettingReader): RootKeyChoice {
  const namespace = reader.text("MIDAN_TRANSIT_NAMESPACE") ?? null;
  if (namespace !== null && !NAME_PATH.test(namespace)) throw invalid("MIDAN_TRANSIT_NAMESPACE");
  return {
    kind: "transit",
    url: urlOf(reader),
    mount: named(reader, "MIDAN_TRANSIT_MOUNT", { pattern: NAME_PATH, unset: "transit" }),
    key: named(reader, "MIDAN_TRANSIT_KEY", { pattern: NAME, unset: "midan-root" }),
    tokenFile: fileOf(reader, "MIDAN_TRANSIT_TOKEN_FILE"),
    namespace,
  };
}

function pkcs11Of(reader: RootSettingReader): RootKeyChoice {
  return {
    kind: "pkcs11",
    module: fileOf(reader, "MIDAN_PKCS11_MODULE"),
    token: named(reader, "MIDAN_PKCS11_TOKEN", { pattern: LABEL, unset: "midan" }),
    key: named(reader, "MIDAN_PKCS11_KEY", { pattern: LABEL, unset: "midan-root" }),
    pinFile: fileOf(reader, "MIDAN_PKCS11_PIN_FILE"),
  };
}

/** Rows of what may keep the root key, by the word of MIDAN_ROOT_KEY. */
const CHOICES: Readonly<Record<string, (reader: RootSettingReader) => RootKeyChoice>> = {
  file: () => ({ kind: "file" }),
  passphrase: (reader) => ({
    kind: "passphrase",
    passphraseFile: fileOf(reader, "MIDAN_ROOT_PASSPHRASE_FILE"),
  }),
  pkcs11: pkcs11Of,
  transit: transitOf,
};

/** Throws SETTING_INVALID naming the variable, never its value. */
export function parseRootKey(reader: RootSettingReader): RootKeyChoice {
  const asked = reader.text("MIDAN_ROOT_KEY") ?? "file";
  const choose = Object.hasOwn(CHOICES, asked) ? CHOICES[asked] : undefined;
  if (choose === undefined) throw invalid("MIDAN_ROOT_KEY");
  return choose(reader);
}

/** A root key that is to take the place of the present one. */
export interface NewRootKey {
  readonly choice: RootKeyChoice;
  /** Where it lies, for `file` and `passphrase`. */
  readonly file: string;
}

export interface NewRootReader {
  readonly text: (name: NewRootSettingName | RootSettingName) => string | undefined;
  readonly workingDir: string;
  /** What is in use now, and in which file. */
  readonly present: NewRootKey;
}

/** Whether both name the same key in the same token or service. */
function isSameKey(one: RootKeyChoice, other: RootKeyChoice): boolean {
  if (one.kind === "pkcs11" && other.kind === "pkcs11") {
    return one.module === other.module && one.token === other.token && one.key === other.key;
  }
  if (one.kind === "transit" && other.kind === "transit") {
    const same = one.url === other.url && one.mount === other.mount && one.key === other.key;
    return same && one.namespace === other.namespace;
  }
  return false;
}

function newChoiceOf({ text, workingDir }: NewRootReader): RootKeyChoice {
  const either = (name: RootSettingName): string | undefined =>
    text(newNameOf(name)) ?? (name === "MIDAN_ROOT_KEY" ? undefined : text(name));
  try {
    return parseRootKey({ text: either, workingDir });
  } catch (error) {
    const setting = isFailure(error, "SETTING_INVALID") ? error.details["setting"] : null;
    const row = ROOT_SETTINGS.find(({ name }) => name === setting);
    if (row === undefined) throw error;
    throw new Failure("SETTING_INVALID", { setting: newNameOf(row.name) });
  }
}

const SAME_KEY: Readonly<Record<RootKeyChoice["kind"], NewRootSettingName>> = {
  file: "MIDAN_NEW_ROOT_KEY_FILE",
  passphrase: "MIDAN_NEW_ROOT_KEY_FILE",
  pkcs11: "MIDAN_NEW_PKCS11_KEY",
  transit: "MIDAN_NEW_TRANSIT_KEY",
};

/**
 * The root key that MIDAN_NEW_ROOT_KEY names, or null. Throws SETTING_INVALID naming the variable,
 * also when it is the key that is in use already.
 */
export function parseNewRootKey(reader: NewRootReader): NewRootKey | null {
  const { text, workingDir, present } = reader;
  if (text("MIDAN_NEW_ROOT_KEY") === undefined) return null;
  const choice = newChoiceOf(reader);
  const isFile = choice.kind === "file" || choice.kind === "passphrase";
  const place = text("MIDAN_NEW_ROOT_KEY_FILE");
  const file = place === undefined ? present.file : path.resolve(workingDir, place);
  if (isFile ? file === present.file : isSameKey(choice, present.choice))
    throw new Failure("SETTING_INVALID", { setting: SAME_KEY[choice.kind] });
  return { choice, file };
}

/** The file with the secret that opens the root key, which no backup of keys or data may hold. */
export function secretFileOf(choice: RootKeyChoice): string | null {
  switch (choice.kind) {
    case "file":
      return null;
    case "passphrase":
      return choice.passphraseFile;
    case "pkcs11":
      return choice.pinFile;
    case "transit":
      return choice.tokenFile;
  }
}

/**
 * The setting that names the passphrase of `choice`: a new root key for which none is named anew
 * takes the file of the present one.
 */
export function passphraseSettingOf(
  choice: RootKeyChoice,
  present: RootKeyChoice,
): "MIDAN_ROOT_PASSPHRASE_FILE" | "MIDAN_NEW_ROOT_PASSPHRASE_FILE" {
  const isShared = secretFileOf(choice) === secretFileOf(present);
  return isShared ? "MIDAN_ROOT_PASSPHRASE_FILE" : "MIDAN_NEW_ROOT_PASSPHRASE_FILE";
}
