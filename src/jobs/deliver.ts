/** Tells webhooks as long as the server runs. */
import type { Delivering } from "../access/webhook-delivery.ts";
import { WebhookPool } from "../access/webhook-pool.ts";
import { isFailure } from "../rules/failure.ts";
import type { Vault } from "../vault/vault.ts";

const IDLE_MS = 1_000;
/** After a store could not be reached. */
const FAILED_MS = 10_000;

async function pauseAfter(pool: WebhookPool): Promise<number> {
  try {
    await pool.fill();
    return IDLE_MS;
  } catch (error) {
    // A fault of the program ends the run; what a store says is for the next attempt.
    if (!isFailure(error)) throw error;
    return FAILED_MS;
  }
}

/**
 * Tells what is due again and again until `signal` is aborted, and ends within three seconds then.
 */
export async function deliverUntil(
  vault: Vault,
  delivering: Delivering,
  signal: AbortSignal,
): Promise<void> {
  const pool = new WebhookPool(vault, delivering);
  while (!signal.aborted) await pool.change(await pauseAfter(pool), signal);
  await pool.stop();
}
