/** Exports on their way to whoever asked for them: the job, and its file in parts. */
import { EXPORT_STATES } from "../rules/export.ts";
import type { ExportState } from "../rules/export.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import {
  bytes,
  bytesOrNull,
  instant,
  instantOrNull,
  text,
  textOrNull,
  wholeNumberOrNull,
  word,
} from "./row.ts";
import type { Row } from "./row.ts";

export interface ExportRow {
  readonly id: string;
  readonly tenantId: string;
  /** Whose it is. */
  readonly accountId: string;
  readonly organisation: string | null;
  readonly from: Date;
  readonly to: Date;
  readonly madeAt: Date;
  readonly endedAt: Date | null;
  readonly state: ExportState;
  /** Code of the failure that ended it. */
  readonly failure: string | null;
  readonly bytes: number | null;
  readonly sha256: Uint8Array | null;
  /** Id of the entry that tells that it was made, hex. */
  readonly entry: string | null;
  /** Id of the entry that tells that it was first downloaded, hex. */
  readonly takenEntry: string | null;
}

/** Bytes of every part but the last. */
export const EXPORT_PART_BYTES = 1024 * 1024;

const COLUMNS =
  "id, tenant_id, account_id, organisation, from_at, to_at, made_at, ended_at, state, failure, " +
  "bytes::float8 as bytes, sha256, entry, taken_entry";

function exportOf(row: Row): ExportRow {
  return {
    id: text(row, "id"),
    tenantId: text(row, "tenant_id"),
    accountId: text(row, "account_id"),
    organisation: textOrNull(row, "organisation"),
    from: instant(row, "from_at"),
    to: instant(row, "to_at"),
    madeAt: instant(row, "made_at"),
    endedAt: instantOrNull(row, "ended_at"),
    state: word(row, "state", EXPORT_STATES),
    failure: textOrNull(row, "failure"),
    bytes: wholeNumberOrNull(row, "bytes"),
    sha256: bytesOrNull(row, "sha256"),
    entry: textOrNull(row, "entry"),
    takenEntry: textOrNull(row, "taken_entry"),
  };
}

/** At most `limit` of those that were asked for after `after`. */
interface Kept {
  readonly after: Date;
  readonly limit: number;
}

/** Writes a job down; false when the account has `limit` of them already. */
export async function insertExport(
  connection: Connection,
  row: Pick<ExportRow, "id" | "tenantId" | "accountId" | "organisation" | "from" | "to" | "madeAt">,
  { after, limit }: Kept,
): Promise<boolean> {
  const { id, tenantId, accountId, organisation, from, to, madeAt } = row;
  // One at a time for each account, so that two at once do not both find room.
  await execute(connection, {
    text: "select pg_advisory_xact_lock(hashtextextended($1::text, 7))",
    values: [accountId],
  });
  const count = await execute(connection, {
    text: `
      insert into export_job
        (id, tenant_id, account_id, organisation, from_at, to_at, made_at, state)
      select $1::uuid, $2::uuid, $3::uuid, $4::text, $5::timestamptz, $6::timestamptz,
             $7::timestamptz, 'making'
      where (select count(*) from export_job
             where tenant_id = $2::uuid and account_id = $3::uuid
               and made_at > $9::timestamptz) < $8::integer`,
    values: [id, tenantId, accountId, organisation, from, to, madeAt, limit, after],
  });
  return count === 1;
}

/** The account's exports that are still kept, newest first. */
export async function exportsOf(
  connection: Connection,
  whose: Pick<ExportRow, "tenantId" | "accountId">,
  { after, limit }: Kept,
): Promise<ExportRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from export_job
      where tenant_id = $1::uuid and account_id = $2::uuid and made_at > $4::timestamptz
      order by made_at desc, id limit $3::integer`,
    values: [whose.tenantId, whose.accountId, limit, after],
  });
  return rows.map(exportOf);
}

/** One of the account's; null for another's. */
export async function findExport(
  connection: Connection,
  { id, tenantId, accountId }: Pick<ExportRow, "id" | "tenantId" | "accountId">,
): Promise<ExportRow | null> {
  const [row] = await query(connection, {
    text: `
      select ${COLUMNS} from export_job
      where id = $1::uuid and tenant_id = $2::uuid and account_id = $3::uuid`,
    values: [id, tenantId, accountId],
  });
  return row === undefined ? null : exportOf(row);
}

export async function insertExportPart(
  connection: Connection,
  part: { readonly id: string; readonly part: number; readonly content: Uint8Array },
): Promise<void> {
  await execute(connection, {
    name: "export_part_insert",
    text: "insert into export_part (export_id, part, content) values ($1::uuid, $2, $3::bytea)",
    values: [part.id, part.part, Buffer.from(part.content)],
  });
}

/** Says that the file is there, whole. */
export async function setExportReady(
  connection: Connection,
  id: string,
  made: {
    readonly at: Date;
    readonly bytes: number;
    readonly sha256: Uint8Array;
    readonly entry: string;
  },
): Promise<void> {
  await execute(connection, {
    text: `
      update export_job set state = 'ready', ended_at = $2::timestamptz, bytes = $3,
        sha256 = $4::bytea, entry = $5
      where id = $1::uuid and state = 'making'`,
    values: [id, made.at, made.bytes, Buffer.from(made.sha256), made.entry],
  });
}

export async function setExportFailed(
  connection: Connection,
  id: string,
  failed: { readonly at: Date; readonly failure: string },
): Promise<void> {
  await execute(connection, {
    text: `
      update export_job set state = 'failed', ended_at = $2::timestamptz, failure = $3
      where id = $1::uuid and state = 'making'`,
    values: [id, failed.at, failed.failure],
  });
}

/** Keeps which entry tells of the first download; false when another came first. */
export async function setExportTaken(
  connection: Connection,
  id: string,
  entry: string,
): Promise<boolean> {
  const count = await execute(connection, {
    text: `
      update export_job set taken_entry = $2 where id = $1::uuid and taken_entry is null`,
    values: [id, entry],
  });
  return count === 1;
}

/** One part of the file, or null when it is gone. */
export async function exportPart(
  connection: Connection,
  id: string,
  part: number,
): Promise<Uint8Array | null> {
  const [row] = await query(connection, {
    name: "export_part_read",
    text: "select content from export_part where export_id = $1::uuid and part = $2",
    values: [id, part],
  });
  return row === undefined ? null : bytes(row, "content");
}

/** Takes one away with its file; false when there was none. */
export async function deleteExport(connection: Connection, id: string): Promise<boolean> {
  const count = await execute(connection, {
    text: "delete from export_job where id = $1::uuid",
    values: [id],
  });
  return count === 1;
}

/** Takes away all that were asked for before `before`; how many. */
export async function clearExports(connection: Connection, before: Date): Promise<number> {
  return execute(connection, {
    text: "delete from export_job where made_at < $1::timestamptz",
    values: [before],
  });
}
