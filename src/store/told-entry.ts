/** Entries of the log as the database has them, for statements that ask what the log tells. */
import type { LeafType } from "../audit/leaf.ts";

/**
 * A subquery: entries of these types, each with its `position` in order and its body `b` as JSON.
 */
export function told(...types: readonly LeafType[]): string {
  const words = types.map((type) => `'${type}'`).join(", ");
  return `(
    select position, convert_from(body, 'UTF8')::jsonb as b from audit_leaf
    where type in (${words})) as told`;
}
