-- A look also knows whether the parcel lies at the own branch: who has a parcel in hand serves whoever
-- comes for it, whatever the day's routes say. Nothing more is asked of the database than before.

-- Whether an organisation is `p_above`, or stands below it; never where either is null.
create function organisation_is_within(p_id uuid, p_above uuid) returns boolean
  language sql stable
  as $$select p_above in (
    with recursive line as (
      select o.id, o.parent_id, 1 as depth from organisation o where o.id = p_id
      union all
      select above.id, above.parent_id, line.depth + 1
        from organisation above join line on above.id = line.parent_id where line.depth < 16)
    select line.id from line)$$;

-- As in 000034, and `is_kept_within`: whether whoever has the parcel in custody now stands in or below
-- `p_within`.
drop function waybill_at(uuid, bigint, integer, date, uuid);
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
  out is_kept_within boolean,
  out is_held boolean,
  out parties bytea,
  out view bytea
) returns setof record
  language plpgsql stable
  as $$declare
    keeper uuid;
  begin
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
    is_kept_within := false;
    if p_within is not null then
      select c.organisation_id into keeper from custody c
        where c.compartment = p_compartment and c.slot = p_slot and c.until_day is null;
      if assigned_to is not null then
        is_within := coalesce(organisation_is_within(assigned_to, p_within), false);
      end if;
      if keeper is not null then
        is_kept_within := coalesce(organisation_is_within(keeper, p_within), false);
      end if;
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
