/** The only reader of the environment. Everything else receives its settings as arguments. */
import { readlinkSync } from "node:fs";
import path from "node:path";
import {
  NEW_ROOT_SETTINGS,
  parseNewRootKey,
  parseRootKey,
  ROOT_SETTINGS,
  secretFileOf,
} from "./root-setting.ts";
import type { NewRootKey, RootKeyChoice } from "./root-setting.ts";
import { BRAKE_SETTINGS, parseBrakes, toldBrakes } from "./brake-setting.ts";
import { OPENID_SETTINGS, parseOpenid } from "./openid-setting.ts";
import type { OpenidChoice } from "./openid-setting.ts";
import type { Brakes } from "./rules/brake.ts";
import { parseServe, SERVE_SETTINGS } from "./serve-setting.ts";
import type { ServeChoice } from "./serve-setting.ts";
import { Failure } from "./rules/failure.ts";
import { readSettingFile } from "./setting-file.ts";
import { readAll } from "./setting-problem.ts";
import { parseTrace, TRACE_SETTINGS } from "./trace-setting.ts";
import type { TraceChoice } from "./trace-setting.ts";

export type Language = "zh" | "en";

export interface Config {
  /** Where the embedded database lives; unused when `databaseUrl` is set. */
  readonly dataDir: string;
  /**
   * Where compartment keys live: beside the data, never inside it (P6). With `keysUrl` only what
   * must not lie in that database: the generation keys.
   */
  readonly keysDir: string;
  /** The root key, outside both directories (P6); unused when a device or a service keeps it. */
  readonly rootKeyFile: string;
  /** What keeps the root key. */
  readonly rootKey: RootKeyChoice;
  /** What is to keep it from the next change of the root key on; null for no such change. */
  readonly newRoot: NewRootKey | null;
  /** Where the log's tiles and checkpoints lie: public, and apart from the other three (P13). */
  readonly logDir: string;
  /** Name of a log that does not exist yet; null for a random one. */
  readonly logOrigin: string | null;
  /** One log for all tenants, or one for each; null when nothing was said. */
  readonly logSharing: "shared" | "tenant" | null;
  /** Policy file with the witnesses to ask (C2SP tlog-policy), or null. */
  readonly witnessesFile: string | null;
  readonly databaseUrl: string | null;
  /** A PostgreSQL database of its own for the key store; null for the folder. */
  readonly keysUrl: string | null;
  /** Where codes and other messages for people are put when no program sends them. */
  readonly outboxDir: string;
  /** A program that sends one-time codes; null for a file in the outbox. */
  readonly codeCommand: string | null;
  /** Who is signed in on this machine, for its owner alone. */
  readonly sessionFile: string;
  /** Whether commands act as the local operator where nobody signed in; else they are refused. */
  readonly mayOperate: boolean;
  /** A machine's key; its commands act as that machine. */
  readonly apiKey: string | null;
  /** Scheme, host and port under which browsers reach `midan serve`; null for its own address. */
  readonly publicUrl: string | null;
  /** How `midan serve` serves. */
  readonly serve: ServeChoice;
  /** Where `midan serve` sends traces; null for nowhere. */
  readonly trace: TraceChoice | null;
  /** The OpenID Connect provider to sign in at, or null. */
  readonly openid: OpenidChoice | null;
  readonly brakes: Brakes;
  readonly language: Language;
  /** What a new tenant is made with; null when nothing was said. */
  readonly suite: "intl" | "gm" | null;
  readonly profile: string | null;
  readonly tenantName: string;
  /** Names of the variables that were given, by where, and of those that are no settings. */
  readonly sources: {
    readonly environment: readonly string[];
    readonly file: readonly string[];
    readonly unknown: readonly string[];
  };
}

/** One row per variable: the name, what it is for, and what holds when it is not set. */
export const SETTINGS = [
  { name: "MIDAN_CONFIG_FILE", what: "file of settings (TOML)", unset: "none" },
  { name: "MIDAN_HOME", what: "folder for midan-data, midan-keys and midan-root", unset: "." },
  { name: "MIDAN_DATA_DIR", what: "embedded database", unset: "MIDAN_HOME/midan-data" },
  { name: "MIDAN_KEYS_DIR", what: "key store", unset: "MIDAN_HOME/midan-keys" },
  { name: "MIDAN_ROOT_KEY_FILE", what: "root key", unset: "MIDAN_HOME/midan-root/root.key" },
  {
    name: "MIDAN_LOG_DIR",
    what: "tiles and checkpoints of the log",
    unset: "MIDAN_HOME/midan-log",
  },
  { name: "MIDAN_LOG_ORIGIN", what: "name of a new log, e.g. log.example/midan", unset: "random" },
  { name: "MIDAN_LOG", what: "one log: shared, or for each tenant: tenant", unset: "shared" },
  { name: "MIDAN_WITNESSES", what: "policy file with the witnesses to ask", unset: "none" },
  { name: "MIDAN_DATABASE_URL", what: "a PostgreSQL of your own, 15 or later", unset: "embedded" },
  { name: "MIDAN_KEYS_URL", what: "a PostgreSQL for the keys of several servers", unset: "folder" },
  { name: "MIDAN_OUTBOX_DIR", what: "messages for people", unset: "MIDAN_HOME/midan-outbox" },
  { name: "MIDAN_CODE_COMMAND", what: "program that sends one-time codes", unset: "a file" },
  { name: "MIDAN_SESSION_FILE", what: "who is signed in", unset: "MIDAN_HOME/midan-session" },
  { name: "MIDAN_LOCAL_OPERATOR", what: "commands without sign-in: on or off", unset: "on" },
  { name: "MIDAN_API_KEY", what: "key of a machine that acts", unset: "none" },
  { name: "MIDAN_PUBLIC_URL", what: "where browsers reach midan serve", unset: "its address" },
  { name: "MIDAN_LANG", what: "zh or en", unset: "from LC_ALL or LANG" },
  { name: "MIDAN_SUITE", what: "suite of a new tenant: intl (AES) or gm (SM4)", unset: "intl" },
  { name: "MIDAN_PROFILE", what: "mask profile of a new tenant", unset: "gb41833" },
  { name: "MIDAN_TENANT", what: "name of the tenant", unset: "default" },
  ...OPENID_SETTINGS,
  ...BRAKE_SETTINGS,
  ...SERVE_SETTINGS,
  ...TRACE_SETTINGS,
  ...ROOT_SETTINGS,
  ...NEW_ROOT_SETTINGS,
] as const;

type Environment = Readonly<Record<string, string | undefined>>;
type SettingName = (typeof SETTINGS)[number]["name"];

const SETTING_LENGTH_MAX = 4096;
const TENANT_NAME_LENGTH_MAX = 100;
/* Control characters, halves of characters, separators of lines: they would break our lines. */
const NOT_A_NAME = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
/* As many as the kernel follows (path_resolution(7)). */
const LINKS_MAX = 40;

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

/** One of a few words; null when nothing was said. */
function choiceOf<Choice extends string>(
  environment: Environment,
  setting: SettingName,
  choices: readonly Choice[],
): Choice | null {
  const asked = read(environment, setting);
  if (asked === undefined) return null;
  const found = choices.find((choice) => choice === asked);
  if (found === undefined) throw new Failure("SETTING_INVALID", { setting });
  return found;
}

function tenantNameOf(environment: Environment): string {
  const name = (read(environment, "MIDAN_TENANT") ?? "default").trim();
  const isFit = name !== "" && [...name].length <= TENANT_NAME_LENGTH_MAX;
  if (!isFit || NOT_A_NAME.test(name))
    throw new Failure("SETTING_INVALID", { setting: "MIDAN_TENANT" });
  return name;
}

/** A name without a scheme, as C2SP tlog-checkpoint wants it; no spaces and no plus sign. */
const ORIGIN = /^[0-9A-Za-z][0-9A-Za-z./_-]{2,199}$/;

function originOf(environment: Environment): string | null {
  const origin = read(environment, "MIDAN_LOG_ORIGIN") ?? null;
  if (origin !== null && !ORIGIN.test(origin))
    throw new Failure("SETTING_INVALID", { setting: "MIDAN_LOG_ORIGIN" });
  return origin;
}

/** `https://host[:port]`, or plain HTTP for this machine alone. */
const OWN_ORIGIN = /^https:\/\/[\w.-]+(:\d{1,5})?$|^http:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?$/;

function publicUrlOf(environment: Environment): string | null {
  const url = read(environment, "MIDAN_PUBLIC_URL") ?? null;
  if (url !== null && !OWN_ORIGIN.test(url))
    throw new Failure("SETTING_INVALID", { setting: "MIDAN_PUBLIC_URL" });
  return url;
}

/** What the symbolic link at an absolute path points to; null when there is no link there. */
export type LinkReader = (at: string) => string | null;

/** The links of this machine. */
export function linkOnDisk(at: string): string | null {
  try {
    return readlinkSync(at);
  } catch {
    // No link, nothing there at all, or not for our eyes: opening the place will tell.
    return null;
  }
}

function partsOf(place: string): string[] {
  return place.split(path.sep).filter((part) => part !== "" && part !== ".");
}

/*
 * Where an absolute path leads, as the kernel would walk it. `realpath` cannot say it: the places
 * need not exist yet, and a link may point at what is still to be made. After too many links the
 * rest stands as it is; opening such a path fails (ELOOP, path_resolution(7)).
 */
function followed(place: string, linkAt: LinkReader): string {
  const { root } = path.parse(place);
  let at = root;
  let left = partsOf(place.slice(root.length));
  let links = 0;
  while (left.length > 0) {
    const [name = "", ...rest] = left;
    const next = path.join(at, name);
    const target = name === ".." || links >= LINKS_MAX ? null : linkAt(next);
    if (target !== null) links += 1;
    if (target !== null && path.isAbsolute(target)) at = root;
    else if (target === null) at = next;
    left = target === null ? rest : [...partsOf(target), ...rest];
  }
  return at;
}

function isInside(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  const isOutside = relative === ".." || relative.startsWith(`..${path.sep}`);
  return !isOutside && !path.isAbsolute(relative);
}

/** Files with root keys, or with what opens them: those in use, and those that are to follow. */
function rootFilesOf({ rootKeyFile, rootKey, newRoot }: Config): string[] {
  const coming = newRoot === null ? [] : [newRoot.file, secretFileOf(newRoot.choice)];
  const files = [rootKeyFile, secretFileOf(rootKey), ...coming];
  return files.filter((file) => file !== null);
}

/**
 * Keys and data must never share a backup, and the log is to be restored apart from both, so none
 * of the places may lie in another (P6, P13).
 */
function requireApart(config: Config, linkAt: LinkReader): void {
  const dataDir = followed(config.dataDir, linkAt);
  const keysDir = followed(config.keysDir, linkAt);
  const logDir = followed(config.logDir, linkAt);
  const rootFiles = rootFilesOf(config).map((file) => followed(file, linkAt));
  const places = [
    { inner: dataDir, outer: [keysDir, logDir] },
    { inner: keysDir, outer: [dataDir, logDir] },
    { inner: logDir, outer: [dataDir, keysDir] },
    ...rootFiles.map((inner) => ({ inner, outer: [dataDir, keysDir, logDir] })),
  ];
  const isApart = places.every(({ inner, outer }) =>
    outer.every((folder) => !isInside(inner, folder)),
  );
  if (!isApart) throw new Failure("PLACES_OVERLAP");
  const isOneUrl = config.keysUrl !== null && config.keysUrl === config.databaseUrl;
  if (isOneUrl) throw new Failure("PLACES_OVERLAP");
}

/** Scheme, then a name and password that are left out, then host and path without the query. */
const SERVER = /^([a-z]+:\/\/)(?:[^?#]*@)?([^?#]*)/i;

/** Where a database is, without the name and password in its address. */
function serverOf(url: string): string {
  // The driver takes addresses that are no URLs to the platform, such as `postgres://me@/name`.
  const [, scheme = "", server = ""] = SERVER.exec(url) ?? [];
  return `${scheme}${server}`;
}

/**
 * The settings whose change the log tells of, by the name of the variable, with nothing secret in
 * them. `witnesses` is what the policy file holds.
 */
export function toldSettings(config: Config, witnesses: string): Readonly<Record<string, string>> {
  const { databaseUrl, keysUrl, newRoot } = config;
  return {
    MIDAN_DATA_DIR: databaseUrl === null ? config.dataDir : "",
    MIDAN_DATABASE_URL: databaseUrl === null ? "" : serverOf(databaseUrl),
    MIDAN_KEYS_DIR: config.keysDir,
    MIDAN_KEYS_URL: keysUrl === null ? "" : serverOf(keysUrl),
    MIDAN_ROOT_KEY: JSON.stringify(config.rootKey),
    MIDAN_ROOT_KEY_FILE: config.rootKeyFile,
    ...(newRoot === null ? {} : { MIDAN_NEW_ROOT_KEY: JSON.stringify(newRoot) }),
    MIDAN_LOG_DIR: config.logDir,
    MIDAN_LOG_ORIGIN: config.logOrigin ?? "",
    MIDAN_WITNESSES: witnesses,
    MIDAN_OUTBOX_DIR: config.outboxDir,
    MIDAN_CODE_COMMAND: config.codeCommand ?? "",
    MIDAN_LOCAL_OPERATOR: config.mayOperate ? "on" : "off",
    ...toldBrakes(config.brakes),
  };
}

const KNOWN: ReadonlySet<string> = new Set(SETTINGS.map(({ name }) => name));
/** Not of an installation: how tests and the launcher speak to themselves. */
const NOT_SETTINGS = /^MIDAN_(?:TEST_|LAUNCHED$)/;

/** Which variables are given, and those among them that are no settings. */
function sourcesOf(environment: Environment): Config["sources"] {
  const given = Object.keys(environment).filter((name) => (environment[name] ?? "") !== "");
  const ours = given.filter((name) => name.startsWith("MIDAN_") && !NOT_SETTINGS.test(name));
  const unknown = ours.filter((name) => !KNOWN.has(name));
  return { environment: given.filter((name) => KNOWN.has(name)), file: [], unknown };
}

/**
 * The settings of this process: of its environment, then of the file that MIDAN_CONFIG_FILE names,
 * with paths resolved against its working directory and compared where their symbolic links lead.
 * Throws as `parseConfig` and `readSettingFile`.
 */
export function readConfig(): Config {
  const { env } = process;
  const place = read(env, "MIDAN_CONFIG_FILE");
  const inFile = place === undefined ? {} : readSettingFile(path.resolve(place), KNOWN);
  const given = Object.entries(env).filter(([, value]) => (value ?? "") !== "");
  const config = parseConfig(
    { ...inFile, ...Object.fromEntries(given) },
    process.cwd(),
    linkOnDisk,
  );
  const { environment, unknown } = sourcesOf(env);
  const file = Object.keys(inFile).filter((name) => !environment.includes(name));
  return { ...config, sources: { environment, file, unknown } };
}

/**
 * Reads the settings from `environment` with paths resolved against `workingDir`.
 * Throws Failure SETTING_INVALID naming all wrong variables (no value), or PLACES_OVERLAP when key
 * store, database and root key are not apart. Looks at no disk unless `linkAt` does; without it the
 * places are compared as they are written.
 */
export function parseConfig(
  environment: Environment,
  workingDir: string,
  linkAt: LinkReader = () => null,
): Config {
  const home = (): string => path.resolve(workingDir, read(environment, "MIDAN_HOME") ?? ".");
  const place = (name: SettingName, fallback: string): string =>
    path.resolve(workingDir, read(environment, name) ?? path.join(home(), fallback));
  const placeIfSet = (name: SettingName): string | null => {
    const given = read(environment, name);
    return given === undefined ? null : path.resolve(workingDir, given);
  };
  const text = (name: SettingName): string | undefined => read(environment, name);
  const rootFile = (): string => place("MIDAN_ROOT_KEY_FILE", "midan-root/root.key");
  const rootKey = (): RootKeyChoice => parseRootKey({ text, workingDir });
  const config = readAll<Config>({
    dataDir: () => place("MIDAN_DATA_DIR", "midan-data"),
    keysDir: () => place("MIDAN_KEYS_DIR", "midan-keys"),
    rootKeyFile: rootFile,
    rootKey,
    newRoot: () => {
      const present = { choice: rootKey(), file: rootFile() };
      return parseNewRootKey({ text, workingDir, present });
    },
    logDir: () => place("MIDAN_LOG_DIR", "midan-log"),
    logOrigin: () => originOf(environment),
    logSharing: () => choiceOf(environment, "MIDAN_LOG", ["shared", "tenant"]),
    witnessesFile: () => placeIfSet("MIDAN_WITNESSES"),
    databaseUrl: () => read(environment, "MIDAN_DATABASE_URL") ?? null,
    keysUrl: () => read(environment, "MIDAN_KEYS_URL") ?? null,
    outboxDir: () => place("MIDAN_OUTBOX_DIR", "midan-outbox"),
    codeCommand: () => read(environment, "MIDAN_CODE_COMMAND") ?? null,
    sessionFile: () => place("MIDAN_SESSION_FILE", "midan-session"),
    mayOperate: () => choiceOf(environment, "MIDAN_LOCAL_OPERATOR", ["on", "off"]) !== "off",
    apiKey: () => read(environment, "MIDAN_API_KEY") ?? null,
    publicUrl: () => publicUrlOf(environment),
    serve: () => parseServe({ text, workingDir }),
    trace: () => parseTrace(text),
    openid: () => parseOpenid({ text, workingDir }),
    brakes: () => parseBrakes(text),
    language: () => languageOf(environment),
    suite: () => choiceOf(environment, "MIDAN_SUITE", ["intl", "gm"]),
    profile: () => read(environment, "MIDAN_PROFILE") ?? null,
    tenantName: () => tenantNameOf(environment),
    sources: () => sourcesOf(environment),
  });
  requireApart(config, linkAt);
  return config;
}
