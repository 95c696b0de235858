/** The audit entry of a sweep: what was masked in a table of another system, and by whom. */
import { transaction } from "../store/pool.ts";
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import type { Vault } from "./vault.ts";

export interface SweepSummary {
  /** Schema and table, with a dot between. */
  readonly table: string;
  readonly profile: string;
  readonly rule: string;
  readonly maskedRows: number;
  readonly columns: readonly { readonly name: string; readonly left: number }[];
}

/**
 * Writes one `sweep-run` entry for the account that ran the sweep and returns its id as hex. Throws
 * as `transaction` does; the sweep then keeps its bookmark and tells again when it is run again.
 */
export async function writeSweepEntry(
  vault: Vault,
  { pseudonym: actor }: Actor,
  done: SweepSummary,
): Promise<string> {
  const left = done.columns.reduce((sum, column) => sum + column.left, 0);
  return transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, {
      type: "sweep-run",
      actor,
      table: done.table,
      fields: done.columns.map(({ name }) => name),
      profile: done.profile,
      rule: done.rule,
      count: done.maskedRows,
      left,
    }),
  );
}
