/**
 * How long a process may keep generation keys in memory without asking whether they still exist:
 * 60 seconds (P7). What another server destroyed is gone here by then, also when the store cannot
 * be asked; the next use reads the keys again.
 */
import type { Generation } from "./generation.ts";

export const LEASE_MS = 60_000;
const RENEW_MS = 15_000;

/** Keeps the lease of `generation` until it is told to stop. Keeps no process alive. */
export function keepLease(generation: Generation): () => void {
  let missed = 0;
  const renew = async (): Promise<void> => {
    try {
      await generation.refresh();
      missed = 0;
    } catch {
      missed += 1;
      if (missed * RENEW_MS >= LEASE_MS - RENEW_MS) generation.forget();
    }
  };
  const timer = setInterval(() => void renew(), RENEW_MS).unref();
  return () => clearInterval(timer);
}
