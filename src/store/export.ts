/** Exports on their way to whoever asked for them: the job, and its file in parts. */
import {
  EXPORT_FORMAT_NAMES,
  EXPORT_KIND_NAMES,
  EXPORT_PURPOSES,
  EXPORT_STATES,
} from "../rules/export.ts";
import type { ExportFormat, ExportKind, ExportState } from "../rules/export.ts";
import type { Purpose } from "../rules/purposes.ts";
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
  wordOrNull,
} from "./row.ts";
import type { Row } from "./row.ts";

export interface ExportRow {
  readonly id: string;
  readonly tenantId: string;
  /** Whose it is: this account's, as long as it stands with that organisation. */
  readonly accountId: string;
  readonly standing: string | null;
  readonly kind: ExportKind;
  readonly format: ExportFormat;
  /** What it is for; null in jobs from before there was more than one kind. */
  readonly purpose: Purpose | null;
  readonly organisation: string | null;
  readonly from: Date;
  readonly to: Date;
  readonly madeAt: Date;
  /** When the server that makes it last said so. */
  readonly beatAt: Date;
  readonly endedAt: Date | null;
  readonly state: ExportState;
  /** Code of the failure that ended it. */
  readonly failure: string | null;
  /** Both null where what is kept is no file, but what it is drawn from when it is downloaded. */
  readonly bytes: number | null;
  readonly sha256: Uint8Array | null;
  /** Null for a bundle. */
  readonly rows: number | null;
  /** Id of the entry that tells that it was made, hex. */
  readonly entry: string | null;
  /** Id of the entry that tells that it was first downloaded, hex. */
  readonly takenEntry: string | null;
}

/** Bytes of every part but the last. */
export const EXPORT_PART_BYTES = 1024 * 1024;

const COLUMNS =
  "id, tenant_id, account_id, standing, kind, format, purpose, organisation, from_at, to_at, " +
  "made_at, beat_at, ended_at, state, failure, bytes::float8 as bytes, sha256, rows, entry, " +
  "taken_entry";

function exportOf(row: Row): ExportRow {
  return {
    id: text(row, "id"),
    tenantId: text(row, "tenant_id"),
    accountId: text(row, "account_id"),
    standing: textOrNull(row, "standing"),
    kind: word(row, "kind", EXPORT_KIND_NAMES),
    format: word(row, "format", EXPORT_FORMAT_NAMES),
    purpose: wordOrNull(row, "purpose", EXPORT_PURPOSES),
    organisation: textOrNull(row, "organisation"),
    from: instant(row, "from_at"),
    to: instant(row, "to_at"),
    madeAt: instant(row, "made_at"),
    beatAt: instant(row, "beat_at"),
    endedAt: instantOrNull(row, "ended_at"),
    state: word(row, "state", EXPORT_STATES),
    failure: textOrNull(row, "failure"),
    bytes: wholeNumberOrNull(row, "bytes"),
    sha256: bytesOrNull(row, "sha256"),
    rows: wholeNumberOrNull(row, "rows"),
    entry: textOrNull(row, "entry"),
    takenEntry: textOrNull(row, "taken_entry"),
  };
}

/** At most `limit` of those that were asked for after `after`. */
interface Kept {
  readonly after: Date;
  readonly limit: number;
}

/** A job that begins at `madeAt`. */
export type NewExport = Pick<
  ExportRow,
  | "id"
  | "tenantId"
  | "accountId"
  | "standing"
  | "kind"
  | "format"
  | "purpose"
  | "organisation"
  | "from"
  | "to"
  | "madeAt"
>;

/** Whose exports are looked for. */
export type ExportOwner = Pick<ExportRow, "tenantId" | "accountId" | "standing">;

/** Writes a job down; false when the account has `limit` of them already. */
export async function insertExport(
  connection: Connection,
  row: NewExport,
  { after, limit }: Kept,
): Promise<boolean> {
  const { id, tenantId, accountId, organisation, from, to, madeAt } = row;
  const { standing, kind, format, purpose } = row;
  // One at a time for each account, so that two at once do not both find room.
  await execute(connection, {
    text: "select pg_advisory_xact_lock(hashtextextended($1::text, 7))",
    values: [accountId],
  });
  const count = await execute(connection, {
    text: `
      insert into export_job
        (id, tenant_id, account_id, organisation, from_at, to_at, made_at, beat_at, state,
         standing, kind, format, purpose)
      select $1::uuid, $2::uuid, $3::uuid, $4::text, $5::timestamptz, $6::timestamptz,
             $7::timestamptz, $7::timestamptz, 'making', $10::uuid, $11::text, $12::text, $13::text
      where (select count(*) from export_job
             where tenant_id = $2::uuid and account_id = $3::uuid
               and made_at > $9::timestamptz) < $8::integer`,
    values: [
      id,
      tenantId,
      accountId,
      organisation,
      from,
      to,
      madeAt,
      limit,
      after,
      standing,
      kind,
      format,
      purpose,
    ],
  });
  return count === 1;
}

/** The account's exports that are still kept, newest first. */
export async function exportsOf(
  connection: Connection,
  { tenantId, accountId, standing }: ExportOwner,
  { after, limit }: Kept,
): Promise<ExportRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from export_job
      where tenant_id = $1::uuid and account_id = $2::uuid and made_at > $4::timestamptz
        and standing is not distinct from $5::uuid
      order by made_at desc, id limit $3::integer`,
    values: [tenantId, accountId, limit, after, standing],
  });
  return rows.map(exportOf);
}

/** One of the account's; null for another's, and for what it began where it stood before. */
export async function findExport(
  connection: Connection,
  { id, tenantId, accountId, standing }: ExportOwner & { readonly id: string },
): Promise<ExportRow | null> {
  const [row] = await query(connection, {
    text: `
      select ${COLUMNS} from export_job
      where id = $1::uuid and tenant_id = $2::uuid and account_id = $3::uuid
        and standing is not distinct from $4::uuid`,
    values: [id, tenantId, accountId, standing],
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

/** Says that somebody still makes it. */
export async function beatExport(connection: Connection, id: string, at: Date): Promise<void> {
  await execute(connection, {
    text: `
      update export_job set beat_at = $2::timestamptz where id = $1::uuid and state = 'making'`,
    values: [id, at],
  });
}

/** Says that all of it is there; false when it was given up meanwhile. */
export async function setExportReady(
  connection: Connection,
  id: string,
  made: {
    readonly at: Date;
    readonly file: { readonly bytes: number; readonly sha256: Uint8Array } | null;
    readonly rows: number | null;
    readonly entry: string;
  },
): Promise<boolean> {
  const { at, file, rows, entry } = made;
  const sha256 = file === null ? null : Buffer.from(file.sha256);
  const count = await execute(connection, {
    text: `
      update export_job set state = 'ready', ended_at = $2::timestamptz, bytes = $3::bigint,
        sha256 = $4::bytea, entry = $5, rows = $6::integer
      where id = $1::uuid and state = 'making'`,
    values: [id, at, file?.bytes ?? null, sha256, entry, rows],
  });
  return count === 1;
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
