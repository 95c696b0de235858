-- Certificates of erasure as they were issued: with the death itself, again when the week's index is
-- gone, and whenever somebody asks for one anew. Nothing in one names a person.
create table erasure_certificate (
  number bigint generated always as identity,
  issued_at timestamp with time zone not null,
  tenant_id uuid not null,
  id bytea not null,
  note text not null,
  constraint erasure_certificate_pkey primary key (number),
  constraint erasure_certificate_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint erasure_certificate_id_length check (octet_length(id) = 16),
  constraint erasure_certificate_note_length check (char_length(note) between 1 and 20000)
);

create index erasure_certificate_id on erasure_certificate (tenant_id, id, number);
