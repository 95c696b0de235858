/** Commands that run until they are told to stop. */
import { once } from "node:events";
import process from "node:process";

/** As shells tell it: ended by a signal. */
const SIGNAL_EXIT: Readonly<Record<"SIGINT" | "SIGTERM", number>> = { SIGINT: 130, SIGTERM: 143 };
const STOPS = ["SIGINT", "SIGTERM"] as const;

/**
 * Resolves when the process is told to stop. From then on a second signal ends it at once: what is
 * durable stays, what is under way is cut off. `reload` runs at each SIGHUP until then.
 */
export async function untilStopped(reload?: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  const reloading = (): void => void reload?.();
  if (reload !== undefined) process.on("SIGHUP", reloading);
  const signals = STOPS.map(async (name) => once(process, name, { signal }));
  await Promise.race(signals);
  stop.abort();
  await Promise.allSettled(signals);
  // A reload that comes too late must not end the process, which is what SIGHUP does by itself.
  for (const name of STOPS) process.once(name, () => process.exit(SIGNAL_EXIT[name]));
}
