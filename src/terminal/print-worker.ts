/** Takes documents from the queue to one printer, one after another, whatever fails in between. */
import { setTimeout } from "node:timers/promises";
import { isFailure } from "../rules/failure.ts";
import { ENDED } from "./print-queue.ts";
import type { DocumentState, PrintQueue, QueuedDocument, QueuedTask } from "./print-queue.ts";
import type { Printer, Sent } from "./printer.ts";

/** A label of a token, drawn and stated by whoever has the keys. */
export interface Drawn {
  readonly bytes: Uint8Array;
}

/** Null where the agent stands alone and prints sealed payloads only. */
export type Draw = (asked: {
  readonly token: string;
  readonly reason: string | null;
  readonly language: Printer["language"];
  readonly printer: string;
}) => Promise<Drawn>;

export interface WorkerOptions {
  readonly queue: PrintQueue;
  readonly printer: Printer;
  readonly draw: Draw | null;
  /** Told when a document ends, or what stands in its way changes. */
  readonly changed: (task: QueuedTask) => void;
  readonly retryMs: number;
}

type Turn = "done" | "again";

export class PrintWorker {
  readonly #options: WorkerOptions;
  readonly #stop = new AbortController();
  #wake: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** There is something new. */
  wake(): void {
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#running;
  }

  #next(): { task: QueuedTask; document: QueuedDocument } | null {
    for (const task of this.#options.queue.tasks) {
      if (task.printer !== this.#options.printer.name) continue;
      const document = task.documents.find(({ state }) => !ENDED.has(state));
      if (document !== undefined) return { task, document };
    }
    return null;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const next = this.#next();
      if (next === null) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const turn = await this.#turn(next.task, next.document);
      // Waiting ends early when the agent is told to stop.
      if (turn === "again")
        await setTimeout(this.#options.retryMs, null, { signal }).catch(() => null);
    }
  }

  async #write(
    task: QueuedTask,
    document: QueuedDocument,
    now: { state: DocumentState; detail: string; printerJob?: string },
  ): Promise<void> {
    const isNews = document.detail !== now.detail || ENDED.has(now.state);
    const isSame = document.state === now.state && !isNews;
    Object.assign(document, now);
    if (isSame) return;
    await this.#options.queue.save(task);
    if (isNews) this.#options.changed(task);
  }

  /** One step of one document; what fails is written down and never thrown. */
  async #turn(task: QueuedTask, document: QueuedDocument): Promise<Turn> {
    switch (document.state) {
      case "received":
        return this.#drawn(task, document);
      case "waiting":
        return this.#sent(task, document);
      case "sending":
        return this.#recovered(task, document);
      case "accepted":
        return this.#asked(task, document);
      case "printed":
      case "failed":
      case "unsure":
        return "done";
    }
  }

  async #drawn(task: QueuedTask, document: QueuedDocument): Promise<Turn> {
    const { draw, printer } = this.#options;
    const { token } = document;
    if (draw === null || token === null) {
      await this.#write(task, document, { state: "failed", detail: "AGENT_STANDS_ALONE" });
      return "done";
    }
    // An earlier try may have been stated before it stopped; then this is its second print.
    const reason = document.reason ?? (document.wasInterrupted ? "resumed" : null);
    try {
      const { language } = printer;
      const { bytes } = await draw({ token, reason, language, printer: printer.name });
      document.bytes = Buffer.from(bytes).toString("base64");
      await this.#write(task, document, { state: "waiting", detail: "" });
      return "done";
    } catch (error) {
      const isLasting = isFailure(error) && error.row.status < 500;
      const detail = isFailure(error) ? error.code : "INTERNAL";
      await this.#write(task, document, { state: isLasting ? "failed" : "received", detail });
      return isLasting ? "done" : "again";
    }
  }

  async #sent(task: QueuedTask, document: QueuedDocument): Promise<Turn> {
    const { printer } = this.#options;
    const status = await printer.status();
    if (!status.isReady) {
      await this.#write(task, document, { state: "waiting", detail: status.detail });
      return "again";
    }
    await this.#write(task, document, { state: "sending", detail: "" });
    const bytes = Buffer.from(document.bytes, "base64");
    return this.#settle(task, document, await printer.send({ name: document.job, bytes }));
  }

  async #recovered(task: QueuedTask, document: QueuedDocument): Promise<Turn> {
    const found = await this.#options.printer.recover(document.job);
    return this.#settle(task, document, found ?? { outcome: "refused", detail: "" });
  }

  async #asked(task: QueuedTask, document: QueuedDocument): Promise<Turn> {
    const { printer } = this.#options;
    const outcome = await printer.outcomeOf(document.printerJob);
    if (outcome !== null) return this.#settle(task, document, outcome);
    const { isReady, detail } = await printer.status();
    await this.#write(task, document, { state: "accepted", detail: isReady ? "" : detail });
    return "again";
  }

  async #settle(task: QueuedTask, document: QueuedDocument, sent: Sent): Promise<Turn> {
    switch (sent.outcome) {
      case "printed":
        await this.#write(task, document, { state: "printed", detail: "" });
        return "done";
      case "accepted":
        await this.#write(task, document, { state: "accepted", detail: "", printerJob: sent.job });
        return "done";
      case "refused":
        await this.#write(task, document, { state: "waiting", detail: sent.detail });
        return sent.detail === "" ? "done" : "again";
      case "unsure":
      case "failed":
        await this.#write(task, document, { state: sent.outcome, detail: sent.detail });
        return "done";
    }
  }
}
