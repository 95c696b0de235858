/**
 * Questions to the log (查询日志): who looked at this waybill, what a person looked at, reveals by
 * purpose, branch and hour, what was denied, what was exported. Asking is itself an entry, written
 * before the answer leaves.
 */
import { authoriseWithin } from "../access/authorise-within.ts";
import { staffPseudonym } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import { findOwn } from "../access/organisation.ts";
import { ownBranch } from "../access/place.ts";
import { Failure } from "../rules/failure.ts";
import { purposeOf } from "../rules/purposes.ts";
import type { Purpose } from "../rules/purposes.ts";
import { countEntries, findAboutSubject, findEntries } from "../store/log-query.ts";
import type { FoundEntry, LogFilter, LogGroup } from "../store/log-query.ts";
import { organisationsOf } from "../store/organisation.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { below, ORGANISATIONS_MAX } from "./bundle-scope.ts";
import { ownRecord } from "./own-record.ts";
import { openKey, subjectOf } from "./record.ts";
import type { Vault } from "./vault.ts";

/** The questions by name, and the types of entries that answer them. */
export const LOG_QUESTIONS = {
  looks: ["reveal", "reveal-denied", "search", "sample-taken", "real-name-opened", "break-glass"],
  reveals: ["reveal"],
  denied: [
    "reveal-denied",
    "access-denied",
    "setting-refused",
    "office-refused",
    "sign-in-failed",
    "subject-request-denied",
  ],
  exports: [
    "export",
    "export-made",
    "bundle-made",
    "hand-over",
    "subject-request-answered",
    "backup-made",
    "keys-copied",
    "document-issued",
  ],
  prints: ["print-batch"],
  seals: ["seal-batch"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** By what entries can be counted; days and hours are UTC. */
export const LOG_GROUPS = ["purpose", "branch", "actor", "type", "day", "hour"] as const;

export type LogQuestion = keyof typeof LOG_QUESTIONS;

interface Page {
  /** Who asks. */
  readonly actor: Actor;
  /** The cursor: only entries below this index, the last one of the page before. */
  readonly before: number;
  readonly limit: number;
}

export interface LogAsked extends Page {
  readonly question: LogQuestion;
  /** Whose entries: an account, or a pseudonym as entries have it; null for everybody's. */
  readonly about: string | null;
  readonly purpose: string | null;
  /** Id or name of a branch, with everything below it; null for all that is the asker's own. */
  readonly organisation: string | null;
  readonly from: Date;
  readonly to: Date;
  /** Counts for each value instead of entries. */
  readonly by: LogGroup | null;
}

export interface WaybillAsked extends Page {
  readonly token: string;
}

export interface LogAnswer {
  readonly entries: readonly { readonly index: number; readonly leaf: LoggedLeaf }[];
  readonly counts: readonly { readonly value: string; readonly leaves: number }[];
  /** What to ask `before` next; null on the last page. */
  readonly next: number | null;
  /** Id of the entry that tells of this question, hex. */
  readonly entry: string;
}

/** The members of a leaf, whatever its type (LEAF-1). */
export type LoggedLeaf = Readonly<Record<string, unknown>>;

export const LOG_PAGE_MAX = 1000;
const PSEUDONYM = /^st-[0-9a-f]{16}$/;

function requirePage({ limit }: Page): void {
  if (limit < 1 || limit > LOG_PAGE_MAX) throw new Failure("USAGE", { option: "--limit" });
}

function namesOf(asked: LogAsked): string[] {
  const names = [`question.${asked.question}`];
  if (asked.about !== null) names.push("about");
  if (asked.organisation !== null) names.push("organisation");
  if (asked.by !== null) names.push(`by.${asked.by}`);
  return names;
}

async function organisationsBelow(
  vault: Vault,
  connection: Connection,
  reference: string | null,
): Promise<readonly string[] | null> {
  if (reference === null) return null;
  const { id } = await findOwn(vault, connection, reference);
  const rows = await organisationsOf(connection, vault.tenant.id, ORGANISATIONS_MAX);
  return below(rows, id).map((row) => row.id);
}

/** One of the table, for it stands in the entry too. Throws PURPOSE_UNKNOWN. */
function purposeAsked(word: string | null): Purpose | null {
  if (word === null) return null;
  const found = purposeOf(word);
  if (found === null) throw new Failure("PURPOSE_UNKNOWN");
  return found.purpose;
}

async function pseudonymOf(vault: Vault, about: string | null): Promise<string | null> {
  if (about === null) return null;
  return PSEUDONYM.test(about) ? about : staffPseudonym(vault, about);
}

function answerOf(
  found: readonly FoundEntry[],
  counts: LogAnswer["counts"],
  { limit, entry }: { readonly limit: number; readonly entry: string },
): LogAnswer {
  const entries = found.map(({ index, body }) => ({
    index,
    // Leaves are canonical JSON objects (LEAF-1).
    leaf: JSON.parse(Buffer.from(body).toString("utf8")) as LoggedLeaf,
  }));
  const last = entries.at(-1)?.index ?? null;
  return { entries, counts, next: entries.length === limit ? last : null, entry };
}

/**
 * Answers a question about this tenant's entries that have an index (the newest are a second
 * behind), to somebody of a branch about that branch and those below it. The entry `log-queried` is
 * durable before this resolves; throws PURPOSE_UNKNOWN, ORGANISATION_UNKNOWN, ACCESS_DENIED for
 * another branch, or as the database does, and nothing is answered then.
 */
export async function askLog(vault: Vault, asked: LogAsked): Promise<LogAnswer> {
  // Somebody of a branch who names none asks about the own one.
  const organisation = asked.organisation ?? ownBranch(asked.actor);
  await authoriseWithin(vault, { actor: asked.actor, verb: "ask-log" }, [organisation]);
  requirePage(asked);
  const { actor, from, to, before, limit, by } = asked;
  const purpose = purposeAsked(asked.purpose);
  const about = await pseudonymOf(vault, asked.about);
  const types = LOG_QUESTIONS[asked.question];
  const { found, counts } = await connected(vault.database, async (connection) => {
    const organisations = await organisationsBelow(vault, connection, organisation);
    const tenant = vault.tenant.id;
    const { id: log } = vault.log;
    const filter: LogFilter = {
      log,
      tenant,
      types,
      actor: about,
      purpose,
      organisations,
      from,
      to,
    };
    return {
      found: by === null ? await findEntries(connection, filter, { before, limit }) : [],
      counts: by === null ? [] : await countEntries(connection, filter, { by, limit }),
    };
  });
  const entry = await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, {
      type: "log-queried",
      actor,
      fields: namesOf(asked),
      count: found.length + counts.length,
      ...(purpose === null ? {} : { purpose }),
      ...(about === null ? {} : { asked: about }),
    }),
  );
  return answerOf(found, counts, { limit, entry });
}

/**
 * Who looked at one waybill, newest first. Only its own key links it to its entries, so this is
 * answered while it lives: throws DATA_DEAD after that, and as `findRecord`. The entry
 * `log-queried`, with the waybill's own commitment, is durable before this resolves.
 */
export async function askAboutWaybill(vault: Vault, asked: WaybillAsked): Promise<LogAnswer> {
  requirePage(asked);
  const { actor, token, before, limit } = asked;
  const { shell } = await ownRecord(vault, { actor, verb: "ask-log" }, token);
  const subject = subjectOf(await openKey(vault, shell));
  const found = await connected(vault.database, async (connection) =>
    findAboutSubject(connection, subject, { before, limit }),
  );
  const entry = await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, {
      type: "log-queried",
      actor,
      fields: ["question.waybill"],
      count: found.length,
      about: subject,
    }),
  );
  return answerOf(found, [], { limit, entry });
}
