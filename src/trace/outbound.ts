/**
 * Spans on their way to a collector: a queue with an end, one request at a time. Whoever makes
 * spans never waits for it; what does not fit, or cannot be told, is let go and counted.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { exportBody } from "./otlp.ts";
import type { EndedSpan } from "./span.ts";

export interface OutboundOptions {
  /** Where to, whole: `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  /** More headers, such as who we are to the collector. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** What the spans are of, as `service.name`. */
  readonly resource: Readonly<Record<string, string>>;
  /** Waits before an attempt is repeated; without it 1, 2, 4 and 8 seconds. */
  readonly waitsMs?: readonly number[];
  /** How long spans gather before they are told; 5 seconds without it. */
  readonly gatherMs?: number;
}

const QUEUE_MAX = 2_048;
const BATCH_MAX = 512;
const GATHER_MS = 5_000;
const WAITS_MS: readonly number[] = [1_000, 2_000, 4_000, 8_000];
const CLOSE_MS_MAX = 2_000;
const ANSWER_BYTES_MAX = 64 * 1024;
/** What the specification has repeated; anything else that is no success is final. */
const AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export interface OutboundCounts {
  readonly exported: number;
  readonly dropped: number;
}

/** How many of a batch were not taken; null where it may be told again. */
type Told = number | null;

async function textOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // What the platform types as any: its streams of bodies hold bytes.
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > ANSWER_BYTES_MAX) return "";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** How many spans the collector says it refused of what it took. */
function rejectedIn(text: string): number {
  try {
    const told = JSON.parse(text) as {
      readonly partialSuccess?: { readonly rejectedSpans?: unknown };
    };
    const count = Number(told.partialSuccess?.rejectedSpans ?? 0);
    return Number.isSafeInteger(count) && count > 0 ? count : 0;
  } catch {
    return 0;
  }
}

export class Outbound {
  readonly #options: OutboundOptions;
  readonly #stop = new AbortController();
  #queue: EndedSpan[] = [];
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> | null = null;
  #exported = 0;
  #dropped = 0;

  constructor(options: OutboundOptions) {
    this.#options = options;
  }

  get counts(): OutboundCounts {
    return { exported: this.#exported, dropped: this.#dropped };
  }

  /** Takes a span, or lets it go when there is no room or the end has come. */
  take(span: EndedSpan): void {
    if (this.#queue.length >= QUEUE_MAX || this.#stop.signal.aborted) {
      this.#dropped += 1;
      return;
    }
    this.#queue.push(span);
    if (this.#queue.length >= BATCH_MAX) this.#send();
    else
      this.#timer ??= setTimeout(() => this.#send(), this.#options.gatherMs ?? GATHER_MS).unref();
  }

  #send(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
  }

  async #sendAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, BATCH_MAX);
      const refused = Math.min(await this.#repeat(batch), batch.length);
      this.#dropped += refused;
      this.#exported += batch.length - refused;
    }
  }

  /** Tells a batch until it is taken or given up; how many of it were not taken. */
  async #repeat(batch: readonly EndedSpan[]): Promise<number> {
    const body = exportBody(this.#options.resource, batch);
    for (const waitMs of [...(this.#options.waitsMs ?? WAITS_MS), null]) {
      const told = await this.#tell(body).catch(() => null);
      if (told !== null) return told;
      if (waitMs === null || this.#stop.signal.aborted) break;
      // An end that comes meanwhile leaves one more attempt, and no more waiting.
      await sleep(waitMs, undefined, { signal: this.#stop.signal, ref: false }).catch(
        () => undefined,
      );
    }
    return batch.length;
  }

  async #tell(body: string): Promise<Told> {
    const { url, headers, timeoutMs } = this.#options;
    const answer = await fetch(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await textOf(answer);
    if (answer.ok) return rejectedIn(text);
    return AGAIN.has(answer.status) ? null : Number.POSITIVE_INFINITY;
  }

  /** Tells what is left, for at most two seconds; the rest is dropped. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#send();
    await Promise.race([this.#sending, sleep(CLOSE_MS_MAX, undefined, { ref: false })]);
  }
}
