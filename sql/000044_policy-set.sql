-- Which policies were in force: each set by its digest with its text, and from when on it ruled over
-- a tenant. What is asked about the past is answered by the set of then.
create table policy_set (
  first_seen_at timestamp with time zone not null,
  digest bytea not null,
  body text not null,
  constraint policy_set_pkey primary key (digest),
  constraint policy_set_digest_length check (octet_length(digest) = 32),
  constraint policy_set_body_length check (char_length(body) between 2 and 1000000)
);

create table policy_set_term (
  tenant_id uuid not null,
  from_at timestamp with time zone not null,
  digest bytea not null,
  constraint policy_set_term_pkey primary key (tenant_id, from_at),
  constraint policy_set_term_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint policy_set_term_digest_fkey foreign key (digest) references policy_set (digest)
);

-- What roles and scopes were, and from when on, is read from these.
create index audit_leaf_history on audit_leaf (position)
  where type in ('authority-scope', 'account-changed', 'role-changed');
