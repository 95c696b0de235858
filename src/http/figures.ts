/** The server's figures for Prometheus. Labels are names of ours, never a token or an address. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { VaultFigures } from "../vault/figures.ts";

declare module "fastify" {
  interface FastifyInstance {
    readonly figures: Figures;
  }
}

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** What a gauge is called and what it tells, in the order of the page. */
const GAUGES = {
  ready: ["midan_ready", "Whether a part can serve: 1 or 0.", ["part"]],
  underWay: ["midan_http_requests_under_way", "Requests that are being answered.", []],
  waiting: ["midan_log_waiting_leaves", "Leaves that wait for an index in the log.", []],
  oldest: ["midan_log_oldest_seconds", "For how long the oldest of them has waited.", []],
  generation: ["midan_key_generation_age_seconds", "Age of the oldest key generation.", []],
  jobEnded: ["midan_job_ended_timestamp_seconds", "When the last run of a job ended.", ["job"]],
  jobFailed: ["midan_job_failed", "Whether the last run of a job failed: 1 or 0.", ["job"]],
} as const;

export interface AnsweredRequest {
  readonly method: string;
  /** As `/v1/waybills/:token`. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export class Figures {
  readonly #registry = new Registry();
  readonly #answered: Counter;
  readonly #seconds: Histogram;
  readonly #orders: Counter;
  readonly #revealed: Counter;
  readonly #spans: Counter;
  readonly #gauges: Readonly<Record<keyof typeof GAUGES, Gauge>>;

  constructor() {
    const registers = [this.#registry];
    this.#answered = new Counter({
      name: "midan_http_requests_total",
      help: "Answered requests by method, route and status.",
      labelNames: ["method", "route", "status"],
      registers,
    });
    this.#seconds = new Histogram({
      name: "midan_http_request_seconds",
      help: "Seconds from the head of the request to the end of the answer.",
      labelNames: ["method", "route"],
      buckets: BUCKETS_SECONDS,
      registers,
    });
    this.#orders = new Counter({
      name: "midan_orders_total",
      help: "Orders that came, by what became of them: sealed, repeated or rejected.",
      labelNames: ["outcome"],
      registers,
    });
    this.#revealed = new Counter({
      name: "midan_revealed_total",
      help: "Waybills of which fields were opened.",
      registers,
    });
    this.#spans = new Counter({
      name: "midan_trace_spans_total",
      help: "Spans of traces, by what became of them: exported or dropped.",
      labelNames: ["outcome"],
      registers,
    });
    const gauge = (key: keyof typeof GAUGES): Gauge => {
      const [name, help, labelNames] = GAUGES[key];
      return new Gauge({ name, help, labelNames: [...labelNames], registers });
    };
    this.#gauges = {
      ready: gauge("ready"),
      underWay: gauge("underWay"),
      waiting: gauge("waiting"),
      oldest: gauge("oldest"),
      generation: gauge("generation"),
      jobEnded: gauge("jobEnded"),
      jobFailed: gauge("jobFailed"),
    };
  }

  answered({ method, route, status, seconds }: AnsweredRequest): void {
    this.#answered.inc({ method, route, status: String(status) });
    this.#seconds.observe({ method, route }, seconds);
  }

  ordered(outcome: "sealed" | "repeated" | "rejected"): void {
    this.#orders.inc({ outcome });
  }

  revealed(): void {
    this.#revealed.inc();
  }

  /** How many spans the collector took and how many were let go, since the server began. */
  traced(counts: { readonly exported: number; readonly dropped: number }): void {
    this.#spans.reset();
    this.#spans.inc({ outcome: "exported" }, counts.exported);
    this.#spans.inc({ outcome: "dropped" }, counts.dropped);
  }

  #take({ parts, log, generationAgeSeconds, jobs }: VaultFigures): void {
    const { ready, waiting, oldest, generation, jobEnded, jobFailed } = this.#gauges;
    for (const [part, state] of Object.entries(parts)) ready.set({ part }, state === "ok" ? 1 : 0);
    // What is not known is not told, so that no curve shows a zero that nobody saw.
    waiting.set(log?.waiting ?? Number.NaN);
    oldest.set(log?.oldestSeconds ?? Number.NaN);
    generation.set(generationAgeSeconds);
    for (const { name: job, endedAt, isFailed } of jobs) {
      jobEnded.set({ job }, endedAt.getTime() / 1000);
      jobFailed.set({ job }, isFailed ? 1 : 0);
    }
  }

  /** The text format of Prometheus, version 0.0.4. */
  async text(found: VaultFigures, underWay: number): Promise<string> {
    this.#take(found);
    this.#gauges.underWay.set(underWay);
    return this.#registry.metrics();
  }
}
