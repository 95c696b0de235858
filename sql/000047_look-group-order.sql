-- As 000039_look-group.sql, but that the counters of one scope and key are locked by their span first
-- (minute, shift, day), then by when it starts. In a group over the turn of a minute the later minute
-- came after the earlier one's shift and day, and whoever looked alone waited in a circle with it.
create or replace function looks_spend(
  p_tenant uuid,
  p_marks uuid[],
  p_actors text[],
  p_subjects bytea[],
  p_ats timestamp with time zone[],
  p_days date[],
  p_looks integer[],
  p_scopes text[],
  p_keys text[],
  p_spans text[],
  p_starts timestamp with time zone[],
  p_ends timestamp with time zone[],
  p_weights integer[],
  p_limits integer[],
  p_scope_order text[],
  p_steps integer[],
  p_repeat_hours integer
) returns integer[]
  language plpgsql
  as $$declare
    v_mark uuid;
    v_outcomes integer[] := array_fill(0, array[cardinality(p_actors)]);
    v_is_new boolean[] := array_fill(false, array[cardinality(p_actors)]);
    v_look record;
    v_before date;
    v_at timestamp with time zone;
    v_rows integer;
    v_is_over boolean;
    v_alarmed text[];
  begin
    -- As in `quota_spend`: the entry of each look takes this commit with it.
    perform set_config('synchronous_commit', 'off', true);
    select mark into v_mark from policy_mark where tenant_id = p_tenant;
    for v_look in
      select look.* from unnest(p_marks, p_actors, p_subjects, p_ats, p_days) with ordinality
          as look (mark, actor, subject, at, on_day, nth)
        order by look.actor, look.subject, look.nth
    loop
      if v_look.mark is not null and v_look.mark is distinct from v_mark then
        v_outcomes[v_look.nth] := -1;
        continue;
      end if;
      v_before := null;
      insert into quota_seen (tenant_id, counted_at, counted_on, subject, actor)
        values (p_tenant, v_look.at, v_look.on_day, v_look.subject, v_look.actor)
        on conflict do nothing;
      get diagnostics v_rows = row_count;
      if v_rows = 0 then
        v_at := null;
        select counted_on, counted_at into v_before, v_at from quota_seen
          where tenant_id = p_tenant and actor = v_look.actor and subject = v_look.subject
          for update;
        -- A clock that was set back by more than that counts too.
        continue when v_at is not null
          and v_at > v_look.at - make_interval(hours => p_repeat_hours)
          and v_at <= v_look.at + make_interval(hours => p_repeat_hours);
        update quota_seen set counted_at = v_look.at, counted_on = v_look.on_day
          where tenant_id = p_tenant and actor = v_look.actor and subject = v_look.subject;
      end if;
      v_outcomes[v_look.nth] := 1;
      v_is_new[v_look.nth] := v_before is distinct from v_look.on_day;
    end loop;
    with charged as (
      select c.scope, c.key, c.span, c.starts_at, max(c.ends_at) as ends_at,
             sum(c.weight)::integer as weight, min(c.most) as most,
             min(c.look) as look
        from unnest(p_looks, p_scopes, p_keys, p_spans, p_starts, p_ends, p_weights, p_limits)
               as c (look, scope, key, span, starts_at, ends_at, weight, most)
        where v_outcomes[c.look] = 1 and (c.scope <> 'subjects' or v_is_new[c.look])
        group by c.scope, c.key, c.span, c.starts_at),
    spent as (
      insert into quota_count as q (tenant_id, starts_at, ends_at, spent, scope, key, span)
        select p_tenant, starts_at, ends_at, weight, scope, key, span from charged
        order by array_position(p_scope_order, scope), key,
                 array_position(array['minute', 'shift', 'day'], span), starts_at
        on conflict (tenant_id, scope, key, span, starts_at)
        do update set spent = q.spent + excluded.spent
        returning q.scope, q.key, q.span, q.starts_at, q.spent),
    alarmed as (
      insert into quota_alarm (tenant_id, reached_at, on_day, step, actor)
        select p_tenant, p_ats[look], p_days[look], step, key
          from spent join charged using (scope, key, span, starts_at) cross join unnest(p_steps) step
          where scope = 'subjects' and span = 'day' and step between spent - weight + 1 and spent
        on conflict do nothing
        returning actor)
    select (select bool_or(spent > most) from spent join charged using (scope, key, span, starts_at)),
           (select array_agg(actor) from alarmed)
      into v_is_over, v_alarmed;
    if v_is_over then
      raise exception 'quota spent together' using errcode = 'MD004';
    end if;
    for i in 1 .. cardinality(v_outcomes) loop
      if v_outcomes[i] = 1 and p_actors[i] = any(v_alarmed) then
        v_outcomes[i] := 2;
      end if;
    end loop;
    return v_outcomes;
  end$$;
