/** Whether what the verbs stand on is there: database, key store, log. */
import { connected } from "../store/pool.ts";
import { query } from "../store/query.ts";
import type { Vault } from "./vault.ts";

type Part = "ok" | "failed";

export interface Readiness {
  readonly database: Part;
  readonly keys: Part;
  readonly log: Part;
}

/** Longer than any of the three should take; who asks for readiness asks often. */
const ANSWER_MS_MAX = 3_000;

async function partOf(work: () => Promise<unknown>): Promise<Part> {
  const late = Promise.withResolvers<Part>();
  const timer = setTimeout(() => late.resolve("failed"), ANSWER_MS_MAX);
  const asked = work().then(
    () => "ok" as const,
    () => "failed" as const,
  );
  return Promise.race([asked, late.promise]).finally(() => clearTimeout(timer));
}

/** Asks each of the three, all at once; never throws. */
export async function readiness(vault: Vault): Promise<Readiness> {
  const [database, keys] = await Promise.all([
    partOf(async () => connected(vault.database, async (c) => query(c, { text: "select 1" }))),
    partOf(async () => vault.keys.look()),
  ]);
  return { database, keys, log: vault.log.keeper.failure === null ? "ok" : "failed" };
}
