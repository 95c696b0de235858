/** The settings that say what keeps the root key. Looks at no environment itself: see config.ts. */
import path from "node:path";
import { Failure } from "./rules/failure.ts";

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

export type RootSettingName = (typeof ROOT_SETTINGS)[number]["name"];

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
