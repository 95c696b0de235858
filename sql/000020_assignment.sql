-- Whose route a parcel is on, by day (派单). The last word of a day counts. Past days are of no use
-- to anybody and are taken away whenever somebody assigns.

create table assignment (
  tenant_id uuid not null,
  organisation_id uuid not null,
  compartment bigint not null,
  on_day date not null,
  slot integer not null,
  account text,
  constraint assignment_pkey primary key (compartment, slot, on_day),
  constraint assignment_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint assignment_organisation_fkey
    foreign key (organisation_id) references organisation (id),
  constraint assignment_account_length check (char_length(account) between 1 and 40)
);
create index assignment_tenant_day on assignment (tenant_id, on_day);
