/**
 * What goes of a week of shells row by row, a bounded number in each transaction: nothing waits
 * long behind it, and what a crash leaves the next call takes up.
 */
import type { Day } from "../rules/calendar.ts";
import { HOLD_STANDING } from "./hold.ts";
import { connected, transaction } from "./pool.ts";
import type { Database } from "./pool.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import type { Row } from "./row.ts";

export interface InBatches {
  /** How many rows one transaction looks at, at most. */
  readonly rowsAtOnce: number;
  /** Told after each transaction. */
  readonly committed: () => Promise<void>;
}

/** Short of a second of work for one connection. */
export const USUAL_BATCHES: InBatches = {
  rowsAtOnce: 10_000,
  committed: async () => Promise.resolve(),
};

/** The columns that order a table's rows within its week, the first of its key. */
const ORDERED_BY = {
  shell: ["compartment", "slot"],
  print_statement: ["compartment", "slot", "print_no"],
} as const;
type ShellTable = keyof typeof ORDERED_BY;

const SMALLEST = "-1";

/* A waybill that a hold keeps is stepped over; the page goes on behind it. */
function pageText(table: ShellTable, partition: string, rowsAtOnce: number): string {
  const columns = ORDERED_BY[table].join(", ");
  const after = ORDERED_BY[table].map((_, at) => `$${at + 1}::bigint`).join(", ");
  return `
    with page as materialized
      (select ctid, ${columns} from ${partition} where (${columns}) > (${after})
       order by ${columns} limit ${rowsAtOnce}),
    gone as
      (delete from ${partition} t using page p where t.ctid = p.ctid and not exists
        (select from hold where (hold.compartment, hold.slot) = (t.compartment, t.slot)
           and ${HOLD_STANDING}))
    select ${columns} from page order by ${ORDERED_BY[table].join(" desc, ")} desc limit 1`;
}

async function deletePage(
  connection: Connection,
  text: string,
  after: readonly string[],
): Promise<Row | null> {
  const [last] = await query(connection, { text, values: [...after] });
  return last ?? null;
}

/** Deletes the rows of a week's partition but for those of waybills that a hold keeps. */
export async function deleteUnheld(
  database: Database,
  { table, partition }: { readonly table: ShellTable; readonly partition: string },
  { rowsAtOnce, committed }: InBatches,
): Promise<void> {
  const text = pageText(table, partition, rowsAtOnce);
  let after: readonly string[] = ORDERED_BY[table].map(() => SMALLEST);
  for (;;) {
    const from = after;
    const last = await transaction(database, async (connection) =>
      deletePage(connection, text, from),
    );
    if (last === null) return;
    after = ORDERED_BY[table].map((column) => String(last[column]));
    await committed();
  }
}

/** What stands beside the shells of a week, and whether a hold on the waybill keeps it too. */
const BESIDE = { drop_ship: "all", custody: "unheld", seal_batch: "all" } as const;

function isUnheld(table: keyof typeof BESIDE): string {
  return `not exists
    (select from hold where (hold.compartment, hold.slot) = (${table}.compartment, ${table}.slot)
       and ${HOLD_STANDING})`;
}

/** Deletes what stands beside the shells of a week, but for what a hold keeps. */
export async function deleteOfWeek(
  database: Database,
  { table, shellWeek }: { readonly table: keyof typeof BESIDE; readonly shellWeek: Day },
  { rowsAtOnce, committed }: InBatches,
): Promise<void> {
  const which = BESIDE[table] === "all" ? "true" : isUnheld(table);
  const text = `
    delete from ${table} where ctid = any(array
      (select ctid from ${table} where shell_week = $1::date and ${which} limit ${rowsAtOnce}))`;
  for (;;) {
    const gone = await connected(database, async (connection) =>
      execute(connection, { text, values: [shellWeek] }),
    );
    if (gone === 0) return;
    await committed();
  }
}
