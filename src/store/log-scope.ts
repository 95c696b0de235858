/** The leaves of one tenant that a period and its settings are told by, in the order of the log. */
import type { LogId } from "./log.ts";
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, wholeNumber } from "./row.ts";

export interface ScopeFilter {
  /** The log in which the tenant's leaves are. */
  readonly log: LogId;
  readonly tenant: string;
  /** From this instant on, and before the other one, by the leaves' own clocks. */
  readonly from: Date;
  readonly to: Date;
  /** Types of leaves that are wanted from before the period as well. */
  readonly always: readonly string[];
  /** Only leaves with an index below this. */
  readonly size: number;
}

export interface IndexedLeaf {
  readonly index: number;
  /** Canonical JSON. */
  readonly body: Uint8Array;
}

/** At most `limit` leaves from index `after` + 1 on. */
export async function leavesInScope(
  connection: Connection,
  filter: ScopeFilter,
  page: { readonly after: number; readonly limit: number },
): Promise<IndexedLeaf[]> {
  const { log, tenant, from, to, always, size } = filter;
  const rows = await query(connection, {
    text: `
      select log_index, body from log_entry join audit_leaf using (position)
      where log = $8::uuid and tenant = $1::uuid
        and log_index > $2::bigint and log_index < $3::bigint
        and at < $5 and (at >= $4 or log_entry.type = any($6::text[]))
      order by log_index limit $7::integer`,
    values: [tenant, page.after, size, from, to, always, page.limit, log],
  });
  return rows.map((row) => ({ index: wholeNumber(row, "log_index"), body: bytes(row, "body") }));
}
