/**
 * The transparency log's part of the database: leaves that wait for an index, the index of each
 * leaf, and the head of the tree. The order of the log is decided here, in one transaction for each
 * batch, and nowhere else; the files only repeat it.
 */

import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, text, textOrNull, wholeNumber } from "./row.ts";
import { int8Array } from "./wire.ts";

/** A log: a tenant's by the tenant's id (UUID text), or the installation's own. */
export type LogId = string;

/** The installation's own log: that of all tenants where they share one. */
export const INSTALLATION_LOG: LogId = "00000000-0000-0000-0000-000000000000";

/** Whether all tenants share one log, or each has its own. */
export type LogSharing = "shared" | "tenant";

/*
 * Two numbers that nothing else of ours locks: "midan" by its letters, and "log", or for a tenant's
 * log a hash of its id. Should two ids have one hash, their logs only wait for each other.
 */
const LOCK = `
  1296647214,
  case when $1::uuid = '${INSTALLATION_LOG}' then 7106407 else hashtext($1::uuid::text) end`;

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
 * How the installation's tenants log: as it was chosen first, by `wanted` if nobody chose before.
 */
export async function logSharing(connection: Connection, wanted: LogSharing): Promise<LogSharing> {
  await execute(connection, {
    text: "insert into log_choice (sharing) values ($1) on conflict do nothing",
    values: [wanted],
  });
  const [row = {}] = await query(connection, { text: "select sharing from log_choice" });
  return text(row, "sharing") === "tenant" ? "tenant" : "shared";
}

/**
 * True when this connection is the one sequencer of that log, until `unlockLog` or until the
 * connection ends; false when another is.
 */
export async function tryLockLog(connection: Connection, log: LogId): Promise<boolean> {
  const [row] = await query(connection, {
    text: `select pg_try_advisory_lock(${LOCK}) as held`,
    values: [log],
  });
  return row?.["held"] === true;
}

/** Gives up what `tryLockLog` took. */
export async function unlockLog(connection: Connection, log: LogId): Promise<void> {
  await query(connection, { text: `select pg_advisory_unlock(${LOCK})`, values: [log] });
}

/**
 * The head of a log. When there is none it is made: the installation's with `origin`, a tenant's
 * with the installation's origin, a slash and the tenant's id.
 */
export async function openHead(
  connection: Connection,
  log: LogId,
  origin: string,
): Promise<LogHead> {
  const found = await readHead(connection, log);
  if (found !== null) return found;
  const own =
    log === INSTALLATION_LOG
      ? origin
      : `${(await openHead(connection, INSTALLATION_LOG, origin)).origin}/${log}`;
  await execute(connection, {
    text: "insert into log_head (log, origin) values ($1::uuid, $2) on conflict do nothing",
    values: [log, own],
  });
  // There is a row now, whoever wrote it.
  return (await readHead(connection, log)) as LogHead;
}

/** The head of a log, or null when nothing was ever logged there. */
export async function readHead(connection: Connection, log: LogId): Promise<LogHead | null> {
  const [row] = await query(connection, {
    name: "log_head_read",
    text: "select origin, size, frontier, checkpoint from log_head where log = $1::uuid",
    values: [log],
  });
  if (row === undefined) return null;
  return {
    origin: text(row, "origin"),
    size: wholeNumber(row, "size"),
    frontier: bytes(row, "frontier"),
    checkpoint: textOrNull(row, "checkpoint"),
  };
}

/** A log's oldest leaves that have no index, in the order in which they were written. */
export async function queuedLeaves(
  connection: Connection,
  log: LogId,
  limit: number,
): Promise<QueuedLeaf[]> {
  const rows = await query(connection, {
    name: "log_queue_read",
    text: `
      select position, body from log_queue join audit_leaf using (position)
      where log = $1::uuid order by position limit $2::integer`,
    values: [log, limit],
  });
  return rows.map((row) => ({ position: wholeNumber(row, "position"), body: bytes(row, "body") }));
}

/** How many leaves of a log wait, and how many seconds the oldest has, by the database's clock. */
export async function queueState(
  connection: Connection,
  log: LogId,
): Promise<{ readonly leaves: number; readonly oldestSeconds: number }> {
  const [row = {}] = await query(connection, {
    text: `
      select count(*) as leaves,
             coalesce(floor(extract(epoch from clock_timestamp() - min(queued_at))), 0)::bigint
               as seconds
      from log_queue where log = $1::uuid`,
    values: [log],
  });
  return { leaves: wholeNumber(row, "leaves"), oldestSeconds: wholeNumber(row, "seconds") };
}

const UNPUBLISHED = "size > 0 and split_part(coalesce(checkpoint, ''), E'\\n', 2) <> size::text";

/** True when a leaf of that log waits for an index, or when its head's tree is not published. */
export async function isUnsettled(connection: Connection, log: LogId): Promise<boolean> {
  const [row] = await query(connection, {
    name: "log_unsettled",
    text: `
      select exists (select from log_queue where log = $1::uuid)
             or exists (select from log_head where log = $1::uuid and ${UNPUBLISHED}) as waits`,
    values: [log],
  });
  return row?.["waits"] === true;
}

/** The logs of which `isUnsettled` holds, by their ids: those behind `after`, at most `limit`. */
export async function unsettledLogs(
  connection: Connection,
  { after, limit }: { readonly after: LogId | null; readonly limit: number },
): Promise<LogId[]> {
  const rows = await query(connection, {
    name: "log_unsettled_all",
    text: `
      select log from (select '${INSTALLATION_LOG}'::uuid union all select id from tenant)
             as known (log)
      where ($1::uuid is null or log > $1::uuid)
        and (exists (select from log_queue where log_queue.log = known.log)
             or exists (select from log_head where log_head.log = known.log and ${UNPUBLISHED}))
      order by log limit $2::integer`,
    values: [after, limit],
  });
  return rows.map((row) => text(row, "log"));
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
 * Gives `entries` the indices of a log from `size` on, takes them out of the queue, and moves the
 * head to `frontier`, in the caller's transaction. False when the head no longer is at `size`:
 * somebody else was quicker, and the caller must roll back.
 */
export async function appendEntries(
  connection: Connection,
  { log, size }: { readonly log: LogId; readonly size: number },
  {
    entries,
    frontier,
  }: { readonly entries: readonly NewLogEntry[]; readonly frontier: Uint8Array },
): Promise<boolean> {
  const moved = await execute(connection, {
    name: "log_head_move",
    text: `
      update log_head set size = $2::bigint, frontier = $3::bytea
      where size = $1::bigint and log = $4::uuid`,
    values: [size, size + entries.length, Buffer.from(frontier), log],
  });
  if (moved !== 1) return false;
  const positions = int8Array(entries.map(({ position }) => position));
  await execute(connection, {
    name: "log_entry_insert",
    text: `
      insert into log_entry
        (log, log_index, position, at, tenant, type, actor, purpose, organisation)
      select $9::uuid, $1::bigint + place - 1, position, at, tenant, type, actor,
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
      log,
    ],
  });
  await execute(connection, {
    name: "log_queue_delete",
    text: "delete from log_queue where log = $2::uuid and position = any($1::bigint[])",
    values: [positions, log],
  });
  return true;
}

/** Records a log's last signed note. */
export async function recordCheckpoint(
  connection: Connection,
  log: LogId,
  note: string,
): Promise<void> {
  await execute(connection, {
    name: "log_head_checkpoint",
    text: "update log_head set checkpoint = $2 where log = $1::uuid",
    values: [log, note],
  });
}

/** The bytes of a log's leaves from index `from` up to `to`, in order. */
export async function leafBodies(
  connection: Connection,
  log: LogId,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Uint8Array[]> {
  const rows = await query(connection, {
    name: "log_entry_bodies",
    text: `
      select body from log_entry join audit_leaf using (position)
      where log = $3::uuid and log_index >= $1::bigint and log_index < $2::bigint
      order by log_index`,
    values: [from, to, log],
  });
  return rows.map((row) => bytes(row, "body"));
}
