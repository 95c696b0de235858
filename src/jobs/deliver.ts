/** Tells webhooks as long as the server runs. */
import { setTimeout as sleep } from "node:timers/promises";
import type { OwnNetworks } from "../access/webhook-address.ts";
import { deliverDue } from "../access/webhook-delivery.ts";
import { isFailure } from "../rules/failure.ts";
import type { Tracer } from "../trace/span.ts";
import type { Vault } from "../vault/vault.ts";

const IDLE_MS = 1_000;
/** After a store could not be reached. */
const FAILED_MS = 10_000;

export interface Delivering {
  /** Networks of the installation's own to which webhooks may lead. */
  readonly own: OwnNetworks;
  /** What makes a trace of each attempt, or null. */
  readonly tracer: Tracer | null;
}

async function pauseAfter(vault: Vault, { own, tracer }: Delivering): Promise<number> {
  try {
    return (await deliverDue(vault, own, tracer)) > 0 ? 0 : IDLE_MS;
  } catch (error) {
    // A fault of the program ends the run; what a store says is for the next attempt.
    if (!isFailure(error)) throw error;
    return FAILED_MS;
  }
}

/** Tells what is due again and again until `signal` is aborted. */
export async function deliverUntil(
  vault: Vault,
  delivering: Delivering,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const pauseMs = await pauseAfter(vault, delivering);
    // An aborted sleep is the end that was asked for.
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
