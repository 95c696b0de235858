-- Holds (留存冻结): why the persons of a waybill may outlive their day, and until when. What a hold
-- keeps is copied here, so that weeks are dropped as if nothing were held.

create table hold (
  id uuid not null,
  tenant_id uuid not null,
  compartment bigint not null,
  placed_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  shell_week date not null,
  until_day date not null,
  slot integer not null,
  reason text not null,
  authority text not null,
  document text,
  actor text not null,
  state text not null,
  constraint hold_pkey primary key (id),
  constraint hold_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint hold_slot_range check (slot between 0 and 131071),
  constraint hold_reason_known check
    (reason in ('claim', 'complaint', 'investigation', 'court-order', 'undelivered', 'recovered')),
  constraint hold_authority_length check (char_length(authority) between 1 and 100),
  constraint hold_document_length check (char_length(document) between 1 and 100),
  constraint hold_actor_length check (char_length(actor) between 1 and 40),
  constraint hold_state_known
    check (state in ('pending', 'active', 'ending', 'released', 'expired', 'refused')),
  constraint hold_ended_at check
    ((state in ('released', 'expired', 'refused')) = (ended_at is not null))
);
create index hold_place on hold (compartment, slot);
create index hold_standing on hold (until_day) where state in ('pending', 'active', 'ending');

-- A copy of the two envelopes, without index tags: what is held past its day is found by token only.
create table held_party (
  compartment bigint not null,
  slot integer not null,
  parties bytea not null,
  view bytea not null,
  constraint held_party_pkey primary key (compartment, slot),
  constraint held_party_slot_range check (slot between 0 and 131071),
  constraint held_party_parties_length check (octet_length(parties) between 1 and 65536),
  constraint held_party_view_length check (octet_length(view) between 1 and 65536)
);
alter table held_party alter column parties set storage external;
alter table held_party alter column view set storage external;
