-- The first tables. Meaning of the words: docs/formats and the glossary in ARCHITECTURE.md.
--
-- Wide fixed columns stand first in each table, which spares the padding between them.
-- Rules that hold for every later file too:
--   * forward only; a file that was released is never edited (its SHA-256 is checked at start);
--   * no foreign key and no unique constraint crosses `bucket`, the distribution column;
--   * no column holds a readable part of a person: parties and view are envelopes (P5, P9).

create function day_is_monday(day date) returns boolean
  language sql immutable parallel safe
  return extract(isodow from day) = 1;

create table tenant (
  id uuid not null,
  name text not null,
  suite smallint not null,
  profile text not null,
  persons_days integer not null default 120,
  shell_days integer not null default 730,
  created_at timestamp with time zone not null default now(),
  constraint tenant_pkey primary key (id),
  constraint tenant_name_length check (char_length(name) between 1 and 200),
  constraint tenant_suite_range check (suite between 1 and 255),
  constraint tenant_profile_length check (char_length(profile) between 1 and 40),
  constraint tenant_persons_days_range check (persons_days between 1 and 3650),
  constraint tenant_shell_days_range check (shell_days between persons_days and 36500)
);
create unique index tenant_name_key on tenant (name);

-- A mirror: the truth about the life of a compartment is in the key store, which also gives out the
-- 40-bit serials (KS-7).
create table compartment (
  serial bigint not null,
  tenant_id uuid not null,
  day_of_death date not null,
  death_week date not null,
  shell_week date not null,
  suite smallint not null,
  generation integer not null,
  state text not null default 'live',
  created_at timestamp with time zone not null default now(),
  destroyed_at timestamp with time zone,
  constraint compartment_pkey primary key (serial),
  constraint compartment_serial_range check (serial between 1 and 1099511627775),
  constraint compartment_death_week check
    (day_is_monday(death_week) and day_of_death - death_week between 0 and 6),
  constraint compartment_shell_week check (day_is_monday(shell_week)),
  constraint compartment_state_known check (state in ('live', 'closing', 'destroyed')),
  constraint compartment_destroyed_at check ((state = 'destroyed') = (destroyed_at is not null))
);
create index compartment_tenant_day on compartment (tenant_id, day_of_death);
create index compartment_undestroyed_day on compartment (day_of_death) where state <> 'destroyed';

-- The key begins with compartment and slot because a token names exactly those: one descent finds
-- the row although the token does not carry the bucket, and a batch writes neighbouring entries.
create table shell (
  compartment bigint not null,
  sealed_at timestamp with time zone not null,
  shell_week date not null,
  day_of_death date not null,
  slot integer not null,
  division_code integer not null,
  bucket smallint not null,
  tenant_id uuid not null,
  token_random bytea not null,
  merchant_key bytea,
  carrier text not null,
  waybill_number text not null,
  state text not null default 'sealed',
  constraint shell_pkey primary key (compartment, slot, bucket, shell_week),
  constraint shell_slot_range check (slot between 0 and 131071),
  constraint shell_bucket_range check (bucket >= 0),
  constraint shell_token_random_length check (octet_length(token_random) = 7),
  constraint shell_merchant_key_length check (octet_length(merchant_key) = 8),
  constraint shell_carrier_length check (char_length(carrier) between 0 and 40),
  constraint shell_waybill_number_length check (char_length(waybill_number) between 0 and 64),
  constraint shell_division_code_range check (division_code between 0 and 999999),
  constraint shell_state_known check (state in ('sealed', 'printed', 'held', 'erased'))
) partition by range (shell_week);
alter table shell alter column token_random set storage plain;
alter table shell alter column merchant_key set storage plain;

-- Everything that dies: the two envelopes and the two blind indexes. Ciphertext does not compress.
create table party (
  compartment bigint not null,
  death_week date not null,
  slot integer not null,
  phone_tag integer,
  fingerprint_tag integer,
  bucket smallint not null,
  parties bytea not null,
  view bytea not null,
  constraint party_pkey primary key (compartment, slot, bucket, death_week),
  constraint party_slot_range check (slot between 0 and 131071),
  constraint party_bucket_range check (bucket >= 0),
  constraint party_parties_length check (octet_length(parties) between 1 and 65536),
  constraint party_view_length check (octet_length(view) between 1 and 65536)
) partition by range (death_week);
alter table party alter column parties set storage external;
alter table party alter column view set storage external;
create index party_phone_tag on party (phone_tag) where phone_tag is not null;
create index party_fingerprint_tag on party (fingerprint_tag) where fingerprint_tag is not null;

-- Idempotency of sealing. It outlives the person, so it holds keyed hashes only.
create table intake (
  compartment bigint not null,
  slot integer not null,
  day_of_death date not null,
  expires_on date not null,
  bucket smallint not null,
  order_key bytea not null,
  body_key bytea not null,
  constraint intake_pkey primary key (bucket, order_key),
  constraint intake_bucket_range check (bucket >= 0),
  constraint intake_order_key_length check (octet_length(order_key) = 16),
  constraint intake_body_key_length check (octet_length(body_key) = 16),
  constraint intake_slot_range check (slot between 0 and 131071)
);
alter table intake alter column order_key set storage plain;
alter table intake alter column body_key set storage plain;

-- Audit leaves in their final encoding, until the sequencer takes them over. `subject` is a salted
-- commitment: whoever holds the waybill's key can list its history, nobody else can (P13). `note` is
-- no part of the leaf: the written reason, sealed under the waybill's key and dead with it.
create table audit_leaf (
  position bigint not null generated always as identity,
  id bytea not null,
  type text not null,
  subject bytea,
  body bytea not null,
  note bytea,
  created_at timestamp with time zone not null default now(),
  constraint audit_leaf_pkey primary key (position),
  constraint audit_leaf_id_length check (octet_length(id) = 16),
  constraint audit_leaf_type_length check (char_length(type) between 1 and 64),
  constraint audit_leaf_subject_length check (octet_length(subject) = 16),
  constraint audit_leaf_body_length check (octet_length(body) between 2 and 8192),
  constraint audit_leaf_note_length check (octet_length(note) between 30 and 8192)
);
create unique index audit_leaf_id_key on audit_leaf (id);
create index audit_leaf_subject on audit_leaf (subject, position) where subject is not null;

create function audit_leaf_refuse() returns trigger
  language plpgsql
  as $$begin
    raise exception 'audit leaves are append-only' using errcode = 'MD001';
  end$$;
create trigger audit_leaf_append_only before update or delete or truncate on audit_leaf
  for each statement execute function audit_leaf_refuse();
-- ALWAYS: a session in replication mode does not get around it.
alter table audit_leaf enable always trigger audit_leaf_append_only;

-- How each label was printed (P14). Lives as long as the shell.
create table print_statement (
  compartment bigint not null,
  printed_at timestamp with time zone not null,
  shell_week date not null,
  slot integer not null,
  batch_index integer not null,
  bucket smallint not null,
  print_no smallint not null,
  batch_leaf bytea not null,
  body bytea not null,
  constraint print_statement_pkey primary key (compartment, slot, print_no, bucket, shell_week),
  constraint print_statement_slot_range check (slot between 0 and 131071),
  constraint print_statement_print_no_range check (print_no >= 1),
  constraint print_statement_bucket_range check (bucket >= 0),
  constraint print_statement_batch_leaf_length check (octet_length(batch_leaf) = 16),
  constraint print_statement_batch_index_range check (batch_index >= 0),
  constraint print_statement_body_length check (octet_length(body) between 2 and 8192)
) partition by range (shell_week);
