/** Settings of organisations: versions that are only ever added; the newest one counts. */

import { SETTING_NAMES } from "../rules/setting.ts";
import type { SettingName } from "../rules/setting.ts";
import { columnsOf } from "./column.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { instant, text, textOrNull, wholeNumber, word } from "./row.ts";
import type { Row } from "./row.ts";

/** set: below may tighten. locked: below may change nothing. delegated: below decides. */
export const SETTING_MODES = ["set", "locked", "delegated"] as const;
export type SettingMode = (typeof SETTING_MODES)[number];

export interface SettingRow {
  readonly organisationId: string;
  /** Id of the organisation in whose name it was said: itself, or one above it. */
  readonly byId: string;
  readonly name: SettingName;
  /** 1 for the first value that this organisation gave it. */
  readonly version: number;
  /** A value of the setting, 1..500 characters. */
  readonly value: string;
  /** Of a delegation: the loosest value that may be said below; null for no bound of its own. */
  readonly bound: string | null;
  readonly mode: SettingMode;
  /** 1..500 characters without personal data. */
  readonly reason: string;
  /** Pseudonym of who changed it, or proposed it. */
  readonly actor: string;
  /** Pseudonym of who approved it; null where one person was enough. */
  readonly approvedBy: string | null;
  readonly at: Date;
}

const COLUMNS =
  "organisation_id, by_id, at, version, name, value, bound, mode, reason, actor, approved_by";
const COLUMNS_OF_SETTING = columnsOf("setting", COLUMNS);

function settingOf(row: Row): SettingRow {
  return {
    organisationId: text(row, "organisation_id"),
    byId: text(row, "by_id"),
    name: word(row, "name", SETTING_NAMES),
    version: wholeNumber(row, "version"),
    value: text(row, "value"),
    bound: textOrNull(row, "bound"),
    mode: word(row, "mode", SETTING_MODES),
    reason: text(row, "reason"),
    actor: text(row, "actor"),
    approvedBy: textOrNull(row, "approved_by"),
    at: instant(row, "at"),
  };
}

/**
 * Adds a version. DATABASE_FAILED with `sqlstate` 23505 when the version exists. Its time is not
 * before that of an earlier one, whatever clock it comes from: the past is asked by time.
 */
export async function insertSetting(connection: Connection, row: SettingRow): Promise<void> {
  const { organisationId, byId, at, version, name, value, bound, mode, reason } = row;
  await execute(connection, {
    text: `
      insert into setting (${COLUMNS})
      select $1::uuid, $2::uuid, greatest($3::timestamptz, max(at)), $4::integer, $5, $6, $7, $8,
             $9, $10, $11
      from setting where organisation_id = $1::uuid and name = $5`,
    values: [
      organisationId,
      byId,
      at,
      version,
      name,
      value,
      bound,
      mode,
      reason,
      row.actor,
      row.approvedBy,
    ],
  });
}

/**
 * Of each organisation, the newest version of `name` that each who spoke had said by the instant
 * `at`; with null by now. Now is asked with null: a server whose clock is behind must not stay
 * behind.
 */
export async function settingsAt(
  connection: Connection,
  organisationIds: readonly string[],
  which: { readonly name: SettingName; readonly at: Date | null },
): Promise<SettingRow[]> {
  const rows = await query(connection, {
    name: "setting_at",
    text: `
      select distinct on (organisation_id, by_id) ${COLUMNS} from setting
      where organisation_id = any($1::uuid[]) and name = $2
        and ($3::timestamptz is null or at <= $3)
      order by organisation_id, by_id, version desc`,
    values: [[...organisationIds], which.name, which.at],
  });
  return rows.map(settingOf);
}

/**
 * Of each organisation below this one, the newest version of `name` that each who spoke had said:
 * a word from above stands beside a later one of somebody lower, and counts again without that one.
 */
export async function settingsBelow(
  connection: Connection,
  organisationId: string,
  name: SettingName,
): Promise<SettingRow[]> {
  const rows = await query(connection, {
    text: `
      with recursive below as (
        select id from organisation where parent_id = $1::uuid
        union
        select organisation.id from organisation join below on parent_id = below.id
      )
      select distinct on (setting.organisation_id, by_id) ${COLUMNS_OF_SETTING}
      from setting join below on below.id = organisation_id
      where setting.name = $2
      order by setting.organisation_id, by_id, version desc`,
    values: [organisationId, name],
  });
  return rows.map(settingOf);
}

/** As `settingsAt`, of every setting at once. */
export async function allSettingsAt(
  connection: Connection,
  organisationIds: readonly string[],
  at: Date | null,
): Promise<SettingRow[]> {
  const rows = await query(connection, {
    name: "settings_at",
    text: `
      select distinct on (organisation_id, name, by_id) ${COLUMNS} from setting
      where organisation_id = any($1::uuid[]) and ($2::timestamptz is null or at <= $2)
      order by organisation_id, name, by_id, version desc`,
    values: [[...organisationIds], at],
  });
  return rows.map(settingOf);
}

/** The newest version of a setting of one organisation whatever the clock says, 0 for none. */
export async function lastSettingVersion(
  connection: Connection,
  organisationId: string,
  name: SettingName,
): Promise<number> {
  const rows = await query(connection, {
    text: `
      select coalesce(max(version), 0) as version from setting
      where organisation_id = $1::uuid and name = $2`,
    values: [organisationId, name],
  });
  return wholeNumber(rows[0] ?? {}, "version");
}

/** All versions of a setting of one organisation, oldest first, at most `limit`. */
export async function settingHistory(
  connection: Connection,
  which: { readonly organisationId: string; readonly name: SettingName },
  limit: number,
): Promise<SettingRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from setting
      where organisation_id = $1::uuid and name = $2 order by version limit $3::integer`,
    values: [which.organisationId, which.name, limit],
  });
  return rows.map(settingOf);
}

/** As `allSettingsAt` of now, of every organisation of a tenant. */
export async function settingsOfTenant(
  connection: Connection,
  tenantId: string,
): Promise<SettingRow[]> {
  const rows = await query(connection, {
    text: `
      select distinct on (setting.organisation_id, setting.name, by_id) ${COLUMNS_OF_SETTING}
      from setting join organisation on organisation.id = setting.organisation_id
      where organisation.tenant_id = $1::uuid
      order by setting.organisation_id, setting.name, by_id, version desc`,
    values: [tenantId],
  });
  return rows.map(settingOf);
}

/** All versions of every setting of a tenant's organisations, by number, at most `limit`. */
export async function settingVersions(
  connection: Connection,
  tenantId: string,
  limit: number,
): Promise<SettingRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS_OF_SETTING}
      from setting join organisation on organisation.id = setting.organisation_id
      where organisation.tenant_id = $1::uuid
      order by setting.organisation_id, setting.name, version limit $2::integer`,
    values: [tenantId, limit],
  });
  return rows.map(settingOf);
}
