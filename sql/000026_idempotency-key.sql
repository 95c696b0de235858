-- What a caller of the API gave a key of its own (Idempotency-Key), so that a request that is sent
-- again is done once. Digests only; the answer is sealed under a key of the tenant. A day later
-- nothing of it is left.

create table idempotency_key (
  tenant_id uuid not null,
  account_id uuid not null,
  at timestamptz not null,
  status integer,
  digest bytea not null,
  request bytea not null,
  answer bytea,
  constraint idempotency_key_pkey primary key (account_id, digest),
  constraint idempotency_key_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint idempotency_key_account_fkey foreign key (account_id) references staff_account (id),
  constraint idempotency_key_digest_length check (octet_length(digest) = 32),
  constraint idempotency_key_request_length check (octet_length(request) = 32),
  constraint idempotency_key_answer_length check (octet_length(answer) <= 70000),
  constraint idempotency_key_status_range check (status between 200 and 299)
);
create index idempotency_key_at on idempotency_key (at);
