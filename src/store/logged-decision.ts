/**
 * Decisions that the log tells of and the tables do not have, because the database came from an
 * older backup: leaves come back out of the log's files (recover.ts), and here what they decided.
 */
import { execute } from "./query.ts";
import type { Connection } from "./query.ts";
import { told } from "./told-entry.ts";

/**
 * Adds the versions of settings that only the log has. `reason` stands for the lost words; whoever
 * said it and is not known here any more counts as headquarters.
 */
export async function adoptSettings(connection: Connection, reason: string): Promise<number> {
  return execute(connection, {
    text: `
      insert into setting (organisation_id, by_id, at, version, name, value, bound, mode, reason,
                           actor, approved_by)
      select organisation.id,
             case when b ? 'by' then coalesce(speaker.id, top.id, organisation.id)
                  else organisation.id end,
             (b ->> 'at')::timestamptz, (b ->> 'version')::integer,
             b ->> 'setting', b ->> 'value', b ->> 'bound', b ->> 'mode', $1, b ->> 'actor',
             b -> 'approvedBy' ->> 0
      from ${told("setting-changed")}
        join organisation on organisation.id = (b ->> 'organisation')::uuid
        left join organisation speaker on speaker.id = (b ->> 'by')::uuid
        left join organisation top
          on top.tenant_id = organisation.tenant_id and top.kind = 'headquarters'
      on conflict do nothing`,
    values: [reason],
  });
}

/** As `adoptSettings`, for terms. */
export async function adoptTerms(connection: Connection, reason: string): Promise<number> {
  return execute(connection, {
    text: `
      insert into retention_term (tenant_id, organisation_id, at, version, days, class, reason,
                                  actor)
      select tenant.id, (b ->> 'organisation')::uuid, (b ->> 'at')::timestamptz,
             (b ->> 'version')::integer, (b ->> 'value')::integer, b ->> 'setting', $1,
             b ->> 'actor'
      from ${told("retention-changed")}
        join tenant on tenant.id = (b ->> 'tenant')::uuid
        left join organisation on organisation.id = (b ->> 'organisation')::uuid
      where b ->> 'organisation' is null or organisation.id is not null
      on conflict do nothing`,
    values: [reason],
  });
}

/** Puts organisations where their last move in the log put them; how many stood elsewhere. */
export async function adoptMoves(connection: Connection): Promise<number> {
  return execute(connection, {
    text: `
      with last as (
        select distinct on (b ->> 'organisation')
               (b ->> 'organisation')::uuid as id, (b ->> 'by')::uuid as above
        from ${told("organisation-moved")}
        order by b ->> 'organisation', position desc)
      update organisation set parent_id = last.above from last
      where organisation.id = last.id and organisation.parent_id <> last.above
        and exists (select 1 from organisation other where other.id = last.above)`,
    values: [],
  });
}

/** Ends scopes of authorities that the log tells were revoked; how many still counted. */
export async function adoptRevocations(connection: Connection): Promise<number> {
  return execute(connection, {
    text: `
      update authority_scope set revoked_at = (b ->> 'at')::timestamptz, revoked_by = b ->> 'actor'
      from ${told("authority-scope")}
      where b ->> 'mode' = 'revoked' and authority_scope.id = (b ->> 'request')::uuid
        and revoked_at is null`,
    values: [],
  });
}
