/** How far the log says that changes of signing keys are. */
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import { text } from "./row.ts";
import { told } from "./told-entry.ts";

export const TOLD_PHASES = ["announced", "used", "retired"] as const;
export type ToldPhase = (typeof TOLD_PHASES)[number];

export interface ToldKeyChange {
  /** Name in the key store. */
  readonly name: string;
  readonly phase: ToldPhase;
  /** The key that follows, as verifiers know it. */
  readonly to: string;
}

/**
 * The newest entry about each name, of all tenants, but for those before the last one that tells
 * that a key store was restored: whoever restored it was told.
 */
export async function toldKeyChanges(connection: Connection): Promise<ToldKeyChange[]> {
  const rows = await query(connection, {
    text: `
      select distinct on (fields ->> 0)
             fields ->> 0 as name, fields ->> 1 as phase, fields ->> 3 as next
      from ${told("signing-key-changed")} cross join lateral (select b -> 'fields') f (fields)
      where position > coalesce((select max(position) from ${told("keys-restored")}), 0)
      order by fields ->> 0, position desc`,
  });
  return rows.flatMap((row) => {
    const phase = TOLD_PHASES.find((one) => one === text(row, "phase"));
    return phase === undefined ? [] : [{ name: text(row, "name"), phase, to: text(row, "next") }];
  });
}
