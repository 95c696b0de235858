/**
 * Which trace a piece of work belongs to, as systems tell one another (W3C Trace Context of
 * 2021-11-23, section 3.2). `tracestate` and baggage may hold anything: they are neither taken nor
 * passed on.
 */

export interface SpanContext {
  /** 32 digits, hex. */
  readonly traceId: string;
  /** 16 digits, hex. */
  readonly spanId: string;
  /** Whether whoever began the trace records it. */
  readonly isSampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.{0,200})?$/;
const NO_ID = /^0+$/;
const SAMPLED = 1;

/** What the header says; null for none, or one that is to be ignored (section 4.3). */
export function parseTraceparent(header: unknown): SpanContext | null {
  if (typeof header !== "string") return null;
  const [, version, traceId = "", spanId = "", flags = "", more] = TRACEPARENT.exec(header) ?? [];
  // Later versions may say more behind; this one says exactly these four.
  if (version === undefined || version === "ff" || (version === "00" && more !== undefined))
    return null;
  if (NO_ID.test(traceId) || NO_ID.test(spanId)) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

/** The header for a system that is asked within the span. */
export function traceparentOf({ traceId, spanId, isSampled }: SpanContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
}
