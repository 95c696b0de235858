/** Spans as OTLP over HTTP has them in JSON (OTLP specification 1.5, "JSON Protobuf Encoding"). */
import { SPAN_KIND } from "./span.ts";
import type { EndedSpan } from "./span.ts";

type Value = string | number | boolean;

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, Value>>;
}

const STATUS_ERROR = 2;
const NANO_IN_MS = 1_000_000n;
const FRACTION_IN_MS = 1_000_000;
const VALUE_CHARACTERS_MAX = 200;

/** 64 bits are text in this encoding. */
function nanoText(ms: number): string {
  const whole = Math.floor(ms);
  return String(BigInt(whole) * NANO_IN_MS + BigInt(Math.round((ms - whole) * FRACTION_IN_MS)));
}

function valueOf(value: Value): KeyValue["value"] {
  if (typeof value === "string") return { stringValue: value.slice(0, VALUE_CHARACTERS_MAX) };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function listOf(attributes: object): KeyValue[] {
  // The interface of attributes holds these three types and no more.
  const entries = Object.entries(attributes) as [string, Value][];
  return entries.map(([key, value]) => ({ key, value: valueOf(value) }));
}

function spanOf(span: EndedSpan) {
  const { traceId, spanId, parentSpanId, name, kind, attributes, isError } = span;
  return {
    traceId,
    spanId,
    ...(parentSpanId === null ? {} : { parentSpanId }),
    name: name.slice(0, VALUE_CHARACTERS_MAX),
    kind: SPAN_KIND[kind],
    startTimeUnixNano: nanoText(span.beganAtMs),
    endTimeUnixNano: nanoText(span.endedAtMs),
    attributes: listOf(attributes),
    ...(isError ? { status: { code: STATUS_ERROR } } : {}),
  };
}

/** The body of one request to `/v1/traces`; `resource` says what these are spans of. */
export function exportBody(
  resource: Readonly<Record<string, string>>,
  spans: readonly EndedSpan[],
): string {
  const scopeSpans = [{ scope: { name: "midan" }, spans: spans.map(spanOf) }];
  return JSON.stringify({
    resourceSpans: [{ resource: { attributes: listOf(resource) }, scopeSpans }],
  });
}
