-- Quotas of looking (查看限额): how much was looked at by whom, who may look at more for a while, and
-- who looked at so much that somebody is told.
--
-- No token, phone or number stands here: what was looked at is a keyed digest (src/access/quota.ts),
-- and rows are cleared within days.

create table quota_count (
  tenant_id uuid not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  spent integer not null,
  scope text not null,
  key text not null,
  span text not null,
  constraint quota_count_pkey primary key (tenant_id, scope, key, span, starts_at),
  constraint quota_count_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint quota_count_spent_range check (spent >= 0),
  constraint quota_count_times check (ends_at > starts_at),
  constraint quota_count_scope_known
    check (scope in ('person', 'purpose', 'subjects', 'branch', 'tenant')),
  constraint quota_count_span_known check (span in ('minute', 'shift', 'day')),
  constraint quota_count_key_length check (char_length(key) between 1 and 100)
) with (fillfactor = 50);
create index quota_count_ends on quota_count (ends_at);

create table quota_seen (
  tenant_id uuid not null,
  counted_at timestamp with time zone not null,
  counted_on date not null,
  subject bytea not null,
  actor text not null,
  constraint quota_seen_pkey primary key (tenant_id, actor, subject),
  constraint quota_seen_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint quota_seen_subject_length check (octet_length(subject) = 16),
  constraint quota_seen_actor_length check (char_length(actor) between 1 and 40)
);

create table quota_raise (
  id uuid not null,
  tenant_id uuid not null,
  asked_at timestamp with time zone not null,
  approved_at timestamp with time zone,
  until_at timestamp with time zone,
  extra integer not null,
  hours integer not null,
  scope text not null,
  key text not null,
  span text not null,
  asked_by text not null,
  approved_by text,
  reason text not null,
  constraint quota_raise_pkey primary key (id),
  constraint quota_raise_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint quota_raise_extra_range check (extra between 1 and 1000000),
  constraint quota_raise_hours_range check (hours between 1 and 72),
  constraint quota_raise_scope_known check (scope in ('person', 'purpose', 'branch', 'tenant')),
  constraint quota_raise_span_known check (span in ('minute', 'shift', 'day')),
  constraint quota_raise_key_length check (char_length(key) between 1 and 100),
  constraint quota_raise_asked_by_length check (char_length(asked_by) between 1 and 40),
  constraint quota_raise_approved_by_length check (char_length(approved_by) between 1 and 40),
  constraint quota_raise_reason_length check (char_length(reason) between 1 and 500),
  constraint quota_raise_approved_whole
    check (num_nulls(approved_at, until_at, approved_by) in (0, 3)),
  constraint quota_raise_until check (until_at > approved_at),
  constraint quota_raise_four_eyes check (approved_by <> asked_by)
);
create index quota_raise_standing on quota_raise (tenant_id, scope, key, span, until_at)
  where approved_at is not null;

create table quota_alarm (
  tenant_id uuid not null,
  reached_at timestamp with time zone not null,
  told_at timestamp with time zone,
  on_day date not null,
  step integer not null,
  actor text not null,
  constraint quota_alarm_pkey primary key (tenant_id, actor, on_day, step),
  constraint quota_alarm_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint quota_alarm_step_range check (step >= 1),
  constraint quota_alarm_actor_length check (char_length(actor) between 1 and 40)
);
create index quota_alarm_untold on quota_alarm (tenant_id) where told_at is null;

-- Spends at every limit or at none: the first that would be passed ends the statement with MD003 and
-- its scope and span as the name of the constraint, and everything is as it was. Rows come in one
-- order for every caller (a person's own first, the tenant's last), so two callers never deadlock and
-- the row that all share is locked the shortest time.
--
-- The commit does not wait for the disk. What is looked at is preceded by an entry of the log that
-- does, in the same database, and that flush takes every earlier commit with it: nothing leaves
-- whose cost a crash could forget.
--
-- Answers 0 when this was counted within the hours of repeating, 1 when it was counted, 2 when an alarm was reached.
create function quota_spend(
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
  as $$declare
    v_before date;
    v_at timestamp with time zone;
    v_counts boolean;
    v_spent integer;
    v_extra bigint;
    v_rows integer;
    v_outcome integer := 1;
  begin
    perform set_config('synchronous_commit', 'off', true);
    insert into quota_seen (tenant_id, counted_at, counted_on, subject, actor)
      values (p_tenant, p_at, p_day, p_subject, p_actor) on conflict do nothing;
    get diagnostics v_rows = row_count;
    if v_rows = 0 then
      select counted_on, counted_at into v_before, v_at from quota_seen
        where tenant_id = p_tenant and actor = p_actor and subject = p_subject for update;
      -- A clock that was set back by more than that counts too.
      v_counts := v_at is null
        or v_at <= p_at - make_interval(hours => p_repeat_hours)
        or v_at > p_at + make_interval(hours => p_repeat_hours);
      if not v_counts then
        return 0;
      end if;
      update quota_seen set counted_at = p_at, counted_on = p_day
        where tenant_id = p_tenant and actor = p_actor and subject = p_subject;
    end if;
    for i in 1 .. cardinality(p_scopes) loop
      continue when p_scopes[i] = 'subjects' and v_before is not distinct from p_day;
      insert into quota_count as c (tenant_id, starts_at, ends_at, spent, scope, key, span)
        values (p_tenant, p_starts[i], p_ends[i], p_weights[i], p_scopes[i], p_keys[i], p_spans[i])
        on conflict (tenant_id, scope, key, span, starts_at)
        do update set spent = c.spent + excluded.spent
        returning spent into v_spent;
      if v_spent > p_limits[i] then
        select coalesce(sum(extra), 0) into v_extra from quota_raise
          where tenant_id = p_tenant and key = p_keys[i] and span = p_spans[i]
            and scope = case p_scopes[i] when 'subjects' then 'person' else p_scopes[i] end
            and approved_at <= p_at and until_at > p_at;
        if v_spent > p_limits[i] + v_extra then
          raise exception 'quota spent'
            using errcode = 'MD003', constraint = p_scopes[i] || '.' || p_spans[i];
        end if;
      end if;
      if p_scopes[i] = 'subjects' and p_spans[i] = 'day' then
        insert into quota_alarm (tenant_id, reached_at, on_day, step, actor)
          select p_tenant, p_at, p_day, step, p_actor from unnest(p_steps) step
          where step between v_spent - p_weights[i] + 1 and v_spent
          on conflict do nothing;
        get diagnostics v_rows = row_count;
        if v_rows > 0 then
          v_outcome := 2;
        end if;
      end if;
    end loop;
    return v_outcome;
  end$$;
