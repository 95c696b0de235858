-- Handhelds that open tickets without network, the shifts for which they were given keys, and what
-- became of each parcel. A row names places and counts; what opens anything was in the bundle alone.
-- The secret of a shift is the key of its journal: it proves lines and opens nothing.
create table handheld (
  id uuid not null,
  tenant_id uuid not null,
  registered_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  suite smallint not null,
  name text not null,
  public_key bytea not null,
  constraint handheld_pkey primary key (id),
  constraint handheld_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint handheld_name_length check (char_length(name) between 1 and 64),
  constraint handheld_key_length check (octet_length(public_key) between 32 and 65)
);
create index handheld_tenant on handheld (tenant_id, registered_at);

create table shift (
  id uuid not null,
  tenant_id uuid not null,
  handheld_id uuid not null,
  given_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  parcels integer not null,
  actor text not null,
  secret bytea not null,
  constraint shift_pkey primary key (id),
  constraint shift_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint shift_handheld_fkey foreign key (handheld_id) references handheld (id),
  constraint shift_parcels_range check (parcels between 1 and 500),
  constraint shift_actor_length check (char_length(actor) between 1 and 40),
  constraint shift_secret_length check (octet_length(secret) = 32)
);
create index shift_open on shift (tenant_id, given_at) where settled_at is null;

create table shift_parcel (
  shift_id uuid not null,
  compartment bigint not null,
  slot integer not null,
  openings integer not null default 0,
  fate text,
  constraint shift_parcel_pkey primary key (shift_id, compartment, slot),
  constraint shift_parcel_shift_fkey foreign key (shift_id) references shift (id),
  constraint shift_parcel_openings_range check (openings >= 0),
  constraint shift_parcel_fate_known check (fate in ('delivered', 'returned', 'unaccounted'))
);
