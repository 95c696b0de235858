-- Who may decide what: the tree of organisations (总部, 网点, 监管), settings that headquarters can
-- lock, authorisation requests (授权申请) with their clock, and training records.
--
-- Nothing here holds a customer. Staff are pseudonyms (st-…), reasons are official texts that were
-- read for personal data before they came here.

-- Authorities stand outside the tenants: tenant_id is null for them and for nobody else.
create table organisation (
  id uuid not null,
  tenant_id uuid,
  parent_id uuid,
  opened_on date not null,
  closed_on date,
  kind text not null,
  name text not null,
  constraint organisation_pkey primary key (id),
  constraint organisation_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint organisation_parent_fkey foreign key (parent_id) references organisation (id),
  constraint organisation_kind_known
    check (kind in ('headquarters', 'outlet', 'postal-authority', 'procuratorate')),
  constraint organisation_tenant_of_kind
    check ((tenant_id is not null) = (kind in ('headquarters', 'outlet'))),
  constraint organisation_parent_of_kind
    check ((parent_id is not null) = (kind = 'outlet')),
  constraint organisation_parent_other check (parent_id <> id),
  constraint organisation_name_length check (char_length(name) between 1 and 100),
  constraint organisation_days_order check (closed_on >= opened_on)
);
create unique index organisation_name_key on organisation (tenant_id, name) nulls not distinct;
create index organisation_parent on organisation (parent_id);
-- One tenant is one carrier, so it has one headquarters at a time.
create unique index organisation_headquarters_key on organisation (tenant_id)
  where kind = 'headquarters' and closed_on is null;

-- Every version that a setting ever had; the highest one counts. `legacy-clear` is a value of
-- mask-profile that no printer knows: it only says that an old system printed in the clear.
create table setting (
  organisation_id uuid not null,
  at timestamp with time zone not null,
  version integer not null,
  name text not null,
  value text not null,
  mode text not null,
  reason text not null,
  actor text not null,
  constraint setting_pkey primary key (organisation_id, name, version),
  constraint setting_organisation_fkey foreign key (organisation_id) references organisation (id),
  constraint setting_name_known check (name in ('mask-profile', 'training-required')),
  constraint setting_version_range check (version >= 1),
  constraint setting_value_length check (char_length(value) between 1 and 40),
  constraint setting_mode_known check (mode in ('set', 'locked', 'delegated')),
  constraint setting_reason_length check (char_length(reason) between 1 and 500),
  constraint setting_actor_length check (char_length(actor) between 1 and 40)
);

create function setting_refuse() returns trigger
  language plpgsql
  as $$begin
    raise exception 'settings are append-only' using errcode = 'MD002';
  end$$;
create trigger setting_append_only before update or delete or truncate on setting
  for each statement execute function setting_refuse();
alter table setting enable always trigger setting_append_only;

create table authorisation_request (
  id uuid not null,
  from_organisation uuid not null,
  to_organisation uuid not null,
  filed_at timestamp with time zone not null,
  answered_at timestamp with time zone,
  setting text not null,
  wanted text not null,
  reason text not null,
  answer text,
  answer_reason text,
  constraint authorisation_request_pkey primary key (id),
  constraint authorisation_request_from_fkey
    foreign key (from_organisation) references organisation (id),
  constraint authorisation_request_to_fkey
    foreign key (to_organisation) references organisation (id),
  constraint authorisation_request_setting_known
    check (setting in ('mask-profile', 'training-required')),
  constraint authorisation_request_wanted_length check (char_length(wanted) between 1 and 40),
  constraint authorisation_request_reason_length check (char_length(reason) between 1 and 500),
  constraint authorisation_request_answer_known check (answer in ('granted', 'refused')),
  constraint authorisation_request_answer_reason_length
    check (char_length(answer_reason) between 1 and 500),
  constraint authorisation_request_answer_whole
    check (num_nulls(answered_at, answer, answer_reason) in (0, 3)),
  constraint authorisation_request_answer_order check (answered_at >= filed_at)
);
create index authorisation_request_from on authorisation_request (from_organisation, filed_at);
create index authorisation_request_filed on authorisation_request (filed_at);

create table training (
  tenant_id uuid not null,
  passed_on date not null,
  valid_until date not null,
  actor text not null,
  course text not null,
  constraint training_pkey primary key (tenant_id, actor, course, passed_on),
  constraint training_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint training_days_order check (valid_until >= passed_on),
  constraint training_actor_length check (char_length(actor) between 1 and 40),
  constraint training_course_length check (char_length(course) between 1 and 60)
);
