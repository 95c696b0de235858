-- In whose name a version was said: who stands below may not take back what was said from above.

alter table setting add column by_id uuid;

-- The entry of a version names who said it where that is not the organisation itself. Of a version
-- without an entry nothing is known: it counts as headquarters' own word, so that nobody below
-- headquarters lifts it.
alter table setting disable trigger setting_append_only;
update setting set by_id = coalesce(
  (select top.id from organisation top join organisation own on own.tenant_id = top.tenant_id
     where own.id = setting.organisation_id and top.kind = 'headquarters' limit 1),
  setting.organisation_id);
with told as (
  select (b ->> 'organisation')::uuid as organisation_id, b ->> 'setting' as name,
         (b ->> 'version')::integer as version,
         coalesce(b ->> 'by', b ->> 'organisation')::uuid as by_id
    from (select convert_from(leaf.body, 'UTF8')::jsonb as b from audit_leaf leaf
            where leaf.type = 'setting-changed') as entry)
update setting set by_id = told.by_id
  from told join organisation speaker on speaker.id = told.by_id
  where told.organisation_id = setting.organisation_id and told.name = setting.name
    and told.version = setting.version;
alter table setting enable always trigger setting_append_only;

alter table setting alter column by_id set not null;
alter table setting add constraint setting_by_fkey foreign key (by_id) references organisation (id);
