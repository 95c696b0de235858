/**
 * What a sweep cannot reach: an UPDATE leaves the old row version behind until VACUUM, and the log,
 * its archive, replicas, backups and the planner's statistics hold values of their own. What the
 * server tells of these is asked here and reported, so that nobody takes a masked table for an
 * erased one. PostgreSQL documentation: Routine Vacuuming, Backup and Restore, pg_stats.
 */
import type { Connection, Statement } from "../store/query.ts";
import { query, sqlStateOf } from "../store/query.ts";
import type { Database } from "../store/pool.ts";
import { instantOrNull, text, wholeNumber, wholeNumberOrNull } from "../store/row.ts";
import { isFailure } from "../rules/failure.ts";
import { lent, reading } from "./outside.ts";
import type { Layout } from "./survey.ts";

export interface Remains {
  /** Old row versions that VACUUM has not taken away; an estimate of the server. */
  readonly deadRows: number;
  readonly lastVacuumAt: Date | null;
  /** When the planner last took sample values of the table: later than the sweep, or old ones. */
  readonly lastAnalyzeAt: Date | null;
  /** `off`, `on` or `always`; where it is not off, old values are in the archive of the log. */
  readonly archiveMode: string;
  readonly walKeepBytes: number;
  /** Bytes of log on the server's disk; null where the account may not ask. */
  readonly walBytes: number | null;
  readonly replicationSlots: number;
  /** Log that the slowest replication slot keeps from being removed. */
  readonly slotKeepsBytes: number;
  readonly replicas: number;
  /** Publications that send changes of this table elsewhere. */
  readonly publications: number;
  /** Views that hold a copy of this table's rows until they are refreshed. */
  readonly materializedViews: number;
}

const STATE = `
  select coalesce(sum(pg_stat_get_dead_tuples(p.oid)), 0)::bigint as dead,
    max(greatest(pg_stat_get_last_vacuum_time(p.oid), pg_stat_get_last_autovacuum_time(p.oid)))
      as vacuum_at,
    max(greatest(pg_stat_get_last_analyze_time(p.oid), pg_stat_get_last_autoanalyze_time(p.oid)))
      as analyze_at
  from (
    select $1::bigint::oid as oid union select relid from pg_partition_tree($1::bigint::oid)) p`;

const AROUND = `
  select
    current_setting('archive_mode') as archive,
    pg_size_bytes(current_setting('wal_keep_size')) as keep,
    (select count(*) from pg_replication_slots) as slots,
    (select coalesce(max(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), restart_lsn)), 0)::bigint
      from pg_replication_slots) as slot_bytes,
    (select count(*) from pg_stat_replication) as replicas,
    (select count(distinct t.pubname) from pg_publication_tables t
      join pg_class c on c.relname = t.tablename
      join pg_namespace n on n.oid = c.relnamespace and n.nspname = t.schemaname
      where c.oid = $1::bigint::oid) as publications,
    (select count(distinct r.ev_class) from pg_depend d join pg_rewrite r on r.oid = d.objid
      join pg_class v on v.oid = r.ev_class and v.relkind = 'm'
      where d.refobjid = $1::bigint::oid and d.classid = 'pg_rewrite'::regclass) as views`;

const WAL_BYTES: Statement = { text: "select sum(size)::bigint as bytes from pg_ls_waldir()" };
const INSUFFICIENT_PRIVILEGE = "42501";

async function walBytes(connection: Connection): Promise<number | null> {
  try {
    const [row] = await query(connection, WAL_BYTES);
    return row === undefined ? null : wholeNumberOrNull(row, "bytes");
  } catch (error) {
    if (isFailure(error) && sqlStateOf(error) === INSUFFICIENT_PRIVILEGE) return null;
    throw error;
  }
}

/** Asks the server what is left of the old values elsewhere. Throws as `lent` does. */
export async function remainsOf(database: Database, layout: Layout): Promise<Remains> {
  return lent(database, async (connection) => {
    const [state = {}] = await query(connection, { text: STATE, values: [layout.oid] });
    const [around = {}] = await query(connection, { text: AROUND, values: [layout.oid] });
    return {
      deadRows: wholeNumber(state, "dead"),
      lastVacuumAt: instantOrNull(state, "vacuum_at"),
      lastAnalyzeAt: instantOrNull(state, "analyze_at"),
      archiveMode: text(around, "archive"),
      walKeepBytes: wholeNumber(around, "keep"),
      walBytes: await walBytes(connection),
      replicationSlots: wholeNumber(around, "slots"),
      slotKeepsBytes: wholeNumber(around, "slot_bytes"),
      replicas: wholeNumber(around, "replicas"),
      publications: wholeNumber(around, "publications"),
      materializedViews: wholeNumber(around, "views"),
    };
  });
}

/** Where the server's log ends now. */
export async function logPlace(database: Database): Promise<string> {
  return reading(database, async (connection) => {
    const [row = {}] = await query(connection, {
      text: "select pg_current_wal_insert_lsn()::text as place",
    });
    return text(row, "place");
  });
}

/** Bytes that the whole server has written to its log since `place`. */
export async function logBytesSince(database: Database, place: string): Promise<number> {
  return reading(database, async (connection) => {
    const [row = {}] = await query(connection, {
      text: "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1::pg_lsn)::bigint as bytes",
      values: [place],
    });
    return wholeNumber(row, "bytes");
  });
}
