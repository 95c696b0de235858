/**
 * Whether given strings are those of a label that was printed (STM-3): what somebody read off a
 * parcel, or what its 2-D code says, held against the commitments of its statements. Possible as
 * long as the waybill lives; afterwards nobody can (P14).
 */
import { timingSafeEqual } from "node:crypto";
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import { Failure } from "../rules/failure.ts";
import { connected, transaction } from "../store/pool.ts";
import { statementsOf } from "../store/statement.ts";
import type { StatementRow } from "../store/statement.ts";
import { ownRecord } from "./own-record.ts";
import { openRecord } from "./record.ts";
import { printedCommitment } from "./statement.ts";
import type { Vault } from "./vault.ts";

/** A label has some forty strings. */
export const MATCH_STRINGS_MAX = 500;
const STRING_CHARACTERS_MAX = 2000;

/** What somebody holds: every string of a label in drawing order, or the text of its 2-D code. */
export type Found =
  | { readonly of: "printed"; readonly strings: readonly string[] }
  | { readonly of: "ticket"; readonly text: string };

export interface MatchRequest {
  readonly token: string;
  readonly actor: Actor;
  readonly found: Found;
}

export interface StatementMatch {
  /** The prints whose statement commits to just this, from 1; none when it was never printed so. */
  readonly prints: readonly number[];
  /** How many statements it was held against. */
  readonly statements: number;
  /** Id of the entry that tells of this question, hex. */
  readonly entry: string;
}

/**
 * The strings of a file that holds a JSON array of them, as `midan label --json` tells them. Throws
 * STATEMENT_STRINGS_UNREADABLE for anything else, and above 500 strings or 2,000 characters of one.
 */
export function printedStringsIn(text: string): readonly string[] {
  const refused = new Failure("STATEMENT_STRINGS_UNREADABLE");
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw refused;
  }
  if (!Array.isArray(read) || read.length < 1 || read.length > MATCH_STRINGS_MAX) throw refused;
  return read.map((each: unknown) => {
    if (typeof each !== "string" || each.length > STRING_CHARACTERS_MAX) throw refused;
    return each;
  });
}

/** What the statement commits to, or null where it commits to no such thing. */
function committedIn({ body }: StatementRow, of: Found["of"]): Buffer | null {
  // Statements are canonical JSON objects (docs/formats/statement.md).
  const { [of]: hex } = JSON.parse(Buffer.from(body).toString("utf8")) as Record<string, unknown>;
  return typeof hex === "string" ? Buffer.from(hex, "hex") : null;
}

function isSame(committed: Buffer | null, wanted: Buffer): boolean {
  return committed?.length === wanted.length && timingSafeEqual(committed, wanted);
}

/**
 * The prints of the waybill that show exactly this. The entry `log-queried` is durable before this
 * resolves. Throws as `findRecord`; DATA_DEAD when the waybill's key is gone and nobody can tell
 * any more; STATEMENT_UNKNOWN when it was never printed.
 */
export async function matchStatement(
  vault: Vault,
  { token, actor, found }: MatchRequest,
): Promise<StatementMatch> {
  const record = await ownRecord(vault, { actor, verb: "prove-statement" }, token);
  const { key } = await openRecord(vault, record);
  const rows = await connected(vault.database, async (c) => statementsOf(c, record.shell));
  if (rows.length === 0) throw new Failure("STATEMENT_UNKNOWN");
  const strings = found.of === "printed" ? found.strings : [found.text];
  const wanted = Buffer.from(printedCommitment(key, strings), "hex");
  const same = rows.filter((row) => isSame(committedIn(row, found.of), wanted));
  const entry = await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, {
      type: "log-queried",
      actor,
      fields: [`match.${found.of}`],
      count: 1,
    }),
  );
  return { prints: same.map(({ printNo }) => printNo), statements: rows.length, entry };
}
