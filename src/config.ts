/** The only reader of the environment. Everything else receives its settings as arguments. */
import path from "node:path";
import { Failure } from "./rules/failure.ts";

export type Language = "zh" | "en";

export interface Config {
  /** Where the embedded database lives; unused when `databaseUrl` is set. */
  readonly dataDir: string;
  /** Where compartment keys live: beside the data, never inside it (P6). */
  readonly keysDir: string;
  /** The root key, outside both directories (P6). */
  readonly rootKeyFile: string;
  readonly databaseUrl: string | null;
  readonly language: Language;
  /** What a new tenant is made with; null when nothing was said. */
  readonly suite: "intl" | "gm" | null;
  readonly profile: string | null;
  readonly tenantName: string;
}

/** One row per variable: the name, what it is for, and what holds when it is not set. */
export const SETTINGS = [
  { name: "MIDAN_HOME", what: "folder for midan-data, midan-keys and midan-root", unset: "." },
  { name: "MIDAN_DATA_DIR", what: "embedded database", unset: "MIDAN_HOME/midan-data" },
  { name: "MIDAN_KEYS_DIR", what: "key store", unset: "MIDAN_HOME/midan-keys" },
  { name: "MIDAN_ROOT_KEY_FILE", what: "root key", unset: "MIDAN_HOME/midan-root/root.key" },
  { name: "MIDAN_DATABASE_URL", what: "a PostgreSQL of your own, 15 or later", unset: "embedded" },
  { name: "MIDAN_LANG", what: "zh or en", unset: "from LC_ALL or LANG" },
  { name: "MIDAN_SUITE", what: "suite of a new tenant: intl (AES) or gm (SM4)", unset: "intl" },
  { name: "MIDAN_PROFILE", what: "mask profile of a new tenant", unset: "gb41833" },
  { name: "MIDAN_TENANT", what: "name of the tenant", unset: "default" },
] as const;

type Environment = Readonly<Record<string, string | undefined>>;
type SettingName = (typeof SETTINGS)[number]["name"];

const SETTING_LENGTH_MAX = 4096;

function read(environment: Environment, name: SettingName): string | undefined {
  const value = environment[name];
  if (value === undefined || value === "") return undefined;
  if (value.length > SETTING_LENGTH_MAX) throw new Failure("SETTING_INVALID", { setting: name });
  return value;
}

function languageOf(environment: Environment): Language {
  const asked = read(environment, "MIDAN_LANG");
  if (asked === "zh" || asked === "en") return asked;
  if (asked !== undefined) throw new Failure("SETTING_INVALID", { setting: "MIDAN_LANG" });
  const locale = environment["LC_ALL"] ?? environment["LC_MESSAGES"] ?? environment["LANG"] ?? "";
  return locale.toLowerCase().startsWith("zh") ? "zh" : "en";
}

function suiteOf(environment: Environment): Config["suite"] {
  const asked = read(environment, "MIDAN_SUITE") ?? null;
  if (asked !== null && asked !== "intl" && asked !== "gm")
    throw new Failure("SETTING_INVALID", { setting: "MIDAN_SUITE" });
  return asked;
}

function isInside(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  return relative === "" || (!relative.startsWith("..") && !path.isAbsolute(relative));
}

/** Keys and data must never share a backup, so none of the three places may lie in another (P6). */
function requireApart(config: Config): void {
  const places = [
    [config.keysDir, config.dataDir],
    [config.dataDir, config.keysDir],
    [config.rootKeyFile, config.dataDir],
    [config.rootKeyFile, config.keysDir],
  ] as const;
  if (places.some(([inner, outer]) => isInside(inner, outer))) throw new Failure("PLACES_OVERLAP");
}

/** The settings of this process, with paths resolved against its working directory. */
export function readConfig(): Config {
  return parseConfig(process.env, process.cwd());
}

/**
 * Reads the settings from `environment` with paths resolved against `workingDir`.
 * Throws Failure SETTING_INVALID naming the variable (never its value), or PLACES_OVERLAP when key
 * store, database and root key are not apart.
 */
export function parseConfig(environment: Environment, workingDir: string): Config {
  const home = path.resolve(workingDir, read(environment, "MIDAN_HOME") ?? ".");
  const place = (name: SettingName, fallback: string): string =>
    path.resolve(workingDir, read(environment, name) ?? path.join(home, fallback));
  const config: Config = {
    dataDir: place("MIDAN_DATA_DIR", "midan-data"),
    keysDir: place("MIDAN_KEYS_DIR", "midan-keys"),
    rootKeyFile: place("MIDAN_ROOT_KEY_FILE", "midan-root/root.key"),
    databaseUrl: read(environment, "MIDAN_DATABASE_URL") ?? null,
    language: languageOf(environment),
    suite: suiteOf(environment),
    profile: read(environment, "MIDAN_PROFILE") ?? null,
    tenantName: read(environment, "MIDAN_TENANT") ?? "default",
  };
  requireApart(config);
  return config;
}
