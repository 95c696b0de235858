-- Custody (保管): which branch has which parcel, from which day to which. No personal data: a place,
-- an organisation and days. The states of parcels keep it (`midan state --branch`).

create table custody (
  tenant_id uuid not null,
  organisation_id uuid not null,
  compartment bigint not null,
  shell_week date not null,
  from_day date not null,
  until_day date,
  slot integer not null,
  constraint custody_pkey primary key (compartment, slot, organisation_id, from_day),
  constraint custody_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint custody_organisation_fkey foreign key (organisation_id) references organisation (id),
  constraint custody_slot_range check (slot between 0 and 131071),
  constraint custody_days_order check (until_day >= from_day)
);
create index custody_of_branch on custody (organisation_id, from_day);
-- One parcel is in one place.
create unique index custody_open on custody (compartment, slot) where until_day is null;

alter table shell
  drop constraint shell_parcel_state_known,
  add constraint shell_parcel_state_known check
    (parcel_state in ('arrived', 'delivered', 'returned', 'closed', 'void', 'undelivered'));
