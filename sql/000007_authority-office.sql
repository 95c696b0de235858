-- Whose office an authority is: the tenant whose staff act in its name. Spot checks, cases and the
-- requests of carriers are read and moved by that tenant alone. An authority that was founded before
-- has no office, and nobody acts in its name.
create table authority_office (
  authority uuid not null,
  tenant_id uuid not null,
  constraint authority_office_pkey primary key (authority),
  constraint authority_office_authority_fkey foreign key (authority) references organisation (id),
  constraint authority_office_tenant_fkey foreign key (tenant_id) references tenant (id)
);
create index authority_office_tenant on authority_office (tenant_id);
