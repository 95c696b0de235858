/** Waits until the log holds everything that was written, whoever takes it in. */
import { setTimeout as sleep } from "node:timers/promises";
import { isUnsettled } from "../../src/store/log.ts";
import { connected } from "../../src/store/pool.ts";
import type { Vault } from "../../src/vault/vault.ts";

const PAUSE_MS = 50;
const TRIES_MAX = 1200;

/** Takes in what waits; where somebody else is at it, waits for that. */
export async function takeIn({ log, database }: Vault): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    await log.keeper.turn();
    if (!(await connected(database, async (connection) => isUnsettled(connection, log.id)))) return;
    await sleep(PAUSE_MS);
  }
  throw new Error("the log takes nothing in");
}
