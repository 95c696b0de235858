-- Exports of other kinds than the inspector's bundle: of masked waybills only their places are kept,
-- since masks die with the waybill; and a job whose server is gone is known by its last beat.
alter table export_job
  add column kind text not null default 'inspector-bundle',
  add column format text not null default 'zip',
  add column purpose text,
  add column standing uuid,
  add column beat_at timestamp with time zone,
  add column rows integer;
update export_job set beat_at = made_at;
alter table export_job
  alter column beat_at set not null,
  alter column kind drop default,
  alter column format drop default,
  drop constraint export_job_ready_whole,
  add constraint export_job_ready_entry check ((state = 'ready') = (entry is not null)),
  add constraint export_job_file_whole check (
    (bytes is null) = (sha256 is null) and (bytes is null or state = 'ready')
  ),
  add constraint export_job_rows_range check (rows >= 0);
create index seal_batch_sealed on seal_batch (sealed_at, batch_leaf);
