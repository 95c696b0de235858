-- The transparency log (P13): which leaf has which index, which leaves still wait for one, and the
-- last tree that was signed.

-- Leaves that have no index yet. A row is written with its leaf, in one statement.
create table log_queue (
  position bigint not null,
  queued_at timestamp with time zone not null default clock_timestamp(),
  constraint log_queue_pkey primary key (position)
);

-- What has an index, and by what it can be found. Derived from the leaves; never changed.
create table log_entry (
  log_index bigint not null,
  position bigint not null,
  at timestamp with time zone not null,
  tenant uuid not null,
  type text not null,
  actor text not null,
  purpose text,
  organisation text,
  constraint log_entry_pkey primary key (log_index),
  constraint log_entry_index_range check (log_index >= 0),
  constraint log_entry_type_length check (char_length(type) between 1 and 64),
  constraint log_entry_actor_length check (char_length(actor) between 1 and 8192)
);
create unique index log_entry_position_key on log_entry (position);
create index log_entry_type on log_entry (tenant, type, log_index);
create index log_entry_actor on log_entry (tenant, actor, log_index);
create trigger log_entry_append_only before update or delete or truncate on log_entry
 for each statement execute function audit_leaf_refuse();
alter table log_entry enable always trigger log_entry_append_only;

-- One row. `frontier` holds the roots of the perfect subtrees on the right edge of the tree.
create table log_head (
  id smallint not null default 1,
  origin text not null,
  size bigint not null default 0,
  frontier bytea not null default ''::bytea,
  checkpoint text,
  constraint log_head_pkey primary key (id),
  constraint log_head_one_row check (id = 1),
  constraint log_head_origin_length check (char_length(origin) between 1 and 200),
  constraint log_head_size_range check (size >= 0),
  constraint log_head_frontier_length check (octet_length(frontier) <= 1696 and octet_length(frontier) % 32 = 0),
  constraint log_head_checkpoint_length check (octet_length(checkpoint) <= 65536)
);

-- Leaves of the time before there was a sequencer.
insert into log_queue (position) select position from audit_leaf;
