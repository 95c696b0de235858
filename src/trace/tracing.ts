/** Traces of one running server: what makes spans, and what takes them to the collector. */
import { Outbound } from "./outbound.ts";
import type { OutboundCounts, OutboundOptions } from "./outbound.ts";
import type { Sampler } from "./sampler.ts";
import { Tracer } from "./span.ts";
import type { TracerOptions } from "./span.ts";

export interface Tracing {
  readonly tracer: Tracer;
  /** How many spans the collector has, and how many were let go. */
  readonly counts: () => OutboundCounts;
  /** Tells what is left, for at most two seconds. */
  readonly close: () => Promise<void>;
}

/** Begins to make spans and to tell them; fails never, whatever becomes of the collector. */
export function openTracing(
  told: OutboundOptions & { readonly sampler: Sampler },
  { nowMs, randomBytes }: Pick<TracerOptions, "nowMs" | "randomBytes">,
): Tracing {
  const outbound = new Outbound(told);
  const take: TracerOptions["take"] = (span) => outbound.take(span);
  return {
    tracer: new Tracer({ sampler: told.sampler, take, nowMs, randomBytes }),
    counts: () => outbound.counts,
    close: async () => outbound.close(),
  };
}
