-- Requests of the person concerned (PIPL 44 to 50). Nothing here says who the person is: a request
-- found by phone keeps the places of the waybills, not the phone, and a one-time code is kept as a
-- keyed hash.

create table subject_request (
  id uuid not null,
  tenant_id uuid not null,
  received_at timestamp with time zone not null,
  verified_at timestamp with time zone,
  closed_at timestamp with time zone,
  code_expires_at timestamp with time zone,
  due_on date not null,
  codes_sent integer not null default 0,
  attempts integer not null default 0,
  kind text not null,
  party text not null,
  state text not null,
  refusal text,
  actor text not null,
  code_hash bytea,
  constraint subject_request_pkey primary key (id),
  constraint subject_request_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint subject_request_kind_known
    check (kind in ('access', 'copy', 'correction', 'erasure', 'explanation')),
  constraint subject_request_party_known check (party in ('recipient', 'sender')),
  constraint subject_request_state_known
    check (state in ('received', 'verified', 'answered', 'refused')),
  constraint subject_request_closed
    check ((state in ('answered', 'refused')) = (closed_at is not null)),
  constraint subject_request_refusal_length check (char_length(refusal) between 1 and 40),
  constraint subject_request_actor_length check (char_length(actor) between 1 and 40),
  constraint subject_request_code_hash_length check (octet_length(code_hash) = 32)
);
create index subject_request_due on subject_request (tenant_id, due_on)
  where state in ('received', 'verified');

create table subject_request_waybill (
  request_id uuid not null,
  compartment bigint not null,
  slot integer not null,
  constraint subject_request_waybill_pkey primary key (request_id, compartment, slot),
  constraint subject_request_waybill_request_fkey
    foreign key (request_id) references subject_request (id),
  constraint subject_request_waybill_slot_range check (slot between 0 and 131071)
);
