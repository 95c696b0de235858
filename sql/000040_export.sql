-- What somebody takes away of the log, made as a job and kept for a day to be downloaded.
create table export_job (
  id uuid not null constraint export_job_pkey primary key,
  tenant_id uuid not null,
  account_id uuid not null,
  organisation text,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  made_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  state text not null,
  failure text,
  bytes bigint,
  sha256 bytea,
  entry text,
  taken_entry text,
  constraint export_job_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint export_job_state_known check (state in ('making', 'ready', 'failed')),
  constraint export_job_ready_whole check (
    (state = 'ready') = (bytes is not null and sha256 is not null and entry is not null)
  ),
  constraint export_job_organisation_length check (char_length(organisation) between 1 and 100)
);
create index export_job_account on export_job (tenant_id, account_id, made_at);
create index export_job_made on export_job (made_at);
create table export_part (
  export_id uuid not null,
  part integer not null,
  content bytea not null,
  constraint export_part_pkey primary key (export_id, part),
  constraint export_part_export_fkey foreign key (export_id) references export_job (id)
    on delete cascade,
  constraint export_part_content_length check (octet_length(content) between 1 and 1048576)
);
