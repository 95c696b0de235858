/**
 * Audit leaves in an append-only table (P13): a leaf is written in the transaction of the verb that
 * it tells of, and is durable before any plaintext leaves (P11). Positions grow but may have gaps,
 * and become visible in order of commit; the index in the log is given later, in log.ts.
 */

import { LEAF_TYPES } from "../audit/leaf.ts";
import type { LeafType } from "../audit/leaf.ts";
import { Failure } from "../rules/failure.ts";
import { traced } from "../trace/span.ts";
import type { SpanStart } from "../trace/span.ts";
import { INSTALLATION_LOG } from "./log.ts";
import type { LogId } from "./log.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, bytesOrNull, instant, text, wholeNumber } from "./row.ts";
import type { Row } from "./row.ts";
import { told } from "./told-entry.ts";
import { byteaArray } from "./wire.ts";

export interface NewLeaf {
  /** 16 bytes, random or derived from the event. */
  readonly id: Uint8Array;
  readonly type: string;
  /** 16-byte commitment to the waybill, or null when the leaf is not about one. */
  readonly subject: Uint8Array | null;
  /** Canonical JSON, 2..8192 bytes. */
  readonly body: Uint8Array;
  /** A sealed note beside the leaf (30..8192 bytes), or null. */
  readonly note: Uint8Array | null;
}

export interface LeafRow extends NewLeaf {
  readonly position: number;
  readonly createdAt: Date;
}

const COLUMNS = "position, id, type, subject, body, note, created_at";

/* An empty bytea stands for none: arrays of parameters are sent without nulls. */
const NONE = new Uint8Array(0);

function leafOf(row: Row): LeafRow {
  return {
    position: wholeNumber(row, "position"),
    id: bytes(row, "id"),
    type: text(row, "type"),
    subject: bytesOrNull(row, "subject"),
    body: bytes(row, "body"),
    note: bytesOrNull(row, "note"),
    createdAt: instant(row, "created_at"),
  };
}

/**
 * No leaf is written while the oldest one has waited longer than this for its index: the log has
 * promised every leaf a place in time, and would promise what it cannot hold.
 */
export const QUEUE_WAIT_SECONDS_MAX = 60;

const DESTROYING: ReadonlySet<string> = new Set(
  Object.entries(LEAF_TYPES).flatMap(([type, { verb }]) => (verb === "delete" ? [type] : [])),
);

/** The logs in which these leaves may have their place: the installation's, or their tenants'. */
function logsOf(leaves: readonly NewLeaf[]): LogId[] {
  const logs = new Set([INSTALLATION_LOG]);
  for (const { body } of leaves) {
    // Canonical JSON objects that name their tenant (LEAF-1).
    const leaf = JSON.parse(Buffer.from(body).toString("utf8")) as { readonly tenant: string };
    logs.add(leaf.tenant);
  }
  return [...logs];
}

/**
 * Appends `leaves` in order, in the caller's transaction or as one of its own, and queues them for
 * the shared log or for their tenants' own; a leaf whose
 * id exists is left as it is, so an event with a derived id can be told again after a crash.
 * Returns how many were new. Throws LOG_LATE while the sequencer of their log cannot keep up,
 * unless `isLogYetToWork`: then nothing was appended.
 */
export async function insertLeaves(
  connection: Connection,
  leaves: readonly NewLeaf[],
  isLogYetToWork = false,
): Promise<number> {
  if (leaves.length === 0) return 0;
  return traced(
    () => logSpan(leaves.length),
    async () => appendLeaves(connection, leaves, isLogYetToWork),
  );
}

/** A span of what goes into the log. */
export function logSpan(leaves: number): SpanStart {
  return { name: "log append", kind: "internal", attributes: { "midan.leaves": leaves } };
}

async function appendLeaves(
  connection: Connection,
  leaves: readonly NewLeaf[],
  isLogYetToWork: boolean,
): Promise<number> {
  // Destroying waits for nobody; its entries are durable like all others.
  const isUrgent = isLogYetToWork || leaves.every(({ type }) => DESTROYING.has(type));
  const [row = {}] = await query(connection, {
    name: "audit_leaf_insert",
    text: `
      with oldest as (
        select coalesce(bool_or(late), false) as late
        from unnest($7::uuid[]) as asked (log)
          cross join lateral (
            select clock_timestamp() - queued_at > make_interval(secs => $6) as late
            from log_queue where log_queue.log = asked.log order by position limit 1) as oldest),
      added as (
        insert into audit_leaf (id, type, subject, body, note)
        select id, type, nullif(subject, ''::bytea), body, nullif(note, ''::bytea)
        from unnest($1::bytea[], $2::text[], $3::bytea[], $4::bytea[], $5::bytea[])
               with ordinality as given (id, type, subject, body, note, at)
        where not (select late from oldest)
        order by at
        on conflict (id) do nothing
        returning position, body),
      queued as (
        insert into log_queue (position, log)
        select position,
               case when (select sharing from log_choice) = 'tenant'
                    then (convert_from(body, 'UTF8')::jsonb ->> 'tenant')::uuid
                    else '${INSTALLATION_LOG}'::uuid end
        from added)
      select late, (select count(*) from added) as added from oldest`,
    values: [
      byteaArray(leaves.map((leaf) => leaf.id)),
      leaves.map((leaf) => leaf.type),
      byteaArray(leaves.map((leaf) => leaf.subject ?? NONE)),
      byteaArray(leaves.map((leaf) => leaf.body)),
      byteaArray(leaves.map((leaf) => leaf.note ?? NONE)),
      QUEUE_WAIT_SECONDS_MAX,
      isUrgent ? [] : logsOf(leaves),
    ],
  });
  if (row["late"] === true) throw new Failure("LOG_LATE");
  return wholeNumber(row, "added");
}

/** The leaf of that id, or null. */
export async function findLeaf(connection: Connection, id: Uint8Array): Promise<LeafRow | null> {
  const rows = await query(connection, {
    text: `select ${COLUMNS} from audit_leaf where id = $1::bytea`,
    values: [Buffer.from(id)],
  });
  return rows[0] === undefined ? null : leafOf(rows[0]);
}

/** Those of `ids` (16 bytes each) for which there is a leaf, as hex. */
export async function knownLeafIds(
  connection: Connection,
  ids: readonly Uint8Array[],
): Promise<ReadonlySet<string>> {
  const rows = await query(connection, {
    text: "select id from audit_leaf where id = any($1::bytea[])",
    values: [byteaArray(ids)],
  });
  return new Set(rows.map((row) => Buffer.from(bytes(row, "id")).toString("hex")));
}

/** The leaves about one subject, oldest first, at most `limit`. */
export async function leavesOfSubject(
  connection: Connection,
  subject: Uint8Array,
  limit: number,
): Promise<LeafRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from audit_leaf
      where subject = $1::bytea order by position limit $2::integer`,
    values: [Buffer.from(subject), limit],
  });
  return rows.map(leafOf);
}

/** The newest leaves, newest first, at most `limit`. */
export async function latestLeaves(connection: Connection, limit: number): Promise<LeafRow[]> {
  const rows = await query(connection, {
    text: `select ${COLUMNS} from audit_leaf order by position desc limit $1::integer`,
    values: [limit],
  });
  return rows.map(leafOf);
}

/** How many leaves there are of each type. For `status`. */
export async function countLeaves(connection: Connection): Promise<ReadonlyMap<string, number>> {
  const rows = await query(connection, {
    text: "select type, count(*) as leaves from audit_leaf group by type order by type",
  });
  return new Map(rows.map((row) => [text(row, "type"), wholeNumber(row, "leaves")] as const));
}

/** How many leaves of some tenants tell of a failure, up to an instant by their own clock. */
export async function countFailures(
  connection: Connection,
  which: { readonly type: LeafType; readonly code: string; readonly tenants: readonly string[] },
  until: Date,
): Promise<number> {
  const { type, code, tenants } = which;
  const rows = await query(connection, {
    text: `
      select count(*) as leaves from ${told(type)}
      where b ->> 'failure' = $1 and b ->> 'tenant' = any($2::text[])
        and (b ->> 'at')::timestamptz <= $3`,
    values: [code, tenants, until],
  });
  return wholeNumber(rows[0] ?? {}, "leaves");
}

/** The first leaf of `type` whose member `week` is that epoch, in one tenant, or null. */
export async function findIndexLeaf(
  connection: Connection,
  tenantId: string,
  epoch: string,
): Promise<LeafRow | null> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from audit_leaf
      where type = 'index-destroyed'
        and convert_from(body, 'UTF8')::jsonb
            @> jsonb_build_object('tenant', $1::text, 'week', $2::text)
      order by position limit 1`,
    values: [tenantId, epoch],
  });
  return rows[0] === undefined ? null : leafOf(rows[0]);
}

/** The bodies of all entries about copies of the key store, oldest first. */
export async function copyLeaves(connection: Connection): Promise<Uint8Array[]> {
  const rows = await query(connection, {
    text: `
      select body from audit_leaf
      where type in ('keys-copied', 'copy-discarded') order by position`,
  });
  return rows.map((row) => bytes(row, "body"));
}

/** How many leaves one tenant has of each type. */
export async function countOwnLeaves(
  connection: Connection,
  tenantId: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await query(connection, {
    text: `
      select type, count(*) as leaves from audit_leaf
      where convert_from(body, 'UTF8')::jsonb ->> 'tenant' = $1 group by type order by type`,
    values: [tenantId],
  });
  return new Map(rows.map((row) => [text(row, "type"), wholeNumber(row, "leaves")] as const));
}

/**
 * An event with an id of its own may have been told again since, with another time, before the log
 * was asked. That row waits for an index that its event already has: what the log says stays.
 */
async function dropToldAgain(connection: Connection, leaves: readonly NewLeaf[]): Promise<void> {
  const again = `
    select position from log_queue join audit_leaf using (position)
      join unnest($1::bytea[], $2::bytea[]) as given (known, logged)
        on id = known and body <> logged`;
  const values = [
    byteaArray(leaves.map((leaf) => leaf.id)),
    byteaArray(leaves.map((leaf) => leaf.body)),
  ];
  const rows = await query(connection, { text: again, values });
  if (rows.length === 0) return;
  await execute(connection, {
    text: "alter table audit_leaf disable trigger audit_leaf_append_only",
  });
  const drop = `
    with again as (${again}), unqueued as (
      delete from log_queue where position in (select position from again))
    delete from audit_leaf where position in (select position from again)`;
  await execute(connection, { text: drop, values });
  await execute(connection, {
    text: "alter table audit_leaf enable always trigger audit_leaf_append_only",
  });
}

/**
 * Takes leaves back that were lost with an older copy of the database; they wait for no index,
 * because they have one. Returns the position of each by its id in hex, known ones included.
 */
export async function adoptLeaves(
  connection: Connection,
  leaves: readonly NewLeaf[],
): Promise<ReadonlyMap<string, number>> {
  const ids = byteaArray(leaves.map((leaf) => leaf.id));
  await dropToldAgain(connection, leaves);
  await execute(connection, {
    text: `
      insert into audit_leaf (id, type, subject, body)
      select id, type, nullif(subject, ''::bytea), body
      from unnest($1::bytea[], $2::text[], $3::bytea[], $4::bytea[])
             with ordinality as given (id, type, subject, body, at)
      order by at
      on conflict (id) do nothing`,
    values: [
      ids,
      leaves.map((leaf) => leaf.type),
      byteaArray(leaves.map((leaf) => leaf.subject ?? NONE)),
      byteaArray(leaves.map((leaf) => leaf.body)),
    ],
  });
  const rows = await query(connection, {
    text: "select id, position from audit_leaf where id = any($1::bytea[])",
    values: [ids],
  });
  return new Map(
    rows.map((row) => [
      Buffer.from(bytes(row, "id")).toString("hex"),
      wholeNumber(row, "position"),
    ]),
  );
}
