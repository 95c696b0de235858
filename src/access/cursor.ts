/**
 * Where a list goes on (翻页标记): the place of the last row that was told, with a code, so that
 * nobody makes one up or takes it to another list or another tenant.
 */
import { timingSafeEqual } from "node:crypto";
import { prfMessage } from "../crypto/prf.ts";
import { suiteOf } from "../crypto/suites.ts";
import { Failure } from "../rules/failure.ts";
import type { Desk } from "./desk.ts";

const CODE_BYTES = 16;
const CURSOR = /^[\w-]{22,300}$/;

async function codeOf(desk: Desk, list: string, place: string): Promise<Uint8Array> {
  const { pseudonym } = await desk.keys.tenantKeys(desk.tenant.id);
  const message = JSON.stringify([list, place]);
  const input = { label: "midan.cursor", message } as const;
  return prfMessage(suiteOf(desk.tenant.suite), pseudonym, input).slice(0, CODE_BYTES);
}

/** A cursor behind the row at `place` of `list`: base64url. */
export async function cursorAfter(desk: Desk, list: string, place: string): Promise<string> {
  const code = await codeOf(desk, list, place);
  return Buffer.concat([code, Buffer.from(place, "utf8")]).toString("base64url");
}

/** The place that `cursor` names. Throws CURSOR_UNKNOWN unless `cursorAfter` made it for `list`. */
export async function placeOfCursor(desk: Desk, list: string, cursor: string): Promise<string> {
  const unknown = new Failure("CURSOR_UNKNOWN");
  if (!CURSOR.test(cursor)) throw unknown;
  const bytes = Buffer.from(cursor, "base64url");
  const place = bytes.subarray(CODE_BYTES).toString("utf8");
  const code = await codeOf(desk, list, place);
  if (!timingSafeEqual(bytes.subarray(0, CODE_BYTES), code)) throw unknown;
  return place;
}
