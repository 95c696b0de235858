/** The settings of `midan serve`. Looks at no environment itself: see config.ts. */
import { isIP } from "node:net";
import path from "node:path";
import { Failure } from "./rules/failure.ts";
import { readAll } from "./setting-problem.ts";

export interface ServeChoice {
  /** Certificate and key, to speak TLS; null for plain HTTP. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  /** Addresses of proxies whose word for the client's address is taken, with commas, or null. */
  readonly trustedProxies: string | null;
  /** How many requests may be under way at once. */
  readonly requestsMax: number;
  /** Requests that one caller of the API may make in a minute, of each server. */
  readonly requestsPerMinute: number;
  /** Networks of our own to which webhooks may lead, e.g. 10.1.0.0/16. */
  readonly webhookNetworks: readonly string[];
  readonly stopping: { readonly delayMs: number; readonly timeoutMs: number };
  /** From which level on it tells of itself. */
  readonly logLevel: "info" | "warn" | "error" | "off";
  /** Whether it tells addresses of clients too. */
  readonly logAddresses: boolean;
}

/** One row per variable: the name, what it is for, and what holds when it is not set. */
export const SERVE_SETTINGS = [
  { name: "MIDAN_TLS_CERT_FILE", what: "certificate chain, to speak TLS", unset: "none" },
  { name: "MIDAN_TLS_KEY_FILE", what: "key of that certificate", unset: "none" },
  { name: "MIDAN_TRUSTED_PROXIES", what: "addresses of proxies in front of it", unset: "none" },
  { name: "MIDAN_REQUESTS_MAX", what: "requests under way at once", unset: "256" },
  { name: "MIDAN_REQUESTS_PER_MINUTE", what: "of one caller of the API", unset: "60000" },
  { name: "MIDAN_WEBHOOK_NETWORKS", what: "own networks for webhooks", unset: "none" },
  { name: "MIDAN_STOP_DELAY_SECONDS", what: "to be not ready before it stops", unset: "0" },
  { name: "MIDAN_STOP_TIMEOUT_SECONDS", what: "for what is under way to end", unset: "30" },
  { name: "MIDAN_SERVER_LOG", what: "info, warn, error or off", unset: "info" },
  { name: "MIDAN_SERVER_LOG_ADDRESSES", what: "of clients: yes or no", unset: "no" },
] as const;

export type ServeSettingName = (typeof SERVE_SETTINGS)[number]["name"];

export interface ServeSettingReader {
  /** The value, or undefined when it is not set or empty. */
  readonly text: (name: ServeSettingName) => string | undefined;
  readonly workingDir: string;
}

const REQUESTS = { min: 1, max: 10_000, unset: 256 };
const REQUESTS_PER_MINUTE = { min: 1, max: 999_999_999, unset: 60_000 };
const STOP_DELAY = { min: 0, max: 300, unset: 0 };
const STOP_TIMEOUT = { min: 1, max: 3600, unset: 30 };
const SECOND_MS = 1000;
const LOG_LEVELS = ["info", "warn", "error", "off"] as const;

function invalid(setting: ServeSettingName): Failure {
  return new Failure("SETTING_INVALID", { setting });
}

function wholeOf(
  { text }: ServeSettingReader,
  name: ServeSettingName,
  { min, max, unset }: { readonly min: number; readonly max: number; readonly unset: number },
): number {
  const given = text(name);
  if (given === undefined) return unset;
  const number = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
  if (!(number >= min && number <= max)) throw invalid(name);
  return number;
}

/** Names that proxy-addr knows for the addresses of a machine or of a private network. */
const NETWORKS: ReadonlySet<string> = new Set(["loopback", "linklocal", "uniquelocal"]);
const BITS_MAX: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

function isProxy(word: string): boolean {
  if (NETWORKS.has(word)) return true;
  const [address = "", bits = "0", ...rest] = word.split("/");
  const bitsMax = BITS_MAX[isIP(address)];
  return (
    bitsMax !== undefined && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax
  );
}

function proxiesOf({ text }: ServeSettingReader): string | null {
  const given = text("MIDAN_TRUSTED_PROXIES");
  if (given === undefined) return null;
  const words = given.split(",").map((word) => word.trim());
  if (!words.every(isProxy)) throw invalid("MIDAN_TRUSTED_PROXIES");
  return words.join(",");
}

function isNetwork(word: string): boolean {
  return word.includes("/") && isProxy(word);
}

function webhookNetworksOf({ text }: ServeSettingReader): readonly string[] {
  const given = text("MIDAN_WEBHOOK_NETWORKS");
  const networks = given === undefined ? [] : given.split(",").map((word) => word.trim());
  if (!networks.every(isNetwork)) throw invalid("MIDAN_WEBHOOK_NETWORKS");
  return networks;
}

function logLevelOf({ text }: ServeSettingReader): ServeChoice["logLevel"] {
  const asked = text("MIDAN_SERVER_LOG") ?? "info";
  const level = LOG_LEVELS.find((known) => known === asked);
  if (level === undefined) throw invalid("MIDAN_SERVER_LOG");
  return level;
}

function logAddressesOf({ text }: ServeSettingReader): boolean {
  const asked = text("MIDAN_SERVER_LOG_ADDRESSES") ?? "no";
  if (asked !== "yes" && asked !== "no") throw invalid("MIDAN_SERVER_LOG_ADDRESSES");
  return asked === "yes";
}

/** Both files, or neither. */
function tlsOf({ text, workingDir }: ServeSettingReader): ServeChoice["tls"] {
  const certFile = text("MIDAN_TLS_CERT_FILE");
  const keyFile = text("MIDAN_TLS_KEY_FILE");
  if (certFile === undefined && keyFile === undefined) return null;
  if (certFile === undefined) throw invalid("MIDAN_TLS_CERT_FILE");
  if (keyFile === undefined) throw invalid("MIDAN_TLS_KEY_FILE");
  return {
    certFile: path.resolve(workingDir, certFile),
    keyFile: path.resolve(workingDir, keyFile),
  };
}

function stoppingOf(reader: ServeSettingReader): ServeChoice["stopping"] {
  const { delay, timeout } = readAll({
    delay: () => wholeOf(reader, "MIDAN_STOP_DELAY_SECONDS", STOP_DELAY),
    timeout: () => wholeOf(reader, "MIDAN_STOP_TIMEOUT_SECONDS", STOP_TIMEOUT),
  });
  return { delayMs: delay * SECOND_MS, timeoutMs: timeout * SECOND_MS };
}

/** Throws SETTING_INVALID naming every variable that is wrong, never a value. */
export function parseServe(reader: ServeSettingReader): ServeChoice {
  return readAll<ServeChoice>({
    tls: () => tlsOf(reader),
    trustedProxies: () => proxiesOf(reader),
    requestsMax: () => wholeOf(reader, "MIDAN_REQUESTS_MAX", REQUESTS),
    requestsPerMinute: () => wholeOf(reader, "MIDAN_REQUESTS_PER_MINUTE", REQUESTS_PER_MINUTE),
    webhookNetworks: () => webhookNetworksOf(reader),
    stopping: () => stoppingOf(reader),
    logLevel: () => logLevelOf(reader),
    logAddresses: () => logAddressesOf(reader),
  });
}
