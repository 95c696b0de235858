/**
 * Questions to the log (查询日志): what a person looked at, what was denied, reveals by purpose and
 * hour. Asking is itself an entry, written before the answer leaves. Who looked at one waybill is
 * `show`, because only the waybill's key links it to its entries.
 */
import { staffPseudonym } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import { Failure } from "../rules/failure.ts";
import { countEntries, findEntries } from "../store/log-query.ts";
import type { LogFilter } from "../store/log-query.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Vault } from "./vault.ts";

/** The questions by name, and the types of entries that answer them. */
export const LOG_QUESTIONS = {
  reveals: ["reveal"],
  denied: ["reveal-denied"],
  looks: ["reveal", "reveal-denied", "search", "sample-taken"],
  prints: ["print-batch"],
  seals: ["seal-batch"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** By what entries can be counted; hours are UTC. */
export const LOG_GROUPS = ["purpose", "actor", "type", "hour"] as const;

export type LogGroup = (typeof LOG_GROUPS)[number];

export type LogQuestion = keyof typeof LOG_QUESTIONS;

export interface LogAsked {
  readonly question: LogQuestion;
  /** Who asks. */
  readonly actor: Actor;
  /** Whose entries; null for everybody's. */
  readonly about: string | null;
  readonly purpose: string | null;
  readonly from: Date;
  readonly to: Date;
  /** Only entries below this index: the last one of the page before. */
  readonly before: number;
  readonly limit: number;
  /** Counts for each value instead of entries. */
  readonly by: LogGroup | null;
}

export interface LogAnswer {
  readonly entries: readonly { readonly index: number; readonly leaf: unknown }[];
  readonly counts: readonly { readonly value: string; readonly leaves: number }[];
  /** What to ask `before` next; null on the last page. */
  readonly next: number | null;
  /** Id of the entry that tells of this question, hex. */
  readonly entry: string;
}

export const LOG_PAGE_MAX = 1000;

function namesOf(asked: LogAsked): string[] {
  const names = [`question.${asked.question}`];
  if (asked.about !== null) names.push("about");
  if (asked.by !== null) names.push(`by.${asked.by}`);
  return names;
}

/**
 * Answers a question about this tenant's entries that have an index (the newest are a second
 * behind). The entry `log-queried` is durable before this resolves; throws as the database does,
 * and nothing is answered then.
 */
export async function askLog(vault: Vault, asked: LogAsked): Promise<LogAnswer> {
  if (asked.limit < 1 || asked.limit > LOG_PAGE_MAX)
    throw new Failure("USAGE", { option: "--limit" });
  const actor = asked.actor;
  const about = asked.about === null ? null : await staffPseudonym(vault, asked.about);
  const { purpose, from, to, before, limit, by } = asked;
  const types = LOG_QUESTIONS[asked.question];
  const filter: LogFilter = { tenant: vault.tenant.id, types, actor: about, purpose, from, to };
  const { found, counts } = await connected(vault.database, async (connection) => ({
    found: by === null ? await findEntries(connection, filter, { before, limit }) : [],
    counts: by === null ? [] : await countEntries(connection, filter, { by, limit }),
  }));
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
  const entries = found.map(({ index, body }) => ({
    index,
    // Leaves are canonical JSON objects (LEAF-1).
    leaf: JSON.parse(Buffer.from(body).toString("utf8")) as unknown,
  }));
  const last = entries.at(-1)?.index ?? null;
  return { entries, counts, next: entries.length === limit ? last : null, entry };
}
