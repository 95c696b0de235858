/** Lists over HTTP: a bounded page at a time, and a cursor to the next (`cursor`, `limit`). */
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { TProperties } from "typebox";
import { cursorAfter, placeOfCursor } from "../access/cursor.ts";
import type { Serving } from "./serving.ts";
import { closedObject } from "./schema.ts";

const PAGE_ROWS = 50;
const PAGE_ROWS_MAX = 200;
const CURSOR_CHARACTERS_MAX = 300;

/** What a list may be asked, beside what is its own. */
export const PAGE_MEMBERS = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_ROWS_MAX, default: PAGE_ROWS })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: CURSOR_CHARACTERS_MAX })),
};

export const PAGE_QUERY = closedObject(PAGE_MEMBERS);

/** The answer of a list: its rows under `items`, and `next`, null on the last page. */
export function pageAnswer<Row extends TProperties>(row: Row) {
  const next = Type.Union([Type.String(), Type.Null()]);
  return Type.Object({ items: Type.Array(Type.Object(row)), next });
}

interface Listed<Row> {
  /** The name that a cursor is bound to, with whatever narrows the list. */
  readonly list: string;
  readonly rows: readonly Row[];
  /** Where a row stands: the list is told in this order, and goes on after it. */
  readonly placeOf: (row: Row) => string;
}

/**
 * The page that was asked for. Rows that come and go between two pages move no other row into or
 * out of them. Throws CURSOR_UNKNOWN.
 */
export async function pageOf<Row>(
  { desk }: Serving,
  request: Pick<FastifyRequest, "query">,
  { list, rows, placeOf }: Listed<Row>,
): Promise<{ items: Row[]; next: string | null }> {
  // The schema of every route that pages has these two.
  const { limit = PAGE_ROWS, cursor } = request.query as { limit?: number; cursor?: string };
  const after = cursor === undefined ? "" : await placeOfCursor(desk, list, cursor);
  const places = rows
    .map((row) => ({ row, place: placeOf(row) }))
    .filter(({ place }) => place > after)
    .sort((one, other) => (one.place < other.place ? -1 : 1));
  const told = places.slice(0, limit);
  const last = told.at(-1);
  const isEnd = last === undefined || told.length === places.length;
  const next = isEnd ? null : await cursorAfter(desk, list, last.place);
  return { items: told.map(({ row }) => row), next };
}
