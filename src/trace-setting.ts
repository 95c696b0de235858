/**
 * Where `midan serve` sends traces: the variables that OpenTelemetry has names for (specification,
 * "SDK environment variables" and "OTLP exporter configuration"). Looks at no environment itself.
 */
import { Failure } from "./rules/failure.ts";
import { readAll } from "./setting-problem.ts";
import { SAMPLERS } from "./trace/sampler.ts";
import type { Sampler } from "./trace/sampler.ts";

export interface TraceChoice {
  /** Whole, with its path. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly sampler: Sampler;
  /** What the traces are of, with `service.name`. */
  readonly resource: Readonly<Record<string, string>>;
}

/** One row per variable: the name, what it is for, and what holds when it is not set. */
export const TRACE_SETTINGS = [
  { name: "OTEL_EXPORTER_OTLP_ENDPOINT", what: "collector of traces", unset: "no traces" },
  { name: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", what: "the same, with its path", unset: "none" },
  { name: "OTEL_EXPORTER_OTLP_HEADERS", what: "headers for it, as name=value", unset: "none" },
  { name: "OTEL_EXPORTER_OTLP_PROTOCOL", what: "http/json and no other", unset: "http/json" },
  { name: "OTEL_EXPORTER_OTLP_TIMEOUT", what: "milliseconds for an answer", unset: "10000" },
  { name: "OTEL_TRACES_SAMPLER", what: "which are kept", unset: "parentbased_always_on" },
  { name: "OTEL_TRACES_SAMPLER_ARG", what: "share of them, 0 to 1", unset: "1" },
  { name: "OTEL_SERVICE_NAME", what: "what it is called there", unset: "midan" },
  { name: "OTEL_RESOURCE_ATTRIBUTES", what: "more of it, as name=value", unset: "none" },
  { name: "OTEL_SDK_DISABLED", what: "true for no traces at all", unset: "false" },
] as const;

export type TraceSettingName = (typeof TRACE_SETTINGS)[number]["name"];

/** The value, or undefined when it is not set or empty. */
export type TraceSettingReader = (name: TraceSettingName) => string | undefined;

const PATH = "/v1/traces";
const TIMEOUT_MS = { min: 1, max: 60_000, unset: 10_000 };
const PAIRS_MAX = 32;
const HEADER_NAME = /^[\w-]{1,100}$/;
const HEADER_VALUE = /^[\x20-\x7e]{0,1000}$/;
const ATTRIBUTE_NAME = /^[a-z][\w.-]{0,99}$/i;
const ATTRIBUTE_VALUE = /^[^\p{Cc}]{0,200}$/u;

function invalid(setting: TraceSettingName): Failure {
  return new Failure("SETTING_INVALID", { setting });
}

function urlOf(text: TraceSettingReader): string | null {
  const whole = text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
  const base = text("OTEL_EXPORTER_OTLP_ENDPOINT");
  const given = whole ?? base;
  if (given === undefined) return null;
  const name =
    whole === undefined ? "OTEL_EXPORTER_OTLP_ENDPOINT" : "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  const url = URL.parse(given);
  const isFit = url !== null && ["http:", "https:"].includes(url.protocol) && url.username === "";
  if (!isFit || url.hash !== "") throw invalid(name);
  if (whole === undefined) url.pathname = `${url.pathname.replace(/\/+$/, "")}${PATH}`;
  return url.href;
}

/** `name=value` with commas between, values percent-encoded, as in W3C Baggage. */
function pairsOf(
  text: TraceSettingReader,
  setting: TraceSettingName,
  fit: { readonly name: RegExp; readonly value: RegExp },
): Record<string, string> {
  const found: Record<string, string> = {};
  const words = (text(setting) ?? "").split(",").filter((word) => word.trim() !== "");
  if (words.length > PAIRS_MAX) throw invalid(setting);
  for (const word of words) {
    const at = word.indexOf("=");
    const name = word.slice(0, Math.max(at, 0)).trim();
    const value = decoded(word.slice(at + 1).trim());
    if (value === null || !fit.name.test(name) || !fit.value.test(value)) throw invalid(setting);
    found[name] = value;
  }
  return found;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function timeoutOf(text: TraceSettingReader): number {
  const given = text("OTEL_EXPORTER_OTLP_TIMEOUT");
  const { min, max, unset } = TIMEOUT_MS;
  const timeoutMs = given === undefined ? unset : Number(given);
  const isFit = Number.isInteger(timeoutMs) && timeoutMs >= min && timeoutMs <= max;
  if (!isFit) throw invalid("OTEL_EXPORTER_OTLP_TIMEOUT");
  return timeoutMs;
}

function samplerOf(text: TraceSettingReader): Sampler {
  const asked = text("OTEL_TRACES_SAMPLER") ?? "parentbased_always_on";
  const name = SAMPLERS.find((known) => known === asked);
  if (name === undefined) throw invalid("OTEL_TRACES_SAMPLER");
  const ratio = Number(text("OTEL_TRACES_SAMPLER_ARG") ?? "1");
  if (!(ratio >= 0 && ratio <= 1)) throw invalid("OTEL_TRACES_SAMPLER_ARG");
  return { name, ratio };
}

function requireJson(text: TraceSettingReader): void {
  if ((text("OTEL_EXPORTER_OTLP_PROTOCOL") ?? "http/json") !== "http/json")
    throw invalid("OTEL_EXPORTER_OTLP_PROTOCOL");
}

const ATTRIBUTES = { name: ATTRIBUTE_NAME, value: ATTRIBUTE_VALUE };
const HEADERS = { name: HEADER_NAME, value: HEADER_VALUE };

function resourceOf(text: TraceSettingReader): Record<string, string> {
  const more = pairsOf(text, "OTEL_RESOURCE_ATTRIBUTES", ATTRIBUTES);
  const name = text("OTEL_SERVICE_NAME") ?? more["service.name"] ?? "midan";
  if (!ATTRIBUTE_VALUE.test(name)) throw invalid("OTEL_SERVICE_NAME");
  return { ...more, "service.name": name };
}

/**
 * Null where no collector is named, or traces are switched off. Throws SETTING_INVALID naming every
 * variable that is wrong, never a value.
 */
export function parseTrace(text: TraceSettingReader): TraceChoice | null {
  if (text("OTEL_SDK_DISABLED")?.toLowerCase() === "true") return null;
  const { url, ...choice } = readAll<Omit<TraceChoice, "url"> & { url: string | null; json: void }>(
    {
      url: () => urlOf(text),
      headers: () => pairsOf(text, "OTEL_EXPORTER_OTLP_HEADERS", HEADERS),
      timeoutMs: () => timeoutOf(text),
      sampler: () => samplerOf(text),
      resource: () => resourceOf(text),
      json: () => requireJson(text),
    },
  );
  const { headers, timeoutMs, sampler, resource } = choice;
  return url === null ? null : { url, headers, timeoutMs, sampler, resource };
}
