-- The tree of a tenant has more levels than two: regions (大区), branches (分公司), outlets (网点),
-- stations (驿站), and the merchants (商家) of a branch. What stands below may be run directly (直营)
-- or by a franchisee (加盟). Which kind may stand under which, the program knows.

alter table organisation drop constraint organisation_kind_known;
alter table organisation drop constraint organisation_tenant_of_kind;
alter table organisation drop constraint organisation_parent_of_kind;
alter table organisation add column form text;
update organisation set form = 'direct' where kind = 'outlet';
alter table organisation add constraint organisation_kind_known
  check (kind in ('headquarters', 'region', 'branch', 'outlet', 'station', 'merchant',
                  'postal-authority', 'procuratorate'));
alter table organisation add constraint organisation_tenant_of_kind
  check ((tenant_id is null) = (kind in ('postal-authority', 'procuratorate')));
alter table organisation add constraint organisation_parent_of_kind
  check ((parent_id is null) = (kind in ('headquarters', 'postal-authority', 'procuratorate')));
alter table organisation add constraint organisation_form_known
  check (form in ('direct', 'franchise'));
alter table organisation add constraint organisation_form_of_kind
  check ((form is not null) = (kind in ('region', 'branch', 'outlet', 'station')));
