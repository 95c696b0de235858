-- Real-name records (实名收寄): which document somebody showed who sent a parcel, sealed under a clock of
-- its own. The place gives the key, in compartments that hold nothing else; no number and no name stands
-- here in the clear. The digest is keyed and tells that two records are of one document.
create table real_name (
  id uuid not null,
  tenant_id uuid not null,
  recorded_at timestamp with time zone not null,
  compartment bigint not null,
  day_of_death date not null,
  slot integer not null,
  kind text not null,
  actor text not null,
  random bytea not null,
  document bytea not null,
  about bytea,
  envelope bytea not null,
  constraint real_name_pkey primary key (id),
  constraint real_name_place unique (compartment, slot),
  constraint real_name_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint real_name_slot_range check (slot between 0 and 131071),
  constraint real_name_kind_length check (char_length(kind) between 1 and 40),
  constraint real_name_actor_length check (char_length(actor) between 1 and 40),
  constraint real_name_random_length check (octet_length(random) = 7),
  constraint real_name_document_length check (octet_length(document) = 16),
  constraint real_name_about_length check (octet_length(about) = 16),
  constraint real_name_envelope_length check (octet_length(envelope) between 43 and 2048)
);
create index real_name_document on real_name (tenant_id, document);
create index real_name_about on real_name (tenant_id, about) where about is not null;
create index real_name_death on real_name (day_of_death);
