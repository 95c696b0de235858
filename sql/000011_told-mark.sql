-- Up to which tombstone of the key store the log tells of all of them: how many, and the id of the
-- last. An older database has an older mark, and a key store whose tombstones are others fits none.
create table told_mark (
  tombstones bigint not null,
  kind text not null,
  last_id bytea not null,
  constraint told_mark_pkey primary key (kind),
  constraint told_mark_tombstones_range check (tombstones >= 1),
  constraint told_mark_kind_known check (kind in ('compartment', 'leaf', 'index')),
  constraint told_mark_last_id_length check (octet_length(last_id) = 16)
);
