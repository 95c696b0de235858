-- Changes of settings that one person alone may not make (四眼原则): they wait for another person,
-- for some days, and then count or lapse.

create table setting_proposal (
  id uuid not null,
  organisation_id uuid not null,
  by_id uuid not null,
  proposed_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  base_version integer not null,
  name text not null,
  value text not null,
  bound text,
  mode text not null,
  reason text not null,
  proposed_by text not null,
  approved_by text,
  constraint setting_proposal_pkey primary key (id),
  constraint setting_proposal_organisation_fkey
    foreign key (organisation_id) references organisation (id),
  constraint setting_proposal_by_fkey foreign key (by_id) references organisation (id),
  constraint setting_proposal_times check (expires_at > proposed_at),
  constraint setting_proposal_base_range check (base_version >= 0),
  constraint setting_proposal_name_form check (name ~ '^[a-z][a-z0-9-]{2,39}$'),
  constraint setting_proposal_value_length check (char_length(value) between 1 and 500),
  constraint setting_proposal_bound_length check (char_length(bound) between 1 and 500),
  constraint setting_proposal_mode_known check (mode in ('set', 'locked', 'delegated')),
  constraint setting_proposal_reason_length check (char_length(reason) between 1 and 500),
  constraint setting_proposal_proposed_by_length check (char_length(proposed_by) between 1 and 40),
  constraint setting_proposal_approved_whole
    check ((settled_at is null) = (approved_by is null)),
  constraint setting_proposal_four_eyes check (approved_by <> proposed_by)
);
create index setting_proposal_open on setting_proposal (organisation_id, expires_at)
  where settled_at is null;

alter table setting add column approved_by text;
alter table setting add constraint setting_four_eyes check (approved_by <> actor);
