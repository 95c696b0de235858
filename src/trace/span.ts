/**
 * What took how long, as a tree. A trace begins where a tracer is at hand (a request, a webhook);
 * all that is done within it finds its place by itself, and costs nothing where no trace began.
 * Names and attributes are words, numbers and ids of ours: no address, token, header or value of a
 * statement may be given here (P9).
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { errorKind } from "../rules/error-kind.ts";
import { isFailure } from "../rules/failure.ts";
import type { SpanContext } from "./context.ts";
import { traceparentOf } from "./context.ts";
import { isSampled } from "./sampler.ts";
import type { Sampler } from "./sampler.ts";

/** As OTLP numbers them. */
export const SPAN_KIND = { internal: 1, server: 2, client: 3 } as const;

/** The only attributes there are, each with what it may hold; names of the semantic conventions. */
export interface SpanAttributes {
  "http.request.method"?: string;
  /** The route by its template, as `/v1/waybills/:token`. */
  "http.route"?: string;
  "http.response.status_code"?: number;
  /** Code of a failure, SQLSTATE or kind of an error. */
  "error.type"?: string;
  "db.system.name"?: "postgresql";
  /** Name of a statement, or its verb and table. */
  "db.query.summary"?: string;
  "midan.request_id"?: string;
  "midan.shelf"?: string;
  "midan.leaves"?: number;
  "midan.webhook.id"?: string;
  "midan.webhook.event"?: string;
  "midan.webhook.attempt"?: number;
}

export interface SpanStart {
  readonly name: string;
  readonly kind: keyof typeof SPAN_KIND;
  readonly attributes: SpanAttributes;
}

/** A span that is over. */
export interface EndedSpan extends Omit<SpanContext, "isSampled">, SpanStart {
  readonly parentSpanId: string | null;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly isError: boolean;
}

export interface TracerOptions {
  readonly sampler: Sampler;
  /** Takes each span that ended; must neither wait nor throw. */
  readonly take: (span: EndedSpan) => void;
  /** Milliseconds since 1970, with fractions. */
  readonly nowMs: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
}

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

/** One that is under way. */
export class Span {
  readonly context: SpanContext;
  readonly options: TracerOptions;
  readonly #start: SpanStart;
  readonly #attributes: SpanAttributes;
  readonly #parentSpanId: string | null;
  readonly #beganAtMs: number;
  #isError = false;
  #isOver = false;

  constructor(
    options: TracerOptions,
    start: SpanStart,
    {
      context,
      parentSpanId,
    }: { readonly context: SpanContext; readonly parentSpanId: string | null },
  ) {
    this.options = options;
    this.context = context;
    this.#start = start;
    this.#attributes = { ...start.attributes };
    this.#parentSpanId = parentSpanId;
    this.#beganAtMs = context.isSampled ? options.nowMs() : 0;
  }

  set(attributes: SpanAttributes): void {
    Object.assign(this.#attributes, attributes);
  }

  /** Says that it went wrong, by a word of ours. */
  fail(type: string): void {
    this.#isError = true;
    this.set({ "error.type": type });
  }

  /** Ends it; `name` is what it is called where that is known only now. */
  end(name = this.#start.name): void {
    const { traceId, spanId, isSampled: isRecorded } = this.context;
    if (this.#isOver || !isRecorded) return;
    this.#isOver = true;
    this.options.take({
      traceId,
      spanId,
      name,
      kind: this.#start.kind,
      attributes: this.#attributes,
      parentSpanId: this.#parentSpanId,
      beganAtMs: this.#beganAtMs,
      endedAtMs: this.options.nowMs(),
      isError: this.#isError,
    });
  }
}

const here = new AsyncLocalStorage<Span>();

function newId(options: TracerOptions, count: number): string {
  return Buffer.from(options.randomBytes(count)).toString("hex");
}

export class Tracer {
  readonly #options: TracerOptions;

  constructor(options: TracerOptions) {
    this.#options = options;
  }

  /** Begins a span that is nobody's child here; `parent` is who asked, or null. */
  begin(start: SpanStart, parent: SpanContext | null): Span {
    const options = this.#options;
    const traceId = parent?.traceId ?? newId(options, TRACE_ID_BYTES);
    const spanId = newId(options, SPAN_ID_BYTES);
    const context = { traceId, spanId, isSampled: isSampled(options.sampler, traceId, parent) };
    return new Span(options, start, { context, parentSpanId: parent?.spanId ?? null });
  }
}

/** Runs `work` with all that it does inside of `span`. */
export function within<T>(span: Span, work: () => T): T {
  return here.run(span, work);
}

/** Runs `work` outside of every trace: what it begins goes on when the trace is over. */
export function apart<T>(work: () => T): T {
  return here.exit(work);
}

/** The header that tells another system which span asks it; null outside of a trace. */
export function traceparentHere(): string | null {
  const span = here.getStore();
  return span === undefined ? null : traceparentOf(span.context);
}

/** What to call an error: never its message. */
function wordFor(error: unknown): string {
  return isFailure(error) ? error.code : errorKind(error);
}

/** Runs `work` in `span` and ends it; a failure is told by its code and thrown on. */
export async function whileOpen<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await within(span, work);
  } catch (error) {
    span.fail(wordFor(error));
    throw error;
  } finally {
    span.end();
  }
}

/**
 * Runs `work` as a span of the trace that is under way, which it gets to say more; by itself, with
 * null, where there is none that is recorded.
 */
export async function traced<T>(
  start: () => SpanStart,
  work: (span: Span | null) => Promise<T>,
): Promise<T> {
  const parent = here.getStore();
  if (parent?.context.isSampled !== true) return work(null);
  const { context, options } = parent;
  const own = { ...context, spanId: newId(options, SPAN_ID_BYTES) };
  const span = new Span(options, start(), { context: own, parentSpanId: context.spanId });
  return whileOpen(span, async () => work(span));
}
