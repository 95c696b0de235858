-- What an authority may be shown of a carrier: granted by the carrier or by the installation, for
-- some days, with basis and document; revoked at once.
create table authority_scope (
  id uuid not null,
  tenant_id uuid not null,
  authority uuid not null,
  granted_at timestamp with time zone not null,
  approved_at timestamp with time zone,
  revoked_at timestamp with time zone,
  from_day date not null,
  until_day date not null,
  needs_approval boolean not null,
  scope text not null,
  source text not null,
  basis text not null,
  document text not null,
  granted_by text not null,
  approved_by text,
  revoked_by text,
  constraint authority_scope_pkey primary key (id),
  constraint authority_scope_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint authority_scope_authority_fkey foreign key (authority) references organisation (id),
  constraint authority_scope_days check (until_day >= from_day),
  constraint authority_scope_scope_form check (scope ~ '^[a-z][a-z0-9-]{2,39}$'),
  constraint authority_scope_source_known check (source in ('tenant', 'installation')),
  constraint authority_scope_basis_length check (char_length(basis) between 1 and 200),
  constraint authority_scope_document_length check (char_length(document) between 1 and 200),
  constraint authority_scope_granted_by_length check (char_length(granted_by) between 1 and 40),
  constraint authority_scope_approved_whole check ((approved_at is null) = (approved_by is null)),
  constraint authority_scope_revoked_whole check ((revoked_at is null) = (revoked_by is null)),
  constraint authority_scope_four_eyes check (approved_by <> granted_by)
);
create index authority_scope_tenant on authority_scope (tenant_id);
create index authority_scope_authority on authority_scope (authority);
