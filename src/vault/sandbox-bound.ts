/** The bound of the sandbox (演练环境): it takes so few waybills that nobody runs a business on it. */
import type { RowResult } from "../orders/order.ts";
import { Failure } from "../rules/failure.ts";
import { SANDBOX_WAYBILLS_MAX } from "../rules/sandbox.ts";
import { connected } from "../store/pool.ts";
import { countShellsUpTo } from "../store/shell.ts";
import type { Vault } from "./vault.ts";

async function countNow({ database }: Pick<Vault, "database">): Promise<number> {
  return connected(database, async (connection) =>
    countShellsUpTo(connection, SANDBOX_WAYBILLS_MAX + 1),
  );
}

/**
 * Yields what `rows` yields while it fits with the waybills that are there; an order that is
 * sealed again counts like a new one. Throws SANDBOX_FULL for the first read that does not fit.
 * Runs side by side see of each other what is committed, so together they may go past it by what
 * is under way.
 */
export async function* withinSandbox(
  vault: Pick<Vault, "database">,
  rows: AsyncIterable<readonly RowResult[]>,
): AsyncGenerator<readonly RowResult[]> {
  const before = await countNow(vault);
  let offered = 0;
  for await (const read of rows) {
    offered += read.length;
    // What this run has offered may not be committed yet, and others may have committed meanwhile.
    const count = Math.max(before + offered, (await countNow(vault)) + read.length);
    if (count > SANDBOX_WAYBILLS_MAX)
      throw new Failure("SANDBOX_FULL", { countMax: SANDBOX_WAYBILLS_MAX });
    yield read;
  }
}
