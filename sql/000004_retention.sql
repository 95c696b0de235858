-- How long what lives (P8): terms that headquarters and branches set, and where a parcel stands,
-- after which access to its persons closes.

-- Every version that a term ever had; the highest one counts. No organisation: the whole tenant.
create table retention_term (
  tenant_id uuid not null,
  organisation_id uuid,
  at timestamp with time zone not null,
  version integer not null,
  days integer not null,
  class text not null,
  reason text not null,
  actor text not null,
  constraint retention_term_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint retention_term_organisation_fkey
    foreign key (organisation_id) references organisation (id),
  constraint retention_term_version_range check (version >= 1),
  constraint retention_term_days_range check (days between 0 and 36500),
  constraint retention_term_class_length check (char_length(class) between 1 and 40),
  constraint retention_term_reason_length check (char_length(reason) between 1 and 500),
  constraint retention_term_actor_length check (char_length(actor) between 1 and 40)
);
create unique index retention_term_key
  on retention_term (tenant_id, organisation_id, class, version) nulls not distinct;
create trigger retention_term_append_only before update or delete or truncate on retention_term
  for each statement execute function setting_refuse();
alter table retention_term enable always trigger retention_term_append_only;

-- Null while the parcel is on its way.
alter table shell
  add column state_on date,
  add column access_closes_on date,
  add column parcel_state text,
  add constraint shell_parcel_state_known
    check (parcel_state in ('delivered', 'returned', 'closed', 'void', 'undelivered')),
  add constraint shell_parcel_state_whole check ((parcel_state is null) = (state_on is null)),
  add constraint shell_access_closes_order check (access_closes_on >= state_on);
