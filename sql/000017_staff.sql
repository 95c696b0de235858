-- Who is there: accounts of people and machines, how they prove it, and where they are signed in.
--
-- Nothing here opens anything by itself: passwords are Argon2id under a key of the tenant, the
-- secrets of authenticators are sealed under another, and of tokens, codes and keys only digests
-- are kept. Names of accounts are those of staff; entries of the log carry pseudonyms.

create table staff_account (
  id uuid not null,
  tenant_id uuid not null,
  organisation_id uuid,
  created_at timestamp with time zone not null,
  disabled_at timestamp with time zone,
  totp_step bigint,
  kind text not null,
  name text not null,
  role text not null,
  password text,
  totp bytea,
  openid_issuer text,
  openid_subject text,
  constraint staff_account_pkey primary key (id),
  constraint staff_account_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint staff_account_organisation_fkey
    foreign key (organisation_id) references organisation (id),
  constraint staff_account_kind_known check (kind in ('person', 'machine')),
  constraint staff_account_machine_bare
    check (kind = 'person' or num_nonnulls(password, totp, openid_issuer) = 0),
  constraint staff_account_name_length check (char_length(name) between 1 and 64),
  constraint staff_account_role_length check (char_length(role) between 1 and 40),
  constraint staff_account_password_length check (char_length(password) between 1 and 300),
  constraint staff_account_totp_length check (octet_length(totp) between 1 and 100),
  constraint staff_account_openid_whole check (num_nulls(openid_issuer, openid_subject) in (0, 2)),
  constraint staff_account_openid_length
    check (char_length(openid_issuer) <= 500 and char_length(openid_subject) <= 255)
);
-- A name is never given twice, not even after its account ended: entries would be of two people.
create unique index staff_account_name_key on staff_account (tenant_id, name);
create unique index staff_account_openid_key
  on staff_account (tenant_id, openid_issuer, openid_subject);

create table staff_device (
  id uuid not null,
  tenant_id uuid not null,
  account_id uuid not null,
  registered_at timestamp with time zone not null,
  approved_at timestamp with time zone,
  revoked_at timestamp with time zone,
  proved_at timestamp with time zone,
  name text not null,
  public_key bytea not null,
  constraint staff_device_pkey primary key (id),
  constraint staff_device_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint staff_device_account_fkey foreign key (account_id) references staff_account (id),
  constraint staff_device_name_length check (char_length(name) between 1 and 64),
  constraint staff_device_key_length check (octet_length(public_key) between 1 and 200)
);
create index staff_device_account on staff_device (account_id);

create table staff_session (
  id uuid not null,
  tenant_id uuid not null,
  account_id uuid not null,
  device_id uuid,
  begun_at timestamp with time zone not null,
  used_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  mode text not null,
  digest bytea not null,
  constraint staff_session_pkey primary key (id),
  constraint staff_session_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint staff_session_account_fkey foreign key (account_id) references staff_account (id),
  constraint staff_session_device_fkey foreign key (device_id) references staff_device (id),
  constraint staff_session_mode_known check (mode in ('password', 'invitation', 'openid')),
  constraint staff_session_digest_length check (octet_length(digest) = 32)
);
create unique index staff_session_digest_key on staff_session (digest);
create index staff_session_account on staff_session (account_id);

create table staff_invitation (
  account_id uuid not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  digest bytea not null,
  totp bytea not null,
  constraint staff_invitation_pkey primary key (digest),
  constraint staff_invitation_account_fkey foreign key (account_id) references staff_account (id),
  constraint staff_invitation_digest_length check (octet_length(digest) = 32),
  constraint staff_invitation_totp_length check (octet_length(totp) between 1 and 100)
);
create index staff_invitation_account on staff_invitation (account_id);

create table staff_recovery_code (
  account_id uuid not null,
  used_at timestamp with time zone,
  digest bytea not null,
  constraint staff_recovery_code_pkey primary key (account_id, digest),
  constraint staff_recovery_code_account_fkey
    foreign key (account_id) references staff_account (id),
  constraint staff_recovery_code_digest_length check (octet_length(digest) = 32)
);

create table staff_api_key (
  account_id uuid not null,
  tenant_id uuid not null,
  made_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  ended_at timestamp with time zone,
  id text not null,
  scopes text[] not null,
  digest bytea not null,
  constraint staff_api_key_pkey primary key (id),
  constraint staff_api_key_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint staff_api_key_account_fkey foreign key (account_id) references staff_account (id),
  constraint staff_api_key_id_length check (char_length(id) = 16),
  constraint staff_api_key_scopes_some check (cardinality(scopes) between 1 and 20),
  constraint staff_api_key_digest_length check (octet_length(digest) = 32)
);
create index staff_api_key_account on staff_api_key (account_id);

-- Keyed digests of who tried from where, so that a password typed as a name stands nowhere.
create table sign_in_brake (
  at timestamp with time zone not null,
  failures double precision not null,
  head text not null,
  digest bytea not null,
  constraint sign_in_brake_pkey primary key (digest),
  constraint sign_in_brake_head_known
    check (head in ('known', 'pair', 'source', 'account', 'tenant')),
  constraint sign_in_brake_digest_length check (octet_length(digest) = 32)
);
create index sign_in_brake_at on sign_in_brake (at);

-- A sign-in that went to a provider and has not come back yet. Verifier and nonce alone open
-- nothing: the code comes from the provider, and each row is used once.
create table openid_flow (
  tenant_id uuid not null,
  expires_at timestamp with time zone not null,
  digest bytea not null,
  browser bytea not null,
  nonce text not null,
  verifier text not null,
  constraint openid_flow_pkey primary key (digest),
  constraint openid_flow_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint openid_flow_digest_length check (octet_length(digest) = 32),
  constraint openid_flow_browser_length check (octet_length(browser) = 32),
  constraint openid_flow_nonce_length check (char_length(nonce) between 20 and 200),
  constraint openid_flow_verifier_length check (char_length(verifier) between 43 and 128)
);
create index openid_flow_expires on openid_flow (expires_at);
