/**
 * The tree of organisations: a carrier's headquarters (总部) and all that stands below it belong to
 * a tenant; authorities stand outside all tenants.
 */

import type { Day } from "../rules/calendar.ts";
import { KIND_NAMES, ORGANISATION_FORMS } from "../rules/organisation-kind.ts";
import type { OrganisationForm, OrganisationKind } from "../rules/organisation-kind.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { day, dayOrNull, text, textOrNull, wholeNumber, word } from "./row.ts";
import type { Row } from "./row.ts";

export interface OrganisationRow {
  /** UUID text. */
  readonly id: string;
  /** Null for authorities, and only for them. */
  readonly tenantId: string | null;
  /** Null for headquarters and authorities. */
  readonly parentId: string | null;
  readonly kind: OrganisationKind;
  /** Null for kinds that have none. */
  readonly form: OrganisationForm | null;
  /** 1..100 characters, one of its kind within a tenant (or among the authorities). */
  readonly name: string;
  readonly openedOn: Day;
  readonly closedOn: Day | null;
}

/** A tree is never deeper than this; it also ends the walk over a loop, which cannot be stored. */
export const TREE_DEPTH_MAX = 16;

const COLUMNS = "id, tenant_id, parent_id, opened_on, closed_on, kind, form, name";

function organisationOf(row: Row): OrganisationRow {
  return {
    id: text(row, "id"),
    tenantId: textOrNull(row, "tenant_id"),
    parentId: textOrNull(row, "parent_id"),
    kind: word(row, "kind", KIND_NAMES),
    form: textOrNull(row, "form") === null ? null : word(row, "form", ORGANISATION_FORMS),
    name: text(row, "name"),
    openedOn: day(row, "opened_on"),
    closedOn: dayOrNull(row, "closed_on"),
  };
}

/**
 * Adds `rows`, parents before their children. Returns how many were new: fewer than `rows` means
 * that a name, or the tenant's one headquarters, exists already, and the caller rolls back.
 */
export async function insertOrganisations(
  connection: Connection,
  rows: readonly OrganisationRow[],
): Promise<number> {
  if (rows.length === 0) return 0;
  return execute(connection, {
    text: `
      insert into organisation (${COLUMNS})
      select id, nullif(tenant_id, '')::uuid, nullif(parent_id, '')::uuid, opened_on,
             nullif(closed_on, '')::date, kind, nullif(form, ''), name
      from unnest($1::uuid[], $2::text[], $3::text[], $4::date[], $5::text[], $6::text[],
                  $7::text[], $8::text[]) with ordinality
        as given (id, tenant_id, parent_id, opened_on, closed_on, kind, form, name, at)
      order by at
      on conflict do nothing`,
    values: [
      rows.map((row) => row.id),
      rows.map((row) => row.tenantId ?? ""),
      rows.map((row) => row.parentId ?? ""),
      rows.map((row) => row.openedOn),
      rows.map((row) => row.closedOn ?? ""),
      rows.map((row) => row.kind),
      rows.map((row) => row.form ?? ""),
      rows.map((row) => row.name),
    ],
  });
}

/** The organisation of that id, or null. */
export async function findOrganisation(
  connection: Connection,
  id: string,
): Promise<OrganisationRow | null> {
  const rows = await query(connection, {
    text: `select ${COLUMNS} from organisation where id = $1::uuid`,
    values: [id],
  });
  return rows[0] === undefined ? null : organisationOf(rows[0]);
}

/** The organisation of that name in a tenant, or among the authorities (tenant null), or null. */
export async function findOrganisationByName(
  connection: Connection,
  tenantId: string | null,
  name: string,
): Promise<OrganisationRow | null> {
  // PostgreSQL takes no text with a NUL, so that no organisation has such a name.
  if (name.includes("\0")) return null;
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from organisation
      where tenant_id is not distinct from $1::uuid and name = $2`,
    values: [tenantId, name],
  });
  return rows[0] === undefined ? null : organisationOf(rows[0]);
}

/** The open headquarters of a tenant, or null. */
export async function findHeadquarters(
  connection: Connection,
  tenantId: string,
): Promise<OrganisationRow | null> {
  const rows = await query(connection, {
    name: "organisation_headquarters",
    text: `
      select ${COLUMNS} from organisation
      where tenant_id = $1::uuid and kind = 'headquarters' and closed_on is null`,
    values: [tenantId],
  });
  return rows[0] === undefined ? null : organisationOf(rows[0]);
}

/** Everything of one tenant, or the authorities (tenant null), by name, at most `limit`. */
export async function organisationsOf(
  connection: Connection,
  tenantId: string | null,
  limit: number,
): Promise<OrganisationRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from organisation
      where tenant_id is not distinct from $1::uuid
      order by name collate "C" limit $2::integer`,
    values: [tenantId, limit],
  });
  return rows.map(organisationOf);
}

/** The organisation of that id and all above it, the top first; empty when there is none. */
export async function lineOf(connection: Connection, id: string): Promise<OrganisationRow[]> {
  const rows = await query(connection, {
    name: "organisation_line",
    text: `
      with recursive line as (
        select ${COLUMNS}, 1 as depth from organisation where id = $1::uuid
        union all
        select above.id, above.tenant_id, above.parent_id, above.opened_on, above.closed_on,
               above.kind, above.form, above.name, line.depth + 1
        from organisation above join line on above.id = line.parent_id
        where line.depth < ${TREE_DEPTH_MAX}
      )
      select ${COLUMNS} from line order by depth desc`,
    values: [id],
  });
  return rows.map(organisationOf);
}

/** Whether the organisation `id` is `above`, or stands below it; never where `above` is null. */
export async function isWithin(
  connection: Connection,
  id: string,
  above: string | null,
): Promise<boolean> {
  return above !== null && (await lineOf(connection, id)).some((one) => one.id === above);
}

/** Those of `ids` that are the organisation `above`, or stand below it. */
export async function withinOf(
  connection: Connection,
  ids: readonly string[],
  above: string,
): Promise<ReadonlySet<string>> {
  const rows = await query(connection, {
    name: "organisation_within",
    text: `
      with recursive line as (
        select id as first, id, parent_id, 1 as depth
        from organisation where id = any($1::uuid[])
        union all
        select line.first, next.id, next.parent_id, line.depth + 1
        from organisation next join line on next.id = line.parent_id
        where line.depth < ${TREE_DEPTH_MAX}
      )
      select first from line where id = $2::uuid`,
    values: [[...ids], above],
  });
  return new Set(rows.map((row) => text(row, "first")));
}

/**
 * Makes every other change to the tree under `rootId` wait for the end of the caller's transaction,
 * so that what was read about a line of organisations still holds when its setting is written.
 */
export async function lockTree(connection: Connection, rootId: string): Promise<void> {
  await query(connection, {
    text: "select id from organisation where id = $1::uuid for no key update",
    values: [rootId],
  });
}

/** Ends an organisation on `day`; false when it was closed before. */
export async function setClosed(connection: Connection, id: string, on: Day): Promise<boolean> {
  const count = await execute(connection, {
    text: `
      update organisation set closed_on = greatest($2::date, opened_on)
      where id = $1::uuid and closed_on is null`,
    values: [id, on],
  });
  return count === 1;
}

/** Puts an organisation under another one. The caller holds the tree and has checked the place. */
export async function setParent(connection: Connection, id: string, above: string): Promise<void> {
  await execute(connection, {
    text: "update organisation set parent_id = $2::uuid where id = $1::uuid",
    values: [id, above],
  });
}

/** How many open organisations stand directly below. */
export async function countOpenBelow(connection: Connection, id: string): Promise<number> {
  const rows = await query(connection, {
    text: `
      select count(*) as below from organisation
      where parent_id = $1::uuid and closed_on is null`,
    values: [id],
  });
  return wholeNumber(rows[0] ?? {}, "below");
}
