/**
 * Where a platform's order says what: the texts of a JSON document or the headings of a table,
 * found by the places of `platform-row.ts`, and which platform's shape it is.
 */
import { PLATFORM_NAMES } from "../rules/platform.ts";
import type { Platform } from "../rules/platform.ts";
import { normaliseHeading } from "./columns.ts";
import type { Field } from "./field.ts";
import { PLATFORM_ROWS } from "./platform-row.ts";

const DEPTH_MAX = 6;
const LEAVES_MAX = 400;
const KEY_CHARS_MAX = 64;
/** No place in the table is longer. */
const SEGMENTS_MAX = 3;

/** What stands at the places of one order; a value that is neither text nor number is null. */
export type Places<Value> = ReadonlyMap<string, Value>;

function placeOf(path: string): string {
  return path.split(".").map(normaliseHeading).join(".");
}

interface KnownRow {
  readonly platform: Platform;
  readonly marks: readonly (readonly string[])[];
  readonly places: readonly (readonly [field: Field, places: readonly string[]])[];
}

const ROWS: readonly KnownRow[] = PLATFORM_NAMES.map((platform) => {
  const { marks, places } = PLATFORM_ROWS[platform];
  // Object.entries widens the keys; the rows have none but fields.
  const entries = Object.entries(places) as [Field, readonly string[]][];
  return {
    platform,
    marks: marks.map((mark) => mark.map(placeOf)),
    places: entries.map(([field, paths]) => [field, paths.map(placeOf)]),
  };
});
/** What marks Xiaohongshu is part of what marks others, so it comes last. */
const IN_TURN = ROWS.toSorted(
  (a, b) => Number(a.platform === "xiaohongshu") - Number(b.platform === "xiaohongshu"),
);

/** Adds a value under every ending of its path; what was there before stays. */
function addUnder<Value>(places: Map<string, Value>, path: readonly string[], value: Value): void {
  for (let length = 1; length <= Math.min(SEGMENTS_MAX, path.length); length += 1) {
    const place = path.slice(-length).join(".");
    if (!places.has(place)) places.set(place, value);
  }
}

function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  // Numbers that JSON cannot hold exactly have lost digits already.
  return Number.isSafeInteger(value) ? String(value) : null;
}

/** The texts of a JSON document by their places. Lists are passed over: one document, one order. */
export function placesOf(document: object): Places<string | null> {
  const places = new Map<string, string | null>();
  let leaves = 0;
  const walk = (value: object, path: readonly string[]): void => {
    for (const [key, content] of Object.entries(value) as [string, unknown][]) {
      if (leaves >= LEAVES_MAX || key.length > KEY_CHARS_MAX) continue;
      const here = [...path, ...key.split(".").map(normaliseHeading)];
      if (typeof content !== "object" || content === null) {
        leaves += 1;
        if (content !== null && content !== "") addUnder(places, here, textOf(content));
      } else if (!Array.isArray(content) && here.length < DEPTH_MAX) {
        walk(content, here);
      }
    }
  };
  walk(document, []);
  return places;
}

/** The columns of a table by the places that their headings name. */
export function columnPlaces(headings: readonly string[]): Places<number> {
  const places = new Map<string, number>();
  for (const [column, heading] of headings.entries()) {
    if (heading.length > KEY_CHARS_MAX * SEGMENTS_MAX) continue;
    const path = heading.split(".").map(normaliseHeading);
    if (path.every((part) => part !== "")) addUnder(places, path, column);
  }
  return places;
}

/** Whose shape it is, by what marks it; null for nobody's. */
export function shapeOf(places: Places<unknown>): Platform | null {
  const isMarked = ({ marks }: KnownRow): boolean =>
    marks.some((mark) => mark.every((place) => places.has(place)));
  return IN_TURN.find(isMarked)?.platform ?? null;
}

/** What stands for each field of that platform's shape, the first place that is filled. */
export function fieldsAt<Value>(
  places: Places<Value>,
  platform: Platform,
): ReadonlyMap<Field, readonly Value[]> {
  const found = new Map<Field, Value[]>();
  const row = ROWS.find((one) => one.platform === platform);
  for (const [field, wanted] of row?.places ?? []) {
    const values = wanted.flatMap((place) => {
      const value = places.get(place);
      return value === undefined ? [] : [value];
    });
    if (values.length > 0) found.set(field, values);
  }
  return found;
}
