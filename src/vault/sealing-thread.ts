/** Our side of the sealing worker: one batch in, one sealed batch out, in order. */
import { Worker } from "node:worker_threads";
import type {
  PlacedOrder,
  SealedBatch,
  SealerSettings,
  SealingCompartment,
} from "./batch-sealer.ts";

export interface WorkerStart {
  readonly settings: SealerSettings;
  readonly gazetteerFile: string;
}

export interface WorkerRequest {
  readonly compartments: readonly SealingCompartment[];
  readonly orders: readonly PlacedOrder[];
  readonly tokenKey: Uint8Array;
}

export type WorkerAnswer =
  | { readonly ok: true; readonly batch: SealedBatch }
  | { readonly ok: false; readonly kind: string };

/** A batch makes tens of megabytes that die with it: room for them spares most collections. */
const YOUNG_GENERATION_MB = 96;

interface Waiting {
  readonly resolve: (batch: SealedBatch) => void;
  readonly reject: (error: Error) => void;
}

export class SealingThread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  readonly #known = new Set<number>();

  constructor(start: WorkerStart) {
    this.#worker = new Worker(new URL("./sealing-worker.ts", import.meta.url), {
      workerData: start,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.#worker.on("message", (answer: WorkerAnswer) => this.#settle(answer));
    // The error itself may quote what was being sealed (P9), so it is not passed on.
    this.#worker.on("error", () => this.#fail(new Error("the sealing thread ended")));
  }

  /** Seals a batch; of the compartments those that the thread has not seen are sent along. */
  async seal(batch: WorkerRequest): Promise<SealedBatch> {
    const unseen = batch.compartments.filter((compartment) => !this.#known.has(compartment.serial));
    for (const { serial } of unseen) this.#known.add(serial);
    const request: WorkerRequest = { ...batch, compartments: unseen };
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  #settle(answer: WorkerAnswer): void {
    const waiting = this.#waiting.shift();
    if (answer.ok) waiting?.resolve(answer.batch);
    else waiting?.reject(new Error(`sealing failed: ${answer.kind}`));
  }

  #fail(error: Error): void {
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
    // Whoever still waits would wait for ever.
    this.#fail(new Error("the sealing thread ended"));
  }
}
