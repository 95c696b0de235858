-- Warrants (调取函): the document of an authority that obliges the carrier to disclose, filed by one
-- officer of the carrier and confirmed by another. What it is about is kept as keyed digests
-- (src/access/about.ts); no token, phone or name stands here.
create table warrant (
  id uuid not null,
  tenant_id uuid not null,
  filed_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  until_at timestamp with time zone,
  days integer not null,
  filed_by text not null,
  confirmed_by text,
  authority text not null,
  document text not null,
  subjects bytea[] not null,
  constraint warrant_pkey primary key (id),
  constraint warrant_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint warrant_days_range check (days between 1 and 30),
  constraint warrant_filed_by_length check (char_length(filed_by) between 1 and 40),
  constraint warrant_confirmed_by_length check (char_length(confirmed_by) between 1 and 40),
  constraint warrant_authority_length check (char_length(authority) between 1 and 100),
  constraint warrant_document_length check (char_length(document) between 1 and 100),
  constraint warrant_subjects_count check (cardinality(subjects) between 1 and 200),
  constraint warrant_confirmed_whole check (num_nulls(confirmed_at, until_at, confirmed_by) in (0, 3)),
  constraint warrant_until check (until_at > confirmed_at),
  constraint warrant_two_officers check (confirmed_by <> filed_by)
);
create index warrant_standing on warrant (tenant_id, until_at);
