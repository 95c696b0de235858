/** The known answers of the algorithms, asked by a person; opens nothing and needs no database. */
import { isAnswered, KNOWN_ANSWERS } from "../crypto/known-answer.ts";
import type { KnownAnswer } from "../crypto/known-answer.ts";

export interface SelftestRow {
  readonly suite: KnownAnswer["suite"];
  readonly algorithm: string;
  readonly source: string;
  readonly passed: boolean;
}

/** One row for each known answer, in the order of the table. */
export function selftest(table: readonly KnownAnswer[] = KNOWN_ANSWERS): readonly SelftestRow[] {
  return table.map((row) => ({
    suite: row.suite,
    algorithm: row.name,
    source: row.source,
    passed: isAnswered(row),
  }));
}
