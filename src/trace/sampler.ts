/**
 * Which traces are recorded: the samplers of OTEL_TRACES_SAMPLER (OpenTelemetry specification 1.x,
 * "SDK environment variables").
 */
import type { SpanContext } from "./context.ts";

export const SAMPLERS = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;
export type SamplerName = (typeof SAMPLERS)[number];

export interface Sampler {
  readonly name: SamplerName;
  /** Share of the traces between 0 and 1, where the name has a ratio. */
  readonly ratio: number;
}

const DIGITS = 13;
const TRACES = 2 ** 52;

/** By the trace's own id, so that every system with the same ratio decides alike. */
function isWithin(ratio: number, traceId: string): boolean {
  return Number.parseInt(traceId.slice(-DIGITS), 16) >= (1 - ratio) * TRACES;
}

/** Whether a trace that begins or arrives here is recorded; `parent` is who asked, or null. */
export function isSampled(
  { name, ratio }: Sampler,
  traceId: string,
  parent: SpanContext | null,
): boolean {
  switch (name) {
    case "always_on":
      return true;
    case "always_off":
      return false;
    case "traceidratio":
      return isWithin(ratio, traceId);
    case "parentbased_always_on":
      return parent?.isSampled ?? true;
    case "parentbased_always_off":
      return parent?.isSampled ?? false;
    case "parentbased_traceidratio":
      return parent?.isSampled ?? isWithin(ratio, traceId);
  }
}
