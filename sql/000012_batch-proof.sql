-- Proofs for single labels (P14): which waybills a sealed batch holds, in the order of its Merkle
-- tree, and the statements of a printed batch found by its entry. Ends with the shells of its week.

create table seal_batch (
  batch_leaf bytea not null,
  shell_week date not null,
  sealed_at timestamp with time zone not null,
  places bytea not null,
  constraint seal_batch_pkey primary key (batch_leaf),
  constraint seal_batch_leaf_length check (octet_length(batch_leaf) = 16),
  constraint seal_batch_places_length check (octet_length(places) between 12 and 1048576 and octet_length(places) % 12 = 0)
);
create index seal_batch_moment on seal_batch (shell_week, sealed_at);

create index print_statement_batch on print_statement (batch_leaf);
