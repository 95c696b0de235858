/**
 * The transparency log's part of the database: leaves that wait for an index, the index of each
 * leaf, and the head of the tree. The order of the log is decided here, in one transaction for each
 * batch, and nowhere else; the files only repeat it.
 */

import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, text, textOrNull, wholeNumber } from "./row.ts";
import { int8Array } from "./wire.ts";

/** Any two numbers that nothing else of ours locks: "midan" and "log" by their letters. */
const LOCK = "1296647214, 7106407";

export interface LogHead {
  readonly origin: string;
  readonly size: number;
  /** Hashes of the right edge, one after another. */
  readonly frontier: Uint8Array;
  /** The last signed note that was recorded, or null. */
  readonly checkpoint: string | null;
}

export interface QueuedLeaf {
  readonly position: number;
  readonly body: Uint8Array;
}

/** A leaf's place in the log, and by what it is found. */
export interface NewLogEntry {
  readonly position: number;
  readonly at: Date;
  readonly tenant: string;
  readonly type: string;
  readonly actor: string;
  readonly purpose: string | null;
  readonly organisation: string | null;
}

/**
 * True when this connection is the one sequencer of the database, until `unlockLog` or until the
 * connection ends; false when another is.
 */
export async function tryLockLog(connection: Connection): Promise<boolean> {
  const [row] = await query(connection, { text: `select pg_try_advisory_lock(${LOCK}) as held` });
  return row?.["held"] === true;
}

/** Gives up what `tryLockLog` took. */
export async function unlockLog(connection: Connection): Promise<void> {
  await query(connection, { text: `select pg_advisory_unlock(${LOCK})` });
}

/** The head of the log; made with `origin` when there is none. */
export async function openHead(connection: Connection, origin: string): Promise<LogHead> {
  const found = await readHead(connection);
  if (found !== null) return found;
  await execute(connection, {
    text: "insert into log_head (origin) values ($1) on conflict do nothing",
    values: [origin],
  });
  // There is a row now, whoever wrote it.
  return (await readHead(connection)) as LogHead;
}

/** The head of the log, or null when nothing was ever logged. */
export async function readHead(connection: Connection): Promise<LogHead | null> {
  const [row] = await query(connection, {
    name: "log_head_read",
    text: "select origin, size, frontier, checkpoint from log_head",
  });
  if (row === undefined) return null;
  return {
    origin: text(row, "origin"),
    size: wholeNumber(row, "size"),
    frontier: bytes(row, "frontier"),
    checkpoint: textOrNull(row, "checkpoint"),
  };
}

/** The oldest leaves that have no index, in the order in which they were written. */
export async function queuedLeaves(connection: Connection, limit: number): Promise<QueuedLeaf[]> {
  const rows = await query(connection, {
    name: "log_queue_read",
    text: `
      select position, body from log_queue join audit_leaf using (position)
      order by position limit $1::integer`,
    values: [limit],
  });
  return rows.map((row) => ({ position: wholeNumber(row, "position"), body: bytes(row, "body") }));
}

/** How many leaves wait, and for how many seconds the oldest has, by the database's clock. */
export async function queueState(
  connection: Connection,
): Promise<{ readonly leaves: number; readonly oldestSeconds: number }> {
  const [row = {}] = await query(connection, {
    text: `
      select count(*) as leaves,
             coalesce(floor(extract(epoch from clock_timestamp() - min(queued_at))), 0)::bigint
               as seconds
      from log_queue`,
  });
  return { leaves: wholeNumber(row, "leaves"), oldestSeconds: wholeNumber(row, "seconds") };
}

/** True when a leaf waits for an index, or when the head's tree is not published. */
export async function isUnsettled(connection: Connection): Promise<boolean> {
  const [row] = await query(connection, {
    name: "log_unsettled",
    text: `
      select exists (select from log_queue)
             or exists (select from log_head
                        where size > 0
                          and split_part(coalesce(checkpoint, ''), E'\\n', 2) <> size::text)
             as waits`,
  });
  return row?.["waits"] === true;
}

/** Whether anything was ever told of one tenant. */
export async function hasEntries(connection: Connection, tenantId: string): Promise<boolean> {
  const [row] = await query(connection, {
    text: `
      select exists (select from log_entry where tenant = $1::uuid)
             or exists (select from log_queue join audit_leaf using (position)
                        where convert_from(body, 'UTF8')::jsonb ->> 'tenant' = $1::text)
             as found`,
    values: [tenantId],
  });
  return row?.["found"] === true;
}

/**
 * Gives `entries` the indices from `size` on, takes them out of the queue, and moves the head to
 * `frontier`, in the caller's transaction. False when the head no longer is at `size`: somebody
 * else was quicker, and the caller must roll back.
 */
export async function appendEntries(
  connection: Connection,
  size: number,
  {
    entries,
    frontier,
  }: { readonly entries: readonly NewLogEntry[]; readonly frontier: Uint8Array },
): Promise<boolean> {
  const moved = await execute(connection, {
    name: "log_head_move",
    text: "update log_head set size = $2::bigint, frontier = $3::bytea where size = $1::bigint",
    values: [size, size + entries.length, Buffer.from(frontier)],
  });
  if (moved !== 1) return false;
  const positions = int8Array(entries.map(({ position }) => position));
  await execute(connection, {
    name: "log_entry_insert",
    text: `
      insert into log_entry (log_index, position, at, tenant, type, actor, purpose, organisation)
      select $1::bigint + place - 1, position, at, tenant, type, actor,
             nullif(purpose, ''), nullif(organisation, '')
      from unnest($2::bigint[], $3::timestamptz[], $4::uuid[], $5::text[], $6::text[], $7::text[],
                  $8::text[]) with ordinality
           as given (position, at, tenant, type, actor, purpose, organisation, place)`,
    values: [
      size,
      positions,
      entries.map(({ at }) => at.toISOString()),
      entries.map(({ tenant }) => tenant),
      entries.map(({ type }) => type),
      entries.map(({ actor }) => actor),
      entries.map(({ purpose }) => purpose ?? ""),
      entries.map(({ organisation }) => organisation ?? ""),
    ],
  });
  await execute(connection, {
    name: "log_queue_delete",
    text: "delete from log_queue where position = any($1::bigint[])",
    values: [positions],
  });
  return true;
}

/** Records the last signed note. */
export async function recordCheckpoint(connection: Connection, note: string): Promise<void> {
  await execute(connection, {
    name: "log_head_checkpoint",
    text: "update log_head set checkpoint = $1",
    values: [note],
  });
}

/** The bytes of the leaves from index `from` up to `to`, in order. */
export async function leafBodies(
  connection: Connection,
  from: number,
  to: number,
): Promise<Uint8Array[]> {
  const rows = await query(connection, {
    name: "log_entry_bodies",
    text: `
      select body from log_entry join audit_leaf using (position)
      where log_index >= $1::bigint and log_index < $2::bigint order by log_index`,
    values: [from, to],
  });
  return rows.map((row) => bytes(row, "body"));
}
