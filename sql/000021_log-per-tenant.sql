-- One log for all tenants, or one for each (P13). The choice is made once, for the installation; the
-- nil UUID names the installation's own log, every other a tenant's.

create table log_choice (
  id smallint not null default 1,
  sharing text not null,
  constraint log_choice_pkey primary key (id),
  constraint log_choice_one_row check (id = 1),
  constraint log_choice_sharing check (sharing in ('shared', 'tenant'))
);
-- Where leaves were written before, all tenants share the log.
insert into log_choice (sharing) select 'shared' where exists (select from audit_leaf);

alter table log_queue
  add column log uuid not null default '00000000-0000-0000-0000-000000000000',
  drop constraint log_queue_pkey,
  add constraint log_queue_pkey primary key (log, position);

alter table log_entry
  add column log uuid not null default '00000000-0000-0000-0000-000000000000',
  drop constraint log_entry_pkey,
  add constraint log_entry_pkey primary key (log, log_index);

-- A tenant's log bears the installation's name and behind it the tenant's id.
alter table log_head
  add column log uuid not null default '00000000-0000-0000-0000-000000000000',
  drop constraint log_head_pkey,
  drop constraint log_head_one_row,
  drop column id,
  add constraint log_head_pkey primary key (log),
  drop constraint log_head_origin_length,
  add constraint log_head_origin_length check (char_length(origin) between 1 and 237);
