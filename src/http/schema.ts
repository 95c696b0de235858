/** Shapes that many routes share. */
import { Type } from "typebox";
import type { TProperties } from "typebox";
import { parseDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";

/** One of `names`; `T` is what they are. */
export function oneOf<T extends string>(names: readonly T[]) {
  return Type.Unsafe<T>({ type: "string", enum: [...names] });
}

/** What has these members and no other. */
export function closedObject<Members extends TProperties>(members: Members) {
  return Type.Object(members, { additionalProperties: false });
}

export const NULLABLE_TEXT = Type.Union([Type.String(), Type.Null()]);

export const NULLABLE_INTEGER = Type.Union([Type.Integer(), Type.Null()]);

/** A day in data: YYYY-MM-DD. */
export const DAY = Type.String({ pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" });

/** The day that a request names. Throws REQUEST_INVALID naming `field` for what is none. */
export function dayIn(text: string, field: string): Day {
  const day = parseDay(text);
  if (day === null) throw new Failure("REQUEST_INVALID", { field });
  return day;
}

const UUID_PATTERN = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$";
export const UUID = Type.String({ pattern: UUID_PATTERN });
export const ID_PARAMS = Type.Object({ id: UUID });

/** Id or name of an organisation. */
export const ORGANISATION = Type.String({ minLength: 1, maxLength: 100 });

/** What is written down of a decision; the verb holds it against its own bounds. */
export const REASON = Type.String({ minLength: 1, maxLength: 2_000 });

/** Id of the entry of the log that tells of what was done: 32 hex digits. */
export const ENTRY = Type.String();
export const ENTRY_ANSWER = Type.Object({ entry: ENTRY });
