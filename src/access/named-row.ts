/**
 * A row that somebody names by an id from outside. What is no id, what never was and what is
 * somebody else's are refused alike, so that asking tells nothing (P10).
 */
import { Failure } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import { UUID } from "../rules/uuid.ts";

/** What `find` finds under `id`; null too for what is no id, which no statement is asked about. */
export async function findNamed<Row>(
  id: string,
  find: (id: string) => Promise<Row | null>,
): Promise<Row | null> {
  return UUID.test(id) ? find(id) : null;
}

/** As `findNamed`. `find` gives null for a row that is not the caller's too; throws `unknown`. */
export async function requireNamed<Row>(
  id: string,
  unknown: FailureCode,
  find: (id: string) => Promise<Row | null>,
): Promise<Row> {
  const row = await findNamed(id, find);
  if (row === null) throw new Failure(unknown);
  return row;
}
