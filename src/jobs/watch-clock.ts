/**
 * Keeps the mark of the clock going as long as a server runs: without it three quiet days would
 * look like a clock that jumped, and nothing could be sealed until somebody answered for it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isFailure } from "../rules/failure.ts";
import { witnessClock } from "../vault/clock.ts";
import type { Vault } from "../vault/vault.ts";

const BETWEEN_MS = 3_600_000;

/** Holds the clock against its mark once an hour until `signal` is aborted. */
export async function watchClockUntil(vault: Vault, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await witnessClock(vault);
    } catch (error) {
      // A fault of the program ends the run; what a store says is for the next hour.
      if (!isFailure(error)) throw error;
    }
    // An aborted sleep is the end that was asked for.
    await sleep(BETWEEN_MS, undefined, { signal }).catch(() => undefined);
  }
}
