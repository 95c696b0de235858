/**
 * The thread that seals: receives compartments and batches, answers with sealed batches in order.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { buildGazetteer } from "../privacy/gazetteer.ts";
import { BatchSealer } from "./batch-sealer.ts";
import type { WorkerAnswer, WorkerRequest, WorkerStart } from "./sealing-thread.ts";

// The composition side starts this file with exactly this value.
const { settings, gazetteerFile } = workerData as WorkerStart;
const gazetteer = buildGazetteer(readFileSync(gazetteerFile, "utf8"));
const sealer = new BatchSealer(settings, gazetteer, (count) => randomBytes(count));

function answer(message: WorkerAnswer, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}

parentPort?.on("message", (request: WorkerRequest) => {
  for (const compartment of request.compartments) sealer.addCompartment(compartment);
  try {
    const batch = sealer.seal(request.orders, request.tokenKey);
    // A buffer made by `new Uint8Array(n)` always lies on an ArrayBuffer of its own.
    answer({ ok: true, batch }, [batch.envelopes.buffer as ArrayBuffer]);
  } catch (error) {
    // Only the class of the error crosses: its message may quote what was being sealed (P9).
    answer({ ok: false, kind: error instanceof Error ? error.name : "unknown" }, []);
  }
});
