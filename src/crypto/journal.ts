/**
 * The journal (离线日志) of a handheld: docs/formats/device-bundle.md. One line for each thing that
 * happened without network, bound to all before it under a key that the shift's bundle brought.
 * Nobody without that key adds, changes or takes out a line; lines missing at the end show in the
 * balance of the shift.
 */
import { timingSafeEqual } from "node:crypto";
import { hmac } from "./hkdf.ts";
import type { Suite } from "./suites.ts";

export const JOURNAL_EVENTS = ["loaded", "opened", "delivered", "returned", "wiped"] as const;
export type JournalEvent = (typeof JOURNAL_EVENTS)[number];

export interface JournalLine {
  /** Counts from 1 without a gap. */
  readonly n: number;
  /** RFC 3339, UTC, milliseconds, by the handheld's clock. */
  readonly at: string;
  readonly event: JournalEvent;
  /** Null where it is about the whole shift. */
  readonly token: string | null;
  /** Print number of the ticket that was opened; 0 elsewhere. */
  readonly print: number;
}

export interface JournalKey {
  readonly suite: Pick<Suite, "hash">;
  readonly secret: Uint8Array;
}

const START = "midan.journal1";
const LINE =
  /^(\d{1,7}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (loaded|opened|delivered|returned|wiped) (md1[0-9a-z]{26}|-) (\d{1,5}) ([0-9a-f]{64})$/;
export const JOURNAL_LINES_MAX = 20_000;

function macOf({ suite, secret }: JournalKey, before: string, text: string): string {
  return hmac(suite, secret, Buffer.from(`${before}\n${text}`, "utf8")).toString("hex");
}

function textOf({ n, at, event, token, print }: JournalLine): string {
  return `${n} ${at} ${event} ${token ?? "-"} ${print}`;
}

/** The line as it is written, with its code; `before` is the code of the line before, or null. */
export function journalLine(key: JournalKey, before: string | null, line: JournalLine): string {
  const text = textOf(line);
  return `${text} ${macOf(key, before ?? START, text)}`;
}

/** The code at the end of a written line. */
export function codeOf(line: string): string {
  return line.slice(-64);
}

function parsed(line: string): { readonly line: JournalLine; readonly code: string } | null {
  const [, n = "", at = "", event, token = "", print = "", code = ""] = LINE.exec(line) ?? [];
  const known = JOURNAL_EVENTS.find((one) => one === event);
  if (known === undefined) return null;
  const read = { n: Number(n), at, event: known, token: token === "-" ? null : token };
  return { line: { ...read, print: Number(print) }, code };
}

/**
 * Reads a journal, one line of text for each. Null when any line was added, changed, moved or taken
 * out of the middle, or does not have the form.
 */
export function readJournal(key: JournalKey, lines: readonly string[]): JournalLine[] | null {
  if (lines.length > JOURNAL_LINES_MAX) return null;
  const read: JournalLine[] = [];
  let before = START;
  for (const text of lines) {
    const one = parsed(text);
    if (one === null || one.line.n !== read.length + 1) return null;
    const expected = macOf(key, before, textOf(one.line));
    if (!timingSafeEqual(Buffer.from(expected, "hex"), Buffer.from(one.code, "hex"))) return null;
    read.push(one.line);
    before = one.code;
  }
  return read;
}
