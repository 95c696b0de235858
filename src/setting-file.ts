/**
 * The file of settings: TOML 1.0, each key a variable's name in small letters without MIDAN_, as
 * `database_url` or `otel_service_name`. The environment goes before it.
 */
import { readFileSync, statSync } from "node:fs";
import { parse, TomlError } from "smol-toml";
import { Failure } from "./rules/failure.ts";

const FILE_BYTES_MAX = 64 * 1024;
const WRITABLE_BY_OTHERS = 0o022;
const READABLE_BY_OTHERS = 0o044;
/** What others must not read. */
const SECRETS: ReadonlySet<string> = new Set([
  "MIDAN_API_KEY",
  "MIDAN_DATABASE_URL",
  "MIDAN_KEYS_URL",
  "OTEL_EXPORTER_OTLP_HEADERS",
]);
const SETTING = "MIDAN_CONFIG_FILE";
const KEY = /^[a-z][a-z0-9_]{0,59}$/;

function broken(details: Readonly<Record<string, string | number>>): Failure {
  return new Failure("CONFIG_FILE_BROKEN", details);
}

function tableIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text);
  } catch (error) {
    // Its message quotes the line.
    const { line, column } = error instanceof TomlError ? error : { line: 0, column: 0 };
    throw broken({ line, column });
  }
}

/** A value as the environment would hold it; null for what no variable can hold. */
function textOf(value: unknown): string | null {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  return typeof value === "string" ? value : null;
}

/** Variables of OpenTelemetry have no prefix of ours. */
function variableOf(key: string): string {
  return key.startsWith("otel_") ? key.toUpperCase() : `MIDAN_${key.toUpperCase()}`;
}

/**
 * The settings that `text` holds, by the name of the variable. Throws CONFIG_FILE_BROKEN with line
 * and column where it is no TOML, and with all keys that are unknown or hold no text, number,
 * true or false; a key that could be anything but a name is told as "?".
 */
export function settingsIn(
  text: string,
  known: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const wrong: string[] = [];
  for (const [key, value] of Object.entries(tableIn(text))) {
    const name = KEY.test(key) ? variableOf(key) : "?";
    const given = textOf(value);
    if (given === null || name === SETTING || !known.has(name))
      wrong.push(name === "?" ? name : key);
    else found[name] = given;
  }
  if (wrong.length > 0) throw broken({ keys: wrong.join(", ") });
  return found;
}

function requirePrivate(mode: number, found: Readonly<Record<string, string>>): void {
  const isSecret = Object.keys(found).some((name) => SECRETS.has(name));
  const forbidden = isSecret ? WRITABLE_BY_OTHERS | READABLE_BY_OTHERS : WRITABLE_BY_OTHERS;
  if ((mode & forbidden) !== 0) throw new Failure("CONFIG_FILE_OPEN");
}

/**
 * The settings of the file at `place`. Throws as `settingsIn`, SETTING_INVALID naming
 * MIDAN_CONFIG_FILE where it cannot be read or is longer than 64 KiB, and CONFIG_FILE_OPEN where
 * others may write it, or read a secret in it.
 */
export function readSettingFile(
  place: string,
  known: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  let mode = 0;
  let text = "";
  try {
    const found = statSync(place);
    if (!found.isFile() || found.size > FILE_BYTES_MAX) throw new RangeError("no file of settings");
    ({ mode } = found);
    text = readFileSync(place, "utf8");
  } catch {
    throw new Failure("SETTING_INVALID", { setting: SETTING });
  }
  const settings = settingsIn(text, known);
  requirePrivate(mode, settings);
  return settings;
}
