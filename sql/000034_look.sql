-- One look in few statements: what is remembered of a tenant's policies is guarded by a mark, and the
-- waybill, who has it today and its quota are asked for at once.

-- Moves with every change of what a tenant's policies are made of: its organisations, their settings
-- and terms. Whoever remembers a policy remembers the mark that it was read under, and compares the
-- two in the statement that acts by it; so a change counts on every server at once. It is random and
-- no counter: a database that was put back to an older state never shows a mark again.
create table policy_mark (
  tenant_id uuid not null,
  mark uuid not null,
  constraint policy_mark_pkey primary key (tenant_id),
  constraint policy_mark_tenant_fkey foreign key (tenant_id) references tenant (id)
);
insert into policy_mark (tenant_id, mark) select id, gen_random_uuid() from tenant;

create function policy_mark_set(p_tenants uuid[]) returns void
  language sql
  as $$insert into policy_mark (tenant_id, mark)
    select distinct on (tenant) tenant, gen_random_uuid() from unnest(p_tenants) tenant
      where tenant is not null order by tenant
    on conflict (tenant_id) do update set mark = excluded.mark$$;

create function policy_mark_begin() returns trigger
  language plpgsql
  as $$begin
    perform policy_mark_set(array[new.id]);
    return null;
  end$$;

create function policy_mark_of_tenants() returns trigger
  language plpgsql
  as $$begin
    perform policy_mark_set((select array_agg(tenant_id) from changed));
    return null;
  end$$;

create function policy_mark_of_organisations() returns trigger
  language plpgsql
  as $$begin
    perform policy_mark_set((
      select array_agg(tenant_id) from organisation
      where id in (select organisation_id from changed)));
    return null;
  end$$;

create trigger tenant_begins_mark after insert on tenant
  for each row execute function policy_mark_begin();
create trigger organisation_insert_moves_mark after insert on organisation
  referencing new table as changed for each statement execute function policy_mark_of_tenants();
create trigger organisation_update_moves_mark after update on organisation
  referencing new table as changed for each statement execute function policy_mark_of_tenants();
create trigger organisation_delete_moves_mark after delete on organisation
  referencing old table as changed for each statement execute function policy_mark_of_tenants();
create trigger setting_insert_moves_mark after insert on setting
  referencing new table as changed
  for each statement execute function policy_mark_of_organisations();
create trigger setting_update_moves_mark after update on setting
  referencing new table as changed
  for each statement execute function policy_mark_of_organisations();
create trigger setting_delete_moves_mark after delete on setting
  referencing old table as changed
  for each statement execute function policy_mark_of_organisations();
create trigger retention_term_insert_moves_mark after insert on retention_term
  referencing new table as changed for each statement execute function policy_mark_of_tenants();
create trigger retention_term_update_moves_mark after update on retention_term
  referencing new table as changed for each statement execute function policy_mark_of_tenants();
create trigger retention_term_delete_moves_mark after delete on retention_term
  referencing old table as changed for each statement execute function policy_mark_of_tenants();
alter table tenant enable always trigger tenant_begins_mark;
alter table organisation enable always trigger organisation_insert_moves_mark;
alter table organisation enable always trigger organisation_update_moves_mark;
alter table organisation enable always trigger organisation_delete_moves_mark;
alter table setting enable always trigger setting_insert_moves_mark;
alter table setting enable always trigger setting_update_moves_mark;
alter table setting enable always trigger setting_delete_moves_mark;
alter table retention_term enable always trigger retention_term_insert_moves_mark;
alter table retention_term enable always trigger retention_term_update_moves_mark;
alter table retention_term enable always trigger retention_term_delete_moves_mark;

-- Everything of one waybill that a look needs, or no row where this tenant has none at that place.
-- Each table is asked for by itself, so that its partition is known before the statement begins.
-- `is_within` says whether whoever has the parcel on that day stands in or below `p_within`.
create function waybill_at(
  p_tenant uuid,
  p_compartment bigint,
  p_slot integer,
  p_on date,
  p_within uuid,
  out compartment_of compartment,
  out shell_of shell,
  out assigned_to uuid,
  out assigned_account text,
  out is_within boolean,
  out is_held boolean,
  out parties bytea,
  out view bytea
) returns setof record
  language plpgsql stable
  as $$begin
    select c.* into compartment_of from compartment c
      where c.serial = p_compartment and c.tenant_id = p_tenant;
    if not found then
      return;
    end if;
    select s.* into shell_of from shell s
      where s.shell_week = compartment_of.shell_week and s.compartment = p_compartment
        and s.slot = p_slot;
    if not found then
      return;
    end if;
    select a.organisation_id, a.account into assigned_to, assigned_account from assignment a
      where a.compartment = p_compartment and a.slot = p_slot and a.on_day = p_on;
    is_within := false;
    if assigned_to is not null and p_within is not null then
      is_within := p_within in (
        with recursive line as (
          select o.id, o.parent_id, 1 as depth from organisation o where o.id = assigned_to
          union all
          select above.id, above.parent_id, line.depth + 1
            from organisation above join line on above.id = line.parent_id where line.depth < 16)
        select line.id from line);
    end if;
    is_held := exists (
      select from hold h where h.compartment = p_compartment and h.slot = p_slot
        and h.state in ('pending', 'active', 'ending'));
    select p.parties, p.view into parties, view from party p
      where p.death_week = compartment_of.death_week and p.compartment = p_compartment
        and p.slot = p_slot;
    if not found then
      select p.parties, p.view into parties, view from held_party p
        where p.compartment = p_compartment and p.slot = p_slot;
    end if;
    return next;
  end$$;

-- The shell at a place, or no row; its partition is known before the statement begins.
create function shell_at(p_week date, p_compartment bigint, p_slot integer) returns setof shell
  language plpgsql stable
  as $$begin
    return query select s.* from shell s
      where s.shell_week = p_week and s.compartment = p_compartment and s.slot = p_slot;
  end$$;

-- Spends quota for one look, unless the limits were read under another mark than the one that counts
-- now: then it answers -1, and nothing is spent. As `quota_spend` otherwise. A null mark is not
-- compared: those limits were read for this very look.
create function look_spend(
  p_mark uuid,
  p_tenant uuid,
  p_actor text,
  p_subject bytea,
  p_at timestamp with time zone,
  p_day date,
  p_scopes text[],
  p_keys text[],
  p_spans text[],
  p_starts timestamp with time zone[],
  p_ends timestamp with time zone[],
  p_weights integer[],
  p_limits integer[],
  p_steps integer[],
  p_repeat_hours integer
) returns integer
  language plpgsql
  as $$begin
    if p_mark is not null
      and p_mark is distinct from (select mark from policy_mark where tenant_id = p_tenant) then
      return -1;
    end if;
    return quota_spend(p_tenant, p_actor, p_subject, p_at, p_day, p_scopes, p_keys, p_spans, p_starts,
      p_ends, p_weights, p_limits, p_steps, p_repeat_hours);
  end$$;
